"""What somebody wants to do to a handoff, with the data that the verb carries.

An act knows its verb and which columns it changes (`effects`); whether it is allowed is `lifecycle.decide`'s business.
Words that people typed (notes, reasons) travel with the act and are stored as a note by the use case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from storage.lifecycle import State, Understanding, Verb

if TYPE_CHECKING:
    from storage.records import Handoff, Text

_FREE: Final[Mapping[str, Any]] = {"owner": None, "offered_to": None}


class Verdict(StrEnum):
    """What the receiver makes of the context that came with the work."""

    COMPLETE = "complete"
    """They could start at once."""
    ASKED = "asked"
    """They had to ask."""
    RESTARTED = "restarted"
    """They had to start over."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Base of all acts. `text` is what the person wrote with it: words, and the reason they chose or typed."""

    verb: ClassVar[Verb]
    text: Text | None = None

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Columns of the handoff that this act changes besides its state."""
        return {}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Whether doing this now would leave everything as it is."""
        return False

    def facts(self) -> dict[str, Any]:
        """What the audit keeps of the act besides verb and people: keys and numbers, never typed words."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Claim(Act):
    """Take an open handoff."""

    verb: ClassVar[Verb] = Verb.CLAIM

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The claimer becomes the owner; an offer is over."""
        return {"owner": user, "last_owner": user, "offered_to": None}


@dataclass(frozen=True, kw_only=True)
class Decline(Act):
    """Say no to an offered handoff; it opens to the whole queue."""

    verb: ClassVar[Verb] = Verb.DECLINE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The offer ends."""
        return {"offered_to": None}


@dataclass(frozen=True, kw_only=True)
class Assign(Act):
    """A manager makes `person` the owner at once."""

    verb: ClassVar[Verb] = Verb.ASSIGN
    person: str

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The named person owns it."""
        return {"owner": self.person, "last_owner": self.person, "offered_to": None}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Assigning to the present owner changes nothing."""
        return handoff.owner == self.person

    def facts(self) -> dict[str, Any]:
        """Who was made owner."""
        return {"person": self.person}


@dataclass(frozen=True, kw_only=True)
class Release(Act):
    """Put a claimed handoff back to its queue."""

    verb: ClassVar[Verb] = Verb.RELEASE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Nobody owns it."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Lapse(Act):
    """The clock puts a claimed handoff back to its queue: its owner was silent, or a level says so (`text.reason`)."""

    verb: ClassVar[Verb] = Verb.LAPSE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Nobody owns it."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Transfer(Act):
    """Pass on to a queue, or within a queue to a person it is then offered to.

    Whoever passes on claimed work becomes the sender of the new hop; correcting the queue of work that nobody has
    claimed leaves its sender as they were.
    """

    verb: ClassVar[Verb] = Verb.TRANSFER
    queue: str
    person: str | None = None

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """A new queue is a new hop, with a card of its own."""
        return {
            **_FREE,
            "queue": self.queue,
            "offered_to": self.person,
            "sender": user if handoff.state is State.CLAIMED else handoff.sender,
            "hop": handoff.hop + (self.queue != handoff.queue),
        }

    def changes_nothing(self, handoff: Handoff) -> bool:
        """An open handoff passed on to where it already is stays where it is."""
        here = (handoff.queue, handoff.offered_to)
        return handoff.state is State.OPEN and here == (self.queue, self.person)

    def facts(self) -> dict[str, Any]:
        """Where it went."""
        return {"queue": self.queue, "person": self.person}


@dataclass(frozen=True, kw_only=True)
class Return(Act):
    """Send back to the sender, with what is missing (`reason`) and what would help (`text`)."""

    verb: ClassVar[Verb] = Verb.RETURN

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The sender has it again."""
        return {**_FREE, "rounds": handoff.rounds + 1}


@dataclass(frozen=True, kw_only=True)
class Resend(Act):
    """The sender has added what was missing; it is open again."""

    verb: ClassVar[Verb] = Verb.RESEND


