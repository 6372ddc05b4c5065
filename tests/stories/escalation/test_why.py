"""`/handoff why`: who was notified, who will be and when, who was skipped, and the state of each clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.slack_client import Workspace
from tests.stories.company import policy
from tests.stories.northwind import fill, send, why

HOUR = 60 * 60
LEVELS = (
    {"key": "late", "clock": "claim", "at": "100%", "tell": ["U0ANA", "U0HUGO", "U0GRACE", "channel"]},
    {"key": "overdue", "clock": "finish", "at": "100%", "tell": ["owner"]},
)


@pytest.fixture
def northwind(slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """A company that tells several people: one hears, one pauses notifications, one has left."""
    running = share(config=company(policy({"claim": "30m", "finish": "2h", "first_action": "1h"}, *LEVELS)))
    slack.act("pause", user="U0HUGO", until=int(slack.now()) + 3 * HOUR)
    slack.change("user", id="U0GRACE", deleted=True)
    return running


def line(text: str, *words: str) -> str:
    """The only line that holds these words."""
    (found,) = [one for one in text.splitlines() if all(word in one for word in words)]
    return found


def test_it_says_who_heard_who_waits_and_who_never_hears(slack: Workspace, northwind: Running) -> None:
    send(slack)
    slack.wait(minutes=31)

    said = why(slack, "U0DAN")

    assert line(said, "*Ana Silva*, Claim “late”").endswith(": notified")
    assert "notified" in line(said, "channel*, Claim “late”")
    held = line(said, "*Hugo Marchetti*, Claim “late”")
    assert re.search(r"waiting until <!date\^\d+\^.*because .*paused", held)
    assert "not notified, because" in line(said, "*Grace Kim*, Claim “late”")

    slack.wait(hours=3)
    assert re.search(
        r": notified <!date\^\d+\^.*because .*paused", line(why(slack, "U0DAN"), "*Hugo Marchetti*", "late")
    )
    assert slack.problems() == []


def test_it_says_how_each_clock_stands(slack: Workspace, northwind: Running) -> None:
    card = send(slack)
    slack.wait(minutes=10)
    card.click("Claim", by="U0EVA")
    slack.wait(minutes=30)
    said = why(slack, "U0EVA")
    assert re.search(r"\*Claim:\* met in 10 min, <!date.*target 30 min", said)
    assert re.search(r"\*First reply:\* by <!date.* \(in (29|30) min\), (30|31) min used of 1 h", said)
    assert re.search(r"\*Finish:\* by <!date.* \(in 1 h (29|30) min\), 30 min used of 2 h", said)

    card.choose("Snooze…", by="U0EVA")
    fill(slack, "U0EVA", until=int(slack.now()) + HOUR)
    slack.wait(minutes=20)
    said = why(slack, "U0EVA")
    assert re.search(r"\*Finish:\* paused, 30 min used of 2 h, paused 20 min", said)
    assert re.search(r"\*First reply:\* met in 30 min", said)
    assert re.search(r"\*Snooze:\* until <!date", said)

    slack.wait(minutes=41)
    slack.wait(hours=1, minutes=40)
    said = why(slack, "U0EVA")
    assert re.search(r"\*Finish:\* late since <!date.* \(1\d min\)", said), said
    assert "*Eva Lindqvist*, Finish “overdue”" in said
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")
    assert re.search(r"\*Finish:\* missed, took 2 h 1\d min", why(slack, "U0EVA"))
