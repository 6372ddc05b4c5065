"""The effect of each change of a handoff on each of its clocks, one function per clock.

Progress is a note, a "still on it", a read-back, a snooze or a question by the owner, and a transfer or completion.
A snooze by a manager is no progress: the owner may not have seen the work yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum, auto
from typing import Final

from storage.clocks.model import ClockKind, Timer
from storage.handoffs.lifecycle import Moved, State, Verb, acts_as_owner
from storage.handoffs.model import Handoff

PROGRESS_VERBS: Final = frozenset({Verb.NOTE, Verb.CONTINUE, Verb.SNOOZE, Verb.READ_BACK, Verb.ASK})
"""Verbs of an owner that count as progress although the state stays the same."""

PROGRESS_CLOCKS: Final = frozenset({ClockKind.FIRST_ACTION, ClockKind.UPDATE, ClockKind.CHECK})
"""Clocks that wait for the owner's progress."""


class Change(Enum):
    """Effects of a handoff's change on a clock."""

    NONE = auto()
    START = auto()
    RESTART = auto()
    """The clock ends, neither met nor missed, and starts again."""
    RENEW = auto()
    """The clock ends, met or missed, and starts again."""
    PAUSE = auto()
    RESUME = auto()
    MET = auto()
    """The clock ends: met, or missed if its deadline has passed."""
    DROP = auto()
    """The clock ends, neither met nor missed."""
    EXTEND = auto()
    ADJUST = auto()
    """The target may have changed. A target that appears starts the clock, one that vanishes ends it."""
    MOVE = auto()
    """The instant that the clock runs towards has changed."""


def _claim(moved: Moved, _timer: Timer | None) -> Change:
    before, now = moved.before, moved.after
    if now.state is State.OPEN and (before.state is not State.OPEN or now.hop != before.hop):
        return Change.RESTART
    if before.state is State.OPEN and now.state is not State.OPEN:
        return Change.MET if now.state is State.CLAIMED else Change.DROP
    return _adjustment(moved, extends=True) if now.state is State.OPEN else Change.NONE


def _first_action(moved: Moved, _timer: Timer | None) -> Change:
    if _has_new_owner(moved):
        return Change.RESTART
    if moved.before.state is not State.CLAIMED:
        return Change.NONE
    if moved.verb in {Verb.TRANSFER, Verb.COMPLETE} or _is_owner_progress(moved):
        return Change.MET
    if moved.after.state is not State.CLAIMED:
        return Change.DROP
    return _pause_or_resume(moved) or _adjustment(moved)


def _update(moved: Moved, timer: Timer | None) -> Change:
    if _has_new_owner(moved):
        return Change.RESTART
    if moved.after.state is not State.CLAIMED:
        return Change.DROP
    pause = _pause_or_resume(moved)
    if pause is Change.RESUME:
        return Change.RENEW if acts_as_owner(moved.actor, moved.before.owner) else Change.RESTART
    if pause is Change.PAUSE:
        return pause
    if _is_paused(moved.after):  # the clock restarts anyway when the pause is over
        return _adjustment(moved) if timer else Change.NONE
    return Change.RENEW if _is_owner_progress(moved) else _adjustment(moved)


def _finish(moved: Moved, timer: Timer | None) -> Change:
    before, now = moved.before, moved.after
    if now.state is State.CLAIMED and before.state is not State.CLAIMED and timer is None:
        return Change.START
    if now.state is State.DONE:
        return Change.MET
    if now.final or now.hop != before.hop:
        return Change.DROP
    if pause := _pause_or_resume(moved):
        return pause
    if now.state is not State.CLAIMED and timer is None:
        return Change.NONE
    return _adjustment(moved, extends=now.state is State.CLAIMED)


def _respond(moved: Moved, _timer: Timer | None) -> Change:
    before, now = _owed_since(moved.before), _owed_since(moved.after)
    if now is None:
        return Change.MET if _is_answered(moved) else Change.DROP
    return _adjustment(moved) if before == now else Change.RESTART


def _needed_by(moved: Moved, timer: Timer | None) -> Change:
    before, now = moved.before, moved.after
    if now.final:
        return Change.MET if now.state is State.DONE else Change.DROP
    if before.needed_by != now.needed_by:
        if now.needed_by is None:
            return Change.DROP
        return Change.MOVE if timer else Change.START
    if before.final:
        return Change.START
    if now.hop == before.hop:
        return Change.NONE
    is_late = timer is not None and timer.deadline_at is not None and timer.deadline_at < moved.at
    return Change.MET if is_late else Change.RESTART


def _snooze(moved: Moved, _timer: Timer | None) -> Change:
    if moved.after.snoozed_until is None:
        return Change.DROP
    return Change.RESTART if moved.after.snoozed_until != moved.before.snoozed_until else Change.NONE


def _check(moved: Moved, _timer: Timer | None) -> Change:
    is_answered = moved.verb is Verb.SNOOZE or _is_owner_progress(moved)
    still_asked = moved.after.state is State.CLAIMED and moved.after.owner == moved.before.owner
    return Change.NONE if still_asked and not is_answered else Change.DROP


CHANGES: Final[Mapping[ClockKind, Callable[[Moved, Timer | None], Change]]] = {
    ClockKind.CLAIM: _claim,
    ClockKind.FIRST_ACTION: _first_action,
    ClockKind.UPDATE: _update,
    ClockKind.FINISH: _finish,
    ClockKind.RESPOND: _respond,
    ClockKind.NEEDED_BY: _needed_by,
    ClockKind.SNOOZE: _snooze,
    ClockKind.CHECK: _check,
}


def starts_paused(clock: ClockKind, handoff: Handoff) -> bool:
    """Whether a clock that starts now starts paused: asked or snoozed work may get a target that it had not before."""
    return clock in {ClockKind.FIRST_ACTION, ClockKind.FINISH} and _is_paused(handoff)


def _has_new_owner(moved: Moved) -> bool:
    return moved.after.owner is not None and moved.after.owner != moved.before.owner


def _is_owner_progress(moved: Moved) -> bool:
    return moved.verb in PROGRESS_VERBS and acts_as_owner(moved.actor, moved.before.owner)


def _owed_since(handoff: Handoff) -> datetime | None:
    """Instant since which the sender owes an answer: to work sent back, or to the owner's question; else None."""
    return handoff.state_since if handoff.state is State.RETURNED else handoff.asked_at


def _is_answered(moved: Moved) -> bool:
    """Whether the change is the sender's answer. Owners who answer their own question needed none."""
    return moved.verb is Verb.RESEND or (moved.verb is Verb.ANSWER and moved.actor.user != moved.before.owner)


def _is_paused(handoff: Handoff) -> bool:
    """Whether the owner's clocks are paused: the work waits for its sender, or is snoozed."""
    return _owed_since(handoff) is not None or handoff.snoozed_until is not None


def _pause_or_resume(moved: Moved) -> Change | None:
    """`PAUSE` or `RESUME` if the change begins or ends a pause of the owner's clocks, else None."""
    if _is_paused(moved.before) is _is_paused(moved.after):
        return None
    return Change.PAUSE if _is_paused(moved.after) else Change.RESUME


def _adjustment(moved: Moved, *, extends: bool = False) -> Change:
    """Effect of a change that keeps the state; `extends` marks the clock that the verb `extend` applies to now."""
    if moved.verb is Verb.EXTEND and extends:
        return Change.EXTEND
    return Change.ADJUST if moved.verb is Verb.EDIT else Change.NONE
