"""One handoff and its clocks, for tests of what changes do to them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from slackapp.clocks.rules import apply_changes, due_times, timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.clocks.rules.durations import parse, parse_due_point
from storage.clocks.model import Calendar, ClockKind, Duration, Interval, Level, Policy, Timer
from storage.handoffs.acts import Act
from storage.handoffs.lifecycle import Actor, Moved, Role, decide
from storage.handoffs.model import Priority, Text
from tests.builders import a_handoff

MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
OFFICE = Calendar(
    workspace="T1", key="office", timezone="UTC", hours=((Interval(start=time(9), end=time(17)),),) * 5 + ((), ())
)
ANYBODY = frozenset(Role) - {Role.OWNER_COVER}  # who covers for the owner is as good as the owner
"""Who may do what is another table's business."""


def a_level(key: str, clock: ClockKind, at: str) -> Level:
    percent, offset_s = parse_due_point(at)
    return Level(key=key, clock=clock, percent=percent, offset_s=offset_s, tell=("managers",))


def some_targets(**clocks: Mapping[str, str] | str) -> Mapping[ClockKind, Mapping[Priority, Duration]]:
    """Targets by clock and priority; a single one is for everything."""
    by_clock = {clock: {"normal": by} if isinstance(by, str) else by for clock, by in clocks.items()}
    return {ClockKind(clock): {Priority(p): parse(text) for p, text in by.items()} for clock, by in by_clock.items()}


def targets(claim: Mapping[str, str], finish: Mapping[str, str]) -> Mapping[ClockKind, Mapping[Priority, Duration]]:
    return some_targets(claim=claim, finish=finish)


STANDARD = Policy(
    workspace="T1",
    key="standard",
    targets=targets({"normal": "30m", "high": "10m", "low": "24h wall"}, {"normal": "4h", "high": "2h"}),
    levels=(
        a_level("nudge", ClockKind.CLAIM, "50%"),
        a_level("late", ClockKind.CLAIM, "100%"),
        a_level("overdue", ClockKind.FINISH, "100%"),
    ),
)


class Life:
    """One handoff and its clocks, moved by acts while time passes. Every act happens some minutes after the last."""

    def __init__(
        self,
        *,
        policy: Policy | None = STANDARD,
        calendar: Calendar | None = None,
        priority: Priority = Priority.NORMAL,
        **handoff: Any,
    ) -> None:
        self.now = MONDAY_9
        self.terms = Terms(policy=policy, calendar=calendar)
        self.handoff = a_handoff(by="BEN", at=self.now, priority=priority, **handoff)
        self._ids = itertools.count(1)
        self.timers = {timer.id: timer for timer in apply_changes.start_clocks(self.handoff, self.terms, self._new_id)}

    def _new_id(self, kind: str) -> str:
        return f"{kind}{next(self._ids)}"

    def do(self, act: Act, *, after_min: float = 0, by: str = "EVA") -> Life:
        self.now += timedelta(minutes=after_min)
        moved = decide(self.handoff, act, Actor(user=by, roles=ANYBODY), self.now)
        assert isinstance(moved, Moved), moved
        self.handoff = moved.after
        running = [(timer, self.terms) for timer in self.timers.values() if timer.stopped_at is None]
        self.timers |= {
            timer.id: timer for timer in apply_changes.apply_change(moved, running, self.terms, self._new_id)
        }
        return self

    def all(self, clock: ClockKind) -> list[Timer]:
        return [timer for timer in self.timers.values() if timer.clock is clock]

    def one(self, clock: ClockKind) -> Timer:
        (timer,) = [timer for timer in self.all(clock) if timer.stopped_at is None]
        return timer

    def told(self, clock: ClockKind) -> list[str]:
        """What became of every run of a clock, in words."""
        return [in_a_word(timer) for timer in self.all(clock)]

    def left_min(self, clock: ClockKind) -> float:
        deadline = self.one(clock).deadline_at
        assert deadline is not None
        return (deadline - self.now).total_seconds() / 60


def in_a_word(timer: Timer) -> str:
    if timer.stopped_at is None:
        return "paused" if timer.running_since is None else "runs"
    return {True: "met", False: "missed", None: "dropped"}[timer.met]


def words(text: str) -> Text:
    return Text(plain=text)


def mark(
    timer: Timer,
    keys: Iterable[str],
    ladder: Sequence[Level],
    calendar: Calendar | None,
    now: datetime,
    *,
    quiet_until: datetime | None = None,
) -> Timer:
    """The timer after these steps have spoken, whenever they are due."""
    wanted = set(keys)
    steps = list(due_times.pending_steps(timer, ladder, calendar))
    reached = timekeeping.DueSteps(
        notifying=tuple(step for step in steps if step.key in wanted),
        following=next((step for step in steps if step.key not in wanted), None),
    )
    return timekeeping.mark_fired(timer, reached, ladder, calendar, now, quiet_until=quiet_until)
