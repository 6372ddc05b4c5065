"""Drafts of handoff forms as stored: visible to their author only, deleted after a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.handoffs.model import StoredDraft
from storage.handoffs.tables import drafts

_t: Final = drafts.c
_own: Final = (_t.workspace == bindparam("in_workspace"), _t.author == bindparam("of_author"))
_since: Final = _t.saved_at >= bindparam("since", type_=_t.saved_at.type)
_PUT: Final = upsert(drafts, ["id"], ["saved_at", "content"])
_GET: Final = select(drafts).where(*_own, _t.id == bindparam("draft_id"))
_LATEST: Final = select(drafts).where(*_own, _since).order_by(_t.saved_at.desc()).limit(bindparam("limit"))
_REMOVE: Final = drafts.delete().where(*_own, _t.id == bindparam("draft_id"))
_PURGE: Final = drafts.delete().where(_t.saved_at < bindparam("before", type_=_t.saved_at.type))


def put(tx: Tx, draft: StoredDraft) -> None:
    """Insert or update a draft."""
    row = {"id": draft.id, "workspace": draft.workspace, "author": draft.author, "saved_at": draft.saved_at}
    tx.execute(_PUT[tx.dialect], {**row, "content": dict(draft.content)})


def get(tx: Tx, workspace: str, author: str, draft_id: str) -> StoredDraft | None:
    """Return an author's draft, or None."""
    row = tx.execute(_GET, {"in_workspace": workspace, "of_author": author, "draft_id": draft_id}).mappings().first()
    return None if row is None else _record(row)


def list_for_author(tx: Tx, workspace: str, author: str, since: datetime, limit: int) -> list[StoredDraft]:
    """Return an author's drafts saved since an instant, latest first."""
    parameters = {"in_workspace": workspace, "of_author": author, "since": since, "limit": limit}
    return [_record(row) for row in tx.execute(_LATEST, parameters).mappings()]


def remove(tx: Tx, workspace: str, author: str, draft_id: str) -> None:
    """Delete an author's draft, whose text has become a handoff."""
    tx.execute(_REMOVE, {"in_workspace": workspace, "of_author": author, "draft_id": draft_id})


def discard(tx: Tx, workspace: str, author: str, draft_id: str) -> None:
    """Delete an author's draft with its text."""
    tx.erased = True
    remove(tx, workspace, author, draft_id)


def remove_before(tx: Tx, before: datetime) -> int:
    """Delete every draft last saved before an instant; return how many."""
    removed = int(tx.execute(_PURGE, {"before": before}).rowcount)
    tx.erased = tx.erased or removed > 0
    return removed


def _record(row: Mapping[Any, Any]) -> StoredDraft:
    return StoredDraft(**row)
