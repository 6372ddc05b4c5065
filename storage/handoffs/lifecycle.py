"""The life of a handoff: its states, the verbs that move it, and who may use them.

`RULES` is the product. The database's CHECK constraint, the buttons on a card, the table in docs/lifecycle.md and the
state-machine tests are all derived from it. `decide` reads it and changes nothing: expected refusals are values.

           ┌── release, transfer, decline, lapse ┐
           ▼                                     │
  ●──►   OPEN ─────── claim, assign ───────► CLAIMED ─── complete ──► DONE ─── reopen ──► OPEN
           │ ▲                                   │
           │ └─ resend ── RETURNED ◄── return ───┘
           └──────────────────▲── return

  cancel: OPEN, CLAIMED, RETURNED ──► CANCELLED ─── reopen ──► OPEN
  delete: any ──► DELETED (contents are removed, the audit stays)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

    from storage.handoffs.acts import Act
    from storage.handoffs.model import Handoff


class State(StrEnum):
    """The state of a handoff, as stored."""

    OPEN = "open"
    CLAIMED = "claimed"
    RETURNED = "returned"
    DONE = "done"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class Situation(StrEnum):
    """The state as the rules see it: an open handoff that is offered to one person has its own."""

    NEW = "new"
    OPEN = "open"
    OFFERED = "offered"
    CLAIMED = "claimed"
    RETURNED = "returned"
    DONE = "done"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class Verb(StrEnum):
    """What can be done to a handoff. The same words name buttons, forms and audit entries."""

    OPEN = "open"
    CLAIM = "claim"
    DECLINE = "decline"
    ASSIGN = "assign"
    RELEASE = "release"
    LAPSE = "lapse"
    TRANSFER = "transfer"
    RETURN = "return"
    RESEND = "resend"
    EDIT = "edit"
    NOTE = "note"
    EDIT_NOTE = "edit_note"
    DELETE_NOTE = "delete_note"
    EXTEND = "extend"
    SNOOZE = "snooze"
    CONTINUE = "continue"
    READ_BACK = "read_back"
    CONFIRM = "confirm"
    CORRECT = "correct"
    ASK = "ask"
    ANSWER = "answer"
    COMPLETE = "complete"
    CANCEL = "cancel"
    REOPEN = "reopen"
    REMIND = "remind"
    ESCALATE = "escalate"
    DELETE = "delete"


class ReadBackMode(StrEnum):
    """Whether the receiver must confirm what they have taken over. With `hard` the sender is accountable until then."""

    OFF = "off"
    SOFT = "soft"
    HARD = "hard"


class ReadBackStatus(StrEnum):
    """Status of the current owner's read-back."""

    DUE = "due"
    GIVEN = "given"
    CONFIRMED = "right"
    """The sender has confirmed it."""
    CORRECTED = "corrected"
    """The sender has corrected it; another one is due."""


class Role(StrEnum):
    """A relation of a person to a handoff or its queue. The first five follow from the handoff."""

    SENDER = "sender"
    OWNER = "owner"
    LAST_OWNER = "last owner"
    OFFERED = "the person it is offered to"
    ORIGINATOR = "whoever may send to the queue"
    MEMBER = "member"
    CLAIMER = "those the team lets claim"
    """A colleague outside the team, where the queue lets everybody claim or everybody in its channel."""
    MANAGER = "manager"
    ADMIN = "admin"
    VIEWER = "whoever may see it"
    OWNER_COVER = "who covers for the owner"
    SENDER_COVER = "who covers for the sender"
    CLOCK = "the clock"


class Precondition(StrEnum):
    """A further condition on the handoff for a verb. The words appear in the table of docs/lifecycle.md."""

    ASKED = "while a question is open"
    NOT_ASKED = "while its sender is someone else and owes no answer"
    READ_BACK_DUE = "until it is read back"
    READ_BACK_GIVEN = "once it is read back"


@dataclass(frozen=True)
class Transition:
    """The rule of one verb: the state it leads to (`end`; None keeps the state) and who may do it in which situation.

    Somebody with the role `never` may not, whatever other roles they have.
    """

    end: State | None
    who: Mapping[Situation, frozenset[Role]]
    precondition: Precondition | None = None
    never: Role | None = None

    @property
    def starts(self) -> frozenset[Situation]:
        """The situations in which the verb is allowed to anybody."""
        return frozenset(self.who)


