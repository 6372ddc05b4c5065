"""Acts on a handoff: one frozen dataclass per verb, with the verb's data.

An act knows which columns of the handoff it changes (`effects`); `lifecycle.decide` decides whether it is allowed.
Typed text (notes, reasons) is part of the act, and the use case stores it as a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from storage.handoffs.lifecycle import ReadBackStatus, State, Verb

if TYPE_CHECKING:
    from storage.handoffs.model import Handoff, Text


_FREE: Final[Mapping[str, Any]] = {"owner": None, "offered_to": None}


class Verdict(StrEnum):
    """The receiver's rating of the context that came with the handoff."""

    COMPLETE = "complete"
    """They could start at once."""
    ASKED = "asked"
    """They had to ask."""
    RESTARTED = "restarted"
    """They had to start over."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Base of all acts. `text` is what the person wrote, and the reason they chose or typed."""

    verb: ClassVar[Verb]
    text: Text | None = None

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Return the columns of the handoff that this act changes besides its state, with their new values."""
        return {}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Return whether this act would leave the handoff exactly as it is."""
        return False

    def facts(self) -> dict[str, Any]:
        """Return what the audit stores of the act besides verb and people: keys and numbers, never typed words."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Claim(Act):
    """Take an open handoff, by `button` or by a `reply` in its card's thread."""

    verb: ClassVar[Verb] = Verb.CLAIM
    by: str = "button"

    def facts(self) -> dict[str, Any]:
        """That it was a reply."""
        return {"by": self.by} if self.by != "button" else {}

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The actor becomes the owner; an offer ends."""
        return {"owner": user, "last_owner": user, "offered_to": None}


@dataclass(frozen=True, kw_only=True)
class Decline(Act):
    """Decline an offered handoff, so that anyone in the queue can claim it."""

    verb: ClassVar[Verb] = Verb.DECLINE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The offer ends."""
        return {"offered_to": None}


@dataclass(frozen=True, kw_only=True)
class Assign(Act):
    """Make `person` the owner, as a manager."""

    verb: ClassVar[Verb] = Verb.ASSIGN
    person: str

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """`person` becomes the owner; an offer ends."""
        return {"owner": self.person, "last_owner": self.person, "offered_to": None}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Return whether `person` is the owner already."""
        return handoff.owner == self.person

    def facts(self) -> dict[str, Any]:
        """The new owner."""
        return {"person": self.person}


@dataclass(frozen=True, kw_only=True)
class Release(Act):
    """Put a claimed handoff back into its queue."""

    verb: ClassVar[Verb] = Verb.RELEASE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The handoff has no owner."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Lapse(Act):
    """Put a claimed handoff back into its queue, as the clock: the owner did not answer, or a level released it.

    `text.reason` tells which.
    """

    verb: ClassVar[Verb] = Verb.LAPSE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The handoff has no owner."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Transfer(Act):
    """Move a handoff to a queue, and offer it there to `person` if given.

    Transferring a claimed handoff makes the actor its sender; transferring an open one leaves the sender unchanged.
    """

    verb: ClassVar[Verb] = Verb.TRANSFER
    queue: str
    person: str | None = None

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Set queue, offer and sender; another queue is a new hop, with its own card."""
        return {
            **_FREE,
            "queue": self.queue,
            "offered_to": self.person,
            "sender": user if handoff.state is State.CLAIMED else handoff.sender,
            "hop": handoff.hop + (self.queue != handoff.queue),
        }

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Return whether the handoff is open and already has this queue and offer."""
        here = (handoff.queue, handoff.offered_to)
        return handoff.state is State.OPEN and here == (self.queue, self.person)

    def facts(self) -> dict[str, Any]:
        """The new queue and the person it is offered to."""
        return {"queue": self.queue, "person": self.person}


@dataclass(frozen=True, kw_only=True)
class Return(Act):
    """Send a handoff back to its sender, with what is missing (`text.reason`) and what would help (`text.plain`)."""

    verb: ClassVar[Verb] = Verb.RETURN

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The handoff has no owner; the round counter goes up."""
        return {**_FREE, "rounds": handoff.rounds + 1}


@dataclass(frozen=True, kw_only=True)
class Resend(Act):
    """Reopen a returned handoff, as its sender, with the missing information."""

    verb: ClassVar[Verb] = Verb.RESEND


