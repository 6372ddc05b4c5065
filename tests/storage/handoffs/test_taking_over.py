"""Read-backs and questions: when they can be given, who answers for the work meanwhile, and what ends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.handoffs.acts import (
    Act,
    Answer,
    Ask,
    Assign,
    Cancel,
    Claim,
    Complete,
    Confirm,
    Correct,
    Delete,
    GiveReadBack,
    Lapse,
    Release,
    Return,
    Snooze,
    Transfer,
)
from storage.handoffs.lifecycle import (
    Actor,
    Moved,
    ReadBackMode,
    ReadBackStatus,
    RefusalReason,
    Refused,
    Role,
    State,
    Verb,
    allowed,
    decide,
    possible,
)
from storage.handoffs.model import Handoff, Text
from tests.builders import NOW, a_handoff

LATER = NOW + timedelta(hours=1)
SENDER, OWNER, NEW = (Actor(user=user, roles=frozenset({Role.MEMBER})) for user in ("SENDER", "OWNER", "NEW"))
MANAGER = Actor(user="MARA", roles=frozenset({Role.MANAGER}))
ANYBODY = Actor(user="X", roles=frozenset(Role))
SAID = GiveReadBack(text=Text(plain="Call Mara"))


def moved(handoff: Handoff, act: Act, actor: Actor) -> Handoff:
    outcome = decide(handoff, act, actor, LATER)
    assert isinstance(outcome, Moved), outcome
    return outcome.after


def refused(handoff: Handoff, act: Act, actor: Actor) -> RefusalReason:
    outcome = decide(handoff, act, actor, LATER)
    assert isinstance(outcome, Refused), outcome
    return outcome.why


def claimed(mode: ReadBackMode = ReadBackMode.HARD, **more: Any) -> Handoff:
    return moved(a_handoff(read_back_mode=mode, **more), Claim(), OWNER)


@pytest.mark.parametrize(
    ("mode", "due", "accountable"),
    [
        (ReadBackMode.OFF, None, "OWNER"),
        (ReadBackMode.SOFT, ReadBackStatus.DUE, "OWNER"),
        (ReadBackMode.HARD, ReadBackStatus.DUE, "SENDER"),
    ],
)
def test_who_answers_for_claimed_work_follows_from_its_read_back(
    mode: ReadBackMode, due: ReadBackStatus | None, accountable: str
) -> None:
    after = claimed(mode)

    assert (after.owner, after.read_back, after.accountable) == ("OWNER", due, accountable)


@pytest.mark.parametrize("mode", [ReadBackMode.SOFT, ReadBackMode.HARD])
def test_whoever_reads_it_back_answers_for_it(mode: ReadBackMode) -> None:
    after = moved(claimed(mode), SAID, OWNER)

    assert (after.read_back, after.accountable) == (ReadBackStatus.GIVEN, "OWNER")
    assert refused(after, SAID, OWNER) is RefusalReason.NOT_NOW


def test_after_a_not_quite_the_sender_answers_for_it_again_until_it_is_read_back_once_more() -> None:
    given = moved(claimed(), SAID, OWNER)

    corrected = moved(given, Correct(), SENDER)
    again = moved(corrected, SAID, OWNER)

    assert (corrected.read_back, corrected.accountable) == (ReadBackStatus.CORRECTED, "SENDER")
    assert (again.read_back, again.accountable) == (ReadBackStatus.GIVEN, "OWNER")


def test_after_a_not_quite_under_a_soft_read_back_its_owner_goes_on_answering_for_it() -> None:
    corrected = moved(moved(claimed(ReadBackMode.SOFT), SAID, OWNER), Correct(), SENDER)

    assert (corrected.read_back, corrected.accountable) == (ReadBackStatus.CORRECTED, "OWNER")


def test_a_right_settles_it() -> None:
    right = moved(moved(claimed(), SAID, OWNER), Confirm(), SENDER)

    assert (right.read_back, right.accountable) == (ReadBackStatus.CONFIRMED, "OWNER")
    assert refused(right, Correct(), SENDER) is RefusalReason.NOT_NOW
    assert refused(right, Confirm(), MANAGER) is RefusalReason.NOT_NOW


@pytest.mark.parametrize("act", [Confirm(), Correct()])
def test_only_the_sender_and_managers_judge_what_was_read_back(act: Act) -> None:
    given = moved(claimed(), SAID, OWNER)

    assert refused(given, act, OWNER) is refused(given, act, NEW) is RefusalReason.NOT_ALLOWED
    assert refused(claimed(), act, SENDER) is RefusalReason.NOT_NOW
    assert moved(given, act, MANAGER).version == given.version + 1


@pytest.mark.parametrize("act", [Confirm(), Correct()])
@pytest.mark.parametrize("mode", [ReadBackMode.SOFT, ReadBackMode.HARD])
def test_a_manager_who_has_the_work_does_not_judge_their_own_read_back(act: Act, mode: ReadBackMode) -> None:
    own = moved(moved(a_handoff(read_back_mode=mode), Claim(), MANAGER), SAID, MANAGER)

    assert refused(own, act, MANAGER) is RefusalReason.NOT_ALLOWED
    assert not allowed(own, act.verb, MANAGER)
    assert moved(own, act, SENDER).version == own.version + 1
    assert moved(own, act, replace(MANAGER, user="OTHER")).version == own.version + 1


def test_an_assignment_is_read_back_like_a_claim_and_each_new_owner_anew() -> None:
    right = moved(moved(claimed(), SAID, OWNER), Confirm(), SENDER)

    after = moved(right, Assign(person="NEW"), MANAGER)

    assert (after.owner, after.read_back, after.accountable) == ("NEW", ReadBackStatus.DUE, "SENDER")
    assert refused(after, SAID, OWNER) is RefusalReason.NOT_ALLOWED


def test_whoever_takes_back_what_they_sent_need_not_read_it_back() -> None:
    after = moved(a_handoff(read_back_mode=ReadBackMode.HARD), Claim(), SENDER)

    assert (after.owner, after.read_back, after.accountable) == ("SENDER", None, "SENDER")


def test_managers_who_answer_for_a_sender_who_left_go_on_until_it_is_read_back() -> None:
    after = claimed(accountable="queue:success")

    assert after.accountable == "queue:success"
    assert moved(after, SAID, OWNER).accountable == "OWNER"
    assert moved(after, Snooze(until=LATER), OWNER).accountable == "queue:success"


@pytest.mark.parametrize(
    "act", [Release(), Lapse(), Return(), Transfer(queue="support"), Complete(), Cancel(), Delete()]
)
def test_a_read_back_ends_with_its_owner(act: Act) -> None:
    assert moved(claimed(), act, ANYBODY).read_back is None


def test_a_question_is_open_until_it_is_answered() -> None:
    asked = moved(claimed(ReadBackMode.OFF), Ask(), OWNER)

    assert asked.asked_at == LATER
    assert refused(asked, Ask(), OWNER) is RefusalReason.NOT_NOW
    assert (asked.state, asked.owner, asked.accountable) == (State.CLAIMED, "OWNER", "OWNER")


@pytest.mark.parametrize("actor", [SENDER, OWNER, MANAGER], ids=["sender", "owner", "manager"])
def test_the_sender_answers_and_its_owner_or_a_manager_can_end_it_too(actor: Actor) -> None:
    asked = moved(claimed(ReadBackMode.OFF), Ask(), OWNER)

    assert moved(asked, Answer(), actor).asked_at is None


def test_nobody_else_asks_or_answers() -> None:
    work = claimed(ReadBackMode.OFF)

    assert refused(work, Ask(), MANAGER) is RefusalReason.NOT_ALLOWED
    assert refused(moved(work, Ask(), OWNER), Answer(), NEW) is RefusalReason.NOT_ALLOWED
    assert refused(work, Answer(), SENDER) is RefusalReason.NOT_NOW


def test_nobody_asks_themselves() -> None:
    own = moved(a_handoff(), Claim(), SENDER)

    assert not possible(own, Verb.ASK)
    assert refused(own, Ask(), SENDER) is RefusalReason.NOT_NOW


@pytest.mark.parametrize(
    "act",
    [Release(), Lapse(), Return(), Transfer(queue="support"), Complete(), Cancel(), Delete(), Assign(person="NEW")],
    ids=lambda act: act.verb.value,
)
def test_a_question_is_over_when_whoever_asked_has_it_no_more(act: Act) -> None:
    asked = moved(claimed(ReadBackMode.OFF), Ask(), OWNER)

    assert moved(asked, act, ANYBODY).asked_at is None


def test_a_snooze_leaves_the_question_open_and_an_answer_leaves_it_resting() -> None:
    asked = moved(claimed(ReadBackMode.OFF), Ask(), OWNER)

    resting = moved(asked, Snooze(until=LATER + timedelta(days=1)), OWNER)
    assert resting.asked_at == LATER
    assert moved(resting, Answer(), SENDER).snoozed_until == LATER + timedelta(days=1)


def test_the_audit_keeps_whether_the_answer_was_needed() -> None:
    assert Answer(needless=True).facts() == {"needless": True}
    assert Answer().facts() == {}
    assert replace(SAID, by=LATER).facts() == {"by": LATER.isoformat()}
