"""What a company says of itself and what Slack says of it: queues, policies, calendars, people. Read models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from storage.records import Clock, Priority


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A receiving team. `members` and `managers` hold user ids and user group ids (`S...`)."""

    workspace: str
    key: str
    name: str
    channel: str
    members: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    calendar: str | None = None
    policy: str | None = None
    templates: tuple[str, ...] = ()
    from_file: bool = True
    trouble: str | None = None
    """Why its channel cannot be posted to now (Slack's error code), or None."""
    digest: bool = True
    """Whether its channel hears at opening time what is open, due and missed."""


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
    clock: Clock
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
class Rule:
    """Targets for handoffs with certain properties: every property named has one of the values listed."""

    when: Mapping[str, tuple[str, ...]]
    targets: Mapping[Clock, Mapping[Priority, Duration]]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Targets and escalation levels. Versions count up; a running clock keeps the version it started with."""

    workspace: str
    key: str
    version: int = 1
    targets: Mapping[Clock, Mapping[Priority, Duration]] = field(default_factory=dict)
    """By clock and priority; `slackapp.policy.targets` says which one a handoff has."""
    levels: tuple[Level, ...] = ()
    rules: tuple[Rule, ...] = ()
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


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address outside Slack that levels may tell."""

    workspace: str
    key: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person as Slack last told us. `manager` comes from the configuration."""

    workspace: str
    id: str
    name: str
    tz: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False
    team: str | None = None
    """The person's own workspace; differs from `workspace` for outsiders in shared channels."""
    manager: str | None = None
    calendar: str | None = None
    """Key of the person's own working hours, from the configuration: when a message may reach them."""
    dnd_from: datetime | None = None
    dnd_until: datetime | None = None
    """Their next or present stretch of Do Not Disturb, as Slack last told."""
    away_until: datetime | None = None
    """The end of a status that says they are away."""
    dm_channel: str | None = None
    seen_at: datetime | None = None

    @property
    def can_own(self) -> bool:
        """Whether work may be given to them."""
        return not (self.deleted or self.is_bot or (self.team is not None and self.team != self.workspace))


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A channel as Slack last told us."""

    workspace: str
    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False
    has_bot: bool = False
    seen_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A Slack workspace that Baton is installed in."""

    id: str
    name: str
    bot_user: str
    bot_id: str | None = None
    scopes: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    calendar: str | None = None
    """Key of the working hours of queues that have none of their own."""
    config_digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """A user group as Slack tells it. `members` None: Slack did not say who is in it."""

    workspace: str
    id: str
    handle: str
    name: str
    members: tuple[str, ...] | None
