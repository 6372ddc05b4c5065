"""Where a search looks: places of the ledger, newest first, read by an index and so many at a time.

A place is the id of a document, or the number of a handoff where the source is whose work it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    cast,
    column,
    literal_column,
    select,
    table,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.handoffs.tables import handoffs
from storage.search.model import ListScope, Sight, Term, Wanted
from storage.search.tables import search_documents

_h: Final = handoffs.c
_d: Final = search_documents.c
_fts: Final = table("search_words", column("rowid"))
_IN_ORDER: Final = (_h.originator, _h.sender, _h.last_owner, _h.offered_to)
"""The people by whom handoffs are found in the order of their numbers; an owner is the last owner as well."""

LAST: Final = 2**63 - 1
"""Before which every place is."""

Belongs = tuple[ColumnElement[Any], Sequence[str]]
"""A column of handoffs, and the values one of which it has."""


@dataclass(frozen=True, kw_only=True)
class DocumentPlaces:
    """Documents by their ids: all of a workspace, or those that the full-text index returns."""

    workspace: str
    dialect: str
    query: str | None = None
    """For the full-text index; None for all documents."""

    def places(self, most: int) -> Select[Any]:
        """The newest places before the parameter `before`, at most so many."""
        here: list[ColumnElement[bool]] = [_d.workspace == self.workspace]
        source: FromClause = search_documents
        order: ColumnElement[Any] = _d.id
        if self.query is not None and self.dialect == "sqlite":
            source = _fts.join(search_documents, _d.id == _fts.c.rowid)
            order = _fts.c.rowid
            here.append(literal_column("search_words").op("MATCH")(bindparam(None, self.query)))
        elif self.query is not None:
            here.append(_d.words.op("@@")(cast(bindparam(None, self.query), TSQUERY)))
        before = order < bindparam("before", type_=BigInteger)
        return select(order.label("place")).select_from(source).where(*here, before).order_by(order.desc()).limit(most)

    def joined(self, places: FromClause, most: int) -> tuple[FromClause, ColumnElement[Any]]:
        """The handoffs at these places, with their documents' words."""
        # The limit makes the database read these documents first: it cannot tell how many have the words.
        at = places.join(search_documents, _d.id == places.c.place)
        read = select(_d.handoff_id, _d.words).select_from(at).limit(most).subquery("read")
        return read.join(handoffs, _h.id == read.c.handoff_id), read.c.words


@dataclass(frozen=True, kw_only=True)
class WorkPlaces:
    """Handoffs by their numbers: those that belong to people or queues."""

    workspace: str
    of: Sequence[Belongs]

    def places(self, most: int) -> Select[Any]:
        """The newest places before the parameter `before`, at most so many."""
        parts = [self._newest(column, values, most) for column, values in self.of if values]
        found = union(*(select(part.c.place) for part in parts)).subquery()
        return select(found.c.place).order_by(found.c.place.desc()).limit(most)

    def _newest(self, of: ColumnElement[Any], values: Sequence[str], most: int) -> Any:
        here = (_h.workspace == self.workspace, of.in_(values), _h.number < bindparam("before", type_=BigInteger))
        return select(_h.number.label("place")).where(*here).order_by(_h.number.desc()).limit(most).subquery()

    def joined(self, places: FromClause, _most: int) -> tuple[FromClause, ColumnElement[Any]]:
        """The handoffs at these places, with their documents' words."""
        read = places.join(handoffs, and_(_h.workspace == self.workspace, _h.number == places.c.place))
        return read.outerjoin(search_documents, _d.handoff_id == _h.id), _d.words


Source = DocumentPlaces | WorkPlaces


def whose_work(wanted: Wanted, sight: Sight, named: Sequence[Term]) -> Sequence[Belongs]:
    """The people or queues that everything the search can show belongs to; empty if it may be anybody's."""
    filters, user, everybody = wanted.filters, (sight.user,), (sight.user, *sight.covers)
    narrowest: tuple[tuple[bool, Sequence[Belongs]], ...] = (
        (bool(named), [(of, named[0].people) for of in _IN_ORDER] if named else []),
        (filters.owner is not None, [(_h.last_owner, (filters.owner or "",))]),
        (filters.sender is not None, [(of, (filters.sender or "",)) for of in (_h.originator, _h.sender)]),
        (wanted.scope is ListScope.MINE, [(_h.last_owner, user)]),
        (wanted.scope is ListScope.SENT, [(_h.sender, user)]),
        (wanted.scope is ListScope.NEEDS_ME, [(of, everybody) for of in (_h.last_owner, _h.sender, _h.offered_to)]),
        (filters.queue is not None, [(_h.queue, (filters.queue or "",))]),
        (sight.is_guest, [(_h.queue, sight.own), *((of, everybody) for of in _IN_ORDER)]),
    )
    return next((belongs for holds, belongs in narrowest if holds), [])
