"""Search: the handoffs that have all the words, found newest first in batches of bounded cost.

A search reads a limited number of places, however many handoffs there are and however common its words. A word that
few documents have is looked up in the full-text index. Of one that many have the index would return more than anybody
reads, so the newest documents are compared with it instead. Rights and filters hold before anything is counted; what
has not been looked at is found by going on from `Found.before`.

Within a batch, what has all the words in its title comes first, then by links, answers and notes; newer before older.
A typed word may also name people: then the handoffs that they are involved in have it, whatever they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.db.database import Tx
from storage.handoffs.handoffs import get_many_by_number
from storage.handoffs.tables import handoffs
from storage.search.conditions import Condition, conditions, involves
from storage.search.model import Found, Sight, Term, Wanted
from storage.search.sources import LAST, DocumentPlaces, Source, WorkPlaces, whose_work
from storage.search.tables import search_documents
from storage.search.words import Depth

ENOUGH: Final = 200
"""Results after which a search looks no further."""
WINDOWS: Final = 6
"""The most windows of `Wanted.window` places that one search looks at."""
_AMBIGUOUS: Final = 2
"""Words of a search that may name people as well; later ones are read as words only."""
_SAMPLE: Final = 300
"""Documents by which the search learns how common a word is."""
_SPREAD: Final = 0.618034
"""Steps of this share of the index, the golden ratio, are spread evenly and follow no rhythm of the documents."""
_COMMON: Final = 0.02
"""The share of documents from which on a word is not looked up in the index."""
_END: Final = -1
"""The rank of the row that says where a window ends."""
_h: Final = handoffs.c
_d: Final = search_documents.c
_IDS: Final = select(select(func.min(_d.id)).scalar_subquery(), select(func.max(_d.id)).scalar_subquery())


def search(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> Found:
    """Return a page of the newest results before `wanted.before`."""
    terms = wanted.filters.terms
    shown = list(conditions(wanted, sight, now))
    readings = list(_readings(terms))
    windows = max(1, WINDOWS // len(readings))
    ranks: dict[int, int] = {}
    ends = []
    with tx.fresh_query_plans():
        share = _shares(tx, [term for term in terms if not term.is_mention])
        for reading in readings:
            end = _look(
                tx, _Look(wanted=wanted, sight=sight, reading=reading, shown=shown, share=share), windows, ranks
            )
            if end is not None:
                ends.append(end)
        end = max(ends, default=None)
        numbers = sorted(
            (number for number in ranks if end is None or number >= end), key=lambda number: (ranks[number], -number)
        )
        page = min(wanted.page, max(0, -(-len(numbers) // wanted.size) - 1))
        of_page = numbers[page * wanted.size : (page + 1) * wanted.size]
        found = get_many_by_number(tx, wanted.workspace, of_page)
    return Found(handoffs=found, page=page, total=len(numbers), before=end)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One way to read the words: those to be found as words, and those that name people."""

    written: tuple[Term, ...]
    named: tuple[Term, ...]


def _readings(terms: Sequence[Term]) -> Iterator[_Reading]:
    """Yield the ways to read the words."""
    ambiguous = [term for term in terms if term.people and not term.is_mention][:_AMBIGUOUS]
    for choice in product((False, True), repeat=len(ambiguous)):
        chosen = [term for term, as_person in zip(ambiguous, choice, strict=True) if as_person]
        named = tuple(term for term in terms if term.is_mention or term in chosen)
        yield _Reading(written=tuple(term for term in terms if term not in named), named=named)


def _shares(tx: Tx, terms: Sequence[Term]) -> Mapping[Term, float]:
    """Return which share of documents has each word, estimated by documents spread evenly over the index.

    Over all of it, whoever's the documents are: the index is shared, and nothing of them is shown.
    """
    first, last = tx.execute(_IDS).one()
    if not terms or first is None:
        return {}
    span = last - first + 1
    ids = {first + int(n * _SPREAD * span) % span for n in range(_SAMPLE)}
    has = [func.sum(cast(_has(tx.dialect, _d.words, Depth.NOTES, term), Integer)) for term in terms]
    count, *having = tx.execute(select(func.count(), *has).where(_d.id.in_(ids))).one()
    return {term: (found or 0) / max(1, count) for term, found in zip(terms, having, strict=True)}


