"""Claim and finish clocks: when they start, stop, pause and run on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from slackapp.clocks.rules.apply_changes import Terms
from storage.clocks.model import ClockKind
from storage.handoffs.acts import (
    Act,
    AddNote,
    Assign,
    Cancel,
    Claim,
    Complete,
    Decline,
    Delete,
    Edit,
    Extend,
    Release,
    Reopen,
    Resend,
    Return,
    Transfer,
)
from storage.handoffs.model import Priority
from tests.clocks.timekeeping.life import MONDAY_9, OFFICE, STANDARD, Life, targets, words

TAKE_BACK: Sequence[Act] = (Claim(), Release())
CLAIM_CLOCK: Sequence[tuple[str, Sequence[Act], list[str]]] = (
    ("it runs while the handoff is open", (), ["runs"]),
    ("a claim stops it", (Claim(),), ["met"]),
    ("a manager who assigns stops it", (Assign(person="GRACE"),), ["met"]),
    ("a new owner in place of the old changes nothing", (Claim(), Assign(person="GRACE")), ["met"]),
    ("put back, it begins afresh", TAKE_BACK, ["met", "runs"]),
    ("offered within the queue while open, it runs on", (Transfer(queue="success", person="GRACE"),), ["runs"]),
    ("declined, it runs on", (Transfer(queue="success", person="EVA"), Decline()), ["runs"]),
    ("passed on to another queue while open, it begins afresh", (Transfer(queue="support"),), ["dropped", "runs"]),
    ("passed on by its owner, it begins afresh", (Claim(), Transfer(queue="support")), ["met", "runs"]),
    (
        "passed on within the queue by its owner, it begins afresh",
        (Claim(), Transfer(queue="success")),
        ["met", "runs"],
    ),
    ("sent back unclaimed, it stops", (Return(),), ["dropped"]),
    ("sent back by its owner, it stands still", (Claim(), Return()), ["met"]),
    ("sent again, it begins afresh", (Return(), Resend()), ["dropped", "runs"]),
    ("cancelled, it stops", (Cancel(),), ["dropped"]),
    ("deleted, it stops", (Delete(),), ["dropped"]),
    ("reopened, it begins afresh", (Cancel(), Reopen()), ["dropped", "runs"]),
    ("reopened when it was done, it begins afresh", (Claim(), Complete(), Reopen()), ["met", "runs"]),
    ("a note changes nothing", (AddNote(text=words("Hello")),), ["runs"]),
    ("other words change nothing", (Edit(changes={"title": "Acme"}),), ["runs"]),
)


@pytest.mark.parametrize(("acts", "told"), [pytest.param(a, told, id=name) for name, a, told in CLAIM_CLOCK])
def test_the_claim_clock(acts: Sequence[Act], told: list[str]) -> None:
    life = Life()

    for act in acts:
        life.do(act, after_min=1)

    assert life.told(ClockKind.CLAIM) == told


FINISH_CLOCK: Sequence[tuple[str, Sequence[Act], list[str]]] = (
    ("it does not run before the first claim", (), []),
    ("sent back and again before a claim, there is none", (Return(), Resend()), []),
    ("it starts with the claim", (Claim(),), ["runs"]),
    ("it starts when a manager assigns", (Assign(person="GRACE"),), ["runs"]),
    ("put back, it runs on", TAKE_BACK, ["runs"]),
    ("claimed again, it is the same clock", (*TAKE_BACK, Claim()), ["runs"]),
    ("offered within the queue, it runs on", (Claim(), Transfer(queue="success", person="GRACE")), ["runs"]),
    ("sent back, it stands still", (Claim(), Return()), ["paused"]),
    ("sent back after it was put back, it stands still", (*TAKE_BACK, Return()), ["paused"]),
    ("sent again, it runs on", (Claim(), Return(), Resend()), ["runs"]),
    ("done, it is met", (Claim(), Complete()), ["met"]),
    ("cancelled, it stops", (Claim(), Cancel()), ["dropped"]),
    ("cancelled while sent back, it stops", (Claim(), Return(), Cancel()), ["dropped"]),
    ("deleted, it stops", (Claim(), Delete()), ["dropped"]),
    ("passed on to another queue, it stops", (Claim(), Transfer(queue="support")), ["dropped"]),
    (
        "claimed in the other queue, it begins afresh",
        (Claim(), Transfer(queue="support"), Claim()),
        ["dropped", "runs"],
    ),
    ("reopened, it waits for the next claim", (Claim(), Complete(), Reopen()), ["met"]),
    ("claimed after that, it begins afresh", (Claim(), Complete(), Reopen(), Claim()), ["met", "runs"]),
    ("a note changes nothing", (Claim(), AddNote(text=words("Hello"))), ["runs"]),
    ("a new owner changes nothing", (Claim(), Assign(person="GRACE")), ["runs"]),
)


@pytest.mark.parametrize(("acts", "told"), [pytest.param(a, told, id=name) for name, a, told in FINISH_CLOCK])
def test_the_finish_clock(acts: Sequence[Act], told: list[str]) -> None:
    life = Life()

    for act in acts:
        life.do(act, after_min=1)

    assert life.told(ClockKind.FINISH) == told


def test_a_claim_at_the_deadline_is_in_time_and_a_second_later_is_not() -> None:
    assert Life().do(Claim(), after_min=30).told(ClockKind.CLAIM) == ["met"]
    assert Life().do(Claim(), after_min=30 + 1 / 60).told(ClockKind.CLAIM) == ["missed"]


def test_work_that_is_done_late_has_missed_its_target() -> None:
    assert Life().do(Claim()).do(Complete(), after_min=241).told(ClockKind.FINISH) == ["missed"]


def test_what_was_late_and_is_put_back_gets_the_whole_time_again_and_may_speak_again() -> None:
    life = Life()
    (first,) = life.all(ClockKind.CLAIM)
    life.timers[first.id] = replace(first, fired=("nudge", "late"))

    life.do(Claim(), after_min=40).do(Release(), after_min=5)

    again = life.one(ClockKind.CLAIM)
    assert (life.left_min(ClockKind.CLAIM), again.fired, again.next_level) == (30, (), "nudge")
    assert again.run != first.run, "messages of two runs have different keys"


def test_time_with_the_sender_does_not_count_and_the_rest_is_kept() -> None:
    life = Life().do(Claim()).do(Return(), after_min=60)
    paused = life.one(ClockKind.FINISH)
    assert (paused.consumed_s, paused.due_at) == (3600, None), "a paused clock is never due"

    life.do(Resend(), after_min=600)

    assert life.left_min(ClockKind.FINISH) == 180


def test_waiting_for_the_next_owner_does_count() -> None:
    life = Life().do(Claim()).do(Release(), after_min=60).do(Claim(), after_min=60)

    assert life.left_min(ClockKind.FINISH) == 120


def test_more_time_moves_the_deadline_and_the_levels_to_come_but_not_those_that_fired() -> None:
    life = Life()
    (timer,) = life.all(ClockKind.CLAIM)
    life.timers[timer.id] = replace(timer, fired=("nudge",))

    life.do(Extend(seconds=3600), after_min=20)

    longer = life.one(ClockKind.CLAIM)
    assert (life.left_min(ClockKind.CLAIM), longer.fired, longer.next_level) == (70, ("nudge",), "late")


def test_more_time_after_the_deadline_counts_from_now() -> None:
    life = Life().do(Extend(seconds=600), after_min=50)

    assert life.left_min(ClockKind.CLAIM) == 10


def test_more_time_is_for_the_clock_that_matters_now() -> None:
    claimed = Life().do(Claim()).do(Extend(seconds=3600))
    waiting_again = Life().do(Claim()).do(Release()).do(Extend(seconds=3600))

    assert claimed.left_min(ClockKind.FINISH) == 300
    assert (waiting_again.left_min(ClockKind.CLAIM), waiting_again.left_min(ClockKind.FINISH)) == (90, 240)


def test_a_new_priority_brings_its_own_target_and_keeps_what_has_passed() -> None:
    life = Life().do(Edit(changes={"priority": Priority.HIGH}), after_min=4)

    assert life.left_min(ClockKind.CLAIM) == 6
    assert len(life.all(ClockKind.CLAIM)) == 1


def test_a_new_priority_that_makes_it_late_at_once_is_due_at_once() -> None:
    life = Life().do(Edit(changes={"priority": Priority.HIGH}), after_min=20)

    due_at = life.one(ClockKind.CLAIM).due_at
    assert due_at is not None
    assert due_at <= life.now


def test_a_target_in_wall_time_takes_the_hours_off_and_one_in_open_time_brings_them_back() -> None:
    life = Life(calendar=OFFICE).do(Edit(changes={"priority": Priority.LOW}), after_min=10)

    wall = life.one(ClockKind.CLAIM)
    assert wall.wall
    assert life.left_min(ClockKind.CLAIM) == 24 * 60 - 10, "the night counts too"

    life.do(Edit(changes={"priority": Priority.NORMAL}), after_min=5)
    assert not life.one(ClockKind.CLAIM).wall
    assert life.left_min(ClockKind.CLAIM) == 15


def test_a_wall_clock_that_becomes_an_open_time_clock_over_night_rests_until_morning() -> None:
    life = Life(calendar=OFFICE, priority=Priority.LOW)
    life.do(Edit(changes={"priority": Priority.NORMAL}), after_min=10)

    life.do(Extend(seconds=9 * 3600))

    assert life.one(ClockKind.CLAIM).deadline_at == MONDAY_9 + timedelta(days=1, hours=1, minutes=30)


@pytest.mark.parametrize(
    ("acts", "left_min"),
    [
        pytest.param((Claim(),), 90, id="while it is claimed"),
        pytest.param((Claim(), Release()), 90, id="while it waits for its next owner"),
        pytest.param((Claim(), Return()), None, id="while it is sent back"),
    ],
)
def test_a_new_priority_reaches_the_finish_clock(acts: Sequence[Act], left_min: float | None) -> None:
    life = Life()
    for act in acts:
        life.do(act)

    life.do(Edit(changes={"priority": Priority.HIGH}), after_min=0 if left_min is None else 30)

    if left_min is None:
        assert life.told(ClockKind.FINISH) == ["paused"], "a new target does not wake it"
        life.do(Resend())
    assert life.left_min(ClockKind.FINISH) == (left_min or 120)


def test_a_priority_without_a_target_ends_the_clock_and_one_with_a_target_starts_it() -> None:
    urgent_only = replace(STANDARD, targets=targets({"high": "10m"}, {"high": "2h"}))
    life = Life(policy=urgent_only, priority=Priority.HIGH)

    life.do(Edit(changes={"priority": Priority.NORMAL}), after_min=3)
    assert life.told(ClockKind.CLAIM) == ["dropped"]

    life.do(Edit(changes={"priority": Priority.HIGH}), after_min=3)
    assert life.left_min(ClockKind.CLAIM) == 10

    life.do(Edit(changes={"priority": Priority.NORMAL})).do(Claim()).do(AddNote(text=words("Hello")))
    assert life.all(ClockKind.FINISH) == []
    life.do(Edit(changes={"priority": Priority.HIGH}))
    assert life.left_min(ClockKind.FINISH) == 120


def test_without_a_policy_no_clock_ever_runs() -> None:
    life = Life(policy=None).do(Claim()).do(Return()).do(Resend()).do(Edit(changes={"priority": Priority.HIGH}))

    assert life.timers == {}


def test_a_clock_goes_on_under_the_terms_that_it_started_with() -> None:
    life = Life().do(Claim())
    life.terms = Terms(policy=replace(STANDARD, version=2, targets=targets({"normal": "1h"}, {"normal": "1h"})))

    life.do(Release())

    assert (life.one(ClockKind.FINISH).target_s, life.one(ClockKind.CLAIM).target_s) == (4 * 3600, 3600)


def test_stopped_clocks_are_never_due() -> None:
    for _, acts, _ in (*CLAIM_CLOCK, *FINISH_CLOCK):
        life = Life()
        for act in acts:
            life.do(act, after_min=1)
        over = [timer for timer in life.timers.values() if timer.stopped_at is not None]
        assert {timer.due_at for timer in over} <= {None}
        assert {timer.running_since for timer in over} <= {None}
