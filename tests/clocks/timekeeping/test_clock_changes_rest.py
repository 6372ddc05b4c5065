"""Snooze and check, the two clocks that Baton starts itself, also in queues without a policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from slackapp.clocks.rules import due_times, timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from storage.clocks.model import ClockKind, Policy
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Ask,
    Assign,
    Cancel,
    Claim,
    Complete,
    Continue,
    Delete,
    Edit,
    Extend,
    Lapse,
    Release,
    Remind,
    Return,
    Snooze,
    Transfer,
)
from tests.clocks.timekeeping.life import MONDAY_9, OFFICE, STANDARD, Life, words

NOTE = AddNote(text=words("Called them"))
LATER = MONDAY_9 + timedelta(hours=4)
Did = tuple[Act, str]


def resting(policy: Policy | None = None) -> Life:
    return Life(policy=policy).do(Claim()).do(Snooze(until=LATER))


def asked(policy: Policy | None = None) -> Life:
    """The owner was asked "Still on it?" and has an hour of office time to answer."""
    life = Life(policy=policy, calendar=OFFICE).do(Claim())
    timer = timekeeping.start_own_clock(
        life.handoff,
        ClockKind.CHECK,
        timer_id="check",
        seconds=3600,
        calendar=OFFICE,
        since=MONDAY_9 + timedelta(hours=7, minutes=30),
        run=life.handoff.version,
        wall=False,
    )
    life.timers[timer.id] = timer
    return life


SNOOZE: Sequence[tuple[str, Sequence[Did], list[str]]] = (
    ("it runs while the work rests", (), ["runs"]),
    ("a second snooze starts it again", [(Snooze(until=LATER + timedelta(hours=1)), "EVA")], ["dropped", "runs"]),
    ("the reminder ends it", [(Remind(), "clock")], ["dropped"]),
    ("going on ends it", [(Continue(), "EVA")], ["dropped"]),
    ("a reply in the thread does not", [(Continue(by="reply"), "EVA")], ["runs"]),
    ("a note does not", [(NOTE, "EVA")], ["runs"]),
    ("more time does not", [(Extend(seconds=60), "MARA")], ["runs"]),
    ("a question and its answer do not", [(Ask(), "EVA"), (Answer(), "BEN")], ["runs"]),
    ("put back it ends", [(Release(), "EVA")], ["dropped"]),
    ("lapsed it ends", [(Lapse(), "clock")], ["dropped"]),
    ("with a new owner it ends", [(Assign(person="GRACE"), "MARA")], ["dropped"]),
    ("sent back it ends", [(Return(), "EVA")], ["dropped"]),
    ("done it ends", [(Complete(), "EVA")], ["dropped"]),
    ("deleted it ends", [(Delete(), "EVA")], ["dropped"]),
)
CHECK: Sequence[tuple[str, Sequence[Did], list[str]]] = (
    ("it waits for an answer", (), ["runs"]),
    ("still on it answers", [(Continue(), "EVA")], ["dropped"]),
    ("a reply in the thread answers", [(Continue(by="reply"), "EVA")], ["dropped"]),
    ("a note of the owner answers", [(NOTE, "EVA")], ["dropped"]),
    ("a note of somebody else does not", [(NOTE, "MARA")], ["runs"]),
    ("an edit does not", [(Edit(changes={"title": "Acme"}), "BEN")], ["runs"]),
    ("more time does not", [(Extend(seconds=60), "MARA")], ["runs"]),
    ("a snooze answers, whoever's", [(Snooze(until=LATER), "MARA")], ["dropped"]),
    ("a question to the sender answers", [(Ask(), "EVA")], ["dropped"]),
    ("put back it ends", [(Release(), "EVA")], ["dropped"]),
    ("lapsed it ends", [(Lapse(), "clock")], ["dropped"]),
    ("passed on it ends", [(Transfer(queue="support"), "EVA")], ["dropped"]),
    ("with a new owner it ends", [(Assign(person="GRACE"), "MARA")], ["dropped"]),
    ("cancelled it ends", [(Cancel(), "BEN")], ["dropped"]),
)


@pytest.mark.parametrize("policy", [None, STANDARD], ids=["no policy", "policy"])
@pytest.mark.parametrize(("acts", "told"), [pytest.param(acts, told, id=name) for name, acts, told in SNOOZE])
def test_what_becomes_of_a_snooze(acts: Sequence[Did], told: list[str], policy: Policy | None) -> None:
    life = resting(policy)

    for act, by in acts:
        life.do(act, by=by, after_min=1)

    assert life.told(ClockKind.SNOOZE) == told


@pytest.mark.parametrize("policy", [None, STANDARD], ids=["no policy", "policy"])
@pytest.mark.parametrize(("acts", "told"), [pytest.param(acts, told, id=name) for name, acts, told in CHECK])
def test_what_becomes_of_a_question(acts: Sequence[Did], told: list[str], policy: Policy | None) -> None:
    life = asked(policy)

    for act, by in acts:
        life.do(act, by=by, after_min=1)

    assert life.told(ClockKind.CHECK) == told


def test_a_snooze_ends_at_its_instant_to_the_moment_whatever_the_hours() -> None:
    until = MONDAY_9 + timedelta(hours=15, microseconds=7)
    timer = Life(policy=None, calendar=OFFICE).do(Claim(), after_min=0.1).do(Snooze(until=until)).one(ClockKind.SNOOZE)

    assert (timer.next_level, timer.due_at, timer.deadline_at) == ("over", until, until)
    assert [step.key for step in timekeeping.due_steps(timer, (), None, until).notifying] == ["over"]


def test_after_an_outage_the_finish_clock_has_run_on_since_the_end_of_the_snooze() -> None:
    life = resting(STANDARD).do(Remind(), by="clock", after_min=10 * 60)

    finish = life.one(ClockKind.FINISH)
    assert (finish.running_since, finish.paused_s) == (LATER, 4 * 3600)
    assert life.left_min(ClockKind.FINISH) == -2 * 60, "four hours for it, six since it was to go on"


def test_work_that_is_taken_up_early_goes_on_then() -> None:
    life = resting(STANDARD).do(Continue(), after_min=60)

    assert life.one(ClockKind.FINISH).running_since == MONDAY_9 + timedelta(hours=1)


def test_the_answer_is_waited_for_in_open_time_from_when_the_owner_can_hear() -> None:
    timer = asked().one(ClockKind.CHECK)

    assert (timer.next_level, timer.due_at) == ("silent", MONDAY_9 + timedelta(days=1, minutes=30))
    assert Terms().levels(ClockKind.CHECK) == due_times.BUILT_IN[ClockKind.CHECK]


def test_an_edited_calendar_moves_a_question_but_leaves_its_step() -> None:
    timer = timekeeping.change_calendar(asked().one(ClockKind.CHECK), (), OFFICE, None, MONDAY_9)

    assert (timer.next_level, timer.due_at) == ("silent", MONDAY_9 + timedelta(hours=8, minutes=30))
