"""What became of a reminder: who did what about it, and how late that was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from slackapp.clocks.rules.clock_changes import SIGNS_OF_LIFE
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import headlines, wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import when
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import State, Verb
from storage.handoffs.model import AuditEntry

_LEFT: Final = frozenset({Verb.RELEASE, Verb.LAPSE, Verb.ASSIGN, Verb.TRANSFER, Verb.RETURN, Verb.CANCEL})
"""What takes work out of its owner's hands unfinished."""


@dataclass(frozen=True, kw_only=True)
class _Stops:
    """What stops a clock."""

    meets: frozenset[Verb] = frozenset()
    """What was asked for."""
    ends: frozenset[Verb]
    """What ends it another way."""
    by_state: Mapping[State, Verb] = field(default_factory=dict)
    """What it was, read off the state of the handoff where the history does not tell."""


_STOPS: Final[Mapping[ClockKind, _Stops]] = {
    ClockKind.CLAIM: _Stops(
        meets=frozenset({Verb.CLAIM, Verb.ASSIGN}),
        ends=frozenset({Verb.COMPLETE, Verb.RETURN, Verb.TRANSFER, Verb.CANCEL}),
        by_state={State.CLAIMED: Verb.CLAIM},
    ),
    ClockKind.FIRST_ACTION: _Stops(meets=SIGNS_OF_LIFE | {Verb.TRANSFER, Verb.COMPLETE}, ends=_LEFT),
    ClockKind.UPDATE: _Stops(meets=SIGNS_OF_LIFE | {Verb.COMPLETE}, ends=_LEFT),
    ClockKind.FINISH: _Stops(
        meets=frozenset({Verb.COMPLETE}), ends=frozenset({Verb.CANCEL}), by_state={State.DONE: Verb.COMPLETE}
    ),
    ClockKind.RESPOND: _Stops(meets=frozenset({Verb.RESEND, Verb.ANSWER}), ends=_LEFT | {Verb.COMPLETE}),
    ClockKind.NEEDED_BY: _Stops(meets=frozenset({Verb.COMPLETE}), ends=frozenset({Verb.CANCEL})),
    ClockKind.SNOOZE: _Stops(ends=_LEFT | {Verb.COMPLETE, Verb.CONTINUE, Verb.REMIND}),
    ClockKind.CHECK: _Stops(meets=SIGNS_OF_LIFE | {Verb.COMPLETE}, ends=_LEFT),
}


@dataclass(frozen=True, kw_only=True)
class SentReminder:
    """A reminder that was said: the clock, its step, when it was due, and when it was put if that is known."""

    clock: ClockKind
    level: str
    due: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderOutcome:
    """What stopped the clock that a reminder spoke of."""

    verb: Verb
    user: str
    at: datetime


def line(details: HandoffDetails, spoken: SentReminder, now: datetime) -> str:
    """Say it in one line: "#42 Acme renewal: claimed by Ana, 14:32, 5 min late."."""
    handoff = details.handoff
    answer = answer_to(details, spoken)
    if handoff.state is State.DELETED or answer is None:
        name = "" if handoff.state is State.DELETED else f"{wording.number(handoff)} "
        return f"{name}{headlines.headline(details, now)}."
    did = f"{wording.VERB_WORDS[answer.verb].past.lower()} by {wording.who(details, answer.user)}, {when(answer.at)}"
    return f"{wording.number(handoff)} {wording.title(handoff)}: {did}{_judged(details, spoken, answer)}."


def answer_to(
    details: HandoffDetails, spoken: SentReminder, *, asks: ClockKind | None = None
) -> ReminderOutcome | None:
    """Find what came after the reminder in the history; without one, read it off the handoff's state.

    `asks` is the clock whose end is the answer, where it is another than the one that spoke.
    """
    clock = asks or spoken.clock
    index = _index(details.history, spoken)
    if index is None:
        return _by_state(details, clock)
    later = details.history[index + 1 :]
    stops = _STOPS[clock].meets | _STOPS[clock].ends
    entry = next((entry for entry in later if entry.verb in stops and _counts(entry)), None)
    return ReminderOutcome(verb=Verb(entry.verb), user=entry.actor, at=entry.at) if entry else None


def _judged(details: HandoffDetails, spoken: SentReminder, answer: ReminderOutcome) -> str:
    """How late it was, where it is known when it was due. Only what was asked for can be in time."""
    due = spoken.due or _due(details.history, spoken)
    if due is None or (spoken.clock is not ClockKind.CLAIM and answer.verb not in _STOPS[spoken.clock].meets):
        return ""
    return f", {phrases.span(answer.at - due)} late" if answer.at > due else ", in time"


def _due(history: Sequence[AuditEntry], spoken: SentReminder) -> datetime | None:
    index = _index(history, spoken)
    written = None if index is None else history[index].facts.get("deadline_at")
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def _index(history: Sequence[AuditEntry], spoken: SentReminder) -> int | None:
    """Where the history holds the reminder."""
    due = spoken.due.isoformat() if spoken.due else None
    for index, entry in enumerate(history):
        same = entry.verb == Verb.ESCALATE and (entry.facts.get("clock"), entry.facts.get("level")) == (
            spoken.clock,
            spoken.level,
        )
        if same and (entry.at == spoken.at if spoken.at else entry.facts.get("deadline_at") == due):
            return index
    return None


def _counts(entry: AuditEntry) -> bool:
    """Whether it was its owner's own sign of life, where it is one."""
    return entry.verb not in SIGNS_OF_LIFE or entry.owner is None or entry.actor == entry.owner


def _by_state(details: HandoffDetails, clock: ClockKind) -> ReminderOutcome | None:
    handoff = details.handoff
    did = _STOPS[clock].by_state.get(handoff.state)
    user = handoff.owner or headlines.finished_by(details)
    return ReminderOutcome(verb=did, user=user, at=handoff.state_since) if did and user else None