@dataclass(frozen=True, kw_only=True)
class Edit(Act):
    """Change what was sent: `changes` maps columns of the handoff to new values, `answers` the keys of its fields.

    An answer of None is taken away; answers that are not named stay as they are.
    """

    verb: ClassVar[Verb] = Verb.EDIT
    changes: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Just the changed columns."""
        return dict(self.differing(handoff))

    def changes_nothing(self, handoff: Handoff) -> bool:
        """Equal values are no edit."""
        return not self.differing(handoff)

    def differing(self, handoff: Handoff) -> dict[str, Any]:
        """The changes that differ from what is stored, as columns."""
        fields = {**self.changes.get("fields", handoff.fields), **self.answers}
        wanted = {**self.changes, "fields": {key: value for key, value in fields.items() if value is not None}}
        return {name: wanted[name] for name in wanted if wanted[name] != getattr(handoff, name)}

    def narrowed(self, handoff: Handoff) -> Edit:
        """The same edit, naming only what differs from what is stored, and the fields one by one."""
        wanted = self.differing(handoff)
        fields = wanted.pop("fields", handoff.fields)
        named = [*self.answers, *(key for key in (*fields, *handoff.fields) if key not in self.answers)]
        found = {key: fields.get(key) for key in named if fields.get(key) != handoff.fields.get(key)}
        return Edit(text=self.text, changes=wanted, answers=found)

    def facts(self) -> dict[str, Any]:
        """Which fields changed; their contents live in the note."""
        return {"fields": [*sorted(self.changes), *(f"fields.{key}" for key in self.answers)]}


@dataclass(frozen=True, kw_only=True)
class Note(Act):
    """Add a note."""

    verb: ClassVar[Verb] = Verb.NOTE
    text: Text


@dataclass(frozen=True, kw_only=True)
class EditNote(Act):
    """Put other words in the place of a note of one's own. What stood there before is not kept."""

    verb: ClassVar[Verb] = Verb.EDIT_NOTE
    note_id: str
    text: Text

    def facts(self) -> dict[str, Any]:
        """Which note."""
        return {"note": self.note_id}


@dataclass(frozen=True, kw_only=True)
class DeleteNote(Act):
    """Remove the words of a note of one's own. That there was one, whose and when, stays."""

    verb: ClassVar[Verb] = Verb.DELETE_NOTE
    note_id: str

    def facts(self) -> dict[str, Any]:
        """Which note."""
        return {"note": self.note_id}


@dataclass(frozen=True, kw_only=True)
class ReadItBack(Act):
    """The owner says back what they have taken over: what they do first (`text`), and by when."""

    verb: ClassVar[Verb] = Verb.READ_BACK
    text: Text
    by: datetime | None = None

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """It is said; under a hard read-back its owner answers for the work from now on."""
        return {"read_back": Understanding.GIVEN}

    def facts(self) -> dict[str, Any]:
        """By when."""
        return {"by": self.by.isoformat() if self.by else None}


@dataclass(frozen=True, kw_only=True)
class Confirm(Act):
    """The sender says that the read-back is right."""

    verb: ClassVar[Verb] = Verb.CONFIRM

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """It is settled."""
        return {"read_back": Understanding.RIGHT}


@dataclass(frozen=True, kw_only=True)
class Correct(Act):
    """The sender says what is not quite right; under a hard read-back the sender answers for it again until then."""

    verb: ClassVar[Verb] = Verb.CORRECT

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """It is to be said once more."""
        return {"read_back": Understanding.CORRECTED}


@dataclass(frozen=True, kw_only=True)
class Ask(Act):
    """The owner asks the sender something without giving the work back."""

    verb: ClassVar[Verb] = Verb.ASK

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The sender's turn."""
        return {"asked_at": now}