@dataclass(frozen=True, kw_only=True)
class Edit(Act):
    """Change what was sent: `changes` maps columns to new values, `answers` maps question keys to new answers.

    An answer of None is removed; answers that are not named stay as they are.
    """

    verb: ClassVar[Verb] = Verb.EDIT
    changes: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The columns that differ from the stored handoff."""
        return dict(self.differing(handoff))

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Return whether all new values equal the stored ones."""
        return not self.differing(handoff)

    def differing(self, handoff: Handoff) -> dict[str, Any]:
        """Return the columns whose new values differ from the stored ones, with the new values."""
        fields = {**self.changes.get("fields", handoff.fields), **self.answers}
        wanted = {**self.changes, "fields": {key: value for key, value in fields.items() if value is not None}}
        return {name: wanted[name] for name in wanted if wanted[name] != getattr(handoff, name)}

    def narrowed(self, handoff: Handoff) -> Edit:
        """Return the edit without values that are stored already, and with `answers` instead of the whole `fields`."""
        wanted = self.differing(handoff)
        fields = wanted.pop("fields", handoff.fields)
        named = [*self.answers, *(key for key in (*fields, *handoff.fields) if key not in self.answers)]
        found = {key: fields.get(key) for key in named if fields.get(key) != handoff.fields.get(key)}
        return Edit(text=self.text, changes=wanted, answers=found)

    def facts(self) -> dict[str, Any]:
        """The names of the changed fields; old and new values are in the note."""
        return {"fields": [*sorted(self.changes), *(f"fields.{key}" for key in self.answers)]}


@dataclass(frozen=True, kw_only=True)
class AddNote(Act):
    """Add a note to the handoff."""

    verb: ClassVar[Verb] = Verb.NOTE
    text: Text


@dataclass(frozen=True, kw_only=True)
class EditNote(Act):
    """Replace the text of one's own note; the old text is not kept."""

    verb: ClassVar[Verb] = Verb.EDIT_NOTE
    note_id: str
    text: Text

    def facts(self) -> dict[str, Any]:
        """The note's id."""
        return {"note": self.note_id}


@dataclass(frozen=True, kw_only=True)
class DeleteNote(Act):
    """Remove the text of one's own note; its author and time stay."""

    verb: ClassVar[Verb] = Verb.DELETE_NOTE
    note_id: str

    def facts(self) -> dict[str, Any]:
        """The note's id."""
        return {"note": self.note_id}


@dataclass(frozen=True, kw_only=True)
class GiveReadBack(Act):
    """Confirm in one's own words, as the owner, what was taken over: the first step (`text`), and by when."""

    verb: ClassVar[Verb] = Verb.READ_BACK
    text: Text
    by: datetime | None = None

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The read-back is given; with a hard read-back the owner becomes accountable."""
        return {"read_back": ReadBackStatus.GIVEN}

    def facts(self) -> dict[str, Any]:
        """When the first step is planned."""
        return {"by": self.by.isoformat() if self.by else None}


@dataclass(frozen=True, kw_only=True)
class Confirm(Act):
    """Confirm the owner's read-back, as the sender."""

    verb: ClassVar[Verb] = Verb.CONFIRM

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The read-back is confirmed."""
        return {"read_back": ReadBackStatus.CONFIRMED}


@dataclass(frozen=True, kw_only=True)
class Correct(Act):
    """Correct the owner's read-back, as the sender; with a hard one the sender is accountable until the next."""

    verb: ClassVar[Verb] = Verb.CORRECT

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Another read-back is due."""
        return {"read_back": ReadBackStatus.CORRECTED}


@dataclass(frozen=True, kw_only=True)
class Ask(Act):
    """Ask the sender a question, as the owner, without giving the handoff back."""

    verb: ClassVar[Verb] = Verb.ASK

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """A question is open from `now` on."""
        return {"asked_at": now}


@dataclass(frozen=True, kw_only=True)
class Answer(Act):
    """Close the open question: the sender answers, or the owner no longer needs an answer (`needless`)."""

    verb: ClassVar[Verb] = Verb.ANSWER
    needless: bool = False

    def facts(self) -> dict[str, Any]:
        """Whether the owner no longer needed an answer."""
        return {"needless": True} if self.needless else {}

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """No question is open."""
        return {"asked_at": None}


@dataclass(frozen=True, kw_only=True)
class Extend(Act):
    """Extend the deadline of the running clock by `seconds` of working time."""

    verb: ClassVar[Verb] = Verb.EXTEND
    seconds: int

    def facts(self) -> dict[str, Any]:
        """The added seconds."""
        return {"seconds": self.seconds}


@dataclass(frozen=True, kw_only=True)
class Snooze(Act):
    """Snooze the handoff until an instant: its clocks pause, and its owner is reminded then."""

    verb: ClassVar[Verb] = Verb.SNOOZE
    until: datetime

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The handoff is snoozed until that instant."""
        return {"snoozed_until": self.until}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Return whether it is snoozed until this instant already."""
        return handoff.snoozed_until == self.until

    def facts(self) -> dict[str, Any]:
        """The end of the snooze."""
        return {"until": self.until.isoformat()}


@dataclass(frozen=True, kw_only=True)
class Continue(Act):
    """Report progress, as the owner: by `button`, which also ends a snooze, or by a `reply` in the thread."""

    verb: ClassVar[Verb] = Verb.CONTINUE
    by: str = "button"

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The button ends a snooze; a reply does not."""
        return {"snoozed_until": None} if self.by == "button" else {}

    def facts(self) -> dict[str, Any]:
        """`button` or `reply`."""
        return {"by": self.by}


