"""Steps of a clock's levels: when each is due, what a pause does, and that none fires twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.clocks.rules import due_times, timekeeping
from slackapp.clocks.rules.durations import parse, parse_due_point
from storage.clocks.model import Calendar, ClockKind, Duration, Interval, Level, Policy, Timer
from storage.handoffs.model import Priority
from tests.builders import a_handoff
from tests.clocks.timekeeping.life import mark

MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
OFFICE = Calendar(
    workspace="T1",
    key="office",
    timezone="UTC",
    hours=((Interval(start=time(9), end=time(17)),),) * 5 + ((), ()),
)


def level(key: str, at: str, clock: ClockKind = ClockKind.CLAIM, times: int = 0, every: int = 0) -> Level:
    percent, offset_s = parse_due_point(at)
    return Level(
        key=key, clock=clock, percent=percent, offset_s=offset_s, repeat_times=times, repeat_every_s=every * 60
    )


LADDER = (
    level("nudge", "50%"),
    level("late", "100%"),
    level("later", "100%+30m", times=2, every=15),
    level("overdue", "100%", clock=ClockKind.FINISH),
)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def started(
    target: str = "30m",
    ladder: Sequence[Level] = LADDER,
    calendar: Calendar | None = None,
    at: datetime = MONDAY_9,
) -> Timer:
    policy = Policy(
        workspace="T1",
        key="standard",
        version=3,
        targets={ClockKind.CLAIM: {Priority.NORMAL: parse(target)}},
        levels=tuple(ladder),
    )
    timer = timekeeping.start(a_handoff(), ClockKind.CLAIM, timer_id="t_1", policy=policy, calendar=calendar, now=at)
    assert timer
    return timer


def keys(steps: Sequence[due_times.Step]) -> list[str]:
    return [step.key for step in steps]


def test_a_clock_starts_with_its_deadline_and_its_first_level() -> None:
    timer = started(calendar=OFFICE)

    assert (timer.policy, timer.policy_version, timer.calendar, timer.target_s) == ("standard", 3, "office", 1800)
    assert timer.deadline_at == MONDAY_9 + minutes(30)
    assert (timer.next_level, timer.due_at) == ("nudge", MONDAY_9 + minutes(15))
    assert (timer.run, timer.met, timer.fired) == (1, None, ())


def test_without_a_target_there_is_no_clock() -> None:
    policy = Policy(workspace="T1", key="standard", targets={ClockKind.CLAIM: {Priority.HIGH: parse("10m")}})

    timer = timekeeping.start(a_handoff(), ClockKind.CLAIM, timer_id="t", policy=policy, calendar=None, now=MONDAY_9)

    assert timer is None


def test_a_missing_priority_uses_the_normal_target() -> None:
    policy = Policy(workspace="T1", key="standard", targets={ClockKind.CLAIM: {Priority.NORMAL: parse("10m")}})
    handoff = a_handoff(priority=Priority.CRITICAL)

    timer = timekeeping.start(handoff, ClockKind.CLAIM, timer_id="t", policy=policy, calendar=None, now=MONDAY_9)

    assert timer
    assert timer.target_s == 600


def test_every_level_and_repeat_of_its_own_clock_has_its_instant() -> None:
    steps = timekeeping.all_steps(started(), LADDER, None)

    assert [(step.key, (step.due_at - MONDAY_9) / minutes(1)) for step in steps] == [
        ("nudge", 15),
        ("late", 30),
        ("later", 60),
        ("later#2", 75),
        ("later#3", 90),
    ]


def test_levels_run_on_the_teams_hours() -> None:
    friday_16 = datetime(2026, 11, 20, 16, tzinfo=UTC)

    timer = started("2h", calendar=OFFICE, at=friday_16)

    assert timer.due_at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert timer.deadline_at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_wall_clock_runs_through_the_weekend() -> None:
    friday_16 = datetime(2026, 11, 20, 16, tzinfo=UTC)

    timer = started("24h wall", calendar=OFFICE, at=friday_16)

    assert timer.wall
    assert timer.deadline_at == datetime(2026, 11, 21, 16, tzinfo=UTC)


def test_a_target_in_days_is_spent_as_open_time() -> None:
    assert started("2d", calendar=OFFICE).deadline_at == MONDAY_9 + timedelta(days=1, hours=8)


def test_a_level_before_the_start_is_due_at_the_start() -> None:
    assert started("30m", [level("soon", "-45m")]).due_at == MONDAY_9


def test_a_level_can_count_from_the_start_whatever_the_target() -> None:
    assert started("8h", [level("early", "20m")]).due_at == MONDAY_9 + minutes(20)


def test_nothing_is_reached_before_its_instant() -> None:
    assert timekeeping.due_steps(started(), LADDER, None, MONDAY_9 + minutes(15) - timedelta(microseconds=1)).keys == ()
    assert timekeeping.due_steps(started(), LADDER, None, MONDAY_9 + minutes(15)).keys == ("nudge",)


def test_each_level_speaks_once_and_the_clock_is_armed_for_the_next() -> None:
    timer, heard = started(), []
    for minute in range(200):
        now = MONDAY_9 + minutes(minute)
        due = timekeeping.due_steps(timer, LADDER, None, now)
        heard += [(minute, step.key) for step in due.notifying]
        timer = mark(timer, due.keys, LADDER, None, now)

    assert heard == [(15, "nudge"), (30, "late"), (60, "later"), (75, "later#2"), (90, "later#3")]
    assert (timer.next_level, timer.due_at) == (None, None)


def test_after_an_outage_only_the_highest_level_speaks() -> None:
    timer, now = started(), MONDAY_9 + minutes(80)

    due = timekeeping.due_steps(timer, LADDER, None, now)
    timer = mark(timer, due.keys, LADDER, None, now)

    assert keys(due.notifying) == ["later#2"]
    assert keys(due.silent) == ["later", "late", "nudge"]
    assert (timer.next_level, timer.due_at) == ("later#3", MONDAY_9 + minutes(95)), "the next counts from now"
    assert timekeeping.due_steps(timer, LADDER, None, now).keys == ()


def test_levels_at_the_same_height_all_speak_in_the_policys_order() -> None:
    ladder = [level("owner", "100%"), level("nudge", "50%"), level("managers", "100%")]

    due = timekeeping.due_steps(started(ladder=ladder), ladder, None, MONDAY_9 + minutes(31))

    assert keys(due.notifying) == ["owner", "managers"]
    assert keys(due.silent) == ["nudge"]


def test_a_pause_disarms_and_keeps_what_was_consumed() -> None:
    timer = timekeeping.pause(started(), None, MONDAY_9 + minutes(10))

    assert (timer.consumed_s, timer.running_since) == (600, None)
    assert (timer.deadline_at, timer.next_level, timer.due_at) == (None, None, None)
    assert timekeeping.due_steps(timer, LADDER, None, MONDAY_9 + minutes(500)).keys == ()
    assert timekeeping.pause(timer, None, MONDAY_9 + minutes(20)) == timer


def test_after_a_pause_the_clock_goes_on_where_it_stood() -> None:
    timer = timekeeping.pause(started(), None, MONDAY_9 + minutes(10))

    timer = timekeeping.resume(timer, LADDER, None, MONDAY_9 + minutes(100))

    assert timer.due_at == MONDAY_9 + minutes(105)
    assert timer.deadline_at == MONDAY_9 + minutes(120)
    assert timekeeping.resume(timer, LADDER, None, MONDAY_9 + minutes(110)) == timer


def test_a_deadline_missed_before_a_pause_stays_missed_and_is_not_said_again() -> None:
    timer = mark(started(), ["nudge", "late"], LADDER, None, MONDAY_9 + minutes(30))

    timer = timekeeping.pause(timer, None, MONDAY_9 + minutes(40))
    timer = timekeeping.resume(timer, LADDER, None, MONDAY_9 + minutes(100))

    assert timer.deadline_at == MONDAY_9 + minutes(30)
    assert (timer.next_level, timer.due_at) == ("later", MONDAY_9 + minutes(120))


@pytest.mark.parametrize(("after", "met"), [(29, True), (30, True), (30.01, False)])
def test_a_clock_that_stops_by_its_deadline_is_met(after: float, met: bool) -> None:
    timer = timekeeping.stop(started(), None, MONDAY_9 + minutes(after))

    assert timer.met is met
    assert (timer.stopped_at, timer.due_at, timer.running_since) == (MONDAY_9 + minutes(after), None, None)
    assert timer.deadline_at == MONDAY_9 + minutes(30)


def test_a_paused_clock_that_stops_is_judged_by_what_it_consumed() -> None:
    in_time = timekeeping.pause(started(), None, MONDAY_9 + minutes(10))
    too_late = timekeeping.pause(started(), None, MONDAY_9 + minutes(40))

    assert timekeeping.stop(in_time, None, MONDAY_9 + minutes(900)).met is True
    assert timekeeping.stop(too_late, None, MONDAY_9 + minutes(900)).met is False


def test_a_stopped_clock_stays_as_it_is() -> None:
    timer = timekeeping.stop(started(), None, MONDAY_9 + minutes(10))
    later = MONDAY_9 + minutes(500)

    assert timekeeping.stop(timer, None, later) == timer
    assert timekeeping.pause(timer, None, later) == timer
    assert timekeeping.resume(timer, LADDER, None, later) == timer
    assert timekeeping.extend(timer, 600, LADDER, None, later) == timer
    assert timekeeping.rearm(timer, LADDER, None, later) == timer
    assert timekeeping.retarget(timer, Duration(seconds=60), LADDER, None, later) == timer
    assert timekeeping.move_end(timer, later + minutes(60), LADDER, None, later) == timer
    assert timekeeping.change_calendar(timer, LADDER, None, OFFICE, later) == timer
    assert timekeeping.cancel(timer, None, later) == timer
    due = timekeeping.due_steps(timer, LADDER, None, later)
    assert (due.keys, due.following, due.is_deadline) == ((), None, False)


def test_an_extension_moves_the_deadline_and_what_has_not_been_said() -> None:
    timer = mark(started(), ["nudge"], LADDER, None, MONDAY_9 + minutes(15))

    timer = timekeeping.extend(timer, 3600, LADDER, None, MONDAY_9 + minutes(20))

    assert timer.deadline_at == MONDAY_9 + minutes(90)
    assert (timer.next_level, timer.due_at) == ("late", MONDAY_9 + minutes(90))


def test_an_extension_of_a_late_clock_counts_from_now() -> None:
    timer = mark(started(), ["nudge", "late"], LADDER, None, MONDAY_9 + minutes(30))

    timer = timekeeping.extend(timer, 1800, LADDER, None, MONDAY_9 + minutes(50))

    assert timer.deadline_at == MONDAY_9 + minutes(80)
    assert (timer.next_level, timer.due_at) == (timekeeping.DEADLINE, MONDAY_9 + minutes(80)), "it is late once more"
    reached = timekeeping.due_steps(timer, LADDER, None, MONDAY_9 + minutes(80))
    assert (reached.is_deadline, reached.keys) == (True, ())
    timer = timekeeping.mark_fired(timer, reached, LADDER, None, MONDAY_9 + minutes(80))
    assert (timer.next_level, timer.due_at) == ("later", MONDAY_9 + minutes(110))
    assert timer.fired == ("nudge", "late")


def test_a_clock_is_due_at_its_deadline_though_no_level_is_and_counts_as_armed_as_it_was_before_that() -> None:
    ladder = [level("nudge", "50%"), level("later", "100%+30m")]
    timer = mark(started(), ["nudge"], ladder, None, MONDAY_9 + minutes(15))
    assert (timer.next_level, timer.due_at) == (timekeeping.DEADLINE, MONDAY_9 + minutes(30))
    older = replace(timer, next_level="later", due_at=MONDAY_9 + minutes(60))

    for now in (MONDAY_9 + minutes(20), MONDAY_9 + minutes(31)):
        assert timekeeping.is_armed(timer, ladder, None, now), "an overdue one too"
        assert timekeeping.is_armed(older, ladder, None, now), "by a version that knew no deadlines"
        assert not timekeeping.is_armed(replace(timer, due_at=MONDAY_9), ladder, None, now)
        assert not timekeeping.is_armed(replace(timer, next_level=None, due_at=None), ladder, None, now)


def test_an_extension_while_paused_counts_when_the_clock_goes_on() -> None:
    timer = timekeeping.pause(started(), None, MONDAY_9 + minutes(10))
    timer = timekeeping.extend(timer, 600, LADDER, None, MONDAY_9 + minutes(15))

    assert timer.due_at is None
    assert timekeeping.resume(timer, LADDER, None, MONDAY_9 + minutes(20)).deadline_at == MONDAY_9 + minutes(50)


def test_an_edited_calendar_keeps_what_was_worked_and_moves_the_rest() -> None:
    timer = started("4h", calendar=OFFICE)
    shorter = replace(OFFICE, hours=((Interval(start=time(9), end=time(11)),),) * 5 + ((), ()))

    timer = timekeeping.change_calendar(timer, LADDER, OFFICE, shorter, MONDAY_9 + timedelta(hours=3))

    assert timer.consumed_s == 3 * 3600
    assert timer.deadline_at == MONDAY_9 + timedelta(days=1, hours=1)


def test_a_new_version_of_the_ladder_does_not_repeat_what_was_said() -> None:
    timer = mark(started(), ["nudge", "late"], LADDER, None, MONDAY_9 + minutes(31))
    edited = [level("nudge", "20%"), level("late", "90%"), level("last", "200%")]

    timer = timekeeping.rearm(timer, edited, None, MONDAY_9 + minutes(31))

    assert (timer.next_level, timer.due_at) == ("last", MONDAY_9 + minutes(60))


acts = st.lists(st.tuples(st.sampled_from(["pause", "resume", "tick", "extend"]), st.integers(1, 400)), max_size=12)


@settings(deadline=None)
@given(acts=acts, calendar=st.sampled_from([None, OFFICE]))
def test_whatever_happens_no_step_speaks_twice_and_the_armed_instant_is_the_first_unsaid(
    acts: list[tuple[str, int]], calendar: Calendar | None
) -> None:
    timer, now, said = started(calendar=calendar), MONDAY_9, list[str]()
    for act, later in acts:
        now += minutes(later)
        match act:
            case "pause":
                timer = timekeeping.pause(timer, calendar, now)
            case "resume":
                timer = timekeeping.resume(timer, LADDER, calendar, now)
            case "extend":
                timer = timekeeping.extend(timer, 60 * later, LADDER, calendar, now)
            case _:
                due = timekeeping.due_steps(timer, LADDER, calendar, now)
                said += keys(due.notifying)
                timer = mark(timer, due.keys, LADDER, calendar, now)
                assert timer.due_at is None or timer.due_at > now
        unsaid = [step for step in timekeeping.all_steps(timer, LADDER, calendar) if step.key not in timer.fired]
        first = (unsaid[0].key, unsaid[0].due_at) if unsaid else (None, None)
        end = timer.deadline_at if timer.running_since else None
        if end and timer.next_level == timekeeping.DEADLINE:
            assert timer.due_at == end
            assert first[1] is None or end < first[1]
        else:
            assert (timer.next_level, timer.due_at) == first
            assert end is None or end <= now or (first[1] is not None and first[1] <= end)
        assert timekeeping.is_armed(timer, LADDER, calendar, now)

    assert len(said) == len(set(said))


@settings(deadline=None)
@given(pauses=st.lists(st.tuples(st.integers(1, 7), st.integers(1, 3000)), max_size=4))
def test_pauses_move_the_deadline_but_not_the_work(pauses: list[tuple[int, int]]) -> None:
    timer, now, worked = started("8h"), MONDAY_9, 0
    for work, rest in pauses:
        now += minutes(work)
        timer = timekeeping.pause(timer, None, now)
        now += minutes(rest)
        timer = timekeeping.resume(timer, LADDER, None, now)
        worked += work

    assert timer.deadline_at == now + timedelta(hours=8) - minutes(worked)