@dataclass(frozen=True, kw_only=True)
class Answer(Act):
    """The sender answers, or the owner knows it now (`needless`): the question is over."""

    verb: ClassVar[Verb] = Verb.ANSWER
    needless: bool = False

    def facts(self) -> dict[str, Any]:
        """Whether its owner needed no answer any more."""
        return {"needless": True} if self.needless else {}

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """The owner's turn again."""
        return {"asked_at": None}


@dataclass(frozen=True, kw_only=True)
class Extend(Act):
    """Give the running clock `seconds` more of open time."""

    verb: ClassVar[Verb] = Verb.EXTEND
    seconds: int

    def facts(self) -> dict[str, Any]:
        """How much was added."""
        return {"seconds": self.seconds}


@dataclass(frozen=True, kw_only=True)
class Snooze(Act):
    """Let the work rest until an instant: its clocks stand still, and its owner is reminded then."""

    verb: ClassVar[Verb] = Verb.SNOOZE
    until: datetime

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """It rests."""
        return {"snoozed_until": self.until}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """It rests until then already."""
        return handoff.snoozed_until == self.until

    def facts(self) -> dict[str, Any]:
        """Until when."""
        return {"until": self.until.isoformat()}


@dataclass(frozen=True, kw_only=True)
class Continue(Act):
    """The owner shows that they are on it: `by` a `button`, which also ends a snooze, or a `reply` in the thread."""

    verb: ClassVar[Verb] = Verb.CONTINUE
    by: str = "button"

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Whoever presses the button goes on now; a word in the thread leaves a snooze as it is."""
        return {"snoozed_until": None} if self.by == "button" else {}

    def facts(self) -> dict[str, Any]:
        """How they showed it."""
        return {"by": self.by}


@dataclass(frozen=True, kw_only=True)
class Remind(Act):
    """The clock ends a snooze."""

    verb: ClassVar[Verb] = Verb.REMIND

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """It rests no longer."""
        return {"snoozed_until": None}

    def changes_nothing(self, handoff: Handoff) -> bool:
        """It does not rest."""
        return handoff.snoozed_until is None


@dataclass(frozen=True, kw_only=True)
class Complete(Act):
    """Finish the work. `text` tells the outcome, `verdict` how good the context was, `line` a word about that."""

    verb: ClassVar[Verb] = Verb.COMPLETE
    verdict: Verdict | None = None
    line: str = ""

    def facts(self) -> dict[str, Any]:
        """What was made of the context; the line about it is the sender's alone."""
        return {"verdict": self.verdict} if self.verdict else {}

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Done work has no owner, but remembers who did it."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Cancel(Act):
    """It is no longer needed."""

    verb: ClassVar[Verb] = Verb.CANCEL

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Nobody owns it."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Reopen(Act):
    """It was not done after all, or is needed again."""

    verb: ClassVar[Verb] = Verb.REOPEN

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Open to the whole queue."""
        return dict(_FREE)


@dataclass(frozen=True, kw_only=True)
class Escalate(Act):
    """The clock reached a level."""

    verb: ClassVar[Verb] = Verb.ESCALATE
    clock: str
    level: str
    told: tuple[str, ...] = field(default=())
    """Who hears at once."""
    deadline_at: datetime | None = None
    due_at: datetime | None = None
    held: tuple[tuple[str, str, str], ...] = ()
    """Who hears later, why, and from when on."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Who never hears, and why."""
    climbed: tuple[str, ...] = ()
    """The higher levels whose people were told too, because nobody of this one can hear now."""

    def facts(self) -> dict[str, Any]:
        """Which level of which clock, when it was due and the clock's deadline, who was told, held, and skipped."""
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
    """Remove the contents everywhere; the fact stays in the audit."""

    verb: ClassVar[Verb] = Verb.DELETE

    def effects(self, handoff: Handoff, user: str, now: datetime) -> dict[str, Any]:
        """Everything that a person typed is blanked."""
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
    Note, EditNote, DeleteNote, Extend, Snooze, Continue, ReadItBack, Confirm, Correct, Ask, Answer,
    Complete, Cancel, Reopen, Remind, Escalate, Delete,
)  # fmt: skip
