"""After an outage over several levels each handoff fires its highest due level once and goes on from now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.company import policy
from tests.stories.ledger import escalations
from tests.stories.northwind import about, send, why

NUDGE = {"key": "nudge", "clock": "claim", "at": "50%", "tell": ["channel"]}
LATE = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"], "repeat": {"times": 5, "every": "30m"}}
LATER = {"key": "later", "clock": "claim", "at": "100%+6h", "tell": ["managers of managers"]}


@EITHER
def test_after_an_outage_each_handoff_says_its_highest_level_once_and_the_next_counts_from_now(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path], database_url: str
) -> None:
    file = company(policy({"claim": "30m"}, NUDGE, LATE, LATER))
    first = start(config=file)
    old = send(slack, title="Acme renewal")
    for minutes in (16, 15, 30, 24):
        slack.wait(minutes=minutes)  # late at 30 minutes, said again at 60
    young = send(slack, title="Beta upgrade")
    before = len(slack.dms("U0DAN"))
    first.stop()
    slack.advance(70 * 60)

    start(config=file)

    heard = [message.text for message in slack.dms("U0DAN")[before:]]
    assert [sum(title in text for text in heard) for title in ("Acme renewal", "Beta upgrade")] == [1, 1]
    assert len(old.replies()) == 1, "from before"
    assert young.replies() == [], "the nudge is passed over"
    assert [entry.facts["level"] for entry in escalations(database_url)][-1] == "late#5"
    assert [entry.facts["level"] for entry in escalations(database_url, 2)] == ["late#2"]
    caught_up = escalations(database_url, 2)[0]
    assert caught_up.at - datetime.fromisoformat(caught_up.facts["due_at"]) > timedelta(minutes=5)
    assert ", deadline <!date" in next(line for line in why(slack, "U0DAN", 2).splitlines() if "Dan Roth*" in line)

    slack.wait(minutes=28)
    assert len(about(slack, "U0DAN", "Acme renewal") + about(slack, "U0DAN", "Beta upgrade")) == before + 2
    slack.wait(minutes=3)
    assert [entry.facts["level"] for entry in escalations(database_url, 2)] == ["late#2", "late#3"]
    assert about(slack, "U0KIM", "is unassigned") == []
    assert slack.problems() == []


def test_an_outage_over_everything_tells_only_the_last_who_had_to_hear(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path], database_url: str
) -> None:
    file = company(policy({"claim": "30m"}, NUDGE, LATE, LATER))
    first = start(config=file)
    card = send(slack)
    first.stop()
    slack.advance(8 * 60 * 60)

    start(config=file)

    assert len(about(slack, "U0KIM", "is unassigned")) == 1
    assert slack.dms("U0DAN") == []
    assert card.replies() == []
    slack.wait(hours=48)
    assert [entry.facts["level"] for entry in escalations(database_url)] == ["later"]
    assert slack.dms("U0DAN") == []


def test_whoever_claims_before_baton_is_back_hears_nothing_of_lateness(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path], database_url: str
) -> None:
    file = company(policy({"claim": "30m"}, NUDGE, LATE, LATER))
    running = start(config=file)
    card = send(slack)
    slack.wait(minutes=10)
    slack.fault("chat.postMessage", {"error": "ratelimited", "retry_after": 120}, times=3)
    slack.advance(25 * 60)
    slack.settle_after_acts = False
    card.click("Claim", by="U0EVA")
    slack.settle_after_acts = True
    slack.wait(minutes=3)
    slack.wait(minutes=3)

    assert "owned by <@U0EVA>" in card.text
    shown = [message for message in slack.dms("U0DAN") if "is unassigned" in message.text]
    assert shown == [], "what was on its way is dropped: nobody is pinged for what is claimed"
    assert running.baton is not None
