"""Repeats count from when the previous one reached a reader, after an outage from now, and never come in a burst."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from slackapp.clocks.rules import timekeeping
from storage.clocks.model import ClockKind, Policy, Timer
from tests.builders import a_handoff
from tests.clocks.timekeeping.life import mark
from tests.clocks.timekeeping.test_timekeeping import MONDAY_9, OFFICE, keys, level, minutes, started

NAG = (level("late", "100%", times=4, every=15), level("managers", "100%+2h"))
MORNING = MONDAY_9 + timedelta(hours=10)


def told_by_the_minute(timer: Timer, first: int, last: int) -> list[tuple[int, str]]:
    """What speaks if somebody looks every minute."""
    told = []
    for minute in range(first, last):
        now = MONDAY_9 + minutes(minute)
        due = timekeeping.due_steps(timer, NAG, None, now)
        told += [(minute, key) for key in keys(due.notifying)]
        timer = mark(timer, due.keys, NAG, None, now)
    return told


def test_repeats_wait_until_somebody_can_hear_and_then_come_one_by_one() -> None:
    timer = mark(started(ladder=NAG), ["late"], NAG, None, MONDAY_9 + minutes(30), quiet_until=MORNING)

    assert told_by_the_minute(timer, 31, 1000) == [
        (150, "managers"),
        (615, "late#2"),
        (630, "late#3"),
        (645, "late#4"),
        (660, "late#5"),
    ]


def test_quiet_that_ends_before_the_next_repeat_moves_nothing() -> None:
    until = MONDAY_9 + minutes(29)
    timer = mark(started(ladder=NAG), ["late"], NAG, None, MONDAY_9 + minutes(30), quiet_until=until)

    assert [at for at, _ in told_by_the_minute(timer, 31, 1000)] == [45, 60, 75, 90, 150]


def test_after_an_outage_the_next_repeats_count_from_now_though_nothing_lower_was_missed() -> None:
    now = MONDAY_9 + minutes(44)
    timer = mark(started(ladder=NAG), ["late"], NAG, None, now)

    assert [at for at, _ in told_by_the_minute(timer, 44, 1000)] == [59, 74, 89, 104, 150]


def test_a_moment_late_is_no_outage() -> None:
    now = MONDAY_9 + minutes(30) + timedelta(seconds=40)
    timer = mark(started(ladder=NAG), ["late"], NAG, None, now)

    assert timer.due_at == MONDAY_9 + minutes(45)


def test_the_highest_speaks_and_what_was_passed_over_is_not_said_later() -> None:
    timer, now = started(ladder=NAG), MONDAY_9 + minutes(70)
    due = timekeeping.due_steps(timer, NAG, None, now)
    timer = mark(timer, due.keys, NAG, None, now)

    assert keys(due.notifying) == ["late#3"]
    assert told_by_the_minute(timer, 70, 1000) == [(85, "late#4"), (100, "late#5"), (150, "managers")]


def test_repeats_count_quiet_in_open_time() -> None:
    timer = started("2h", NAG, OFFICE, MONDAY_9)
    late_at = MONDAY_9 + timedelta(hours=2)

    timer = mark(timer, ["late"], NAG, OFFICE, late_at, quiet_until=MONDAY_9 + timedelta(hours=7.9))

    assert timer.next_level == "managers"
    timer = mark(timer, ["managers"], NAG, OFFICE, timer.due_at or late_at)
    assert timer.due_at == MONDAY_9 + timedelta(days=1, minutes=9), "six minutes before closing, nine in the morning"


@pytest.mark.parametrize(("paused_min", "due_min"), [(605, 1010), (500, 1015)])
def test_a_pause_does_not_count_as_waiting_for_the_next_repeat(paused_min: int, due_min: int) -> None:
    timer = mark(started(ladder=NAG), ["late", "managers"], NAG, None, MONDAY_9 + minutes(30))
    timer = replace(timer, quiet_until=MORNING)
    timer = timekeeping.pause(timer, None, MONDAY_9 + minutes(paused_min))

    timer = timekeeping.resume(timer, NAG, None, MONDAY_9 + minutes(1000))

    assert (timer.next_level, timer.due_at) == ("late#2", MONDAY_9 + minutes(due_min))


def test_other_hours_keep_what_was_waited_for_the_next_repeat() -> None:
    timer = mark(
        started("30m", NAG, OFFICE), ["late", "managers"], NAG, OFFICE, MONDAY_9 + minutes(30),
        quiet_until=MONDAY_9 + minutes(60),
    )  # fmt: skip

    timer = timekeeping.change_calendar(timer, NAG, OFFICE, None, MONDAY_9 + minutes(70))

    assert timer.due_at == MONDAY_9 + minutes(75)
    assert timer.calendar is None


def test_levels_before_the_start_are_no_burst() -> None:
    ladder = [level("hour", "-60m"), level("half", "-45m"), level("late", "100%")]
    timer = started("30m", ladder)

    due = timekeeping.due_steps(timer, ladder, None, MONDAY_9)

    assert (keys(due.notifying), keys(due.silent)) == (["half"], ["hour"])
    assert mark(timer, due.keys, ladder, None, MONDAY_9).next_level == "late"


def test_repeats_of_another_clock_are_not_ours() -> None:
    ladder = (*NAG, level("other", "50%", clock=ClockKind.FINISH))

    assert "other" not in keys(timekeeping.all_steps(started(ladder=ladder), ladder, None))


def test_a_level_that_passed_over_another_lets_its_repeats_count_from_now_however_short_the_outage() -> None:
    ladder = (level("late", "100%"), level("nag", "100%+30s", times=1, every=15))
    timer, now = started(ladder=ladder), MONDAY_9 + minutes(30) + timedelta(seconds=50)

    timer = mark(timer, timekeeping.due_steps(timer, ladder, None, now).keys, ladder, None, now)

    assert timer.due_at == now + minutes(15)


def test_on_the_way_to_an_instant_repeats_count_quiet_in_open_time() -> None:
    ladder = (level("over", "100%", clock=ClockKind.NEEDED_BY, times=1, every=15),)
    policy = Policy(workspace="T1", key="p", levels=ladder)
    needed = replace(a_handoff(), needed_by=MONDAY_9 + timedelta(hours=7))
    timer = timekeeping.start(needed, ClockKind.NEEDED_BY, timer_id="t", policy=policy, calendar=OFFICE, now=MONDAY_9)
    assert timer

    almost_closed = MONDAY_9 + timedelta(hours=7, minutes=50)
    timer = mark(timer, ["over"], ladder, OFFICE, timer.deadline_at or MONDAY_9, quiet_until=almost_closed)

    assert timer.due_at == MONDAY_9 + timedelta(days=1, minutes=5)


def test_what_is_shown_of_repeats_to_come_is_what_they_are_armed_for() -> None:
    timer = mark(started(ladder=NAG), ["late"], NAG, None, MONDAY_9 + minutes(30), quiet_until=MORNING)
    timer = mark(timer, ["managers", "late#2"], NAG, None, MORNING + minutes(15))

    shown = {step.key: step.due_at for step in timekeeping.all_steps(timer, NAG, None)}
    assert shown["late#3"] == timer.due_at == MORNING + minutes(30)