def _rule(end: str, precondition: Precondition | None = None, never: Role | None = None, /, **who: str) -> Transition:
    """Parse one row. `open=` applies to an offered handoff too unless `offered=` is given."""
    if "open" in who:
        who.setdefault("offered", who["open"])
    words = {role.name.lower(): role for role in Role}
    return Transition(
        end=None if end == "-" else State(end),
        who={Situation(start): frozenset(words[word] for word in roles.split()) for start, roles in who.items()},
        precondition=precondition,
        never=never,
    )


def _same(roles: str, *starts: str) -> dict[str, str]:
    return dict.fromkeys(starts, roles)


_LIVE: Final = ("open", "claimed", "returned")
_ENDED: Final = ("done", "cancelled")
_KEPT: Final = (*_LIVE, *_ENDED)

# fmt: off
RULES: Final[Mapping[Verb, Transition]] = {
    #                     to           from = who may
    Verb.OPEN:     _rule("open",      new="originator"),
    Verb.CLAIM:    _rule("claimed",   open="member claimer manager", offered="offered manager"),
    Verb.DECLINE:  _rule("open",      offered="offered"),
    Verb.ASSIGN:   _rule("claimed",   **_same("manager", "open", "claimed")),
    Verb.RELEASE:  _rule("open",      claimed="owner manager"),
    Verb.LAPSE:    _rule("open",      claimed="clock"),
    Verb.TRANSFER: _rule("open",      open="sender manager", claimed="owner manager"),
    Verb.RETURN:   _rule("returned",  open="member manager", claimed="owner manager"),
    Verb.RESEND:   _rule("open",      returned="sender manager sender_cover"),
    Verb.EDIT:     _rule("-",         **_same("sender manager", *_LIVE)),
    Verb.NOTE:     _rule("-",         **_same("viewer", *_KEPT)),
    Verb.EDIT_NOTE:   _rule("-",      **_same("viewer", *_KEPT)),
    Verb.DELETE_NOTE: _rule("-",      **_same("viewer", *_KEPT)),
    Verb.EXTEND:   _rule("-",         **_same("manager", "open", "claimed")),
    Verb.SNOOZE:   _rule("-",         claimed="owner manager owner_cover"),
    Verb.CONTINUE: _rule("-",         claimed="owner owner_cover"),
    Verb.READ_BACK: _rule("-",        Precondition.READ_BACK_DUE,   claimed="owner"),
    Verb.CONFIRM:  _rule("-",         Precondition.READ_BACK_GIVEN, Role.OWNER, claimed="sender manager sender_cover"),
    Verb.CORRECT:  _rule("-",         Precondition.READ_BACK_GIVEN, Role.OWNER, claimed="sender manager sender_cover"),
    Verb.ASK:      _rule("-",         Precondition.NOT_ASKED,       claimed="owner owner_cover"),
    Verb.ANSWER:   _rule("-",         Precondition.ASKED,           claimed="owner sender manager sender_cover"),
    Verb.COMPLETE: _rule("done",      claimed="owner manager owner_cover"),
    Verb.CANCEL:   _rule("cancelled", **_same("sender manager", *_LIVE)),
    Verb.REOPEN:   _rule("open",      **_same("sender last_owner manager", "done", "cancelled")),
    Verb.REMIND:   _rule("-",         **_same("clock", *_LIVE)),
    Verb.ESCALATE: _rule("-",         **_same("clock", *_LIVE)),
    Verb.DELETE:   _rule("deleted",   **_same("sender admin", *_LIVE), **_same("sender admin clock", *_ENDED)),
}
# fmt: on

FINAL: Final = frozenset(State(s) for s in Situation if s.value in set(State) and s not in RULES[Verb.ESCALATE].starts)
"""States in which no clock runs any more."""


PRECONDITIONS: Final[Mapping[Precondition, Callable[[Handoff], bool]]] = {
    Precondition.ASKED: lambda handoff: handoff.asked_at is not None,
    Precondition.NOT_ASKED: lambda handoff: handoff.asked_at is None and handoff.owner != handoff.sender,
    Precondition.READ_BACK_DUE: lambda handoff: handoff.read_back in {ReadBackStatus.DUE, ReadBackStatus.CORRECTED},
    Precondition.READ_BACK_GIVEN: lambda handoff: handoff.read_back is ReadBackStatus.GIVEN,
}


