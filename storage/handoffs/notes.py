"""Notes as stored: the full text that people wrote on handoffs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, null, select

from storage.db.database import Tx
from storage.handoffs.model import Note, Text
from storage.handoffs.tables import notes

_t: Final = notes.c
_ADD: Final = notes.insert()
_OF: Final = select(notes).where(_t.handoff_id == bindparam("handoff_id")).order_by(_t.at, _t.id)
_COUNT: Final = select(func.count()).where(_t.handoff_id == bindparam("handoff_id"))
_GET: Final = select(notes).where(_t.id == bindparam("note_id"))
_now: Final = bindparam("now", type_=_t.at.type)
_EDIT: Final = (
    notes.update()
    .where(_t.id == bindparam("of_note"))
    .values(plain=bindparam("words"), rich=bindparam("formatted"), edited_at=_now)
)
_REMOVE: Final = (
    notes.update()
    .where(_t.id == bindparam("of_note"))
    .values(plain="", rich=null(), reason=null(), changes=null(), removed_at=_now)
)
_ERASE: Final = (
    notes.update()
    .where(_t.handoff_id == bindparam("of_handoff"))
    .values(plain="", rich=null(), reason=null(), changes=null())
)


def add(tx: Tx, note: Note, workspace: str) -> None:
    """Insert a note."""
    words = note.text
    tx.execute(
        _ADD,
        {
            "id": note.id,
            "workspace": workspace,
            "handoff_id": note.handoff_id,
            "verb": note.verb,
            "author": note.author,
            "at": note.at,
            "plain": words.plain,
            "rich": _plain_dict(words.rich),
            "reason": words.reason,
            "changes": _plain_dict(words.changes),
            "edited_at": note.edited_at,
            "removed_at": note.removed_at,
        },
    )


def get(tx: Tx, note_id: str) -> Note | None:
    """Return a note by id, or None."""
    row = tx.execute(_GET, {"note_id": note_id}).mappings().first()
    return None if row is None else _record(row)


def edit(tx: Tx, note_id: str, text: Text, at: datetime) -> None:
    """Replace a note's text; its reason and changes stay."""
    tx.erased = True
    tx.execute(_EDIT, {"of_note": note_id, "words": text.plain, "formatted": _plain_dict(text.rich), "now": at})


def blank(tx: Tx, note_id: str, at: datetime) -> None:
    """Blank a note's text; its author and time stay."""
    tx.erased = True
    tx.execute(_REMOVE, {"of_note": note_id, "now": at})


def list_for_handoff(tx: Tx, handoff_id: str) -> list[Note]:
    """Return all notes of a handoff, oldest first."""
    return [_record(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def count_for_handoff(tx: Tx, handoff_id: str) -> int:
    """Return the number of notes of a handoff."""
    return int(tx.execute(_COUNT, {"handoff_id": handoff_id}).scalar_one())


def erase_for_handoff(tx: Tx, handoff_id: str) -> None:
    """Blank the text of all notes of a handoff; authors and times stay."""
    tx.erased = True
    tx.execute(_ERASE, {"of_handoff": handoff_id})


def _plain_dict(value: Any) -> dict[str, Any] | None:
    return None if value is None else dict(value)


def _record(row: Any) -> Note:
    return Note(
        id=row["id"],
        handoff_id=row["handoff_id"],
        verb=row["verb"],
        author=row["author"],
        at=row["at"],
        text=Text(plain=row["plain"], rich=row["rich"], reason=row["reason"], changes=row["changes"]),
        edited_at=row["edited_at"],
        removed_at=row["removed_at"],
    )