@dataclass(frozen=True, kw_only=True)
class Remind(Act):
    """End a snooze, as the clock."""

    verb: ClassVar[Verb] = Verb.REMIND

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The snooze ends."""
        return {"snoozed_until": None}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Return whether the handoff is not snoozed."""
        return handoff.snoozed_until is None


@dataclass(frozen=True, kw_only=True)
class Complete(Act):
    """Complete the handoff: `text` is the outcome, `verdict` rates the context, `line` tells what would have helped."""

    verb: ClassVar[Verb] = Verb.COMPLETE
    verdict: Verdict | None = None
    line: str = ""

    def facts(self) -> dict[str, Any]:
        """The verdict; the line about it is for the sender alone."""
        return {"verdict": self.verdict} if self.verdict else {}

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The handoff has no owner; `last_owner` stays."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Cancel(Act):
    """Cancel a handoff that is no longer needed."""

    verb: ClassVar[Verb] = Verb.CANCEL

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The handoff has no owner."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Reopen(Act):
    """Reopen a finished handoff."""

    verb: ClassVar[Verb] = Verb.REOPEN

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The handoff has no owner and is offered to nobody."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Escalate(Act):
    """Record, as the clock, that a level fired and who was notified."""

    verb: ClassVar[Verb] = Verb.ESCALATE
    clock: str
    level: str
    told: tuple[str, ...] = field(default=())
    """Who is notified at once."""
    deadline_at: datetime | None = None
    due_at: datetime | None = None
    held: tuple[tuple[str, str, str], ...] = ()
    """Who is notified later, why, and from when on."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Who is not notified, and why."""
    climbed: tuple[str, ...] = ()
    """Higher levels whose people were notified too, because nobody of this one is available now."""

    def facts(self) -> dict[str, Any]:
        """Clock, level, when the level was due, the clock's deadline, and who was notified, held and skipped."""
        others = {
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "held": [list(one) for one in self.held],
            "skipped": [list(one) for one in self.skipped],
            "climbed": list(self.climbed),
        }
        return {
            "clock": self.clock,
            "level": self.level,
            "told": list(self.told),
            "deadline_at": self.deadline_at.isoformat() if self.deadline_at else None,
            **{key: value for key, value in others.items() if value},
        }


@dataclass(frozen=True, kw_only=True)
class Delete(Act):
    """Delete the contents everywhere; the audit keeps that it was done."""

    verb: ClassVar[Verb] = Verb.DELETE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Every column with typed text is blanked."""
        return {
            **_FREE,
            "title": "",
            "next_step": "",
            "link": None,
            "needed_by": None,
            "fields": {},
            "source": None,
            "record": None,
            "erase_at": None,
        }


ACTS: Final = (
    Claim, Decline, Assign, Release, Lapse, Transfer, Return, Resend, Edit,
    AddNote, EditNote, DeleteNote, Extend, Snooze, Continue, GiveReadBack, Confirm, Correct, Ask, Answer,
    Complete, Cancel, Reopen, Remind, Escalate, Delete,
)  # fmt: skip
