"""What `decide` accepts and refuses, and what an accepted act changes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from storage.handoffs.acts import (
    ACTS,
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
    Escalate,
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
from storage.handoffs.lifecycle import (
    Actor,
    Moved,
    ReadBackStatus,
    RefusalReason,
    Refused,
    Role,
    Situation,
    State,
    Verb,
    allowed,
    decide,
    situation,
)
from storage.handoffs.model import Handoff, Source, Text
from tests.builders import NOW, a_handoff
from tests.storage.handoffs.test_lifecycle_rules import WHO
from tests.tables import check_rows

LATER = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1)
RELATED = {Role.SENDER: "SENDER", Role.OWNER: "OWNER", Role.LAST_OWNER: "LAST", Role.OFFERED: "PERSON"}
MANAGER = Actor(user="MARA", roles=frozenset({Role.MANAGER}))

AN_ACT: dict[Verb, Act] = {
    act.verb: act
    for act in (
        Claim(), Decline(), Assign(person="NEW"), Release(), Transfer(queue="support"), Return(), Resend(),
        Edit(changes={"title": "Another title"}), AddNote(text=Text(plain="hello")), Extend(seconds=60), Complete(),
        Cancel(), Reopen(), Escalate(clock="claim", level="late"), Delete(),
        Lapse(), Snooze(until=TOMORROW), Continue(), Remind(),
        EditNote(note_id="n1", text=Text(plain="hello")), DeleteNote(note_id="n1"),
        GiveReadBack(text=Text(plain="Call Mara")), Confirm(), Correct(), Ask(), Answer(),
    )
}  # fmt: skip


NEEDS: dict[Verb, dict[str, Any]] = {
    Verb.REMIND: {"snoozed_until": TOMORROW},
    Verb.READ_BACK: {"read_back": ReadBackStatus.DUE},
    Verb.CONFIRM: {"read_back": ReadBackStatus.GIVEN},
    Verb.CORRECT: {"read_back": ReadBackStatus.GIVEN},
    Verb.ANSWER: {"asked_at": NOW},
}
"""What has to be so of a handoff besides its situation."""


def standing(where: Situation) -> Handoff:
    offered = where is Situation.OFFERED
    state = State.OPEN if offered else State(where.value)
    return a_handoff(state=state, last_owner="LAST", offered_to="PERSON" if offered else None)


def someone(role: Role) -> Actor:
    if role in RELATED:
        return Actor(user=RELATED[role])
    return Actor(user="SOMEONE", roles=frozenset({role}))


def moved(handoff: Handoff, act: Act, actor: Actor) -> Handoff:
    outcome = decide(handoff, act, actor, LATER)
    assert isinstance(outcome, Moved), outcome
    return outcome.after


def refused(handoff: Handoff, act: Act, actor: Actor) -> RefusalReason:
    outcome = decide(handoff, act, actor, LATER)
    assert isinstance(outcome, Refused), outcome
    return outcome.why


def expected_refusal(verb: Verb, where: Situation, role: Role) -> RefusalReason | None:
    """What the design says, in other words than the code's."""
    if where is Situation.DELETED:
        return RefusalReason.DELETED
    if (verb, where) not in WHO:
        if where in {Situation.DONE, Situation.CANCELLED}:
            return RefusalReason.CLOSED
        if verb is Verb.CLAIM and where is Situation.CLAIMED:
            return RefusalReason.YOURS if role is Role.OWNER else RefusalReason.TAKEN
        return RefusalReason.NOT_NOW
    if role in WHO[verb, where]:
        return None
    return RefusalReason.RESERVED if (verb, where) == (Verb.CLAIM, Situation.OFFERED) else RefusalReason.NOT_ALLOWED


def test_every_verb_but_open_has_an_act() -> None:
    assert set(AN_ACT) == {act.verb for act in ACTS} == set(Verb) - {Verb.OPEN}


def test_each_verb_in_each_situation_by_each_role() -> None:
    situations = [where for where in Situation if where is not Situation.NEW]

    check_rows(product(AN_ACT, situations, Role), decided_as_designed)


