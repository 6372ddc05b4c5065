""" "Still on it?" to an owner without progress; without an answer the work is released."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.slack_client import Message, Workspace
from tests.stories.company import policy
from tests.stories.northwind import fill, send, told


@pytest.fixture
def card(slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]) -> Message:
    """Eva has claimed it, in a company that asks after two hours of silence and waits one hour for the answer."""
    silent = {"key": "silent", "clock": "update", "at": "100%", "do": "check", "within": "1h"}
    share(config=company(policy({"update": "2h"}, silent)))
    found = send(slack)
    found.click("Claim", by="U0EVA")
    return found


def question(slack: Workspace) -> Message:
    """The last one that Eva was asked."""
    return [message for message in slack.dms("U0EVA") if list(message.buttons)[:1] == ["Yes"]][-1]


def test_one_press_is_an_answer_and_the_next_silence_is_asked_about_again(slack: Workspace, card: Message) -> None:
    slack.wait(hours=2, minutes=1)
    asked = question(slack)
    assert re.match(r"Still on it\? #1 Acme renewal: no update since <!date", asked.text)
    assert "Without an answer, it goes back to Customer Success <!date" in asked.text
    assert list(asked.buttons) == ["Yes", "Put back", "Details"]
    before = (card.text, len(card.replies()), len(slack.dms("U0BEN")))

    asked.click("Yes", by="U0EVA")
    slack.settle()

    assert re.match(r"You said <!date.*> that you are still on #1 Acme renewal\.$", asked.text)
    assert asked.buttons == {}
    assert (card.text, len(card.replies()), len(slack.dms("U0BEN"))) == before, "nobody else hears of it"
    slack.wait(hours=1, minutes=30)
    assert "owned by <@U0EVA>" in card.text
    slack.wait(minutes=32)
    assert question(slack).ts != asked.ts
    assert slack.problems() == []


def test_a_note_is_an_answer_too(slack: Workspace, card: Message) -> None:
    slack.wait(hours=2, minutes=1)
    asked = question(slack)

    card.choose("Add note", by="U0EVA")
    fill(slack, "U0EVA", note="Mara answers on Friday.")

    assert asked.buttons == {}
    slack.wait(hours=1, minutes=30)
    assert "owned by <@U0EVA>" in card.text


def test_put_back_from_the_question_asks_for_a_note_and_gives_it_back(slack: Workspace, card: Message) -> None:
    slack.wait(hours=2, minutes=1)
    asked = question(slack)

    asked.click("Put back", by="U0EVA")
    fill(slack, "U0EVA", note="I have no time for it.")

    assert "unassigned in Customer Success" in card.text
    assert "put back by Eva Lindqvist" in asked.text
    assert asked.buttons == {}


def test_without_an_answer_it_goes_back_and_its_last_owner_hears_why(slack: Workspace, card: Message) -> None:
    card.choose("Add note", by="U0EVA")
    fill(slack, "U0EVA", note="I have written to Mara.")
    slack.wait(hours=2, minutes=1)
    asked = question(slack)

    slack.wait(hours=1)

    assert "unassigned in Customer Success" in card.text
    assert "There was no answer to “Still on it?”" in card.all_text()
    assert re.search(r"went back to Customer Success because there was no answer", told(slack, "U0EVA")[-1])
    assert "Your notes are kept with it.\nUnassigned in Customer" in told(slack, "U0EVA")[-1]
    assert re.match(r"#1 Acme renewal went back to Customer Success <!date.* because there was no answer", asked.text)
    assert asked.buttons == {}
    assert card.replies()[-1].text.startswith("It went back to Customer Success because there was no answer")
    card.click("Claim", by="U0FARID")
    assert "owned by <@U0FARID>" in card.text
    assert slack.problems() == []


def test_whoever_lets_it_rest_is_not_asked(slack: Workspace, card: Message) -> None:
    card.choose("Snooze…", by="U0EVA")
    fill(slack, "U0EVA", until=int(slack.now()) + 5 * 60 * 60)

    slack.wait(hours=4)

    assert not any("Still on it?" in text for text in told(slack, "U0EVA"))
