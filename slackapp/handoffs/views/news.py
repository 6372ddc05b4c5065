"""What is new on a card: the latest answers, additions, corrections and hand-over notes, newest first.

Each stays until somebody who has claimed the handoff writes something themselves, and so has read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit.blocks import said
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Note

SHOWN: Final = 3
_LONGEST: Final = 300
_KINDS: Final = frozenset({
    Verb.RELEASE, Verb.LAPSE, Verb.TRANSFER, Verb.ASSIGN, Verb.DECLINE, Verb.RETURN, Verb.RESEND, Verb.REOPEN,
    Verb.NOTE, Verb.ASK, Verb.ANSWER, Verb.CORRECT,
})  # fmt: skip
"""Verbs whose note matters to the next person."""
_REPLIES: Final[Mapping[str, Verb]] = {Verb.RESEND: Verb.RETURN, Verb.ANSWER: Verb.ASK}
"""Verbs that reply to the latest note of another, with which they share a line."""
_LEADS: Final[Mapping[str, str]] = {
    Verb.RESEND: "{who} added", Verb.ANSWER: "{who} answered", Verb.ASK: "{who} asked", Verb.NOTE: "Note by {who}",
}  # fmt: skip


def news(details: HandoffDetails) -> list[tuple[str, tuple[Note, ...]]]:
    """The lines of what is new, newest first, each with the notes that it shows; empty once the work has ended."""
    if details.handoff.final:
        return []
    fresh = [note for note in _unread(details) if note.verb in _KINDS and not note.removed_at and text(details, note)]
    lines: list[tuple[str, tuple[Note, ...]]] = []
    taken: set[str] = set()
    for note in reversed(fresh):
        if note.id in taken:
            continue
        before = _replied_to(details, note)
        taken |= {note.id, *([before.id] if before else [])}
        lines.append((_line(details, note, before), (before, note) if before else (note,)))
    return _shown(lines)


def _shown(lines: Sequence[tuple[str, tuple[Note, ...]]]) -> list[tuple[str, tuple[Note, ...]]]:
    """The first lines, newest first; plain notes push out no answer, reason or hand-over note."""
    plain = [line for line in lines if line[1][-1].verb == Verb.NOTE]
    others = [line for line in lines if line not in plain][:SHOWN]
    kept = [*others, *plain[: SHOWN - len(others)]]
    return [line for line in lines if line in kept]


def text(details: HandoffDetails, note: Note) -> str:
    """The reason and the beginning of a note in one line of mrkdwn; empty if it has neither."""
    why = wording.reason(note.text.reason, details.template).rstrip(".") if note.text.reason else ""
    words = said(note.text.plain, _LONGEST)
    mark = " (edited)" if note.edited_at and words else ""
    return f"{why}. {words}{mark}" if why and words else f"{why or words}{mark}"


def _unread(details: HandoffDetails) -> Iterator[Note]:
    """Yield the notes that the owner has not followed with a note of their own, and the question that is open."""
    notes, owner = details.notes, details.handoff.owner
    own = max((place for place, note in enumerate(notes) if owner and note.author == owner), default=-1)
    asked = max((place for place, note in enumerate(notes) if note.verb == Verb.ASK), default=-1)
    if details.handoff.asked_at is not None and 0 <= asked <= own:
        yield notes[asked]
    yield from notes[own + 1 :]


def _replied_to(details: HandoffDetails, note: Note) -> Note | None:
    """The note that this one replies to, if it still says something."""
    asked = _REPLIES.get(note.verb)
    if asked is None:
        return None
    earlier = details.notes[: details.notes.index(note)]
    found = next((one for one in reversed(earlier) if one.verb == asked), None)
    return found if found and not found.removed_at and text(details, found) else None


def _line(details: HandoffDetails, note: Note, before: Note | None) -> str:
    told = f"{_lead(details, before)} {text(details, before)} → " if before else ""
    line = f"{told}{_lead(details, note)} {text(details, note)}"
    changed = changed_since_return(details) if note.verb == Verb.RESEND else ""
    return f"{line}\nChanged since it was sent back: {changed}" if changed else line


def _lead(details: HandoffDetails, note: Note) -> str:
    words = _LEADS.get(note.verb) or f"{wording.VERB_WORDS[Verb(note.verb)].past} by {{who}}"
    return f"*{words.format(who=wording.who(details, note.author))}:*"


def changed_since_return(details: HandoffDetails) -> str:
    """The names of the fields edited since the last return; empty if none were or there was no return."""
    names = dict.fromkeys(name for note in _since_the_return(details) for name in note.text.changes or {})
    return wording.changed(list(names), details.template) if names else ""


def _since_the_return(details: HandoffDetails) -> Iterator[Note]:
    """The notes of edits after the last return; a return always has a note."""
    returned = max((place for place, note in enumerate(details.notes) if note.verb == Verb.RETURN), default=None)
    if returned is None:
        return
    yield from (note for note in details.notes[returned:] if note.verb == Verb.EDIT)
