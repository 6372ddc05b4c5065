"""Whether a person may still change a note: their own, while it is recent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.field_problems import FieldProblem
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Note, Text

FRESH: Final = timedelta(minutes=30)
"""Long enough to fix a slip or to take back a remark; after that others have acted on the note, and it must stay."""

_CONFIRMED_VERBS: Final = frozenset({Verb.READ_BACK})
"""Verbs whose notes others confirm word by word, so that they never change afterwards."""


def problem(note: Note | None, handoff_id: str, user: str, now: datetime) -> FieldProblem | None:
    """The reason why this person may not edit or delete the note now; None if they may."""
    if note is None or note.handoff_id != handoff_id or note.author != user:
        return FieldProblem.NOT_YOURS
    settled = note.removed_at is not None or note.verb in _CONFIRMED_VERBS or not _is_written(note.text)
    return FieldProblem.TOO_LATE if settled or now - note.at > FRESH else None


def _is_written(text: Text) -> bool:
    """Whether a person wrote the text; an edit's list of changes is Baton's own record."""
    return not (is_blank(text.plain) and not text.rich) and not text.changes