class RefusalReason(StrEnum):
    """The reason why a verb was refused. `slackapp.handoffs.views.refusals` has the sentences for people."""

    DELETED = "deleted"
    CLOSED = "closed"
    TAKEN = "taken"
    YOURS = "yours"
    RESERVED = "reserved"
    NOT_NOW = "not_now"
    NOT_ALLOWED = "not_allowed"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a Slack user id (or `clock`) and the roles that follow from the handoff's queue."""

    user: str
    roles: frozenset[Role] = frozenset()
    is_barred: bool = False
    """Whether they may do nothing at all, although the handoff may name them as its sender or owner."""


CLOCK: Final = "clock"
"""The actor of acts by Baton's clocks, as the audit log names it."""
BATON: Final = "baton"
"""The actor of Baton's other acts, such as repairs, as the audit log names it."""
SYSTEM_ACTORS: Final = frozenset({CLOCK, BATON})
"""The actors that are not people."""
CLOCK_ACTOR: Final = Actor(user=CLOCK, roles=frozenset({Role.CLOCK}))
"""The clock as an actor, with its role."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An accepted act: the handoff before and after. Nothing is stored yet."""

    before: Handoff
    after: Handoff
    act: Act
    actor: Actor
    at: datetime

    @property
    def verb(self) -> Verb:
        """The act's verb."""
        return self.act.verb


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A refused act, with the reason. `handoff` is the state on which it was refused."""

    handoff: Handoff
    verb: Verb
    why: RefusalReason
    actor: Actor


def situation(handoff: Handoff) -> Situation:
    """Return the handoff's situation: its state, with an offer told apart."""
    if handoff.state is State.OPEN and handoff.offered_to:
        return Situation.OFFERED
    return Situation(handoff.state.value)


def roles(actor: Actor, handoff: Handoff) -> frozenset[Role]:
    """Return every role that `actor` has towards this handoff now."""
    if actor.is_barred:
        return frozenset()
    related = {
        Role.SENDER: handoff.sender,
        Role.OWNER: handoff.owner,
        Role.LAST_OWNER: handoff.last_owner,
        Role.OFFERED: handoff.offered_to,
    }
    return actor.roles | {role for role, user in related.items() if user == actor.user}


def acts_as_owner(actor: Actor, owner: str | None) -> bool:
    """Return whether `actor` is the owner, or covers for them: then what they do counts as the owner's progress."""
    return owner is not None and (actor.user == owner or Role.OWNER_COVER in actor.roles)


def possible(handoff: Handoff, verb: Verb) -> bool:
    """Return whether anybody at all may do `verb` now. A card shows a button only then."""
    rule = RULES[verb]
    return situation(handoff) in rule.who and (rule.precondition is None or PRECONDITIONS[rule.precondition](handoff))


def why_not(handoff: Handoff, verb: Verb, actor: Actor) -> RefusalReason | None:
    """Return why `actor` may not do `verb` now, or None if they may."""
    rule, held = RULES[verb], roles(actor, handoff)
    here = situation(handoff)
    if handoff.state is State.DELETED:
        return RefusalReason.DELETED
    if not possible(handoff, verb):
        return _why_not_here(handoff, verb, actor)
    if rule.who[here] & held and rule.never not in held:
        return None
    return RefusalReason.RESERVED if verb is Verb.CLAIM and here is Situation.OFFERED else RefusalReason.NOT_ALLOWED


def allowed(handoff: Handoff, verb: Verb, actor: Actor) -> bool:
    """Return whether `actor` may do `verb` now."""
    return why_not(handoff, verb, actor) is None


def is_done_already(refused: Refused) -> bool:
    """Return whether what was refused is so already, by somebody who may do it: a second click, or a redelivery."""
    handoff, rule = refused.handoff, RULES[refused.verb]
    if refused.why is RefusalReason.YOURS:
        return True
    held = roles(refused.actor, handoff)
    may = rule.who.get(situation(handoff), frozenset())
    is_confirmed = refused.verb is Verb.CONFIRM and handoff.read_back is ReadBackStatus.CONFIRMED
    return is_confirmed and bool(may & held) and rule.never not in held


