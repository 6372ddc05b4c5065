"""The query of every list: one page of what a person may see, filtered before it is counted and cut into pages.

With words to search for, what has all of them in its title comes first, then by links, answers and notes; newer before
older. A typed word may also name people: then the handoffs that they are involved in have it, whatever they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.db.database import Tx
from storage.handoffs.handoffs import HANDOFF_COLUMNS, get_many_by_number, read_handoff
from storage.handoffs.tables import handoffs
from storage.search.conditions import DEADLINE, Condition, conditions, involves
from storage.search.model import Found, Sight, Term, Wanted
from storage.search.tables import search_documents
from storage.search.words import Depth

MOST: Final = 200
"""Results of a search that are counted and can be turned to."""
_AMBIGUOUS: Final = 3
"""Words of a search that may name people as well; later ones are read as words only."""
_h: Final = handoffs.c
_d: Final = search_documents.c
_fts: Final = table("search_words", column("rowid"))
_NUMBERED: Final = (_h.originator, _h.sender, _h.last_owner, _h.offered_to)
"""The people by whom handoffs are found without a word; an owner is the last owner as well."""


def find(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> Found:
    """Return the page of the list, or its last page if there are fewer."""
    return _search(tx, wanted, sight, now) if wanted.filters.terms else _list(tx, wanted, sight, now)


def _list(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> Found:
    """Late ones first, then by deadline, then by age."""
    rows = tx.execute(
        select(*(_h[name] for name in HANDOFF_COLUMNS), func.count().over())
        .where(*conditions(wanted, sight, now))
        .order_by(DEADLINE.is_(None), DEADLINE, _h.number)
        .limit(wanted.size)
        .offset(wanted.page * wanted.size)
    ).all()
    if not rows and wanted.page:
        return _list(tx, replace(wanted, page=_last_page(_count(tx, wanted, sight, now), wanted.size)), sight, now)
    total = int(rows[0][-1]) if rows else 0
    return Found(handoffs=[read_handoff(row[:-1]) for row in rows], page=wanted.page, total=total)


def _count(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> int:
    counted = select(func.count()).select_from(handoffs).where(*conditions(wanted, sight, now))
    return int(tx.execute(counted).scalar_one())


def _last_page(total: int, size: int) -> int:
    return max(0, -(-total // size) - 1)


def _search(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> Found:
    """The best results up to `MOST`, in one statement, and the page of them."""
    whole = tuple(replace(term, only_whole=True) for term in wanted.filters.terms)
    with tx.fresh_query_plans():
        numbers = _best(tx, replace(wanted, filters=replace(wanted.filters, terms=whole)), sight, now)
        if len(numbers) <= MOST:
            numbers = _best(tx, wanted, sight, now)
    total = min(len(numbers), MOST)
    page = min(wanted.page, _last_page(total, wanted.size))
    of_page = numbers[page * wanted.size : min((page + 1) * wanted.size, MOST)]
    return Found(
        handoffs=get_many_by_number(tx, wanted.workspace, of_page), page=page, total=total, is_more=len(numbers) > MOST
    )


def _best(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> list[int]:
    """The numbers of the best results, one more than `MOST` where there are more.

    FTS5 reads everything that has a beginning, but of a whole word only what is asked for. So where enough has the
    whole words, beginnings are not looked at.
    """
    shown = list(conditions(wanted, sight, now))
    parts = union_all(*_parts(tx.dialect, wanted, shown)).subquery("ranked")
    best = func.min(parts.c.rank)
    ranked = select(parts.c.number).group_by(parts.c.number).order_by(best, parts.c.number.desc()).limit(MOST + 1)
    return list(tx.execute(ranked).scalars())


def _parts(dialect: str, wanted: Wanted, shown: Sequence[Condition]) -> Iterator[Select[Any]]:
    """For each reading of the words, and each level: the newest handoffs."""
    for written, named in _readings(wanted.filters.terms):
        also = [*shown, *(involves(term.people) for term in named)]
        if written:
            for rank, level in enumerate(Depth):
                yield _matching(dialect, wanted.workspace, rank, _query(dialect, level, written), also)
        else:
            for of in _NUMBERED:
                yield _of_people(of, len(Depth), named, also)


def _readings(terms: Sequence[Term]) -> Iterator[tuple[list[Term], list[Term]]]:
    """Yield the ways to read the words: those to be found as words, and those that name people."""
    ambiguous = [term for term in terms if term.people and not term.is_mention][:_AMBIGUOUS]
    for choice in product((False, True), repeat=len(ambiguous)):
        chosen = [term for term, as_person in zip(ambiguous, choice, strict=True) if as_person]
        named = [term for term in terms if term.is_mention or term in chosen]
        yield [term for term in terms if term not in named], named


def _matching(dialect: str, workspace: str, rank: int, query: str, also: Sequence[Condition]) -> Select[Any]:
    """The newest handoffs with all the words at a level."""
    order: ColumnElement[int]
    found: Select[Any] = select(_h.number.label("number"), literal(rank).label("rank"))
    if dialect == "postgresql":
        source = search_documents.join(handoffs, _h.id == _d.handoff_id)
        matches: Condition = _d.words.op("@@")(cast(bindparam(None, query), TSQUERY))
        order = _d.id
    else:
        source = _fts.join(search_documents, _d.id == _fts.c.rowid).join(handoffs, _h.id == _d.handoff_id)
        matches = literal_column("search_words").op("MATCH")(bindparam(None, query))
        order = _fts.c.rowid
    part = found.select_from(source).where(matches, _d.workspace == workspace, *also)
    newest = part.order_by(order.desc()).limit(MOST + 1).subquery()
    return select(newest.c.number, newest.c.rank)


def _of_people(of: Any, rank: int, named: Sequence[Term], also: Sequence[Condition]) -> Select[Any]:
    """The newest handoffs that one of the people is in this role of."""
    part = select(_h.number.label("number"), literal(rank).label("rank")).where(of.in_(named[0].people), *also)
    newest = part.order_by(_h.number.desc()).limit(MOST + 1).subquery()
    return select(newest.c.number, newest.c.rank)


def _query(dialect: str, level: Depth, written: Sequence[Term]) -> str:
    """The words as a query of the full-text index; they hold nothing but letters and digits."""
    spelling = _SPELLINGS[dialect]
    parts = []
    for term in written:
        whole = [f"{level}{one.casefold()}" for one in term.people]
        spelt = [spelling.whole.format(word) for word in (*whole, *([f"{level}{term.word}"] if term.is_whole else []))]
        spelt += [] if term.is_whole else [spelling.beginning.format(f"{level}{term.word}")]
        parts.append(f"({spelling.either.join(spelt)})")
    return spelling.both.join(parts)


@dataclass(frozen=True, kw_only=True)
class _Spelling:
    """How a database's full-text queries are written."""

    whole: str
    beginning: str
    either: str
    both: str


_SPELLINGS: Final = {
    "sqlite": _Spelling(whole='"{}"', beginning='"{}" *', either=" OR ", both=" AND "),
    "postgresql": _Spelling(whole="{}", beginning="{}:*", either=" | ", both=" & "),
}
