"""What changed in work that was sent back and came again: for the receiver, who has seen the rest before."""

from __future__ import annotations

from collections.abc import Iterator

from slackapp.views import words
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Note
from storage.picture import Picture


def changed(picture: Picture) -> str:
    """Name the fields that were changed since it was sent back last; empty where none were, or it never was."""
    names = dict.fromkeys(name for note in _since_the_return(picture) for name in note.text.changes or {})
    return words.changed(list(names), picture.template) if names else ""


def _since_the_return(picture: Picture) -> Iterator[Note]:
    """The edits after the last return, which always has a note."""
    returned = max((place for place, note in enumerate(picture.notes) if note.verb == Verb.RETURN), default=None)
    if returned is None:
        return
    yield from (note for note in picture.notes[returned:] if note.verb == Verb.EDIT)
