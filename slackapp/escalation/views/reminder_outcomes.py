"""Find and word the outcome of a reminder: who did what about it, and how late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from slackapp.clocks.rules.clock_changes import PROGRESS_VERBS
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import headlines, status, wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import when
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import State, Verb
from storage.handoffs.model import AuditEntry

_LEFT: Final = frozenset({Verb.RELEASE, Verb.LAPSE, Verb.ASSIGN, Verb.TRANSFER, Verb.RETURN, Verb.CANCEL})
"""Verbs that take unfinished work from its owner."""

_OWNERS_ONLY: Final = frozenset({Verb.CONTINUE, Verb.ASK})
"""Verbs of the owner, and of who covers for them."""

_CHANGES: Final = frozenset(Verb) - {Verb.NOTE, Verb.EDIT_NOTE, Verb.DELETE_NOTE, Verb.ESCALATE}
"""Verbs that may change an owner, a state or a deadline."""


@dataclass(frozen=True, kw_only=True)
class _Stops:
    """The verbs that stop a clock."""

    meets: frozenset[Verb] = frozenset()
    """Verbs that meet the target."""
    ends: frozenset[Verb]
    """Verbs that end the clock without meeting the target."""
    by_state: Mapping[State, Verb] = field(default_factory=dict)
    """Verb to assume from the handoff's state, if the history does not tell."""


_STOPS: Final[Mapping[ClockKind, _Stops]] = {
    ClockKind.CLAIM: _Stops(
        meets=frozenset({Verb.CLAIM, Verb.ASSIGN}),
        ends=frozenset({Verb.COMPLETE, Verb.RETURN, Verb.TRANSFER, Verb.CANCEL}),
        by_state={State.CLAIMED: Verb.CLAIM},
    ),
    ClockKind.FIRST_ACTION: _Stops(meets=PROGRESS_VERBS | {Verb.TRANSFER, Verb.COMPLETE}, ends=_LEFT),
    ClockKind.UPDATE: _Stops(meets=PROGRESS_VERBS | {Verb.COMPLETE}, ends=_LEFT),
    ClockKind.FINISH: _Stops(
        meets=frozenset({Verb.COMPLETE}), ends=frozenset({Verb.CANCEL}), by_state={State.DONE: Verb.COMPLETE}
    ),
    ClockKind.RESPOND: _Stops(meets=frozenset({Verb.RESEND, Verb.ANSWER}), ends=_LEFT | {Verb.COMPLETE}),
    ClockKind.NEEDED_BY: _Stops(meets=frozenset({Verb.COMPLETE}), ends=frozenset({Verb.CANCEL})),
    ClockKind.SNOOZE: _Stops(ends=_LEFT | {Verb.COMPLETE, Verb.CONTINUE, Verb.REMIND}),
    ClockKind.CHECK: _Stops(meets=PROGRESS_VERBS | {Verb.COMPLETE}, ends=_LEFT),
}


@dataclass(frozen=True, kw_only=True)
class SentReminder:
    """A reminder that was sent: its clock and level, the deadline, and when it was sent if known."""

    clock: ClockKind
    level: str
    due: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderOutcome:
    """The act that stopped a reminder's clock."""

    verb: Verb
    user: str
    at: datetime
    queue: str
    """The key of the queue it was in then."""
    to: str = ""
    """The person it was assigned to, if it was."""
    holds: bool = True
    """Whether nothing has changed the handoff since."""


