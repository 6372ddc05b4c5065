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
    DeleteNote,
    Edit,
    EditNote,
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
BEGUN = replace(OPEN, originator="BEN")
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
    barred = {RULES[act.verb].never, Role.OWNER_COVER}  # nobody here is in capacities that exclude each other
    outcome = decide(before, act, Actor(user=by, roles=frozenset(Role) - barred), NOW)
    assert isinstance(outcome, Moved), outcome
    return outcome


def heard(before: Handoff, act: Act, by: str) -> list[OutboxMessage]:
    change = moved(before, act, by)
    return change_messages.for_change(change, SUPPORT if change.after.queue == "support" else SUCCESS, "n1")


def direct(wanted: Sequence[OutboxMessage]) -> dict[str | None, str]:
    """The recipients of direct messages, with their capacities."""
    return {w.to.user: w.payload["as"] for w in wanted if w.kind == "dm"}


def kinds(wanted: Sequence[OutboxMessage]) -> list[str]:
    return sorted(w.kind for w in wanted)


ROWS: Sequence[tuple[str, Handoff, Act, str, Mapping[str, str]]] = (
    ("a claim is told to who passed it on", OPEN, Claim(), "EVA", {"BEN": "sender"}),
    ("who began it sees a claim in their own message", BEGUN, Claim(), "EVA", {}),
    (
        "an assignment to the new owner, the old one and the sender",
        CLAIMED,
        Assign(person="GRACE"),
        "DAN",
        {"GRACE": "owner", "EVA": "last_owner", "BEN": "sender"},
    ),
    (
        "passed on by a manager, its owner and who began it hear",
        CLAIMED,
        Transfer(queue="support"),
        "DAN",
        {"EVA": "last_owner", "ANA": "originator"},
    ),
    ("passed on by its owner, who began it hears", CLAIMED, Transfer(queue="support"), "EVA", {"ANA": "originator"}),
    (
        "passed on to a person while nobody has it, they and the sender hear",
        OPEN,
        Transfer(queue="success", person="GRACE"),
        "DAN",
        {"GRACE": "offered", "BEN": "sender", "ANA": "originator"},
    ),
    ("a decline is told to the sender", OFFERED, Decline(), "GRACE", {"BEN": "sender"}),
    ("put back, the sender is accountable again and hears", CLAIMED, Release(), "EVA", {"BEN": "sender"}),
    ("put back by a manager, its owner hears too", CLAIMED, Release(), "DAN", {"BEN": "sender", "EVA": "last_owner"}),
    (
        "sent back by a manager, the sender and its owner hear",
        CLAIMED,
        Return(),
        "DAN",
        {"BEN": "sender", "EVA": "last_owner"},
    ),
    ("sent back unclaimed, the sender hears", OPEN, Return(), "EVA", {"BEN": "sender"}),
    ("sent again, nobody in particular hears", RETURNED, Resend(), "BEN", {}),
    ("sent again by a manager, the sender who was asked hears", RETURNED, Resend(), "DAN", {"BEN": "sender"}),
    (
        "done by a manager, everybody who had a part hears",
        CLAIMED,
        Complete(),
        "DAN",
        {"BEN": "sender", "EVA": "last_owner", "ANA": "originator"},
    ),
    (
        "done by its owner, who sent and who began it",
        CLAIMED,
        Complete(),
        "EVA",
        {"BEN": "sender", "ANA": "originator"},
    ),
    ("cancelled by its sender", CLAIMED, Cancel(), "BEN", {"EVA": "last_owner", "ANA": "originator"}),
    (
        "cancelled by a manager while offered",
        OFFERED,
        Cancel(),
        "DAN",
        {"BEN": "sender", "GRACE": "offered", "ANA": "originator"},
    ),
    ("changed, its owner hears", CLAIMED, Edit(changes={"priority": Priority.HIGH}), "BEN", {"EVA": "owner"}),
    ("changed while open, nobody in particular hears", OPEN, Edit(changes={"title": "Acme"}), "BEN", {}),
    ("a note is told to its owner", CLAIMED, AddNote(text=HELLO), "BEN", {"EVA": "owner"}),
    (
        "put back by the clock",
        CLAIMED,
        Lapse(text=NO_ANSWER),
        "clock",
        {"BEN": "sender", "EVA": "last_owner"},
    ),
    ("snoozed by its owner, nobody in particular hears", CLAIMED, Snooze(until=LATER), "EVA", {}),
    ("snoozed by a manager, its owner hears", CLAIMED, Snooze(until=LATER), "DAN", {"EVA": "owner"}),
    ("woken, its owner hears", SNOOZED, Remind(), "clock", {"EVA": "owner"}),
    ("taken up again by its owner, nobody hears", SNOOZED, Continue(), "EVA", {}),
    ("more time is told to its owner", CLAIMED, Extend(seconds=60), "DAN", {"EVA": "owner"}),
    ("a read-back is told to the sender", DUE, GiveReadBack(text=HELLO), "EVA", {"BEN": "sender"}),
    ("that it is right stands in the thread", GIVEN_BACK, Confirm(), "BEN", {}),
    ("not quite is told to its owner", GIVEN_BACK, Correct(text=HELLO), "BEN", {"EVA": "owner"}),
    (
        "by a manager, it makes the sender accountable again",
        GIVEN_BACK,
        Correct(text=HELLO),
        "DAN",
        {"EVA": "owner", "BEN": "sender"},
    ),
    ("a question is told to the sender", CLAIMED, Ask(text=HELLO), "EVA", {"BEN": "sender"}),
    ("the answer is told to its owner", ASKED, Answer(text=HELLO), "BEN", {"EVA": "owner"}),
    ("a manager's answer too", ASKED, Answer(text=HELLO), "DAN", {"EVA": "owner"}),
    ("an owner who knows it now tells nobody", ASKED, Answer(needless=True), "EVA", {}),
    ("reopened by its sender, who began it hears", DONE, Reopen(), "BEN", {"ANA": "originator"}),
    ("reopened by who had it, both hear", DONE, Reopen(), "EVA", {"BEN": "sender", "ANA": "originator"}),
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

    assert [w.to.user for w in wanted if w.kind == "dm"] == ["BEN", "ANA"]


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
def test_what_was_made_from_a_message_answers_in_its_thread(source: Source, thread: str) -> None:
    made = replace(OPEN, source=source)

    wanted = change_messages.for_opening(made, SUCCESS)
    assert [w.to for w in wanted if w.kind == "source"] == [Destination(channel="C0SALES", thread_ts=thread)]


def test_passed_on_to_another_queue_there_is_a_new_card_there() -> None:
    (card,) = (w for w in heard(CLAIMED, Transfer(queue="support"), "EVA") if w.kind == "card")

    assert (card.key, card.to, card.payload) == ("card:h1:2", Destination(channel="C0SUPPORT"), {"hop": 2})


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


NUDGE = posted("nudge", "level", Destination(reply_to="card:h1:1"), recipient="channel")
KINDS = ("card", "dm", "sent", "source", "level", "trouble")
"""Kinds of messages that name an owner, a state or a deadline."""
QUIET = (AddNote(text=HELLO), EditNote(note_id="n1", text=HELLO), DeleteNote(note_id="n1"), Continue(by="reply"))


def redrawn(before: Handoff, act: Act, by: str) -> set[str]:
    """The kinds of unsettled messages that a change has drawn again."""
    change = moved(before, act, by)
    shown = [posted(kind, kind, Destination(user="BEN")).to_outbox_message() for kind in (*KINDS, "reply")]
    return {message.kind for message in shown if change_messages.made_false(change, message)}


@pytest.mark.parametrize(
    ("before", "act", "by"), [pytest.param(*row[1:4], id=row[0]) for row in ROWS if row[2].verb is not Verb.NOTE]
)
def test_whatever_may_be_false_after_a_change_is_redrawn_whatever_its_verb(before: Handoff, act: Act, by: str) -> None:
    assert redrawn(before, act, by) == set(KINDS)


@pytest.mark.parametrize("act", QUIET, ids=lambda act: act.verb)
def test_words_change_no_owner_state_or_deadline(act: Act) -> None:
    assert redrawn(CLAIMED, act, "BEN" if act.verb is not Verb.CONTINUE else "EVA") <= {"level"}
    assert act.verb is Verb.CONTINUE or redrawn(CLAIMED, act, "BEN") == set(), "not the owner's"


@pytest.mark.parametrize("act", [Continue(), Continue(by="reply"), AddNote(text=HELLO)], ids=["yes", "reply", "note"])
def test_an_update_by_the_owner_redraws_the_reminders_that_wait_for_one(act: Act) -> None:
    assert redrawn(CLAIMED, act, "EVA") == {"level"}
    assert act.verb is Verb.NOTE or heard(CLAIMED, act, "EVA") == [], "its card reads as before"


def test_the_end_of_a_snooze_redraws_everything_that_names_it() -> None:
    assert redrawn(SNOOZED, Continue(), "EVA") == set(KINDS)
    assert kinds(heard(SNOOZED, Continue(), "EVA")) == ["card"]


def test_a_sentence_about_a_change_keeps_the_team_and_the_sender_of_its_time() -> None:
    (told,) = (w for w in heard(CLAIMED, Transfer(queue="support"), "EVA") if w.kind == "dm")

    assert (told.payload["team"], told.payload["sender"]) == ("support", "EVA")


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
    assert rows["reopen"] == {"verb": "reopen", "dm": "sender, originator", "thread": "yes"}
    assert rows["assign"]["dm"] == "owner, last owner, sender"
