"""Read models of clocks: timers, notices, policies with their escalation levels, calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from storage.handoffs.model import Priority


class ClockKind(StrEnum):
    """Kinds of clocks: six that a policy measures, and two that Baton starts by itself (`OWN_CLOCKS`)."""

    CLAIM = "claim"
    FIRST_ACTION = "first_action"
    UPDATE = "update"
    FINISH = "finish"
    RESPOND = "respond"
    NEEDED_BY = "needed_by"
    SNOOZE = "snooze"
    """Runs while the handoff is snoozed; then its owner is reminded."""
    CHECK = "check"
    """Runs while the owner has not answered "Still on it?"; then the handoff goes back to its queue."""


OWN_CLOCKS: Final = frozenset({ClockKind.SNOOZE, ClockKind.CHECK})
"""Clocks that Baton starts by itself: they have no target in a policy and are neither met nor missed."""

POLICY_CLOCKS: Final = tuple(clock for clock in ClockKind if clock not in OWN_CLOCKS)
"""Clocks that a policy gives targets and levels."""


@dataclass(frozen=True, kw_only=True)
class Timer:
    """One run of a clock of a handoff.

    `due_at` is when the next level fires; None while the clock is paused or stopped, or has no level left. `consumed_s`
    seconds of working time had passed at `running_since`; None there means paused. `fired` holds the keys of the levels
    that fired in this run (`late`, and `late#2` for a repeat). `deadline_at` is when the target is reached if the clock
    goes on running.
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
    """Whether the target was met; None until it stops."""
    wall: bool = False
    paused_at: datetime | None = None
    """When it was paused; None while it runs."""
    paused_s: int = 0
    """Wall-clock seconds of earlier pauses."""
    quiet_until: datetime | None = None
    """Nobody of the last level could be notified before this instant: its repeats count from here."""


PAUSED: Final = "paused"
"""The reason of a notice whose clock is paused: it is decided anew when the clock goes on."""


@dataclass(frozen=True, kw_only=True)
class ReplacedDecision:
    """A decision about a notice that a later one replaced: from when on its recipient might be notified, and why."""

    hear_at: datetime | None
    """None if it was skipped."""
    why: str | None
    replaced_at: datetime


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The notification of one recipient about one level of a clock: sent, held until later, or skipped, and why.

    `hear_at` is when the recipient may be notified, None for never; `message` is the outbox key of the message that
    carries it. There is one notice per recipient and level, however often it is decided anew.
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
    """Why it was held (`dnd`, `away`, `hours`), joined a message that was posted already (`calm`), or was skipped:
    `gone`, `covered` (away, and a colleague is notified instead), `nobody`, `left` (no longer among those whom the
    level means), `moot` (settled before), `failed` (a webhook that refused it). None if it was sent at once."""
    message: str | None = None
    heard_at: datetime | None = None
    """When Slack had accepted the message."""
    via: str | None = None
    """Key of the level whose `tell` means the recipient: this level, or one above that was notified as well. None for a
    sender who is told that their handoff is late."""
    instead_of: str | None = None
    """The person who is away and for whom the recipient covers, if that is why they are notified."""
    replaced: tuple[ReplacedDecision, ...] = ()
    """The decisions before this one, oldest first; of many, the first and the latest."""


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A configured length of time: working days plus seconds, of working time or (`wall`) of wall-clock time."""

    days: int = 0
    seconds: int = 0
    wall: bool = False


class LevelAction(StrEnum):
    """What a level does besides notifying people."""

    CHECK = "check"
    """Ask the owner "Still on it?"; without an answer in time the handoff goes back to its queue."""
    RELEASE = "release"
    RAISE = "raise"
    REASSIGN = "reassign"


@dataclass(frozen=True, kw_only=True)
class Level:
    """An escalation level. It fires at `percent` of the clock's target, moved by `offset_s` seconds of working time."""

    key: str
    clock: ClockKind
    percent: int = 100
    offset_s: int = 0
    tell: tuple[str, ...] = ()
    """`owner`, `sender`, `channel`, `managers`, `managers of managers`, `admins`, user ids and user group ids."""
    repeat_times: int = 0
    repeat_every_s: int = 0
    do: LevelAction | None = None
    within_s: int = 0
    """For `check`: seconds of working time in which the owner can answer."""
    to: str | None = None
    """For `reassign`: a user id, or `managers` for the first of them who is available."""


@dataclass(frozen=True, kw_only=True)
class TargetRule:
    """Targets for handoffs that match `when`: each property listed has one of the values given for it."""

    when: Mapping[str, tuple[str, ...]]
    targets: Mapping[ClockKind, Mapping[Priority, Duration]]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """An SLA policy: targets and escalation levels. A running clock keeps the version it started with."""

    workspace: str
    key: str
    version: int = 1
    targets: Mapping[ClockKind, Mapping[Priority, Duration]] = field(default_factory=dict)
    """By clock and priority; `slackapp.clocks.rules.targets` chooses the one of a handoff."""
    levels: tuple[Level, ...] = ()
    rules: tuple[TargetRule, ...] = ()
    """Targets for some handoffs only; the first that matches and has the clock overrides `targets`."""
    wake: tuple[Priority, ...] = (Priority.CRITICAL,)
    """Priorities whose notifications are sent at once at any hour, one message per handoff."""


WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Working hours from `start` to before `end` on a local day. `end` None is midnight at the end of the day."""

    start: time
    end: time | None


@dataclass(frozen=True, kw_only=True)
class SpecialDays:
    """Local days, `first` to `last`, with their own working hours.

    A single day has exactly these hours, whatever weekday or holiday it is; in a range they apply only to days that
    would be worked anyway.
    """

    first: date
    last: date
    hours: tuple[Interval, ...]

    @property
    def single(self) -> bool:
        """Whether this is one day, not a range."""
        return self.first == self.last


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Working hours: intervals per weekday (Monday first), minus public holidays and closed dates."""

    workspace: str
    key: str
    timezone: str
    hours: tuple[tuple[Interval, ...], ...]
    country: str | None = None
    subdivision: str | None = None
    closed: tuple[date, ...] = ()
    special: tuple[SpecialDays, ...] = ()
    categories: tuple[str, ...] = ()
    """Which public holidays are closed, in the words of the `holidays` library; none named means its `public` ones."""
