"""Private work outside of forms: a stub that shows its state and nothing that anybody wrote.

Channels, threads, lists, webhooks, notifications and search texts get the stub. The contents appear only in forms and
in the blocks of direct messages, for people whom `permissions.actor` makes a viewer.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from slackapp.handoffs.model import HandoffDetails
from slackapp.people.rules.permissions import people_involved
from storage.handoffs.lifecycle import SYSTEM_ACTORS, Moved, State
from storage.handoffs.model import Handoff, Note, Text
from storage.templates.model import Template

TITLE: Final = "Private handoff"
"""The title of private work where others can read it."""
UNNAMED: Final = "another team"
"""What a team with a private channel is called for others, where work has passed through it."""
T = TypeVar("T")


def stub(details: HandoffDetails) -> HandoffDetails:
    """The details as everybody may see them: private work without its contents, other work unchanged."""
    if not _is_hidden(details.handoff):
        return details
    return replace(details, handoff=stub_of(details.handoff), notes=tuple(map(_note_stub, details.notes)))


def stub_of(handoff: Handoff) -> Handoff:
    """The handoff without title, next step, link, answers and source if it is private, else unchanged."""
    if not _is_hidden(handoff):
        return handoff
    return replace(handoff, title=TITLE, next_step="", link=None, fields={}, source=None, record=None)


def stubbed(scene: T) -> T:
    """The value with a stub in place of every handoff in it, at any depth: in records, tuples and lists."""
    found: Any = scene
    match found:
        case HandoffDetails():
            found = stub(found)
        case Handoff():
            found = stub_of(found)
        case tuple() | list():
            found = tuple(map(stubbed, found))
        case _ if is_dataclass(found) and not isinstance(found, type):
            found = replace(found, **{one.name: stubbed(getattr(found, one.name)) for one in fields(found)})
    result: T = found
    return result


def may_read(handoff: Handoff, user: str) -> bool:
    """Whether a direct message to this person may hold the contents, judged by the handoff alone."""
    return not handoff.private or user in people_involved(handoff)


def _is_hidden(handoff: Handoff) -> bool:
    """Whether there are contents to hide: deleted work has none any more."""
    return handoff.private and handoff.state is not State.DELETED


def _note_stub(note: Note) -> Note:
    """A note without its text. The reason why the clock put work back is Baton's own key, and stays."""
    return replace(note, text=Text(reason=note.text.reason if note.author in SYSTEM_ACTORS else None))


_ENDED: Final = frozenset({State.DONE, State.CANCELLED})


def ends_work(moved: Moved) -> bool:
    """Whether the work ends with this change."""
    return moved.after.state in _ENDED and moved.before.state not in _ENDED


def kept_until(moved: Moved, template: Template | None) -> Handoff:
    """The handoff after a change, with the instant at which its contents are erased.

    That instant is set when the work ends, stays while it is finished, and is cleared when the work is reopened.
    """
    after = moved.after
    if after.state not in _ENDED:
        return after if after.erase_at is None else replace(after, erase_at=None)
    if not ends_work(moved) or template is None or template.retention_days is None:
        return after
    return replace(after, erase_at=moved.at + timedelta(days=template.retention_days))
