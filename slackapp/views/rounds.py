"""What changed in work that was sent back and came again: for the receiver, who has seen the rest before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slackapp.views import words
from storage.lifecycle import Verb
from storage.picture import Picture
from storage.records import Note


def changed(picture: Picture) -> str:
    """Name the fields that were changed since it was sent back last; empty where none were, or it never was."""
    names = dict.fromkeys(name for note in _since_the_return(picture) for name in _names(note))
    return words.changed(list(names), picture.template) if names else ""


def _since_the_return(picture: Picture) -> Iterator[Note]:
    """The edits after the last return, which always has a note."""
    returned = max((place for place, note in enumerate(picture.notes) if note.verb == Verb.RETURN), default=None)
    if returned is None:
        return
    yield from (note for note in picture.notes[returned:] if note.verb == Verb.EDIT)


def _names(note: Note) -> Iterator[str]:
    """The columns that an edit changed; of the answers to a template's questions, which ones."""
    for name, values in (note.text.changes or {}).items():
        if name == "fields" and all(isinstance(value, Mapping) for value in values):
            old, new = values
            yield from (f"fields.{key}" for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key))
        else:
            yield name
