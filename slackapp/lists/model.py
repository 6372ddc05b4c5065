"""What a list asks for, as its buttons carry it, and the page of it that one person sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from slackapp.handoffs.model import HandoffDetails
from storage.company.model import Queue
from storage.handoffs.lifecycle import Actor
from storage.handoffs.model import Priority
from storage.templates.model import Template


class ListKind(StrEnum):
    """The lists that there are. The words stand in buttons of posted messages and never change their meaning."""

    MINE = "mine"
    SENT = "sent"
    NEEDS_ME = "needs_me"
    OPEN = "open"
    """Unclaimed work of every team that the reader may see."""
    TEAM = "team"
    """Unfinished work of one team."""
    TEAMS = "teams"
    """Unfinished work of the teams that the reader is a member or manager of."""
    SEARCH = "search"


@dataclass(frozen=True, kw_only=True)
class ListQuery:
    """A list with its filters and its page."""

    kind: ListKind
    team: str | None = None
    """Key of the team: which one the list is of, or a filter."""
    priority: Priority | None = None
    template: str | None = None
    sender: str | None = None
    is_mine: bool = False
    is_late: bool = False
    text: str = ""
    """Words to search for."""
    people: tuple[str, ...] = ()
    """People who were mentioned in a search: each has to be involved."""
    number: int | None = None
    before: int | None = None
    """Of a search: only handoffs with a lower number."""
    page: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A handoff in a list, with the roles in which the reader acts on it."""

    details: HandoffDetails
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page of a list as one person sees it."""

    query: ListQuery
    reader: str
    rows: Sequence[Row]
    page: int
    total: int
    now: datetime
    before: int | None = None
    """Of a search that did not look at everything: the number before which it goes on."""
    teams: Sequence[Queue] = ()
    """The teams that this person may filter by."""
    templates: Sequence[Template] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of the people whom the query names, by user id."""

    def team(self, key: str | None) -> Queue | None:
        """The team with this key, if the person may see it."""
        return next((queue for queue in self.teams if queue.key == key), None)
