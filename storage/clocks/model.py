"""Clocks as frozen read models: timers, notices, policies with their levels, calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from storage.handoffs.model import Priority


class ClockKind(StrEnum):
    """What runs towards an instant: the six clocks that are measured, and two of Baton's own (`OWN`)."""

    CLAIM = "claim"
    FIRST_ACTION = "first_action"
    UPDATE = "update"
    FINISH = "finish"
    RESPOND = "respond"
    NEEDED_BY = "needed_by"
    SNOOZE = "snooze"
    """Runs while its owner lets the work rest; then they are reminded."""
    CHECK = "check"
    """Waits for the owner's answer to "Still on it?"; then the work goes back to its queue."""


OWN: Final = frozenset({ClockKind.SNOOZE, ClockKind.CHECK})
"""Clocks that Baton starts by itself: they have no target in a policy and are neither met nor missed."""

MEASURED: Final = tuple(clock for clock in ClockKind if clock not in OWN)
"""Clocks that a policy gives targets and levels."""


@dataclass(frozen=True, kw_only=True)
class Timer:
    """A clock of a handoff. `due_at` is the next level's instant and None while paused, stopped or out of levels.

    `consumed_s` seconds of open time had passed at `running_since`; None there means paused. `fired` holds the keys
    of the levels that fired in this run (`late`, and `late#2` for a repeat). `deadline_at` is when the target is
    reached if it goes on running.
    """

    id: str
    workspace: str
    handoff_id: str
    clock: ClockKind
    run: int
    policy: str
    policy_version: int
    calendar: str | None
    target_s: int
    consumed_s: int = 0
    started_at: datetime
    running_since: datetime | None
    deadline_at: datetime | None = None
    next_level: str | None = None
    due_at: datetime | None = None
    fired: tuple[str, ...] = ()
    stopped_at: datetime | None = None
    met: bool | None = None
    """None while it runs; then whether the target was kept."""
    wall: bool = False
    paused_at: datetime | None = None
    """Since when it stands still."""
    paused_s: int = 0
    """Seconds of wall time in which it stood still before that."""
    quiet_until: datetime | None = None
    """Nobody of the level that spoke last could hear before then: its repeats count from here."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """That one recipient was to hear of one step of a clock: sent, held until later, or skipped, and why.

    `hear_at` is when they may hear it, None if they never do; `message` the outbox key it is said under. Pushed back or
    not, there is one notice per recipient and step.
    """

    workspace: str
    handoff_id: str
    recipient: str
    """A user id, `channel`, or `webhook:<key>`."""
    clock: ClockKind
    level: str
    """The step's key: the level's, or `key#2` for a repeat."""
    run: int
    put_at: datetime
    hear_at: datetime | None = None
    why: str | None = None
    """Why it was held (`dnd`, `away`, `hours`), joined a message that was said already (`calm`), or is never heard:
    `gone`, `nobody`, `moot` (settled before), `failed` (an address that took it not). None if it was said at once."""
    message: str | None = None
    heard_at: datetime | None = None
    """When Slack had it."""


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A span of time as people configure it: working days plus seconds of open time, or of wall time."""

    days: int = 0
    seconds: int = 0
    wall: bool = False


class Do(StrEnum):
    """What a level does besides telling people."""

    CHECK = "check"
    """Ask the owner "Still on it?"; no answer in time puts the work back to its queue."""
    RELEASE = "release"
    RAISE = "raise"
    REASSIGN = "reassign"


@dataclass(frozen=True, kw_only=True)
class Level:
    """One step of an escalation. Due at `percent` of the clock's target, moved by `offset` seconds of open time."""

    key: str
    clock: ClockKind
    percent: int = 100
    offset_s: int = 0
    tell: tuple[str, ...] = ()
    """`owner`, `sender`, `channel`, `managers`, `managers of managers`, `admins`, user ids and user group ids."""
    repeat_times: int = 0
    repeat_every_s: int = 0
    do: Do | None = None
    within_s: int = 0
    """For `check`: how much open time the owner has to answer."""
    to: str | None = None
    """For `reassign`: a user id, or `managers` for the first of them who can hear."""


@dataclass(frozen=True, kw_only=True)
class TargetRule:
    """Targets for handoffs with certain properties: every property named has one of the values listed."""

    when: Mapping[str, tuple[str, ...]]
    targets: Mapping[ClockKind, Mapping[Priority, Duration]]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Targets and escalation levels. Versions count up; a running clock keeps the version it started with."""

    workspace: str
    key: str
    version: int = 1
    targets: Mapping[ClockKind, Mapping[Priority, Duration]] = field(default_factory=dict)
    """By clock and priority; `slackapp.clocks.rules.targets` says which one a handoff has."""
    levels: tuple[Level, ...] = ()
    rules: tuple[TargetRule, ...] = ()
    """Targets for some handoffs only; the first that fits and names the clock goes before `targets`."""
    wake: tuple[Priority, ...] = (Priority.CRITICAL,)
    """Priorities that are told at once whatever the hour, and one by one."""


WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Open from `start` to before `end` on a local day. `end` None is midnight at the day's end."""

    start: time
    end: time | None


@dataclass(frozen=True, kw_only=True)
class SpecialDays:
    """Local days, `first` to `last`, with hours of their own.

    A single day has exactly these hours, whatever weekday or holiday it is; of a range only the days that would be
    worked anyway.
    """

    first: date
    last: date
    hours: tuple[Interval, ...]

    @property
    def single(self) -> bool:
        """Whether this is one day and no range."""
        return self.first == self.last


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When a team works: per weekday (Monday first) its open intervals, less public holidays and closed dates."""

    workspace: str
    key: str
    timezone: str
    hours: tuple[tuple[Interval, ...], ...]
    country: str | None = None
    subdivision: str | None = None
    closed: tuple[date, ...] = ()
    special: tuple[SpecialDays, ...] = ()
