"""Clocks towards a given instant: percents are shares of wall time, offsets are open time, and nothing pauses them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from slackapp.clocks.rules import timekeeping
from storage.clocks.model import Calendar, ClockKind, Level, Policy, Timer
from tests.builders import a_handoff
from tests.clocks.timekeeping import test_timekeeping
from tests.clocks.timekeeping.life import mark
from tests.clocks.timekeeping.test_timekeeping import MONDAY_9, OFFICE, keys, minutes

TUESDAY_10 = MONDAY_9 + timedelta(days=1, hours=1)


def level(key: str, at: str, times: int = 0, every: int = 0) -> Level:
    return test_timekeeping.level(key, at, clock=ClockKind.NEEDED_BY, times=times, every=every)


LADDER = (level("half", "50%"), level("soon", "-2h"), level("over", "100%"), level("after", "+7h", times=1, every=120))


def needed(by: datetime, calendar: Calendar | None = OFFICE, ladder: tuple[Level, ...] = LADDER) -> Timer | None:
    policy = Policy(workspace="T1", key="p", version=2, levels=ladder)
    return timekeeping.start(
        replace(a_handoff(), needed_by=by),
        ClockKind.NEEDED_BY,
        timer_id="t",
        policy=policy,
        calendar=calendar,
        now=MONDAY_9,
    )


def towards(by: datetime, calendar: Calendar | None = OFFICE, ladder: tuple[Level, ...] = LADDER) -> Timer:
    timer = needed(by, calendar, ladder)
    assert timer
    return timer


def test_shares_are_of_wall_time_and_offsets_in_open_time() -> None:
    steps = timekeeping.all_steps(towards(TUESDAY_10), LADDER, OFFICE)

    assert {step.key: step.due_at for step in steps} == {
        "half": MONDAY_9 + timedelta(hours=12.5),
        "soon": MONDAY_9 + timedelta(hours=7),
        "over": TUESDAY_10,
        "after": MONDAY_9 + timedelta(days=1, hours=8),
        "after#2": MONDAY_9 + timedelta(days=2, hours=2),
    }
    assert keys(steps) == ["soon", "half", "over", "after", "after#2"]


def test_its_deadline_is_the_instant_itself_to_the_moment_and_in_closed_hours_too() -> None:
    night = MONDAY_9 + timedelta(hours=14, seconds=30, microseconds=700_000)

    timer = towards(night)

    assert (timer.deadline_at, timer.target_s, timer.wall) == (night, 14 * 3600 + 31, True)
    assert [step.due_at for step in timekeeping.all_steps(timer, LADDER, OFFICE) if step.key == "over"] == [night]
    assert timekeeping.stop(timer, OFFICE, night).met is True
    assert timekeeping.stop(timer, OFFICE, night + timedelta(microseconds=1)).met is False


@pytest.mark.parametrize("by", [MONDAY_9, MONDAY_9 - minutes(1)])
def test_an_instant_that_does_not_lie_ahead_starts_nothing(by: datetime) -> None:
    assert needed(by) is None


def test_it_never_stands_still() -> None:
    timer = towards(TUESDAY_10)

    assert timekeeping.pause(timer, OFFICE, MONDAY_9 + minutes(10)) == timer


def test_only_the_highest_of_the_levels_that_passed_before_it_was_opened_speaks() -> None:
    ladder = (level("day", "-8h"), level("hours", "-2h"), level("hour", "-1h"))
    timer = towards(MONDAY_9 + minutes(30), ladder=ladder)

    due = timekeeping.due_steps(timer, ladder, OFFICE, MONDAY_9)

    assert timer.due_at == MONDAY_9
    assert (keys(due.notifying), keys(due.silent)) == (["hour"], ["hours", "day"])


def test_a_nearer_instant_lets_only_the_highest_passed_level_speak_and_a_later_one_repeats_nothing() -> None:
    timer, now = towards(TUESDAY_10), MONDAY_9 + timedelta(hours=3)
    timer = timekeeping.move_end(timer, now + minutes(30), LADDER, OFFICE, now)
    due = timekeeping.due_steps(timer, LADDER, OFFICE, now)
    assert (keys(due.notifying), keys(due.silent)) == (["half"], ["soon"])

    timer = mark(timer, due.keys, LADDER, OFFICE, now)
    timer = timekeeping.move_end(timer, TUESDAY_10, LADDER, OFFICE, now)

    assert (timer.next_level, timer.due_at, timer.deadline_at) == ("over", TUESDAY_10, TUESDAY_10)


def test_other_hours_move_its_offsets_only() -> None:
    timer = timekeeping.change_calendar(towards(TUESDAY_10), LADDER, OFFICE, None, MONDAY_9 + minutes(5))

    assert (timer.deadline_at, timer.consumed_s, timer.running_since) == (TUESDAY_10, 0, MONDAY_9)
    assert [step.due_at for step in timekeeping.all_steps(timer, LADDER, None) if step.key == "soon"] == [
        TUESDAY_10 - timedelta(hours=2)
    ]


def test_planning_again_changes_nothing() -> None:
    timer = towards(TUESDAY_10)

    assert timekeeping.rearm(timer, LADDER, OFFICE, MONDAY_9 + timedelta(days=9)) == timer
