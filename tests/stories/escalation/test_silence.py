"""An owner who does nothing loses the work and nothing else; finished work sends no reminder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slackapp.app import Running
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Verb
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.company import policy
from tests.stories.ledger import escalations, history, running
from tests.stories.northwind import about, fill, look_up, send, told

PEOPLE = ("U0ANA", "U0BEN", "U0DAN", "U0EVA", "U0FARID", "U0GRACE", "U0KIM")
STILL = {"key": "still", "clock": "update", "at": "100%", "do": "check", "within": "1h"}
LEVELS: tuple[dict[str, Any], ...] = (
    {"key": "nudge", "clock": "claim", "at": "50%", "tell": ["channel"]},
    {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"], "repeat": {"times": 3, "every": "2h"}},
    {"key": "begin", "clock": "first_action", "at": "100%", "tell": ["owner"]},
    STILL,
    {"key": "overdue", "clock": "finish", "at": "100%", "tell": ["owner", "managers"]},
    {"key": "answer", "clock": "respond", "at": "100%", "tell": ["sender"], "repeat": {"times": 3, "every": "2h"}},
    {"key": "missed", "clock": "needed_by", "at": "100%", "tell": ["owner", "managers", "sender"]},
)
TARGETS = {"claim": "30m", "first_action": "90m", "update": "2h", "finish": "6h", "respond": "1h"}
HOUR = 60 * 60


@pytest.fixture
def card(slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]) -> Message:
    """Handed off in a company where every clock speaks; the form names a date that is five hours away."""
    share(config=company(policy(TARGETS, *LEVELS)))
    return send(slack, needed_by=int(slack.now()) + 5 * HOUR)


def question(slack: Workspace) -> Message:
    """The last one that Eva was asked and has not answered."""
    return [message for message in slack.dms("U0EVA") if "Yes" in message.buttons][-1]


def heard(slack: Workspace) -> list[int]:
    """How often each person's device made a noise, and what stands in the team's channel."""
    return [*(len(slack.alerts(user)) for user in PEOPLE), len(slack.messages("U0EVA", "C0SUCCESS"))]


@EITHER
def test_without_an_answer_it_waits_for_somebody_again_with_all_that_was_written(
    slack: Workspace, card: Message, database_url: str
) -> None:
    slack.wait(minutes=31)
    card.click("Claim", by="U0EVA")
    card.choose("Add note", by="U0EVA")
    fill(slack, "U0EVA", note="I have written to Mara.")
    slack.wait(hours=2, minutes=1)
    question(slack)
    slack.wait(hours=1, minutes=1)

    assert "unassigned in Customer Success" in card.text
    assert [entry.actor for entry in history(database_url) if entry.verb == Verb.LAPSE] == ["clock"]
    used = running(database_url)[ClockKind.FINISH].consumed_s
    assert running(database_url)[ClockKind.FINISH].running_since is not None, f"the work goes on after {used} s"

    before = (len(card.replies()), len(about(slack, "U0DAN", "is unassigned")))
    slack.wait(minutes=16)
    assert len(card.replies()) == before[0] + 1, "the channel hears again"
    slack.wait(minutes=15)
    assert len(about(slack, "U0DAN", "is unassigned")) == before[1] + 1, "and the manager"
    card.click("Details", by="U0FARID")
    everything = slack.modal("U0FARID").all_text()
    assert "I have written to Mara." in everything
    assert "no answer" in everything
    assert slack.problems() == []


def test_whoever_answers_keeps_it_and_is_asked_again_only_after_the_whole_time(slack: Workspace, card: Message) -> None:
    card.click("Claim", by="U0EVA")
    slack.wait(hours=2, minutes=1)
    first = question(slack)

    first.click("Yes", by="U0EVA")

    slack.wait(hours=1, minutes=55)
    assert "owned by <@U0EVA>" in card.text
    assert about(slack, "U0EVA", "Still on it?") == []
    slack.wait(minutes=6)
    assert question(slack).ts != first.ts


def complete(slack: Workspace, card: Message) -> None:
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")


def cancel(slack: Workspace, card: Message) -> None:
    look_up(slack, card, "Cancel handoff", by="U0BEN")
    fill(slack, "U0BEN", note="They decided otherwise.")


def delete(slack: Workspace, card: Message) -> None:
    look_up(slack, card, "Delete", by="U0BEN")
    slack.modal("U0BEN").submit()
    slack.settle()


@pytest.mark.parametrize("end", [complete, cancel, delete])
@pytest.mark.parametrize("asked", [False, True], ids=["resting", "asked"])
def test_what_is_over_never_speaks_again_however_long_we_wait(
    slack: Workspace, card: Message, end: Callable[[Workspace, Message], None], asked: bool
) -> None:
    card.click("Claim", by="U0EVA")
    if asked:
        slack.wait(hours=2, minutes=1)
        assert question(slack).buttons
    else:
        card.choose("Snooze…", by="U0EVA")
        fill(slack, "U0EVA", until=int(slack.now()) + 3 * HOUR)

    end(slack, card)

    for message in about(slack, "U0EVA", "#1"):
        assert not {"Yes", "Put back", "Done"} & set(message.buttons)
    before = heard(slack)
    for hours in (1, 2, 4, 24, 24 * 30, 24 * 365):
        slack.wait(hours=hours)
    assert heard(slack) == before
    assert slack.problems() == []


def test_what_was_cancelled_while_it_was_back_with_its_sender_asks_for_no_answer(
    slack: Workspace, card: Message, database_url: str
) -> None:
    card.click("Claim", by="U0EVA")
    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason="missing", note="Which contract?")
    slack.wait(hours=1, minutes=1)
    (asked,) = about(slack, "U0BEN", "is back with you")
    cancel(slack, card)

    assert asked.buttons == {}
    before, spoken = heard(slack), len(escalations(database_url))
    slack.wait(hours=24 * 60)
    assert heard(slack) == before
    assert len(escalations(database_url)) == spoken
    assert running(database_url) == {}
    assert len(told(slack, "U0KIM")) == 0