def decided_as_designed(row: tuple[Verb, Situation, Role]) -> None:
    verb, where, role = row
    handoff, actor = standing(where), someone(role)
    handoff = replace(handoff, **NEEDS.get(verb, {}))
    assert situation(handoff) is where

    outcome = decide(handoff, AN_ACT[verb], actor, LATER)

    why = expected_refusal(verb, where, role)
    assert (outcome.why if isinstance(outcome, Refused) else None) is why
    if isinstance(outcome, Refused):
        assert (outcome.handoff, outcome.verb, outcome.actor) == (handoff, verb, actor)
    assert allowed(handoff, verb, actor) is (why is None)


def test_a_claim_gives_it_an_owner_who_answers_for_it() -> None:
    after = moved(a_handoff(offered_to="ANA"), Claim(), Actor(user="ANA"))

    assert (after.state, after.owner, after.last_owner, after.accountable) == (State.CLAIMED, "ANA", "ANA", "ANA")
    assert after.offered_to is None
    assert after.state_since == LATER
    assert after.version == 2


def test_whoever_has_it_is_told_that_it_is_theirs_and_others_that_it_is_taken() -> None:
    claimed = a_handoff(state=State.CLAIMED)

    assert refused(claimed, Claim(), Actor(user="OWNER")) is RefusalReason.YOURS
    assert refused(claimed, Claim(), MANAGER) is RefusalReason.TAKEN


@pytest.mark.parametrize("act", [Release(), Lapse(), Return(), Complete(), Cancel(), Transfer(queue="support")])
def test_whoever_lets_it_go_owns_it_no_more_and_the_sender_answers_again(act: Act) -> None:
    manager_or_clock = Actor(user="MARA", roles=frozenset({Role.MANAGER, Role.CLOCK}))

    after = moved(a_handoff(state=State.CLAIMED, last_owner="OWNER"), act, manager_or_clock)

    assert after.owner is None
    assert after.last_owner == "OWNER"
    assert after.accountable == after.sender


def test_a_decline_opens_it_to_all_and_leaves_the_rest() -> None:
    offered = a_handoff(offered_to="ANA")

    after = moved(offered, Decline(), Actor(user="ANA"))

    assert after == replace(offered, offered_to=None, version=2)


def test_an_owner_who_passes_it_on_becomes_its_sender() -> None:
    claimed = a_handoff(state=State.CLAIMED)

    after = moved(claimed, Transfer(queue="support", person="BEN"), Actor(user="OWNER"))

    assert (after.state, after.queue, after.offered_to) == (State.OPEN, "support", "BEN")
    assert (after.sender, after.originator, after.accountable) == ("OWNER", "SENDER", "OWNER")
    assert after.hop == 2


def test_correcting_the_queue_of_open_work_keeps_its_sender() -> None:
    after = moved(a_handoff(), Transfer(queue="support"), MANAGER)

    assert (after.sender, after.accountable, after.hop) == ("SENDER", "SENDER", 2)


def test_passing_on_within_a_queue_is_no_new_hop() -> None:
    assert moved(a_handoff(state=State.CLAIMED), Transfer(queue="success", person="BEN"), Actor(user="OWNER")).hop == 1


def test_sending_back_counts_the_rounds() -> None:
    after = moved(a_handoff(offered_to="ANA", rounds=1), Return(), MANAGER)

    assert (after.state, after.rounds, after.offered_to) == (State.RETURNED, 2, None)


def test_an_edit_changes_what_differs_and_nothing_else() -> None:
    handoff = a_handoff()

    after = moved(handoff, Edit(changes={"title": "New", "queue": handoff.queue}), Actor(user="SENDER"))

    assert after == replace(handoff, title="New", version=2)


