"""Read models of handoffs, notes, audit entries, verdicts and drafts. Instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.handoffs.acts import Verdict
from storage.handoffs.lifecycle import FINAL, ReadBackMode, ReadBackStatus, State


class Priority(StrEnum):
    """The priority of a handoff. `critical` has the shortest deadlines."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, kw_only=True)
class Text:
    """Text that a person wrote: `plain` for reading and search, `rich` the whole Slack rich_text block.

    `reason` is a short reason (declined, sent back); `changes` lists an edit's changes, as `{field: [old, new]}`.
    """

    plain: str = ""
    rich: Mapping[str, Any] | None = None
    reason: str | None = None
    changes: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """The Slack message that a handoff was made from."""

    channel: str
    ts: str
    thread_ts: str | None = None
    permalink: str | None = None
    author: str | None = None


@dataclass(frozen=True, kw_only=True)
class Handoff:
    """A piece of work that is handed from one person or team to another."""

    id: str
    workspace: str
    number: int
    """Counts up in the workspace; shown as `#42`."""
    version: int = 1
    """Counts changes; a write over another version is refused."""
    state: State = State.OPEN
    state_since: datetime
    """When it entered this state; while claimed, when its owner got it."""
    created_at: datetime
    title: str
    queue: str
    """Key of the queue it is in."""
    hop: int = 1
    """Counts the queues it has been in; each hop has its own card."""
    rounds: int = 0
    """How often it was returned."""
    priority: Priority = Priority.NORMAL
    next_step: str = ""
    link: str | None = None
    needed_by: datetime | None = None
    template: str | None = None
    """Key of the template of its form, where its queue has any."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    originator: str
    """Who opened it."""
    sender: str
    """Who sent it on this hop; return and resend go to and come from them."""
    owner: str | None = None
    """Set exactly while claimed."""
    last_owner: str | None = None
    offered_to: str | None = None
    """While set, only this person (and managers) may claim it."""
    accountable: str
    """Who is accountable now: a user id, or `queue:<key>` for the queue's managers if that person has left."""
    source: Source | None = None
    snoozed_until: datetime | None = None
    """Until when it is snoozed; only while claimed."""
    template_version: int | None = None
    """The version of the template; None without a template, or from before templates had versions."""
    private: bool = False
    """Whether only the people involved may see its contents; channels get a stub."""
    read_back_mode: ReadBackMode = ReadBackMode.OFF
    """Copied from the template."""
    read_back: ReadBackStatus | None = None
    """Status of its owner's read-back; only while claimed, and only where the mode requires one."""
    asked_at: datetime | None = None
    """Since when the owner waits for the sender's answer; only while claimed."""
    record: str | None = None
    """Normalised form of the link: equal records are the same customer, case or deal."""
    erase_at: datetime | None = None
    """When its contents are to be removed; only once it is finished."""

    @property
    def final(self) -> bool:
        """Whether it is finished: no clock runs any more."""
        return self.state in FINAL


@dataclass(frozen=True, kw_only=True)
class Note:
    """Text stored with a handoff: the verb it came with, its author, and when."""

    id: str
    handoff_id: str
    verb: str
    author: str
    at: datetime
    text: Text
    edited_at: datetime | None = None
    removed_at: datetime | None = None
    """When its author deleted it; the text is blank then."""


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One entry of the audit log. Holds no text of a handoff: that is in the note it refers to.

    `verb` is a lifecycle verb, or one of Baton's own acts of delivery and repair (`held`, `maybe_double`, `repaired`).
    `owner`, `accountable` and `queue` are the values after it, so that custody can be read from the audit alone.
    """

    id: int
    workspace: str
    handoff_id: str | None
    at: datetime
    verb: str
    actor: str
    before: State | None
    after: State | None
    owner: str | None
    accountable: str | None
    queue: str | None
    note_id: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Custody:
    """A period in which one person was accountable for a handoff. `until` is None for the current one."""

    accountable: str
    owner: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class StoredDraft:
    """An unsent form of one author. Only `slackapp.forms` knows the keys of `content`."""

    id: str
    workspace: str
    author: str
    saved_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ContextVerdict:
    """The receiver's rating of a handoff's context, given when they finished it."""

    workspace: str
    handoff_id: str
    at: datetime
    queue: str
    template: str | None
    template_version: int | None
    sender: str
    judge: str
    verdict: Verdict
    line: str = ""
