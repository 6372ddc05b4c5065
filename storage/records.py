"""What the ledger knows of the work, as frozen read models. Instants are aware UTC; ids of people are Slack's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from storage.acts import Verdict
from storage.lifecycle import FINAL, ReadBack, State, Understanding


class Priority(StrEnum):
    """How urgent. `critical` starts the short clock."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class Clock(StrEnum):
    """What runs towards an instant: the six clocks that are measured, and two of Baton's own (`OWN`)."""

    CLAIM = "claim"
    FIRST_ACTION = "first_action"
    UPDATE = "update"
    FINISH = "finish"
    RESPOND = "respond"
    NEEDED_BY = "needed_by"
    SNOOZE = "snooze"
    """Runs while its owner lets the work rest; then they are reminded."""
    CHECK = "check"
    """Waits for the owner's answer to "Still on it?"; then the work goes back to its queue."""


OWN: Final = frozenset({Clock.SNOOZE, Clock.CHECK})
"""Clocks that Baton starts by itself: they have no target in a policy and are neither met nor missed."""

MEASURED: Final = tuple(clock for clock in Clock if clock not in OWN)
"""Clocks that a policy gives targets and levels."""


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
class Timer:
    """A clock of a handoff. `due_at` is the next level's instant and None while paused, stopped or out of levels.

    `consumed_s` seconds of open time had passed at `running_since`; None there means paused. `fired` holds the keys
    of the levels that fired in this run (`late`, and `late#2` for a repeat). `deadline_at` is when the target is
    reached if it goes on running.
    """

    id: str
    workspace: str
    handoff_id: str
    clock: Clock
    run: int
    policy: str
    policy_version: int
    calendar: str | None
    target_s: int
    consumed_s: int = 0
    started_at: datetime
    running_since: datetime | None
    deadline_at: datetime | None = None
    next_level: str | None = None
    due_at: datetime | None = None
    fired: tuple[str, ...] = ()
    stopped_at: datetime | None = None
    met: bool | None = None
    """None while it runs; then whether the target was kept."""
    wall: bool = False
    paused_at: datetime | None = None
    """Since when it stands still."""
    paused_s: int = 0
    """Seconds of wall time in which it stood still before that."""
    quiet_until: datetime | None = None
    """Nobody of the level that spoke last could hear before then: its repeats count from here."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """That one recipient was to hear of one step of a clock: sent, held until later, or skipped, and why.

    `hear_at` is when they may hear it, None if they never do; `message` the outbox key it is said under. Pushed back or
    not, there is one notice per recipient and step.
    """

    workspace: str
    handoff_id: str
    recipient: str
    """A user id, `channel`, or `webhook:<key>`."""
    clock: Clock
    level: str
    """The step's key: the level's, or `key#2` for a repeat."""
    run: int
    put_at: datetime
    hear_at: datetime | None = None
    why: str | None = None
    """Why it was held (`dnd`, `away`, `hours`), joined a message that was said already (`calm`), or is never heard:
    `gone`, `nobody`, `moot` (settled before), `failed` (an address that took it not). None if it was said at once."""
    message: str | None = None
    heard_at: datetime | None = None
    """When Slack had it."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a message goes: a channel, a thread in it (`reply_to` names the message key whose thread), or a person."""

    channel: str | None = None
    thread_ts: str | None = None
    reply_to: str | None = None
    user: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A message the world must see: drawn from what is stored when it is sent, again whenever it is put again.

    `key` is the message's identity: putting it again redraws the posted message in place. `kind` chooses the view,
    `payload` holds the few facts the view needs besides the handoff (ids and keys, never typed words).
    """

    workspace: str
    key: str
    kind: str
    handoff_id: str | None
    to: Address
    payload: Mapping[str, Any] = field(default_factory=dict)
    erase: bool = False


@dataclass(frozen=True, kw_only=True)
class Leased:
    """An outbox row in our hands until `lease_until`. `first_leased_at` is set when an earlier try has no known end."""

    id: int
    wanted: Wanted
    put_at: datetime
    attempts: int
    lease_until: datetime
    first_leased_at: datetime | None
    posted: Posted | None


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A message of ours that Slack has: where it is and what it shows."""

    workspace: str
    key: str
    kind: str
    handoff_id: str | None
    to: Address
    payload: Mapping[str, Any]
    channel: str
    ts: str
    permalink: str | None
    posted_at: datetime

    def again(self) -> Wanted:
        """The same message, to be drawn again in place."""
        return Wanted(
            workspace=self.workspace,
            key=self.key,
            kind=self.kind,
            handoff_id=self.handoff_id,
            to=self.to,
            payload=self.payload,
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A form that somebody has begun and not sent: what it holds so far. `content` is the form's own business."""

    id: str
    workspace: str
    author: str
    saved_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Judgement:
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


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that a delivery was taken before: what it was (`fingerprint`) and which handoff came of it."""

    key: str
    fingerprint: str
    handoff_id: str | None
    at: datetime
