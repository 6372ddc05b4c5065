"""Keep the search index current: in the transaction of each change that alters what a handoff says.

A change without words, such as a claim, costs nothing here. Whose the work is, is read from the handoff when somebody
searches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from slackapp.handoffs.queries.load import template_of
from slackapp.runtime.baton import Baton
from storage.company import people
from storage.db.database import Tx
from storage.handoffs import handoffs, notes, progress
from storage.handoffs.acts import Edit
from storage.handoffs.lifecycle import Moved, Verb
from storage.handoffs.model import Handoff, Note
from storage.search import documents
from storage.search.words import document
from storage.templates.model import Template

FILLED: Final = "search_filled"
"""The work of adding the words of handoffs from before there was a search: the last document looked at."""
BATCH: Final = 200
"""Handoffs looked at in one transaction."""
_SAID: Final = ("title", "next_step", "link", "record", "fields", "source", "template", "template_version")
"""The columns of a handoff in which somebody searches."""


def add(tx: Tx, handoff: Handoff, template: Template | None, written: Iterable[Note]) -> None:
    """Add a new handoff to the index."""
    documents.put(tx, handoff, document(handoff, template, written))


def follow(tx: Tx, moved: Moved, note_id: str | None) -> None:
    """Bring the index up to a change that has been stored; `note_id` is the note that it wrote, changed or removed."""
    before, after = moved.before, moved.after
    if moved.verb is Verb.DELETE:
        documents.remove(tx, after.id)
    elif (note_id and _has_words(moved)) or any(getattr(before, name) != getattr(after, name) for name in _SAID):
        _put(tx, after)


def _has_words(moved: Moved) -> bool:
    """Whether the note of a change has words: an edit's may only list what was changed."""
    return not isinstance(moved.act, Edit) or bool(moved.act.text and moved.act.text.plain)


def fill(baton: Baton) -> int:
    """Add what was stored before there was a search, in small batches; return how many handoffs were added.

    Also goes on with removing erased words from SQLite's index.
    """
    added = 0
    while True:
        looked_at, found = baton.db.run_transaction(_fill_batch)
        added += found
        if not looked_at:
            break
    while baton.db.run_transaction(lambda tx: people.fold_names(tx, BATCH)):
        pass
    while not baton.db.run_transaction(documents.go_on_forgetting):
        pass
    return added


def _fill_batch(tx: Tx) -> tuple[int, int]:
    """Return how many documents were looked at, and how many had no words yet."""
    batch = documents.list_after(tx, progress.get(tx, FILLED), BATCH)
    if batch:
        progress.put(tx, FILLED, batch[-1].id)
    empty = [one.handoff_id for one in batch if one.is_empty]
    handoffs.lock(tx, empty)  # so that no change of their words comes in between
    known = handoffs.get_many(tx, empty)
    for handoff in known.values():
        _put(tx, handoff)
    return len(batch), len(known)


def _put(tx: Tx, handoff: Handoff) -> None:
    written = notes.list_for_handoff(tx, handoff.id)
    documents.put(tx, handoff, document(handoff, template_of(tx, handoff), written))