@pytest.mark.parametrize(
    ("handoff", "act"),
    [
        (a_handoff(state=State.CLAIMED), Assign(person="OWNER")),
        (a_handoff(offered_to="ANA"), Transfer(queue="success", person="ANA")),
        (a_handoff(), Transfer(queue="success")),
        (a_handoff(), Edit(changes={"title": "Acme renewal"})),
        (a_handoff(state=State.CLAIMED, snoozed_until=TOMORROW), Snooze(until=TOMORROW)),
        (a_handoff(state=State.CLAIMED), Remind()),
    ],
)
def test_what_would_change_nothing_is_refused_as_the_same(handoff: Handoff, act: Act) -> None:
    assert refused(handoff, act, Actor(user="MARA", roles=frozenset({Role.MANAGER, Role.CLOCK}))) is RefusalReason.SAME


def test_a_snooze_lets_it_rest_and_a_second_one_moves_the_end() -> None:
    claimed = a_handoff(state=State.CLAIMED)

    resting = moved(claimed, Snooze(until=LATER), Actor(user="OWNER"))
    longer = moved(resting, Snooze(until=TOMORROW), MANAGER)

    assert resting == replace(claimed, snoozed_until=LATER, version=2)
    assert longer == replace(claimed, snoozed_until=TOMORROW, version=3)


def test_the_owner_who_presses_the_button_and_the_reminder_end_a_snooze_but_a_reply_does_not() -> None:
    resting = a_handoff(state=State.CLAIMED, snoozed_until=TOMORROW)
    owner, clock = Actor(user="OWNER"), Actor(user="clock", roles=frozenset({Role.CLOCK}))

    assert moved(resting, Continue(), owner).snoozed_until is None
    assert moved(resting, Remind(), clock).snoozed_until is None
    assert moved(resting, Continue(by="reply"), owner).snoozed_until == TOMORROW


@pytest.mark.parametrize("act", [Release(), Lapse(), Return(), Complete(), Cancel(), Assign(person="NEW"), Delete()])
def test_a_snooze_is_over_when_its_owner_has_it_no_more(act: Act) -> None:
    anyone = Actor(user="X", roles=frozenset(Role))

    assert moved(a_handoff(state=State.CLAIMED, snoozed_until=TOMORROW), act, anyone).snoozed_until is None


def test_a_deletion_blanks_everything_that_a_person_typed() -> None:
    full = a_handoff(
        state=State.CLAIMED,
        next_step="Call them",
        link="https://example.com",
        needed_by=LATER,
        fields={"told_customer": "yes"},
        source=Source(channel="C1", ts="1.1"),
    )

    after = moved(full, Delete(), Actor(user="SENDER"))

    blank: dict[str, Any] = {
        "title": "",
        "next_step": "",
        "link": None,
        "needed_by": None,
        "fields": {},
        "source": None,
    }
    assert {name: getattr(after, name) for name in blank} == blank
    assert (after.state, after.owner, after.accountable) == (State.DELETED, None, "SENDER")


@pytest.mark.parametrize(
    "act",
    [AddNote(text=Text(plain="x")), Extend(seconds=60), Continue(), Escalate(clock="claim", level="late")],
    ids=lambda act: act.verb.value,
)
def test_words_more_time_a_sign_of_life_and_an_escalation_move_only_the_version(act: Act) -> None:
    claimed = a_handoff(state=State.CLAIMED)
    anyone = Actor(user="X", roles=frozenset({Role.VIEWER, Role.MANAGER, Role.OWNER, Role.CLOCK}))

    assert moved(claimed, act, anyone) == replace(claimed, version=2)


@pytest.mark.parametrize("act", AN_ACT.values(), ids=[verb.value for verb in AN_ACT])
def test_the_audit_is_given_keys_and_numbers_but_no_typed_words(act: Act) -> None:
    typed: dict[str, Any] = {"text": Text(plain="secret words", reason="secret reason")}
    spoken = replace(act, **typed)

    assert "secret" not in str(spoken.facts())


def test_deciding_changes_nothing() -> None:
    handoff = a_handoff()
    before = {field.name: getattr(handoff, field.name) for field in fields(handoff)}

    outcome = decide(handoff, Claim(), MANAGER, LATER)

    assert before == {field.name: getattr(handoff, field.name) for field in fields(handoff)}
    assert isinstance(outcome, Moved)
    assert (outcome.before, outcome.verb, outcome.at, outcome.actor) == (handoff, Verb.CLAIM, LATER, MANAGER)
