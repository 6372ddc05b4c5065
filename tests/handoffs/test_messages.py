"""The messages of a change: the table row by row, none to the actor, redrawn and erased messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slackapp.handoffs.rules import change_messages
from storage.company.model import Queue
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Ask,
    Assign,
    Cancel,
    Claim,
    Complete,
    Confirm,
    Continue,
    Correct,
    Decline,
    Delete,
    Edit,
    Extend,
    GiveReadBack,
    Lapse,
    Release,
    Remind,
    Reopen,
    Resend,
    Return,
    Snooze,
    Transfer,
)
from storage.handoffs.lifecycle import RULES, Actor, Moved, ReadBackMode, ReadBackStatus, Role, State, Verb, decide
from storage.handoffs.model import Handoff, Priority, Source, Text
from storage.outbox.model import Destination, OutboxMessage, PostedMessage
from tests.builders import a_handoff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SUCCESS = Queue(workspace="T1", key="success", name="Customer Success", channel="C0SUCCESS")
SUPPORT = Queue(workspace="T1", key="support", name="Support", channel="C0SUPPORT")
OPEN = a_handoff(by="BEN", at=NOW, originator="ANA", version=7)
OFFERED = replace(OPEN, offered_to="GRACE")
CLAIMED = replace(OPEN, state=State.CLAIMED, owner="EVA", last_owner="EVA", accountable="EVA")
DUE = replace(CLAIMED, read_back_mode=ReadBackMode.HARD, read_back=ReadBackStatus.DUE, accountable="BEN")
GIVEN_BACK = replace(DUE, read_back=ReadBackStatus.GIVEN, accountable="EVA")
ASKED = replace(CLAIMED, asked_at=NOW)
SNOOZED = replace(CLAIMED, snoozed_until=LATER)
RETURNED = replace(OPEN, state=State.RETURNED, last_owner="EVA")
DONE = replace(OPEN, state=State.DONE, last_owner="EVA")
HELLO = Text(plain="Hello")
NO_ANSWER = Text(reason="no_answer")


def moved(before: Handoff, act: Act, by: str) -> Moved:
    barred = {RULES[act.verb].never}  # nobody here is in two capacities that exclude each other
    outcome = decide(before, act, Actor(user=by, roles=frozenset(Role) - barred), NOW)
    assert isinstance(outcome, Moved), outcome
    return outcome


def heard(before: Handoff, act: Act, by: str, posted: Sequence[PostedMessage] = ()) -> list[OutboxMessage]:
    change = moved(before, act, by)
    queue = SUPPORT if change.after.queue == "support" else SUCCESS
    return change_messages.for_change(change, queue, SUCCESS, posted, "n1")


def direct(wanted: Sequence[OutboxMessage]) -> dict[str | None, str]:
    """The recipients of direct messages, with their capacities."""
    return {w.to.user: w.payload["as"] for w in wanted if w.kind == "dm"}


def kinds(wanted: Sequence[OutboxMessage]) -> list[str]:
    return sorted(w.kind for w in wanted)


ROWS: Sequence[tuple[str, Handoff, Act, str, Mapping[str, str]]] = (
    ("a claim is told to the sender", OPEN, Claim(), "EVA", {"BEN": "sender"}),
    (
        "an assignment to the new owner, the old one and the sender",
        CLAIMED,
        Assign(person="GRACE"),
        "DAN",
        {"GRACE": "owner", "EVA": "last_owner", "BEN": "sender"},
    ),
    ("passed on, whoever had it hears", CLAIMED, Transfer(queue="support"), "DAN", {"EVA": "last_owner"}),
    ("passed on to a person, they hear", OPEN, Transfer(queue="success", person="GRACE"), "DAN", {"GRACE": "offered"}),
    ("a decline is told to the sender", OFFERED, Decline(), "GRACE", {"BEN": "sender"}),
    ("put back by a manager, its owner hears", CLAIMED, Release(), "DAN", {"EVA": "last_owner"}),
    (
        "sent back by a manager, the sender and its owner hear",
        CLAIMED,
        Return(),
        "DAN",
        {"BEN": "sender", "EVA": "last_owner"},
    ),
    ("sent back unclaimed, the sender hears", OPEN, Return(), "EVA", {"BEN": "sender"}),
    ("sent again, nobody in particular hears", RETURNED, Resend(), "BEN", {}),
    ("done by a manager, both hear", CLAIMED, Complete(), "DAN", {"BEN": "sender", "EVA": "last_owner"}),
    ("done by its owner, the sender hears", CLAIMED, Complete(), "EVA", {"BEN": "sender"}),
    ("cancelled, its owner hears", CLAIMED, Cancel(), "BEN", {"EVA": "last_owner"}),
    ("cancelled while offered, that person hears", OFFERED, Cancel(), "BEN", {"GRACE": "offered"}),
    ("changed, its owner hears", CLAIMED, Edit(changes={"priority": Priority.HIGH}), "BEN", {"EVA": "owner"}),
    ("changed while open, nobody in particular hears", OPEN, Edit(changes={"title": "Acme"}), "BEN", {}),
    ("a note is told to its owner", CLAIMED, AddNote(text=HELLO), "BEN", {"EVA": "owner"}),
    ("put back by the clock, its owner hears", CLAIMED, Lapse(text=NO_ANSWER), "clock", {"EVA": "last_owner"}),
    ("snoozed by its owner, nobody in particular hears", CLAIMED, Snooze(until=LATER), "EVA", {}),
    ("snoozed by a manager, its owner hears", CLAIMED, Snooze(until=LATER), "DAN", {"EVA": "owner"}),
    ("woken, its owner hears", SNOOZED, Remind(), "clock", {"EVA": "owner"}),
    ("taken up again by its owner, nobody hears", SNOOZED, Continue(), "EVA", {}),
    ("more time is told to its owner", CLAIMED, Extend(seconds=60), "DAN", {"EVA": "owner"}),
    ("a read-back is told to the sender", DUE, GiveReadBack(text=HELLO), "EVA", {"BEN": "sender"}),
    ("that it is right stands in the thread", GIVEN_BACK, Confirm(), "BEN", {}),
    ("not quite is told to its owner", GIVEN_BACK, Correct(text=HELLO), "BEN", {"EVA": "owner"}),
    ("a question is told to the sender", CLAIMED, Ask(text=HELLO), "EVA", {"BEN": "sender"}),
    ("the answer is told to its owner", ASKED, Answer(text=HELLO), "BEN", {"EVA": "owner"}),
    ("a manager's answer too", ASKED, Answer(text=HELLO), "DAN", {"EVA": "owner"}),
    ("an owner who knows it now tells nobody", ASKED, Answer(needless=True), "EVA", {}),
    ("reopened, nobody in particular hears", DONE, Reopen(), "BEN", {}),
)


@pytest.mark.parametrize(("before", "act", "by", "told"), [pytest.param(*row, id=name) for name, *row in ROWS])
def test_each_row_of_the_table(before: Handoff, act: Act, by: str, told: Mapping[str, str]) -> None:
    assert direct(heard(before, act, by)) == told


def test_every_verb_that_tells_somebody_directly_has_a_row_here() -> None:
    assert {act.verb for _, _, act, _, told in ROWS if told} | {Verb.OPEN} == set(change_messages.DIRECT)


@pytest.mark.parametrize(
    ("before", "act", "by"),
    [
        pytest.param(row[1], row[2], by, id=f"{row[0]}, by {by}")
        for row in ROWS
        for by in ("BEN", "EVA", "GRACE", "DAN")
        if not (RULES[row[2].verb].never and by == row[1].owner)
    ],
)
def test_the_one_who_acts_is_never_told_of_it(before: Handoff, act: Act, by: str) -> None:
    assert by not in direct(heard(before, act, by))


def test_somebody_who_is_sender_and_owner_is_told_once() -> None:
    own = replace(CLAIMED, owner="BEN", last_owner="BEN", accountable="BEN")

    wanted = heard(own, Complete(), "DAN")

    assert [w.to.user for w in wanted if w.kind == "dm"] == ["BEN"]


def test_two_changes_never_share_a_message() -> None:
    first = [w.key for w in heard(CLAIMED, AddNote(text=HELLO), "BEN") if w.kind in {"dm", "reply"}]
    second = [
        w.key for w in heard(replace(CLAIMED, version=8), AddNote(text=HELLO), "BEN") if w.kind in {"dm", "reply"}
    ]

    assert set(first).isdisjoint(second)


@pytest.mark.parametrize(("before", "act", "by"), [pytest.param(*row[1:4], id=row[0]) for row in ROWS])
def test_the_card_is_redrawn_for_everybody_whatever_happened(before: Handoff, act: Act, by: str) -> None:
    wanted = heard(before, act, by)

    assert "card" in kinds(wanted)
    assert len({w.key for w in wanted}) == len(wanted), "one message per key"


@pytest.mark.parametrize(("before", "act", "by"), [pytest.param(*row[1:4], id=row[0]) for row in ROWS])
def test_the_thread_is_for_what_the_team_follows(before: Handoff, act: Act, by: str) -> None:
    in_thread = {w.to.reply_to for w in heard(before, act, by) if w.kind == "reply"}

    quiet = {Verb.CLAIM, Verb.TRANSFER, Verb.CONTINUE, Verb.REMIND}
    assert in_thread == (set() if act.verb in quiet else {"card:h1:1"})


def test_an_opening_posts_the_card_and_gives_the_sender_their_line() -> None:
    wanted = change_messages.for_opening(replace(OPEN, sender="ANA"), SUCCESS)

    assert [(w.kind, w.to) for w in wanted] == [
        ("card", Destination(channel="C0SUCCESS")),
        ("sent", Destination(user="ANA")),
    ]


def test_an_offer_is_told_to_the_person_unless_they_offer_it_to_themselves() -> None:
    assert direct(change_messages.for_opening(OFFERED, SUCCESS)) == {"GRACE": "offered"}
    assert direct(change_messages.for_opening(replace(OFFERED, offered_to="BEN"), SUCCESS)) == {}


@pytest.mark.parametrize(
    ("source", "thread"),
    [
        (Source(channel="C0SALES", ts="1.1"), "1.1"),
        (Source(channel="C0SALES", ts="1.1", thread_ts="0.9"), "0.9"),
    ],
)
def test_what_was_made_from_a_message_answers_in_its_thread_and_keeps_the_line_current(
    source: Source, thread: str
) -> None:
    made = replace(OPEN, source=source)

    for wanted in (change_messages.for_opening(made, SUCCESS), heard(made, Claim(), "EVA")):
        assert [w.to for w in wanted if w.kind == "source"] == [Destination(channel="C0SALES", thread_ts=thread)]


@pytest.mark.parametrize("act", [AddNote(text=HELLO), Extend(seconds=60)])
def test_lines_outside_the_channel_are_not_redrawn_where_they_would_read_the_same(act: Act) -> None:
    made = replace(CLAIMED, source=Source(channel="C0SALES", ts="1.1"))

    assert {"sent", "source"}.isdisjoint(kinds(heard(made, act, "DAN")))


def test_passed_on_to_another_queue_there_is_a_new_card_there_and_the_old_one_is_closed() -> None:
    cards = {w.key: w for w in heard(CLAIMED, Transfer(queue="support"), "EVA") if w.kind == "card"}

    assert cards["card:h1:2"].to == Destination(channel="C0SUPPORT")
    assert cards["card:h1:1"].to == Destination(channel="C0SUCCESS")
    assert cards["card:h1:1"].payload == {"hop": 1}


def posted(key: str, kind: str, to: Destination, **payload: Any) -> PostedMessage:
    return PostedMessage(
        workspace="T1",
        key=key,
        kind=kind,
        handoff_id="h1",
        to=to,
        payload=payload,
        channel="C1",
        ts="1.1",
        permalink=None,
        posted_at=NOW,
    )


OFFER = posted("offer", "dm", Destination(user="GRACE"), verb="open")
PASSED = posted("passed", "dm", Destination(user="GRACE"), verb="transfer")
SENT_BACK = posted("asked", "dm", Destination(user="BEN"), verb="return")
GIVEN = posted("given", "dm", Destination(user="EVA"), verb="assign")
TOLD = posted("told", "dm", Destination(user="BEN"), verb="claim")
NUDGE = posted("nudge", "level", Destination(reply_to="card:h1:1"), recipient="channel")
REPLY = posted("reply", "reply", Destination(reply_to="card:h1:1"), verb="note")
WOKEN = posted("woken", "dm", Destination(user="EVA"), verb="remind")
SAID_BACK = posted("said", "dm", Destination(user="BEN"), verb="read_back")
CORRECTED = posted("corrected", "dm", Destination(user="EVA"), verb="correct")
QUESTION = posted("question", "dm", Destination(user="BEN"), verb="ask")
EVERYTHING = (OFFER, PASSED, SENT_BACK, GIVEN, TOLD, NUDGE, REPLY, WOKEN, SAID_BACK, CORRECTED, QUESTION)
HELD = {"given", "woken", "said", "corrected", "question"}
"""What asks something of somebody while it is claimed."""


def reminder(key: str, clock: str, run: int, **more: Any) -> PostedMessage:
    return posted(key, "level", Destination(user="EVA"), clock=clock, run=run, recipient="EVA", **more)


WAITED = (
    reminder("old", "update", 3),
    reminder("new", "update", 5),
    reminder("also", "update", 5),
    reminder("finish", "finish", 2),
    reminder("question", "finish", 2, do="check"),
    reminder("first", "first_action", 2),
)
"""What waited for a sign of life: only the last run of each clock may still wait."""


@pytest.mark.parametrize("act", [Continue(), Continue(by="reply"), AddNote(text=HELLO)], ids=["yes", "reply", "note"])
def test_a_sign_of_life_redraws_what_waited_for_one_and_posts_nothing(act: Act) -> None:
    wanted = {w.key: w.kind for w in heard(CLAIMED, act, "EVA", WAITED)}

    assert {key for key, kind in wanted.items() if kind == "level"} == {"new", "also", "question", "first"}
    assert "dm" not in wanted.values()
    assert act.verb is Verb.NOTE or set(wanted.values()) == {"level"}, "its card reads as before"


def test_somebody_elses_note_is_no_sign_of_life() -> None:
    assert "level" not in kinds(heard(CLAIMED, AddNote(text=HELLO), "BEN", WAITED))


def test_going_on_redraws_the_card_and_the_lines_that_said_it_rests() -> None:
    assert kinds(heard(SNOOZED, Continue(), "EVA")) == ["card", "sent"]
    assert heard(SNOOZED, Continue(by="reply"), "EVA") == []


@pytest.mark.parametrize(
    ("before", "act", "by", "redrawn"),
    [
        pytest.param(OFFERED, Claim(), "GRACE", {"offer", "passed", "nudge"}, id="offers, by a claim"),
        pytest.param(OFFERED, Decline(), "GRACE", {"offer", "passed", "nudge"}, id="offers, by a decline"),
        pytest.param(OPEN, Claim(), "EVA", {"nudge"}, id="reminders, by a claim"),
        pytest.param(RETURNED, Resend(), "BEN", {"asked", "nudge"}, id="questions, by sending again"),
        pytest.param(CLAIMED, Release(), "DAN", {*HELD, "nudge"}, id="gifts, by putting back"),
        pytest.param(CLAIMED, Assign(person="GRACE"), "DAN", {*HELD, "nudge"}, id="gifts, by giving to another"),
        pytest.param(CLAIMED, Complete(), "DAN", {*HELD, "nudge"}, id="gifts, by finishing"),
        pytest.param(CLAIMED, Lapse(text=NO_ANSWER), "clock", {*HELD, "nudge"}, id="gifts, by the clock"),
        pytest.param(CLAIMED, Snooze(until=LATER), "EVA", {*HELD, "nudge"}, id="reminders, by a snooze"),
        pytest.param(SNOOZED, Remind(), "clock", {*HELD, "nudge"}, id="reminders, by the end of one"),
        pytest.param(CLAIMED, Extend(seconds=60), "DAN", {"nudge"}, id="reminders, by more time"),
        pytest.param(
            CLAIMED, Edit(changes={"priority": Priority.LOW}), "BEN", {"nudge"}, id="reminders, by a priority"
        ),
        pytest.param(CLAIMED, Edit(changes={"title": "Acme"}), "BEN", set(), id="nothing, by other words"),
        pytest.param(CLAIMED, AddNote(text=HELLO), "DAN", set(), id="nothing, by a note"),
        pytest.param(DUE, GiveReadBack(text=HELLO), "EVA", HELD, id="gifts, by a read-back"),
        pytest.param(GIVEN_BACK, Confirm(), "BEN", HELD, id="read-backs, by a right"),
        pytest.param(GIVEN_BACK, Correct(), "BEN", HELD, id="read-backs, by a not quite"),
        pytest.param(CLAIMED, Ask(), "EVA", {*HELD, "nudge"}, id="reminders, by a question"),
        pytest.param(ASKED, Answer(), "BEN", {*HELD, "nudge"}, id="questions, by an answer"),
    ],
)
def test_what_a_change_has_answered_is_redrawn_and_nothing_else(
    before: Handoff, act: Act, by: str, redrawn: set[str]
) -> None:
    wanted = {w.key: w for w in heard(before, act, by, EVERYTHING)}

    assert wanted.keys() & {message.key for message in EVERYTHING} == redrawn
    for message in EVERYTHING:
        if message.key in redrawn:
            again = wanted[message.key]
            assert (again.kind, again.to, again.payload) == (message.kind, message.to, message.payload)


def test_a_deletion_takes_everything_of_ours_from_slack_but_leaves_a_record_of_every_card() -> None:
    gone = moved(CLAIMED, Delete(), "BEN").after
    cards = (
        posted("card:h1:1", "card", Destination(channel="C0SUPPORT"), hop=1),
        posted("card:h1:2", "card", Destination()),
    )

    wanted = change_messages.erasures(gone, SUCCESS, [*cards, NUDGE], ["level:h1:claim:1:late:DAN", "card:h1:3"])

    assert {w.key: w.erase for w in wanted} == {
        "card:h1:1": False,
        "card:h1:2": False,
        "card:h1:3": False,
        "level:h1:claim:1:late:DAN": True,
        "nudge": True,
    }
    assert {w.key: w.payload for w in wanted if w.kind == "card"} == {f"card:h1:{n}": {"hop": n} for n in (1, 2, 3)}
    assert {w.key: w.to for w in wanted}["card:h1:1"] == Destination(channel="C0SUPPORT"), (
        "where it stands, not the queue"
    )


def test_the_printed_table_has_a_row_for_every_verb_a_person_can_see_happen() -> None:
    rows = {row["verb"]: row for row in change_messages.table()}

    assert set(rows) == set(Verb) - {Verb.ESCALATE, Verb.DELETE}
    assert rows["claim"] == {"verb": "claim", "dm": "sender", "thread": "–"}
    assert rows["reopen"] == {"verb": "reopen", "dm": "–", "thread": "yes"}
    assert rows["assign"]["dm"] == "owner, last owner, sender"
