"""Private work outside of forms: a stub that says where it stands and nothing that anybody wrote.

Channels, threads, lists, webhooks, notifications and what they are searched by get the stub. Its contents stand in
forms, and in the blocks of direct messages, of those who are entitled: whom `permissions.actor` makes a viewer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from slackapp.policy.permissions import concerned
from storage.lifecycle import OURSELVES, State
from storage.picture import Picture
from storage.records import Handoff, Note, Text

TITLE: Final = "Private handoff"
"""What private work is called where others can read it."""


def stub(picture: Picture) -> Picture:
    """The handoff as everybody may see it: private work without its contents, other work as it is."""
    if not _is_hidden(picture.handoff):
        return picture
    return replace(picture, handoff=stub_of(picture.handoff), notes=tuple(map(_wordless, picture.notes)))


def stub_of(handoff: Handoff) -> Handoff:
    """Its row without title, next step, link, answers and where it came from, if it is private."""
    if not _is_hidden(handoff):
        return handoff
    return replace(handoff, title=TITLE, next_step="", link=None, fields={}, source=None, record=None)


def may_read(handoff: Handoff, user: str) -> bool:
    """Whether a direct message to this person may hold the contents, as far as the handoff itself tells."""
    return not handoff.private or user in concerned(handoff)


def _is_hidden(handoff: Handoff) -> bool:
    """Whether there is something to hide: deleted work has no contents any more."""
    return handoff.private and handoff.state is not State.DELETED


def _wordless(note: Note) -> Note:
    """A note that only says that there is one. Why the clock put work back is Baton's own key."""
    return replace(note, text=Text(reason=note.text.reason if note.author in OURSELVES else None))
