"""What a list asks for, whose eyes it is for, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from storage.handoffs.model import Handoff, Priority

SHORTEST_BEGINNING: Final = 2
"""Letters of a typed word that also find longer words."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """A typed word, and the people whom it may name."""

    word: str
    people: tuple[str, ...] = ()
    is_mention: bool = False
    """Whether it can only be a person."""

    @property
    def is_whole(self) -> bool:
        """Whether it finds only itself and no longer words: numbers, and single letters."""
        return self.word.isdecimal() or len(self.word) < SHORTEST_BEGINNING


class ListScope(StrEnum):
    """The handoffs that a list is about, before any filter."""

    MINE = "mine"
    """Those that the reader owns."""
    SENT = "sent"
    """Unfinished ones that the reader sent."""
    NEEDS_ME = "needs_me"
    """Those that wait for an act of the reader: offers, questions, what was sent back, read-backs, own late work.

    Also those that wait for the people for whom the reader covers.
    """
    OPEN = "open"
    """Unclaimed ones of the given queues."""
    QUEUES = "queues"
    """Unfinished ones of the given queues."""
    EVERYTHING = "everything"
    """All, finished ones too."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; everything that is given must be so."""

    number: int | None = None
    queue: str | None = None
    priority: Priority | None = None
    template: str | None = None
    sender: str | None = None
    owner: str | None = None
    late: bool = False
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What one person may see: rights that hold for whole queues, and who they are where only involvement counts."""

    user: str
    own: tuple[str, ...] = ()
    """Keys of the queues they are a member or manager of: they see private work there too."""
    hidden: tuple[str, ...] = ()
    """Keys of the queues that do not exist for them; in the others they see what is not private."""
    is_guest: bool = False
    """Whether they see nothing of queues that are not their own."""
    covers: tuple[str, ...] = ()
    """The people who are away and for whom they stand in: they see what these sent, own or are offered."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One page of a list."""

    workspace: str = ""
    scope: ListScope
    queues: tuple[str, ...] = ()
    """For `OPEN` and `QUEUES`: the keys of the queues."""
    filters: Filters = field(default=Filters())
    page: int = 0
    size: int = 20
    before: int | None = None
    """Of a search: only handoffs with a lower number, because those before have been looked at."""
    window: int = 500
    """Of a search: how many places it looks at together."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of a list. `page` is the last one if more were asked for than there are."""

    handoffs: Sequence[Handoff]
    page: int
    total: int
    before: int | None = None
    """Of a search that did not look at everything: the number before which it goes on."""
