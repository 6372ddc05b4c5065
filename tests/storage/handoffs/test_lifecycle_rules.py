"""The table in code says what the design says: written here a second time, by hand."""

from __future__ import annotations

import pytest

from storage.handoffs.lifecycle import FINAL, RULES, Role, Situation, State, Verb, rules_table

S, M, OWNER, LAST, PERSON = Role.SENDER, Role.MANAGER, Role.OWNER, Role.LAST_OWNER, Role.OFFERED
FOR_OWNER, FOR_SENDER = Role.OWNER_COVER, Role.SENDER_COVER
CLAIMER = Role.CLAIMER
MEMBER, ADMIN, VIEWER, CLOCK, ORIGINATOR = Role.MEMBER, Role.ADMIN, Role.VIEWER, Role.CLOCK, Role.ORIGINATOR
OPEN = ("open", "offered")
LIVE = (*OPEN, "claimed", "returned")
KEPT = (*LIVE, "done", "cancelled")

Row = tuple[Verb, tuple[str, ...], str, set[Role]]

DESIGN: list[Row] = [
    (Verb.OPEN, ("new",), "open", {ORIGINATOR}),
    (Verb.CLAIM, ("open",), "claimed", {MEMBER, CLAIMER, M}),
    (Verb.CLAIM, ("offered",), "claimed", {PERSON, M}),
    (Verb.DECLINE, ("offered",), "open", {PERSON}),
    (Verb.ASSIGN, (*OPEN, "claimed"), "claimed", {M}),
    (Verb.RELEASE, ("claimed",), "open", {OWNER, M}),
    (Verb.LAPSE, ("claimed",), "open", {CLOCK}),
    (Verb.TRANSFER, OPEN, "open", {S, M}),
    (Verb.TRANSFER, ("claimed",), "open", {OWNER, M}),
    (Verb.RETURN, OPEN, "returned", {MEMBER, M}),
    (Verb.RETURN, ("claimed",), "returned", {OWNER, M}),
    (Verb.RESEND, ("returned",), "open", {S, M, FOR_SENDER}),
    (Verb.EDIT, LIVE, "same", {S, M}),
    (Verb.NOTE, KEPT, "same", {VIEWER}),
    (Verb.EDIT_NOTE, KEPT, "same", {VIEWER}),
    (Verb.DELETE_NOTE, KEPT, "same", {VIEWER}),
    (Verb.EXTEND, (*OPEN, "claimed"), "same", {M}),
    (Verb.SNOOZE, ("claimed",), "same", {OWNER, M, FOR_OWNER}),
    (Verb.CONTINUE, ("claimed",), "same", {OWNER, FOR_OWNER}),
    (Verb.READ_BACK, ("claimed",), "same", {OWNER}),
    (Verb.CONFIRM, ("claimed",), "same", {S, M, FOR_SENDER}),
    (Verb.CORRECT, ("claimed",), "same", {S, M, FOR_SENDER}),
    (Verb.ASK, ("claimed",), "same", {OWNER, FOR_OWNER}),
    (Verb.ANSWER, ("claimed",), "same", {OWNER, S, M, FOR_SENDER}),
    (Verb.COMPLETE, ("claimed",), "done", {OWNER, M, FOR_OWNER}),
    (Verb.CANCEL, LIVE, "cancelled", {S, M}),
    (Verb.REOPEN, ("done", "cancelled"), "open", {S, LAST, M}),
    (Verb.REMIND, LIVE, "same", {CLOCK}),
    (Verb.ESCALATE, LIVE, "same", {CLOCK}),
    (Verb.DELETE, LIVE, "deleted", {S, ADMIN}),
    (Verb.DELETE, ("done", "cancelled"), "deleted", {S, ADMIN, CLOCK}),
]
WHO = {(verb, Situation(start)): who for verb, starts, _, who in DESIGN for start in starts}
LEADS = {verb: end for verb, _, end, _ in DESIGN}


@pytest.mark.parametrize("verb", Verb)
def test_who_may_do_it_where_is_what_the_design_says(verb: Verb) -> None:
    rule = RULES[verb]

    assert {(verb, start): set(who) for start, who in rule.who.items()} == {
        key: who for key, who in WHO.items() if key[0] is verb
    }


@pytest.mark.parametrize("verb", Verb)
def test_where_it_leads_is_what_the_design_says(verb: Verb) -> None:
    end = RULES[verb].end

    assert (end.value if end else "same") == LEADS[verb]


def test_no_clock_may_speak_once_it_is_done_cancelled_or_deleted() -> None:
    assert {State.DONE, State.CANCELLED, State.DELETED} == FINAL


def test_every_state_can_be_reached_and_only_deleted_cannot_be_left() -> None:
    assert {rule.end for rule in RULES.values() if rule.end} == set(State)

    left = {start.value for rule in RULES.values() for start in rule.starts}
    assert set(State) - {State(word) for word in left if word in set(State)} == {State.DELETED}


def test_the_table_in_words_has_a_row_for_every_verb() -> None:
    rows = {row["verb"]: row for row in rules_table()}

    assert list(rows) == [verb.value for verb in Verb]
    assert rows["claim"]["who"] == (
        "open: member, those the team lets claim, manager; offered: the person it is offered to, manager"
    )
    assert rows["decline"]["from"] == "offered"
    assert rows["open"]["from"] == "–"
    assert rows["delete"]["from"] == "any"
    assert rows["confirm"]["from"] == "claimed, once it is read back"
    assert rows["edit"] == {"verb": "edit", "from": "open, claimed, returned", "to": "same", "who": "sender, manager"}
