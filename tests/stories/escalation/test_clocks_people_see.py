"""Each clock as people meet it: its reminders, their readers, and the outcome once the work moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slackapp.app import Running
from storage.clocks.model import ClockKind
from tests.slack_client import Message, Workspace
from tests.stories.company import policy
from tests.stories.ledger import running
from tests.stories.northwind import about, fill, look_up, send, told, why

HOUR = 60 * 60
FIRST_STEP = "first reply"
NEWS = "owned by you, update"
ANSWER = "is back with you"


@pytest.fixture
def hand_off(slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]) -> Callable[..., Message]:
    """Northwind with a level or two on every clock; Eva claims what is handed off."""
    targets = {"first_action": "1h", "update": "3h", "finish": "20h", "respond": "2h"}
    start(
        config=company(
            policy(
                targets,
                {"key": "begin", "clock": "first_action", "at": "100%", "tell": ["owner"]},
                {"key": "news", "clock": "update", "at": "100%", "tell": ["owner"]},
                {"key": "quiet", "clock": "update", "at": "100%+1h", "tell": ["managers"]},
                {"key": "answer", "clock": "respond", "at": "50%", "tell": ["sender"]},
                {"key": "unanswered", "clock": "respond", "at": "100%", "tell": ["managers"]},
                {"key": "soon", "clock": "needed_by", "at": "-1h", "tell": ["owner"]},
                {"key": "missed", "clock": "needed_by", "at": "100%", "tell": ["owner", "managers"]},
                {"key": "overdue", "clock": "finish", "at": "100%", "tell": ["owner"]},
            )
        )
    )

    def hand_off(**answers: Any) -> Message:
        card = send(slack, **answers)
        card.click("Claim", by="U0EVA")
        return card

    return hand_off


def note(slack: Workspace, card: Message, words: str, *, by: str = "U0EVA") -> None:
    card.choose("Add note", by=by)
    fill(slack, by, note=words)


@pytest.mark.parametrize("sign", ["note", "reply"])
def test_the_first_step_is_a_note_or_a_reply_in_the_cards_thread(
    slack: Workspace, hand_off: Callable[..., Message], sign: str
) -> None:
    card = hand_off()
    note(slack, card, "Good luck!", by="U0BEN")
    slack.message("U0DAN", "Who is on it?", channel="success", thread_ts=card.ts)
    slack.wait(minutes=50)

    if sign == "note":
        note(slack, card, "I have called Mara.")
    else:
        slack.message("U0EVA", "I have called Mara.", channel="success", thread_ts=card.ts)

    slack.wait(hours=2)
    assert about(slack, "U0EVA", FIRST_STEP) == []
    assert re.search(r"\*First reply:\* met in (50|51) min", why(slack, "U0EVA"))


def test_without_a_first_step_its_owner_hears_and_the_reminder_says_when_it_came(
    slack: Workspace, hand_off: Callable[..., Message]
) -> None:
    card = hand_off()
    note(slack, card, "Good luck!", by="U0BEN")

    slack.wait(hours=1, minutes=1)
    (asked,) = about(slack, "U0EVA", FIRST_STEP)
    assert "Add note" in asked.buttons

    slack.wait(minutes=9)
    slack.message("U0EVA", "I have called Mara.", channel="success", thread_ts=card.ts)
    assert asked.buttons == {}
    assert re.search(r"by Eva Lindqvist, <!date.*, 1\d min late", asked.text), asked.text
    slack.wait(minutes=30)
    assert about(slack, "U0EVA", FIRST_STEP) == []
    assert slack.problems() == []


def test_every_sign_of_life_gives_the_owner_the_whole_time_again(
    slack: Workspace, hand_off: Callable[..., Message]
) -> None:
    card = hand_off()
    slack.wait(hours=2)
    note(slack, card, "I have called Mara.")
    slack.wait(hours=2)
    slack.message("U0EVA", "She thinks about it.", channel="success", thread_ts=card.ts)
    slack.wait(hours=2, minutes=55)
    assert about(slack, "U0EVA", NEWS) == []

    slack.wait(minutes=6)
    (asked,) = about(slack, "U0EVA", NEWS)
    assert told(slack, "U0DAN") == []
    slack.wait(hours=1)
    assert len(about(slack, "U0DAN", "owned by Eva Lindqvist, update")) == 1

    asked.click("Add note", by="U0EVA")
    fill(slack, "U0EVA", note="She signs on Friday.")
    assert asked.buttons == {}
    slack.wait(hours=3, minutes=1)
    assert len(about(slack, "U0EVA", NEWS)) == 1, "a new run speaks again"


def test_whoever_sent_too_little_hears_that_their_answer_is_waited_for(
    slack: Workspace, hand_off: Callable[..., Message]
) -> None:
    card = hand_off()
    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason="missing", note="Which contract?")

    slack.wait(hours=1, minutes=1)
    (asked,) = about(slack, "U0BEN", ANSWER)
    assert "Add and send again" in asked.buttons
    assert told(slack, "U0DAN") == []
    slack.wait(hours=1)
    (manager,) = about(slack, "U0DAN", "is back with Ben Okafor")

    asked.click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note="Enterprise.")

    for message in (asked, manager):
        assert re.search(r"by Ben Okafor, <!date.* late", message.text), message.text
        assert message.buttons == {}
    slack.wait(hours=5)
    assert len(told(slack, "U0DAN")) == 1
    assert about(slack, "U0EVA", FIRST_STEP) + about(slack, "U0EVA", NEWS) == [], "nobody has it"
    assert slack.problems() == []


def test_a_date_in_the_form_warns_before_and_stands_still_for_nobody(
    slack: Workspace, hand_off: Callable[..., Message], database_url: str
) -> None:
    date = int(slack.now()) + 6 * HOUR
    card = hand_off(needed_by=date)
    card.choose("Snooze…", by="U0EVA")
    fill(slack, "U0EVA", until=date + 30 * HOUR)
    assert running(database_url)[ClockKind.FINISH].running_since is None

    slack.wait(hours=4, minutes=58)
    assert about(slack, "U0EVA", "needed by <!date") == []
    slack.wait(minutes=3)
    (soon,) = about(slack, "U0EVA", "needed by <!date")
    assert f"<!date^{date}^" in soon.text

    slack.wait(hours=1)
    (missed,) = about(slack, "U0DAN", "late since")
    slack.wait(minutes=10)
    card.click("Resume", by="U0EVA")
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")
    assert re.search(r"done by Eva Lindqvist, <!date.*, 1\d min late", missed.text), missed.text
    assert missed.buttons == {}
    assert slack.problems() == []


def test_another_date_moves_the_warning_with_it(slack: Workspace, hand_off: Callable[..., Message]) -> None:
    now = int(slack.now())
    card = hand_off(needed_by=now + 3 * HOUR)

    look_up(slack, card, "Edit", by="U0BEN")
    fill(slack, "U0BEN", needed_by=now + 9 * HOUR)

    slack.wait(hours=7, minutes=55)
    assert about(slack, "U0EVA", "needed by <!date") == []
    slack.wait(minutes=8)
    assert len(about(slack, "U0EVA", "needed by <!date")) == 1


def test_while_it_rests_nobody_asks_for_news_and_afterwards_the_whole_time_counts_again(
    slack: Workspace, hand_off: Callable[..., Message]
) -> None:
    card = hand_off()
    slack.wait(minutes=30)
    card.choose("Snooze…", by="U0EVA")
    fill(slack, "U0EVA", until=int(slack.now()) + 10 * HOUR)

    slack.wait(hours=9, minutes=50)
    assert told(slack, "U0EVA") == []
    slack.wait(minutes=11)
    assert len(about(slack, "U0EVA", "The snooze is over")) == 1
    slack.wait(hours=2, minutes=50)
    assert about(slack, "U0EVA", NEWS) == []
    slack.wait(minutes=12)
    assert len(about(slack, "U0EVA", NEWS)) == 1
    assert about(slack, "U0EVA", FIRST_STEP) == [], "to let it rest was a first step"


def test_more_time_for_the_work_moves_its_reminder(slack: Workspace, hand_off: Callable[..., Message]) -> None:
    card = hand_off()
    slack.wait(hours=19)
    look_up(slack, card, "Extend…", by="U0DAN")
    fill(slack, "U0DAN", duration="4h")

    slack.wait(hours=3, minutes=50)
    assert about(slack, "U0EVA", "is owned by you, late since") == []
    slack.wait(hours=1, minutes=15)
    assert len(about(slack, "U0EVA", "is owned by you, late since")) == 1