def decide(handoff: Handoff, act: Act, actor: Actor, now: datetime) -> Moved | Refused:
    """Return the outcome of `actor` doing `act` at `now`: the changed handoff or a refusal. Stores nothing."""
    why = why_not(handoff, act.verb, actor)
    if why is None and act.changes_nothing(handoff):
        why = RefusalReason.SAME
    if why is not None:
        return Refused(handoff=handoff, verb=act.verb, why=why, actor=actor)
    end = RULES[act.verb].end or handoff.state
    moved = replace(
        handoff,
        version=handoff.version + 1,
        state=end,
        **act.effects(handoff, actor.user, now),
    )
    if (end, moved.owner) != (handoff.state, handoff.owner):
        moved = replace(moved, state_since=now, **_in_new_hands(moved))
    after = replace(moved, accountable=_accountable(handoff, moved))
    return Moved(before=handoff, after=after, act=act, actor=actor, at=now)


def _why_not_here(handoff: Handoff, verb: Verb, actor: Actor) -> RefusalReason:
    if handoff.state in FINAL:
        return RefusalReason.CLOSED
    if verb is Verb.CLAIM and handoff.state is State.CLAIMED:
        return RefusalReason.YOURS if handoff.owner == actor.user else RefusalReason.TAKEN
    return RefusalReason.NOT_NOW


def _in_new_hands(moved: Handoff) -> dict[str, Any]:
    """Return the columns that are reset with a new owner: snooze, question and read-back."""
    reads_back = (
        moved.owner is not None and moved.owner != moved.sender and moved.read_back_mode is not ReadBackMode.OFF
    )
    return {"snoozed_until": None, "asked_at": None, "read_back": ReadBackStatus.DUE if reads_back else None}


def has_taken_over(handoff: Handoff) -> bool:
    """Return whether the owner is accountable: at once, or with a hard read-back once it is given."""
    is_owed = handoff.read_back in {ReadBackStatus.DUE, ReadBackStatus.CORRECTED}
    return handoff.owner is not None and not (is_owed and handoff.read_back_mode is ReadBackMode.HARD)


def _accountable(before: Handoff, after: Handoff) -> str:
    """Return who is accountable: the owner; without one, or before a hard read-back is given, the sender of this hop.

    While none of these changes the stored value stays: the queue's managers may have become accountable for somebody
    who has left.
    """
    if (before.owner, before.sender, has_taken_over(before)) == (after.owner, after.sender, has_taken_over(after)):
        return before.accountable
    if after.owner is not None and has_taken_over(after):
        return after.owner
    return before.accountable if after.owner is not None and before.owner is None else after.sender


def rules_table() -> list[dict[str, Any]]:
    """Return the rules as rows of words (verb, from, to, who may), for docs/lifecycle.md and its test."""
    return [
        {
            "verb": verb.value,
            "from": _starts_in_words(rule),
            "to": rule.end.value if rule.end else "same",
            "who": _who_in_words(rule),
        }
        for verb, rule in RULES.items()
    ]


def _starts_in_words(rule: Transition) -> str:
    if rule.starts == {Situation.NEW}:
        return "–"
    shown = [s.value for s in Situation if s in rule.starts and (s is not Situation.OFFERED or len(rule.starts) == 1)]
    words = "any" if set(shown) == set(_KEPT) else ", ".join(shown)
    return f"{words}, {rule.precondition.value}" if rule.precondition else words


def _who_in_words(rule: Transition) -> str:
    """Return the roles in words, per situation where they differ; situations with equal roles are joined."""

    def words(who: frozenset[Role]) -> str:
        return ", ".join(role.value for role in Role if role in who)

    if len(set(rule.who.values())) == 1:
        barred = f", never its {rule.never.value}" if rule.never else ""
        return words(next(iter(rule.who.values()))) + barred
    alike: dict[frozenset[Role], list[str]] = {}
    for here, who in rule.who.items():
        if here is not Situation.OFFERED or who != rule.who[Situation.OPEN]:
            alike.setdefault(who, []).append(here.value)
    return "; ".join(f"{', '.join(here)}: {words(who)}" for who, here in alike.items())
