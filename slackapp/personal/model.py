"""Frozen read models of a person's absence, and the outcomes of changing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from slackapp.handoffs.model import HandoffDetails
from storage.company.model import Person, Topic
from storage.handoffs.model import AuditEntry


class AwayProblem(StrEnum):
    """A reason why somebody cannot be away until then, or covered by that person. `views.away` has the sentences."""

    PAST = "past"
    TOO_FAR = "too_far"
    YOURSELF = "yourself"
    CANNOT = "cannot"
    NOT_ON_TEAM = "not_on_team"
    COVER_AWAY = "cover_away"


@dataclass(frozen=True, kw_only=True)
class Away:
    """A person's absence as it is now stored, with what they have in hand."""

    person: Person
    cover: Person | None = None
    owned: int = 0
    """Open handoffs that they own."""
    covered: tuple[Person, ...] = ()
    """The people for whom they cover."""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """The directory does not have the person yet."""


@dataclass(frozen=True, kw_only=True)
class Problems:
    """Nothing was stored; a problem by field."""

    problems: Mapping[str, AwayProblem]


@dataclass(frozen=True, kw_only=True)
class CoverScene:
    """Everything a message to or about a cover is drawn from."""

    person: Person
    """Who is away, or was."""
    cover: Person
    payload: Mapping[str, Any] = field(default_factory=dict)
    posted: bool = False

    @property
    def active(self) -> bool:
        """Whether the absence that the message is about still lasts, and this person covers."""
        since = self.person.absent_since
        return since is not None and since.isoformat() == self.payload["since"] and self.person.cover == self.cover.id


@dataclass(frozen=True, kw_only=True)
class NoLongerCovers:
    """Why somebody covers for nobody any more."""

    person: Person
    cover: str
    why: AwayProblem
    at: datetime


class SettingsProblem(StrEnum):
    """A reason why personal settings cannot be stored. `views.settings` has the sentences."""

    ONE_MISSING = "one_missing"
    SAME = "same"
    TOO_LONG = "too_long"


@dataclass(frozen=True, kw_only=True)
class SummaryRow:
    """A handoff in a summary, as it is now."""

    details: HandoffDetails
    topic: Topic
    events: tuple[Mapping[str, Any], ...] = ()
    """The payloads of the messages that were collected about it, oldest first."""


@dataclass(frozen=True, kw_only=True)
class SummaryScene:
    """Everything that a person's summary is drawn from."""

    rows: tuple[SummaryRow, ...]
    reader: str
    at: datetime
    """When it was due."""
    more: int = 0
    """Handoffs that it does not show."""
    posted: bool = False


@dataclass(frozen=True, kw_only=True)
class BackScene:
    """Everything that the message to a person who is back is drawn from."""

    reader: str
    since: datetime
    until: datetime
    """When the absence began and ended."""
    cover: Person | None = None
    needs: tuple[HandoffDetails, ...] = ()
    """What waits for them now, in the order of a Home tab."""
    covered: tuple[CoveredRow, ...] = ()
    news: tuple[SummaryRow, ...] = ()
    """What came meanwhile and needs nothing of them."""
    more: int = 0
    """Handoffs with news that it does not show."""
    owned: int = 0
    """Open handoffs that they own."""
    posted: bool = False


@dataclass(frozen=True, kw_only=True)
class CoveredRow:
    """A handoff for which the cover has done something during the absence."""

    details: HandoffDetails
    acts: tuple[AuditEntry, ...]
    """What they did, oldest first; with the person's own handoff."""
