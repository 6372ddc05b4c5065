"""Reminders of every clock, worded for every reader; the question "Still on it?"; the end of a snooze; a lapse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Post
from storage.clocks.model import POLICY_CLOCKS, ClockKind, Timer
from storage.handoffs.lifecycle import Situation, Verb
from storage.handoffs.model import AuditEntry
from tests.handoffs.samples import (
    ANA,
    BEN,
    EXTREMES,
    MARA,
    MONDAY_9,
    SITUATIONS,
    TOM,
    a_note,
    a_timer,
    an_entry,
    extreme,
    some_details,
)
from tests.handoffs.views.drawing import draw
from tests.handoffs.views.view_checks import elements, offered, sound_message, words_of
from tests.pairs import Combine
from tests.tables import check_rows

DUE = MONDAY_9 + timedelta(minutes=30)
LATE = MONDAY_9 + timedelta(minutes=35)
BY = MONDAY_9 + timedelta(hours=2)
CHECKING = a_timer(ClockKind.CHECK, deadline=BY)
BOTH = (True, False)


def level(clock: str, recipient: str, **more: Any) -> dict[str, Any]:
    known = {"clock": clock, "level": "late", "run": 1, "deadline_at": DUE.isoformat(), "recipient": recipient}
    return {**known, **more}


def check(clock: str = "update") -> dict[str, Any]:
    return level(clock, BEN, do="check", roles=["member"])


def fired(clock: str = "update") -> AuditEntry:
    facts = {"clock": clock, "level": "late", "deadline_at": DUE.isoformat()}
    return an_entry(Verb.ESCALATE, actor="clock", at=DUE, facts=facts)


def drawn(
    here: Situation, payload: Mapping[str, Any], *timers: Timer, posted: bool = False, kind: str = "level", **more: Any
) -> Post:
    details = some_details(here, timers=timers, notes=more.pop("notes", ()), **more)
    return sound_message(draw(kind, details, payload, LATE, posted=posted))


@pytest.mark.parametrize(
    ("clock", "here", "reader", "text"),
    [
        (ClockKind.FIRST_ACTION, Situation.CLAIMED, BEN, "owned by you, first reply late since <!date"),
        (ClockKind.FIRST_ACTION, Situation.CLAIMED, MARA, f"owned by <@{BEN}>, first reply late since <!date"),
        (ClockKind.UPDATE, Situation.CLAIMED, BEN, "owned by you, update late since <!date"),
        (ClockKind.UPDATE, Situation.CLAIMED, ANA, f"owned by <@{BEN}>, update late since <!date"),
        (ClockKind.RESPOND, Situation.RETURNED, ANA, "back with you, late since <!date"),
        (ClockKind.RESPOND, Situation.RETURNED, MARA, f"back with <@{ANA}>, late since <!date"),
        (ClockKind.FINISH, Situation.CLAIMED, BEN, "owned by you, late since <!date"),
        (ClockKind.NEEDED_BY, Situation.CLAIMED, BEN, "owned by you, late since <!date"),
        (ClockKind.NEEDED_BY, Situation.OPEN, MARA, "unassigned in Customer Success, late since <!date"),
        (ClockKind.NEEDED_BY, Situation.RETURNED, ANA, "back with you, late since <!date"),
    ],
)
def test_a_reminder_says_first_what_is_waited_for(clock: ClockKind, here: Situation, reader: str, text: str) -> None:
    post = drawn(here, level(clock, reader), a_timer(clock))

    assert post.text.startswith(f"#42 Acme renewal is {text}")
    assert "First step: Call Mara about the price · from" in words_of(post.blocks)


@pytest.mark.parametrize(
    ("clock", "here", "reader", "roles", "buttons"),
    [
        (
            ClockKind.FIRST_ACTION,
            Situation.CLAIMED,
            BEN,
            ["member"],
            ["Still on it", "Add note", "Put back", "Details"],
        ),
        (ClockKind.UPDATE, Situation.CLAIMED, BEN, ["member"], ["Still on it", "Add note", "Put back", "Details"]),
        (ClockKind.UPDATE, Situation.CLAIMED, MARA, ["manager"], ["Assign…", "Details"]),
        (ClockKind.UPDATE, Situation.CLAIMED, ANA, [], ["Details"]),
        (ClockKind.RESPOND, Situation.RETURNED, ANA, [], ["Add and send again", "Edit", "Details"]),
        (ClockKind.RESPOND, Situation.RETURNED, MARA, ["manager"], ["Add and send again", "Edit", "Details"]),
        (ClockKind.RESPOND, Situation.RETURNED, TOM, ["member"], ["Details"]),
        (ClockKind.NEEDED_BY, Situation.CLAIMED, BEN, ["member"], ["Done", "Put back", "Details"]),
        (ClockKind.NEEDED_BY, Situation.CLAIMED, MARA, ["manager"], ["Assign…", "Details"]),
        (ClockKind.NEEDED_BY, Situation.OPEN, "channel", [], ["Claim", "Details"]),
        (ClockKind.NEEDED_BY, Situation.OPEN, TOM, ["member"], ["Claim", "Details"]),
        (ClockKind.FINISH, Situation.CLAIMED, MARA, ["manager"], ["Assign…", "Extend…", "Details"]),
    ],
)
def test_a_reminder_has_the_buttons_that_fit_its_clock_and_its_reader(
    clock: ClockKind, here: Situation, reader: str, roles: list[str], buttons: list[str]
) -> None:
    post = drawn(here, level(clock, reader, roles=roles), a_timer(clock))

    controls = list(elements(post.blocks))
    assert [element["text"]["text"] for element in controls] == buttons
    assert sum(element.get("style") == "primary" for element in controls) <= 1


def test_whatever_was_typed_slack_takes_every_reminder(combine: Combine) -> None:
    readers = ("channel", ANA, BEN, MARA, TOM)
    asks: tuple[dict[str, Any], ...] = ({}, {"do": "check"}, {"roles": []})

    def check_one(row: tuple[Any, ...]) -> None:
        here, text, clock, reader, ask, runs, posted = row
        details = extreme(here, EXTREMES[text])
        running = HandoffDetails(handoff=details.handoff, queue=details.queue, timers=(a_timer(clock), CHECKING))
        post = draw("level", running if runs else details, level(clock, reader, **ask), LATE, posted=posted)
        if post is not None:
            sound_message(post)

    check_rows(combine(SITUATIONS, list(EXTREMES), POLICY_CLOCKS, readers, asks, BOTH, BOTH), check_one)


def test_a_note_answers_a_reminder_that_waited_for_news() -> None:
    history = (fired(), an_entry(Verb.NOTE, actor=BEN, at=LATE))

    post = drawn(
        Situation.CLAIMED, level("update", BEN), a_timer(ClockKind.UPDATE, run=2), posted=True, history=history
    )

    assert post.text.startswith(f"#42 Acme renewal: note by <@{BEN}>, <!date")
    assert ", 5 min late." in post.text


def test_somebody_elses_note_answers_no_reminder_that_waited_for_its_owner() -> None:
    others = replace(an_entry(Verb.NOTE, actor=ANA, at=LATE), owner=BEN)
    own = replace(an_entry(Verb.NOTE, actor=BEN, at=LATE + timedelta(minutes=5)), owner=BEN)

    post = drawn(Situation.CLAIMED, level("update", BEN), posted=True, history=(fired(), others, own))

    assert post.text.startswith(f"#42 Acme renewal: note by <@{BEN}>, <!date")
    assert ", 10 min late." in post.text


def test_work_that_was_put_back_is_neither_late_nor_in_time() -> None:
    history = (fired("first_action"), an_entry(Verb.LAPSE, actor="clock", at=LATE))

    post = drawn(Situation.OPEN, level("first_action", MARA), posted=True, history=history)

    assert post.text.startswith("#42 Acme renewal: put back by Baton, <!date")
    assert "late" not in post.text
    assert "on time" not in post.text


def test_while_it_rests_a_reminder_says_so_and_has_no_buttons() -> None:
    timer = a_timer(ClockKind.FINISH, running_since=None, deadline_at=None)

    post = drawn(Situation.CLAIMED, level("finish", BEN), timer, posted=True, snoozed_until=BY)

    assert post.text.startswith(f"#42 Acme renewal: owned by <@{BEN}>, snoozed until <!date")
    assert offered(post.blocks) == set()


def test_the_owner_is_asked_whether_they_are_still_on_it() -> None:
    post = drawn(Situation.CLAIMED, check(), a_timer(ClockKind.UPDATE), CHECKING)

    assert post.text.startswith("Still on it? #42 Acme renewal: no update since <!date^")
    assert f"Without an answer, it goes back to Customer Success <!date^{int(BY.timestamp())}^" in post.text
    assert [(e["text"]["text"], e.get("style")) for e in elements(post.blocks)] == [
        ("Yes", "primary"),
        ("Put back", None),
        ("Details", None),
    ]
    assert offered(post.blocks) == {"handoff.continue", "handoff.release", ids.SHOW}


def test_no_word_since_is_the_owners_last_sign_of_life() -> None:
    at = MONDAY_9 + timedelta(minutes=7)
    heard = (an_entry(Verb.NOTE, actor=BEN, at=at), an_entry(Verb.NOTE, actor=ANA, at=LATE))

    post = drawn(Situation.CLAIMED, check(), a_timer(ClockKind.UPDATE), CHECKING, history=heard)

    assert f"no update since <!date^{int(at.timestamp())}^" in post.text


@pytest.mark.parametrize(
    ("here", "verb", "actor", "text"),
    [
        (Situation.CLAIMED, Verb.CONTINUE, BEN, "You said <!date"),
        (Situation.CLAIMED, Verb.NOTE, BEN, "You said <!date"),
        (Situation.OPEN, Verb.LAPSE, "clock", "#42 Acme renewal went back to Customer Success <!date"),
        (Situation.OPEN, Verb.RELEASE, BEN, f"#42 Acme renewal: put back by <@{BEN}>, <!date"),
        (Situation.CLAIMED, Verb.ASSIGN, MARA, f"#42 Acme renewal: assigned to <@{TOM}> by <@{MARA}>, <!date"),
    ],
)
def test_after_the_answer_the_question_says_what_became_of_it(
    here: Situation, verb: Verb, actor: str, text: str
) -> None:
    facts = {"person": TOM} if verb is Verb.ASSIGN else {}
    history = (fired(), an_entry(verb, actor=actor, at=LATE, facts=facts))

    post = drawn(here, check(), a_timer(ClockKind.UPDATE, run=2), posted=True, history=history)

    assert post.text.startswith(text)
    assert "late" not in post.text
    assert offered(post.blocks) == set()
    assert draw("level", some_details(here, timers=(), history=history), check(), LATE, posted=False) is None


def test_a_question_that_was_answered_is_not_asked_again_by_a_later_one() -> None:
    history = (fired(), an_entry(Verb.CONTINUE, actor=BEN, at=LATE))

    post = drawn(Situation.CLAIMED, check(), CHECKING, posted=True, history=history)

    assert "that you are still on #42 Acme renewal." in post.text


def test_somebody_who_does_not_have_it_any_more_is_not_asked() -> None:
    details = some_details(Situation.CLAIMED, owner=TOM, timers=(a_timer(ClockKind.UPDATE), CHECKING))

    assert draw("level", details, check(), LATE, posted=False) is None


def dm(verb: Verb, role: str, user: str, **more: Any) -> dict[str, Any]:
    return {"verb": verb, "actor": "clock", "note_id": None, "facts": {}, "as": role, "user": user, **more}


def test_at_the_end_of_a_snooze_the_owner_hears_that_it_is_time_to_go_on() -> None:
    post = drawn(Situation.CLAIMED, dm(Verb.REMIND, "owner", BEN), kind="dm")

    assert post.text.startswith("The snooze is over: <https://acme.slack.com/archives/C0SUCCESS/p1|#42> Acme renewal.")
    assert [element["text"]["text"] for element in elements(post.blocks)] == ["Done", "Put back", "Snooze…", "Details"]


def test_a_wake_up_call_that_was_answered_by_another_snooze_is_not_sent() -> None:
    details = some_details(Situation.CLAIMED, snoozed_until=BY)

    assert draw("dm", details, dm(Verb.REMIND, "owner", BEN), LATE, posted=False) is None


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("no_answer", "because there was no answer"),
        ("level:overdue", "as the team's policy requires at “overdue”"),
        ("level:<!channel>", "as the team's policy requires at “&lt;!channel&gt;”"),
        (None, "Customer Success."),
    ],
)
def test_whoever_loses_it_to_the_clock_hears_why(reason: str | None, why: str) -> None:
    notes = (a_note(), a_note(Verb.LAPSE, "", author="clock", reason=reason))

    post = drawn(Situation.OPEN, dm(Verb.LAPSE, "last_owner", BEN, note_id="n_lapse"), kind="dm", notes=notes)

    assert "Acme renewal went back to Customer Success" in post.text
    assert why in post.text
    assert "Your notes" not in post.text
    assert offered(post.blocks) == {ids.SHOW}


def test_whoever_wrote_a_note_hears_that_it_is_kept() -> None:
    notes = (a_note(), a_note(Verb.NOTE, author=BEN), a_note(Verb.LAPSE, "", author="clock", reason="no_answer"))

    post = drawn(Situation.OPEN, dm(Verb.LAPSE, "last_owner", BEN, note_id="n_lapse"), kind="dm", notes=notes)

    assert "Your notes are kept with it." in post.text


def test_the_thread_hears_of_a_lapse_in_a_sentence() -> None:
    payload = {"verb": Verb.LAPSE, "actor": "clock", "note_id": "n_lapse", "facts": {}}
    notes = (a_note(), a_note(Verb.LAPSE, "", author="clock", reason="no_answer"))

    post = drawn(Situation.OPEN, payload, kind="reply", notes=notes)

    assert post.text == "It went back to Customer Success because there was no answer."


def test_the_card_says_why_the_clock_put_it_back() -> None:
    notes = (a_note(), a_note(Verb.LAPSE, "", author="clock", reason="no_answer"))

    post = drawn(Situation.OPEN, {"hop": 1}, kind="card", notes=notes)

    assert "*Put back by Baton:* There was no answer to “Still on it?”" in words_of(post.blocks)


def test_a_resting_card_says_until_when_and_lets_its_owner_go_on() -> None:
    timers = (a_timer(ClockKind.FINISH, running_since=None, deadline_at=None),)

    post = drawn(Situation.CLAIMED, {"hop": 1}, *timers, kind="card", snoozed_until=BY)

    assert post.text.startswith(f"Acme renewal: owned by <@{BEN}>, snoozed until <!date^{int(BY.timestamp())}^")
    assert ", finish by" not in post.text
    assert f"<@{BEN}> can press Resume before then." in post.text
    controls = [(e["text"]["text"], e.get("style")) for e in elements(post.blocks) if e["type"] == "button"]
    assert controls == [("Resume", None), ("Done", None), ("Details", None)]
    assert {"handoff.snooze", "handoff.release"} <= offered(post.blocks)


def test_a_claimed_card_offers_to_let_it_rest() -> None:
    post = drawn(Situation.CLAIMED, {"hop": 1}, a_timer(ClockKind.FINISH), kind="card")

    assert "handoff.snooze" in offered(post.blocks)
    assert "handoff.continue" not in offered(post.blocks)


def test_a_sign_of_life_is_called_by_what_it_does() -> None:
    owned, resting = some_details(Situation.CLAIMED).handoff, some_details(Situation.CLAIMED, snoozed_until=BY).handoff

    assert wording.label(Verb.CONTINUE, owned) == "Still on it"
    assert wording.label(Verb.CONTINUE, resting) == "Resume"
    assert wording.label(Verb.CLAIM, resting) == "Claim"
