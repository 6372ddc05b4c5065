"""An owner asks the sender a question without sending the work back; the clocks follow whose turn it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slackapp.app import Running
from slackapp.escalation.actions import clock_sweep
from storage.clocks.model import ClockKind
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.company import Json, policy
from tests.stories.ledger import handoff, history, levels, running
from tests.stories.northwind import fill, look_up, send, told, why
from tests.stories.taken_over import together

pytestmark = EITHER

LATE: Json = {"key": "silent", "clock": "respond", "at": "100%", "tell": ["sender", "owner", "managers"]}


@pytest.fixture
def baton(share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """A Baton whose senders have an hour to answer, and whose owners eight to finish."""
    targets = {"first_action": "1h", "update": "2h", "finish": "8h", "respond": "1h"}
    return share(config=company(policy(targets, LATE)))


@pytest.fixture
def card(slack: Workspace, baton: Running) -> Message:
    """What Ben handed off and Eva claimed."""
    found = send(slack)
    found.click("Claim", by="U0EVA")
    return found


def ask(slack: Workspace, card: Message, question: str = "Which contract do they have?") -> None:
    card.choose("Ask the sender", by="U0EVA")
    fill(slack, "U0EVA", note=question)


def test_the_question_reaches_the_sender_and_the_answer_its_owner_the_thread_and_the_notes(
    slack: Workspace, card: Message
) -> None:
    card.choose("Ask the sender", by="U0EVA")
    assert slack.modal("U0EVA").fields == ["What do you need to know?"]
    fill(slack, "U0EVA", note="Which contract do they have?")

    assert re.search(r"owned by <@U0EVA>, waiting for <@U0BEN>'s answer, timer paused", card.text)
    assert "Which contract do they have?" in card.all_text(), "the team sees what is missing"
    assert "Ben Okafor answers the question." in card.text
    assert list(card.buttons) == ["Answer", "Done", "Put back", "Details"]
    assert "Which contract do they have?" in card.replies()[-1].text
    question = slack.dms("U0BEN")[-1]
    assert re.match(
        r"Eva Lindqvist asks: Which contract do they have\?\nEva Lindqvist asked you about <.*\|#1> Acme renewal",
        question.text,
    )
    assert "waiting for your answer" in question.all_text()
    assert list(question.buttons) == ["Answer", "Details"]

    question.click("Answer", by="U0BEN")
    form = slack.modal("U0BEN")
    assert "Which contract do they have?" in form.all_text()
    assert form.fields == ["Your answer"]
    fill(slack, "U0BEN", note="Enterprise, until June.")

    assert "waiting for" not in card.text
    assert "finish by <!date" in card.text
    assert "Ben Okafor answered the question about it:\n> Enterprise, until June." in card.replies()[-1].text
    assert "Enterprise, until June." in told(slack, "U0EVA")[-1]
    assert "Answer" not in question.buttons
    card.click("Details", by="U0DAN")
    assert "Enterprise, until June." in slack.modal("U0DAN").all_text()
    assert slack.problems() == []


def test_the_clocks_of_its_owner_stand_still_and_the_senders_runs(
    slack: Workspace, card: Message, database_url: str
) -> None:
    slack.wait(minutes=30)
    ask(slack, card)

    clocks = running(database_url)
    assert ClockKind.FIRST_ACTION not in clocks, "a question is a sign of life"
    assert clocks[ClockKind.FINISH].running_since is clocks[ClockKind.UPDATE].running_since is None
    assert clocks[ClockKind.RESPOND].running_since is not None
    slack.wait(minutes=50)
    card.click("Answer", by="U0BEN")
    fill(slack, "U0BEN", note="Enterprise.")

    clocks = running(database_url)
    assert ClockKind.RESPOND not in clocks
    assert 29 * 60 <= clocks[ClockKind.FINISH].consumed_s <= 31 * 60
    assert 49 * 60 <= clocks[ClockKind.FINISH].paused_s <= 51 * 60
    assert clocks[ClockKind.UPDATE].consumed_s == 0


def test_a_sender_who_does_not_answer_hears_it_with_the_button_and_so_do_owner_and_manager(
    slack: Workspace, card: Message, database_url: str
) -> None:
    ask(slack, card)

    slack.wait(hours=1, minutes=5)

    assert levels(database_url) == [("silent", ["U0BEN", "U0EVA", "U0DAN"])]
    to_ben, to_eva, to_dan = (slack.dms(user)[-1] for user in ("U0BEN", "U0EVA", "U0DAN"))
    assert "is owned by Eva Lindqvist, waiting for your answer" in to_ben.text
    assert list(to_ben.buttons) == ["Answer", "Details"]
    assert "is owned by you, waiting for Ben Okafor's answer" in to_eva.text
    assert list(to_eva.buttons) == ["I know it now", "Send back", "Details"]
    assert "is owned by Eva Lindqvist, waiting for Ben Okafor's answer" in to_dan.text
    assert list(to_dan.buttons) == ["Answer", "Assign…", "Details"]
    assert "Sender's answer" in why(slack, "U0DAN")

    to_ben.click("Answer", by="U0BEN")
    fill(slack, "U0BEN", note="Enterprise.")
    for reminder in (to_ben, to_eva, to_dan):
        assert reminder.buttons == {}
        assert "answered by" in reminder.text
        assert "late" in reminder.text
    assert slack.problems() == []


def test_its_owner_knows_it_by_now_and_nobody_else_is_pinged(
    slack: Workspace, card: Message, database_url: str
) -> None:
    ask(slack, card)
    question, heard = slack.dms("U0BEN")[-1], len(slack.dms("U0BEN"))

    card.click("Answer", by="U0EVA")
    form = slack.modal("U0EVA")
    assert form.title == "I know it now #1"
    fill(slack, "U0EVA")

    assert handoff(database_url).asked_at is None
    assert "Answer" not in question.buttons
    assert len(slack.dms("U0BEN")) == heard, "what he was asked is settled where it was asked"
    assert "Eva Lindqvist no longer needed an answer about it." in card.replies()[-1].text
    assert running(database_url)[ClockKind.FINISH].running_since is not None
    assert slack.problems() == []


def test_a_manager_answers_for_the_sender_and_a_colleague_may_not(slack: Workspace, card: Message) -> None:
    ask(slack, card)

    card.click("Answer", by="U0FARID")
    assert "can answer the question about it" in slack.ephemerals("U0FARID", "C0SUCCESS")[-1].text
    card.click("Answer", by="U0DAN")
    form = slack.modal("U0DAN")
    form.submit({"note": " "})
    assert set(form.errors) == {"note"}
    fill(slack, "U0DAN", note="I asked him: Enterprise.")

    assert "Enterprise" in told(slack, "U0EVA")[-1]
    assert "waiting for" not in card.text


@pytest.mark.parametrize("way", ["Put back", "Send back", "Pass on", "Done", "Assign…"])
def test_the_question_is_over_when_whoever_asked_has_it_no_more(
    slack: Workspace, card: Message, baton: Running, database_url: str, way: str
) -> None:
    answers: dict[str, dict[str, Any]] = {
        "Put back": {"note": "I am away."},
        "Send back": {"reason": "missing", "note": "The contract."},
        "Pass on": {"queue": "support", "note": "It is theirs."},
        "Done": {},
        "Assign…": {"person": "U0GRACE"},
    }
    ask(slack, card)
    question = slack.dms("U0BEN")[-1]

    look_up(slack, card, way, by="U0DAN")
    fill(slack, "U0DAN", **answers[way])

    assert handoff(database_url).asked_at is None
    assert "Answer" not in question.buttons
    assert "waiting for <@U0BEN>" not in card.text
    assert clock_sweep.sweep(baton.baton).faults == {}
    assert slack.problems() == []


def test_a_snooze_on_top_of_a_question_waits_for_both(
    slack: Workspace, card: Message, baton: Running, database_url: str
) -> None:
    ask(slack, card)
    card.choose("Snooze…", by="U0EVA")
    fill(slack, "U0EVA", rest="1h")
    assert re.search(r"snoozed until <!date\S+ ?.*waiting for <@U0BEN>'s answer", card.text)
    assert {"Resume", "Answer"} <= set(card.buttons)
    assert running(database_url)[ClockKind.RESPOND].running_since is not None

    slack.wait(minutes=61)
    assert "resting" not in card.text
    assert running(database_url)[ClockKind.FINISH].running_since is None, "the answer is still to come"
    assert clock_sweep.sweep(baton.baton).faults == {}

    card.click("Answer", by="U0BEN")
    fill(slack, "U0BEN", note="Enterprise.")
    assert running(database_url)[ClockKind.FINISH].running_since is not None
    assert clock_sweep.sweep(baton.baton).faults == {}


def test_whoever_claims_what_they_sent_is_offered_no_question_to_themselves(slack: Workspace, baton: Running) -> None:
    card = send(slack, "U0DAN")
    card.click("Claim", by="U0DAN")

    assert card.menu == ["Pass on", "Send back", "Snooze…", "Add note"]


def test_an_answer_and_done_at_the_same_moment_leave_one_of_two_sound_endings(
    slack: Workspace, card: Message, baton: Running, database_url: str
) -> None:
    ask(slack, card)
    slack.dms("U0BEN")[-1].click("Answer", by="U0BEN")
    card.click("Done", by="U0EVA")
    forms = {"U0BEN": (slack.modal("U0BEN"), {"note": "Enterprise."}), "U0EVA": (slack.modal("U0EVA"), {})}

    together(slack, lambda user: forms[user][0].submit(forms[user][1]), "U0BEN", "U0EVA")

    after = handoff(database_url)
    assert (after.state, after.asked_at) == ("done", None)
    verbs = [entry.verb for entry in history(database_url)]
    assert verbs.count("complete") == 1
    answered = verbs.count("answer")
    assert answered == (0 if slack.views("U0BEN") else 1), "an answer is kept, or its sender is told why not"
    assert running(database_url) == {}
    assert clock_sweep.sweep(baton.baton).faults == {}