def outcome_line(
    details: HandoffDetails, sent_reminder: SentReminder, now: datetime, *, superseded: bool = False
) -> str:
    """Return the outcome in one line: "#42 Acme renewal: claimed by Ana, 14:32, 5 min late.".

    Where the handoff has changed since, the line goes on with how it stands, unless a newer message says so.
    """
    handoff = details.handoff
    answer = outcome_of(details, sent_reminder)
    if handoff.state is State.DELETED or answer is None:
        name = "" if handoff.state is State.DELETED else f"{wording.number(handoff)} "
        return f"{name}{headlines.headline(details, now)}."
    to = f" to {wording.who(details, answer.to)}" if answer.to else ""
    by = wording.who(details, answer.user)
    did = f"{wording.VERB_WORDS[answer.verb].past.lower()}{to} by {by}, {when(answer.at)}"
    outcome = f"{wording.number(handoff)} {wording.title(handoff)}: {did}{_lateness(details, sent_reminder, answer)}."
    return outcome if answer.holds or superseded else f"{outcome} {standing(details, now)}"


def standing(details: HandoffDetails, now: datetime) -> str:
    """Return how the handoff stands now, as a sentence: "Now unassigned in Support, claim by …"."""
    return f"Now {status.phrase(details, now)}."


def outcome_of(
    details: HandoffDetails, sent_reminder: SentReminder, *, asks: ClockKind | None = None
) -> ReminderOutcome | None:
    """Return the act after the reminder that stopped its clock; without a history, infer it from the state.

    `asks` is the clock whose end is the answer, where it is another than the one that spoke.
    """
    clock = asks or sent_reminder.clock
    index = _index(details.history, sent_reminder)
    if index is None:
        return _by_state(details, clock)
    later = details.history[index + 1 :]
    stops = _STOPS[clock].meets | _STOPS[clock].ends
    place = next((n for n, entry in enumerate(later) if entry.verb in stops and _is_by_owner(entry)), None)
    if place is None:
        return None
    entry, since = later[place], later[place + 1 :]
    return ReminderOutcome(
        verb=Verb(entry.verb),
        user=entry.actor,
        at=entry.at,
        queue=entry.queue or details.handoff.queue,
        to=str(entry.facts.get("person") or "") if entry.verb == Verb.ASSIGN else "",
        holds=not any(other.verb in _CHANGES for other in since),
    )


def _lateness(details: HandoffDetails, sent_reminder: SentReminder, answer: ReminderOutcome) -> str:
    """Return how late the act was, if the deadline is known. Only acts that meet the target can be in time."""
    due = sent_reminder.due or _due(details.history, sent_reminder)
    if due is None or (
        sent_reminder.clock is not ClockKind.CLAIM and answer.verb not in _STOPS[sent_reminder.clock].meets
    ):
        return ""
    return f", {phrases.span(answer.at - due)} late" if answer.at > due else ", on time"


def _due(history: Sequence[AuditEntry], sent_reminder: SentReminder) -> datetime | None:
    index = _index(history, sent_reminder)
    written = None if index is None else history[index].facts.get("deadline_at")
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def _index(history: Sequence[AuditEntry], sent_reminder: SentReminder) -> int | None:
    """Return the index of the reminder in the history, or None."""
    due = sent_reminder.due.isoformat() if sent_reminder.due else None
    for index, entry in enumerate(history):
        same = entry.verb == Verb.ESCALATE and (entry.facts.get("clock"), entry.facts.get("level")) == (
            sent_reminder.clock,
            sent_reminder.level,
        )
        if same and (entry.at == sent_reminder.at if sent_reminder.at else entry.facts.get("deadline_at") == due):
            return index
    return None


def _is_by_owner(entry: AuditEntry) -> bool:
    """Whether an act counts: those in `PROGRESS_VERBS` only if their owner did them, or who covers for the owner."""
    return entry.verb not in PROGRESS_VERBS - _OWNERS_ONLY or entry.owner is None or entry.actor == entry.owner


def _by_state(details: HandoffDetails, clock: ClockKind) -> ReminderOutcome | None:
    handoff = details.handoff
    did = _STOPS[clock].by_state.get(handoff.state)
    user = handoff.owner or status.finished_by(details)
    at, queue = handoff.state_since, handoff.queue
    return ReminderOutcome(verb=did, user=user, at=at, queue=queue) if did and user else None
