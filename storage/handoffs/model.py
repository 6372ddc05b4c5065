"""Handoffs, notes, audit entries, verdicts and drafts as frozen read models; instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.handoffs.acts import Verdict
from storage.handoffs.lifecycle import FINAL, ReadBack, State, Understanding


class Priority(StrEnum):
    """How urgent. `critical` starts the short clock."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, kw_only=True)
class Text:
    """Words that a person wrote: `plain` for reading and search, `rich` the Slack rich_text block, kept whole.

    `reason` is a short why (declined, sent back); `changes` what an edit changed, as `{field: [old, new]}`.
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
    """One piece of work on its way from one person or team to another."""

    id: str
    workspace: str
    number: int
    """Counts up in the workspace: people say `#42`."""
    version: int = 1
    """Grows with every change; a write over an older version is refused."""
    state: State = State.OPEN
    state_since: datetime
    """Since when it is in this state; while claimed, since when its owner has it."""
    created_at: datetime
    title: str
    queue: str
    """Key of the queue it is in."""
    hop: int = 1
    """Grows when it moves to another queue; each hop has a card of its own."""
    rounds: int = 0
    """How often it was sent back."""
    priority: Priority = Priority.NORMAL
    next_step: str = ""
    link: str | None = None
    needed_by: datetime | None = None
    template: str | None = None
    """Key of the template it was written in, where its queue has any."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    originator: str
    """Who opened it."""
    sender: str
    """Who sent it on this hop; return and resend go to and come from them."""
    owner: str | None = None
    """Exactly while claimed."""
    last_owner: str | None = None
    offered_to: str | None = None
    """Exactly one person may claim it while this is set (and managers)."""
    accountable: str
    """Who answers for it now: a user id, or `queue:<key>` for the queue's managers when that person is gone."""
    source: Source | None = None
    snoozed_until: datetime | None = None
    """Until when its owner lets it rest; only while claimed."""
    template_version: int | None = None
    """The version of the template; None where there is none, and for work from before templates had versions."""
    private: bool = False
    """Whether its contents are for those only who have to know them; a channel sees a stub."""
    read_back_mode: ReadBack = ReadBack.OFF
    """As the template says."""
    read_back: Understanding | None = None
    """How far its owner's read-back is; only while claimed, and only where the mode asks for one."""
    asked_at: datetime | None = None
    """Since when the owner waits for the sender's answer; only while claimed."""
    record: str | None = None
    """What the link names, the same for every way of writing it: equal records are the same customer, case or deal."""
    erase_at: datetime | None = None
    """When its contents are to be removed; only once it is finished."""

    @property
    def final(self) -> bool:
        """Whether no clock may speak any more."""
        return self.state in FINAL


@dataclass(frozen=True, kw_only=True)
class Note:
    """Words kept with a handoff: which verb they came with, who wrote them, when."""

    id: str
    handoff_id: str
    verb: str
    author: str
    at: datetime
    text: Text
    edited_at: datetime | None = None
    removed_at: datetime | None = None
    """When its author took the words away; they are gone then."""


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One thing that happened, for ever. Holds no typed words: those are in the note it points to.

    `verb` is a lifecycle verb, or one of Baton's own acts of delivery and repair (`held`, `maybe_double`, `repaired`).
    `owner`, `accountable` and `queue` are as they were after it, so that custody can be read from the audit alone.
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
    """A stretch of time in which the same person answered for a handoff. `until` is None for the present one."""

    accountable: str
    owner: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class StoredDraft:
    """A form that somebody has begun and not sent: what it holds so far. `content` is the form's own business."""

    id: str
    workspace: str
    author: str
    saved_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ContextVerdict:
    """What a receiver made of the context of a handoff when they had finished it."""

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
