"""The documents of the search: written in the transaction that changes what a handoff says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, text

from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.handoffs import progress
from storage.handoffs.model import Handoff
from storage.search.tables import search_documents

_d: Final = search_documents.c
_PUT: Final = upsert(search_documents, ["handoff_id"], ["words"])
_REMOVE: Final = search_documents.delete().where(_d.handoff_id == bindparam("of_handoff"))
_AFTER: Final = (
    select(_d.id, _d.handoff_id, (_d.words == "").label("is_empty"))
    .where(_d.id > bindparam("last_id"))
    .order_by(_d.id)
    .limit(bindparam("limit"))
)
_MERGE: Final = text("INSERT INTO search_words (search_words, rank) VALUES ('merge', :pages)")
_FLUSH: Final = (text("SAVEPOINT search"), text("RELEASE search"))
"""At a savepoint FTS5 writes what it holds in memory: only what is written is merged."""
_LEVELS: Final = text("SELECT count(DISTINCT segid) FROM search_words_idx")
ERASED: Final = "search_erased"
"""The work of removing erased words from SQLite's index: 1 while there is some left."""
_PAGES: Final = 500
"""Pages of SQLite's index that one transaction rewrites."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document without its words."""

    id: int
    handoff_id: str
    is_empty: bool
    """Whether it has no words yet."""


def list_after(tx: Tx, last_id: int, limit: int) -> list[Document]:
    """Return a page of the documents of all workspaces, by id, after `last_id`."""
    rows = tx.execute(_AFTER, {"last_id": last_id, "limit": limit})
    return [Document(id=row.id, handoff_id=row.handoff_id, is_empty=row.is_empty) for row in rows]


def put(tx: Tx, handoff: Handoff, words: str) -> None:
    """Store what a handoff is found by; `words` are those of `storage.search.words.document`."""
    tx.execute(_PUT[tx.dialect], {"workspace": handoff.workspace, "handoff_id": handoff.id, "words": words})
    if tx.erased:
        forget(tx)


def remove(tx: Tx, handoff_id: str) -> None:
    """Remove what a handoff is found by."""
    tx.execute(_REMOVE, {"of_handoff": handoff_id})
    forget(tx)


def forget(tx: Tx) -> bool:
    """Rewrite the parts of SQLite's index that still hold removed words; return whether there are none left.

    FTS5 only marks them as removed until it merges its segments. A small index is done at once; for a large one this
    is to be called again.
    """
    if tx.dialect != "sqlite":
        return True
    done = _merge(tx, -_PAGES) or _merge(tx, _PAGES)
    if bool(progress.get(tx, ERASED)) == done:
        progress.put(tx, ERASED, 0 if done else 1)
    return done


def go_on_forgetting(tx: Tx) -> bool:
    """Go on with what `forget` has left; return whether there is nothing left."""
    if tx.dialect != "sqlite" or not progress.get(tx, ERASED):
        return True
    done = _merge(tx, _PAGES)
    if done:
        progress.put(tx, ERASED, 0)
    return done


def _merge(tx: Tx, pages: int) -> bool:
    """Merge up to so many pages of the index; return whether one segment is left."""
    for statement in _FLUSH:
        tx.execute(statement)
    tx.execute(_MERGE, {"pages": pages})
    return int(tx.execute(_LEVELS).scalar_one()) <= 1