@dataclass(frozen=True, kw_only=True)
class _Look:
    """What one reading of a search looks for, and where."""

    wanted: Wanted
    sight: Sight
    reading: _Reading
    shown: Sequence[Condition]
    share: Mapping[Term, float]

    def looked_up(self) -> list[Term]:
        """The words that the full-text index returns; none where it costs less to look through whose work it is."""
        rare = [term for term in self.reading.written if self.share.get(term, 0) < _COMMON]
        is_rare = any(not self.share.get(term, 0) for term in rare)
        return rare if is_rare or not self.belongs() else []

    def belongs(self) -> Sequence[Any]:
        return whose_work(self.wanted, self.sight, self.reading.named)

    def source(self, dialect: str, terms: Sequence[Term]) -> Source:
        belongs = self.belongs()
        if belongs and not terms:
            return WorkPlaces(workspace=self.wanted.workspace, of=belongs)
        query = _query(dialect, Depth.NOTES, terms) if terms else None
        return DocumentPlaces(workspace=self.wanted.workspace, dialect=dialect, query=query)


def _look(tx: Tx, look: _Look, windows: int, ranks: dict[int, int]) -> int | None:
    """Add the results of a reading with their ranks; return the number at which it stopped, None at the last one."""
    wanted, written = look.wanted, look.reading.written
    looked_up = look.looked_up()
    source = look.source(tx.dialect, looked_up)
    looked = source.places(wanted.window).cte("looked")
    read, words = source.joined(looked, wanted.window)
    compared = [_has(tx.dialect, words, Depth.NOTES, term) for term in written if term not in looked_up]
    also = [*compared, *look.shown, *(involves(term.people) for term in look.reading.named)]
    results = select(_h.number, _rank(tx.dialect, words, written), null()).select_from(read).where(*also)
    end = select(literal(0), literal(_END), func.min(looked.c.place)).having(func.count() >= wanted.window)
    statement = union_all(results, end.select_from(looked))
    before: int | None = _place(tx, source, wanted)
    found = 0
    for _ in range(windows):
        rows = tx.execute(statement, {"before": before}).all()
        before = next((place for _number_of, best, place in rows if best == _END), None)
        best_of = {number: best for number, best, _place_of in rows if best != _END}
        ranks |= {number: min(best, ranks.get(number, best)) for number, best in best_of.items()}
        found += len(best_of)
        if before is None or found >= max(ENOUGH, wanted.size):
            break
    return _number(tx, source, before)


def _place(tx: Tx, source: Source, wanted: Wanted) -> int:
    """The place before which to look."""
    if wanted.before is None or isinstance(source, WorkPlaces):
        return LAST if wanted.before is None else wanted.before
    first = (
        select(_d.id)
        .select_from(handoffs.join(search_documents, _d.handoff_id == _h.id))
        .where(_h.workspace == wanted.workspace, _h.number >= wanted.before)
        .order_by(_h.number)
        .limit(1)
    )
    place: int | None = tx.execute(first).scalar_one_or_none()
    return LAST if place is None else place


def _number(tx: Tx, source: Source, place: int | None) -> int | None:
    """The number of the handoff at a place."""
    if place is None or isinstance(source, WorkPlaces):
        return place
    at = select(_h.number).join(search_documents, _d.handoff_id == _h.id)
    number: int = tx.execute(at.where(_d.workspace == source.workspace, _d.id == place)).scalar_one()
    return number


def _rank(dialect: str, words: ColumnElement[Any], written: Sequence[Term]) -> ColumnElement[int]:
    """The first level at which a document has all the words; after them what is found by people alone."""
    levels = tuple(Depth)
    if not written:
        return literal(len(levels))
    at = [
        (and_(*(_has(dialect, words, level, term) for term in written)), nth) for nth, level in enumerate(levels[:-1])
    ]
    return case(*at, else_=len(levels) - 1)


def _has(dialect: str, words: ColumnElement[Any], level: Depth, term: Term) -> Condition:
    """The condition that a document has a word at a level, for documents that are read anyway: by no index."""
    if dialect == "postgresql":
        return words.op("@@")(cast(bindparam(None, _query(dialect, level, [term])), TSQUERY)).is_(true())
    spaced = literal(" ") + words + literal(" ")
    whole, beginning = _spelt(level, term)
    return or_(
        *(func.instr(spaced, f" {word} ") > 0 for word in whole),
        *(func.instr(spaced, f" {word}") > 0 for word in beginning),
    )


def _spelt(level: Depth, term: Term) -> tuple[list[str], list[str]]:
    """The words of the index that a typed word stands for: whole ones, and beginnings of longer ones."""
    whole = [f"{level}{one.casefold()}" for one in term.people]
    typed = [f"{level}{term.word}"]
    return (whole + typed, []) if term.is_whole else (whole, typed)


def _query(dialect: str, level: Depth, written: Iterable[Term]) -> str:
    """The words as a query of the full-text index; they hold nothing but letters and digits."""
    spelling = _SPELLINGS[dialect]
    parts = []
    for term in written:
        whole, beginning = _spelt(level, term)
        spelt = [spelling.whole.format(word) for word in whole]
        spelt += [spelling.beginning.format(word) for word in beginning]
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
