"""Consumed time survives a change of the policy, of its version and of the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from slackapp.clocks.rules import timekeeping
from slackapp.clocks.rules.durations import parse
from storage.clocks.model import Calendar, ClockKind, Policy, Timer
from tests.builders import a_handoff
from tests.clocks.timekeeping.life import mark
from tests.clocks.timekeeping.test_timekeeping import LADDER, MONDAY_9, OFFICE, minutes, started
from tests.clocks.timekeeping.test_timekeeping_instant import TUESDAY_10, towards

NEWER = Policy(workspace="T1", key="standard", version=4, levels=LADDER)


def worked(calendar: Calendar | None = None) -> Timer:
    """Ten minutes of work, fifty of rest, five of work; the first level has spoken."""
    timer = timekeeping.pause(started(calendar=calendar), calendar, MONDAY_9 + minutes(10))
    timer = timekeeping.resume(timer, LADDER, calendar, MONDAY_9 + minutes(60))
    return mark(timer, ["nudge"], LADDER, calendar, MONDAY_9 + minutes(65))


def reapplied(
    timer: Timer, target: str | None, now: datetime, before: Calendar | None = None, after: Calendar | None = None
) -> Timer:
    return timekeeping.change_policy(timer, NEWER, parse(target) if target else None, before, after, now)


def test_a_pause_is_remembered_while_it_lasts_and_when_it_is_over() -> None:
    still = timekeeping.pause(started(), None, MONDAY_9 + minutes(10))
    assert (still.paused_at, still.paused_s) == (MONDAY_9 + minutes(10), 0)

    on = timekeeping.resume(still, LADDER, None, MONDAY_9 + minutes(60))
    again = timekeeping.stop(timekeeping.pause(on, None, MONDAY_9 + minutes(70)), None, MONDAY_9 + minutes(75))

    assert (on.paused_at, on.paused_s) == (None, 50 * 60)
    assert (again.paused_at, again.paused_s, again.met) == (None, 55 * 60, True)


def test_a_pause_is_measured_by_the_wall_whatever_the_hours() -> None:
    still = timekeeping.pause(started("4h", calendar=OFFICE), OFFICE, MONDAY_9 + minutes(10))

    assert timekeeping.resume(still, LADDER, OFFICE, MONDAY_9 + timedelta(days=1)).paused_s == 24 * 3600 - 600


def test_a_new_version_keeps_what_was_worked_rested_and_said() -> None:
    timer = reapplied(worked(), "1h", MONDAY_9 + minutes(70))

    assert (timer.policy_version, timer.target_s, timer.consumed_s) == (4, 3600, 20 * 60)
    assert (timer.paused_s, timer.fired, timer.run) == (50 * 60, ("nudge",), 1)
    assert (timer.deadline_at, timer.next_level) == (MONDAY_9 + minutes(110), "late")


def test_a_paused_clock_goes_on_by_the_new_version_when_it_goes_on() -> None:
    still = timekeeping.pause(worked(), None, MONDAY_9 + minutes(70))

    timer = reapplied(still, "1h", MONDAY_9 + minutes(80))

    assert (timer.paused_at, timer.due_at, timer.consumed_s) == (MONDAY_9 + minutes(70), None, 20 * 60)
    on = timekeeping.resume(timer, LADDER, None, MONDAY_9 + minutes(100))
    assert (on.deadline_at, on.paused_s) == (MONDAY_9 + minutes(140), 80 * 60)


def test_other_hours_come_with_the_new_version() -> None:
    from_noon = replace(OFFICE, key="noon", hours=(OFFICE.hours[5], *OFFICE.hours[1:]))

    timer = reapplied(worked(OFFICE), "2h", MONDAY_9 + minutes(70), OFFICE, from_noon)

    assert (timer.calendar, timer.consumed_s) == ("noon", 20 * 60)
    assert timer.deadline_at == MONDAY_9 + timedelta(days=1, minutes=100), "nobody works on Monday now"


def test_from_open_time_to_wall_time_what_was_worked_counts() -> None:
    timer = reapplied(worked(OFFICE), "24h wall", MONDAY_9 + minutes(70), OFFICE, OFFICE)

    assert (timer.wall, timer.consumed_s) == (True, 20 * 60)
    assert timer.deadline_at == MONDAY_9 + minutes(70 + 24 * 60 - 20)


def test_a_clock_that_the_new_version_does_not_have_ends_unjudged() -> None:
    timer = reapplied(worked(), None, MONDAY_9 + minutes(70))

    assert (timer.stopped_at, timer.met, timer.due_at) == (MONDAY_9 + minutes(70), None, None)
    assert reapplied(timer, "1h", MONDAY_9 + minutes(80)).stopped_at == timer.stopped_at


def test_a_clock_that_has_stopped_keeps_its_verdict_and_its_version() -> None:
    over = timekeeping.stop(worked(), None, MONDAY_9 + minutes(70))

    assert reapplied(over, "1h", MONDAY_9 + minutes(80)) == over
    assert timekeeping.cancel(over, None, MONDAY_9 + minutes(80)) == over


def test_the_clock_towards_an_instant_needs_no_target() -> None:
    timer = reapplied(towards(TUESDAY_10), None, MONDAY_9 + minutes(70), OFFICE, None)

    assert (timer.policy_version, timer.deadline_at, timer.stopped_at) == (4, TUESDAY_10, None)


@pytest.mark.parametrize("clock", [ClockKind.SNOOZE, ClockKind.CHECK])
def test_batons_own_clocks_go_on(clock: ClockKind) -> None:
    own = timekeeping.start_own_clock(
        a_handoff(),
        clock,
        timer_id="t",
        seconds=3600,
        calendar=None,
        since=MONDAY_9,
        run=2,
        wall=clock is ClockKind.SNOOZE,
    )

    timer = reapplied(own, None, MONDAY_9 + minutes(10))

    assert (timer.policy, timer.policy_version, timer.due_at) == ("", 0, MONDAY_9 + minutes(60))


def test_applying_the_same_again_changes_nothing() -> None:
    once = reapplied(worked(), "1h", MONDAY_9 + minutes(70))

    assert reapplied(once, "1h", MONDAY_9 + minutes(70)) == once
