"""Decide anew whom reminders notify and when, in the transaction that changes a fact they depend on.

Whoever changes such a fact calls one of these functions with the people, user groups, queues or handoffs concerned:

1. Lock the handoffs concerned that have a notice which is not settled; only then read the facts.
2. Decide every step of theirs as if it fired now (`rules.recipients_of_step`), except what somebody has heard.
3. A notice whose decision differs gets the new one, and keeps the one before it. It leaves its message for another:
   alone if it wakes people, else with what else its recipient gets then. A message is as early as its earliest notice.
4. Repeats count from when somebody can hear now, and the time for an answer to "Still on it?" from when it is asked.

A message that Slack has or may have is never changed: what was begun is finished.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slackapp.clocks.rules import timekeeping
from slackapp.escalation.actions import level_actions
from slackapp.escalation.actions.reminder_messages import (
    Questions,
    QueuedNotification,
    messages_of,
    notice_of,
    place,
)
from slackapp.escalation.model import Notification, Notified, ToldSoFar
from slackapp.escalation.queries import concerned
from slackapp.escalation.queries.batch_context import BatchContext
from slackapp.escalation.rules.recipients_of_step import (
    NOBODY,
    Circumstances,
    decide_recipients,
    decide_times,
    levels_above,
    while_paused,
)
from storage.clocks import notices, timers, unsettled
from storage.clocks.model import Level, LevelAction, Notice, Timer
from storage.clocks.unsettled import StoredNotice
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from storage.outbox import outbox, rescheduling


def for_people(tx: Tx, workspace: str, refs: Collection[str], now: datetime) -> None:
    """Decide anew for these people and user groups: who they are, when they are available or who belongs to them."""
    for_handoffs(tx, workspace, concerned.by_people(tx, workspace, refs), now)


def for_queues(tx: Tx, workspace: str, queues: Collection[str], now: datetime) -> None:
    """Decide anew for the handoffs in these queues: their working hours, managers or policy changed."""
    if queues:
        for_handoffs(tx, workspace, unsettled.list_handoffs_of_levels(tx, workspace, queues=queues), now)


def for_handoffs(tx: Tx, workspace: str, handoff_ids: Iterable[str], now: datetime) -> None:
    """Decide anew for these handoffs: their priority, owner, queue or the terms of their clocks changed."""
    ids = sorted(set(handoff_ids))
    handoffs.lock(tx, ids)
    stored = unsettled.list_for_handoffs(tx, ids)
    if stored:
        _decide(tx, workspace, stored, now)


def hold_message(tx: Tx, workspace: str, message: str, *, until: datetime, why: str, now: datetime) -> None:
    """Hold a message that was about to be sent, because its reader may not be notified now; then decide it anew."""
    unheard = notices.list_unheard_for_message(tx, workspace, message)
    held = {
        row_id: notices.decided_anew(notice, replace(notice, hear_at=until, why=why), now)
        for row_id, notice in unheard.items()
    }
    notices.put_decisions(tx, held)
    for_handoffs(tx, workspace, {notice.handoff_id for notice in unheard.values()}, now)


@dataclass(frozen=True, kw_only=True)
class _Step:
    """A fired step of a clock with its notices, and what it is decided by."""

    handoff: Handoff
    queue: Queue
    timer: Timer
    key: str
    stored: Sequence[StoredNotice]
    movable: frozenset[int]
    """Row ids of the notices that may be decided anew."""

    @property
    def so_far(self) -> ToldSoFar:
        """What became of the step since it fired."""
        told = [one for one in self.stored if one.notice.why != NOBODY]
        heard = any(
            one.id not in self.movable and one.notice.message is not None and self._is_meant(one.notice) for one in told
        )
        return ToldSoFar({one.notice.recipient: one.notice.via for one in told}, heard)

    def _is_meant(self, notice: Notice) -> bool:
        """Whether a level means the recipient. Notices of the version before do not name the level."""
        return notice.via is not None or notice.recipient != self.handoff.sender


@dataclass(frozen=True, kw_only=True)
class _Decided:
    """A notification that was decided anew; `before` is None for somebody who was not among the recipients."""

    step: _Step
    queued: QueuedNotification
    before: StoredNotice | None


def _decide(tx: Tx, workspace: str, stored: Sequence[StoredNotice], now: datetime) -> None:
    clocks = {one.timer.id: one.timer for one in stored}
    found = handoffs.get_many(tx, {one.notice.handoff_id for one in stored})
    recipients = {one.notice.recipient for one in stored}
    context = BatchContext.read(tx, workspace, found.values(), list(clocks.values()), now, also=recipients)
    waiting = rescheduling.lock_waiting(
        tx, workspace, {one.notice.message for one in stored if one.notice.message and one.notice.heard_at is None}
    )
    steps = list(_steps(stored, found, context, waiting))
    results = [(step, _decide_step(step, context, now)) for step in steps]
    changed = [one for step, result in results for one in _changes(step, result, context, now)]
    _write(tx, context, changed, waiting, now)
    notices.put_decisions(tx, {row_id: one for step, result in results for row_id, one in _renamed(step, result, now)})
    _rearm(tx, stored, results, context, now)


def _steps(
    stored: Sequence[StoredNotice],
    found: Mapping[str, Handoff],
    context: BatchContext,
    waiting: Collection[str],
) -> Iterator[_Step]:
    """Yield the steps that have a notice which may be decided anew."""
    by_step: dict[tuple[str, str], list[StoredNotice]] = defaultdict(list)
    for one in stored:
        by_step[one.timer.id, one.notice.level].append(one)
    for (_, key), many in by_step.items():
        movable = frozenset(one.id for one in many if _is_movable(one.notice, waiting))
        handoff = found[many[0].notice.handoff_id]
        queue = context.queue(handoff)
        if movable and queue is not None:
            yield _Step(handoff=handoff, queue=queue, timer=many[0].timer, key=key, stored=many, movable=movable)


def _is_movable(notice: Notice, waiting: Collection[str]) -> bool:
    if notice.heard_at is not None or notice.why in {"moot", "failed", "calm"}:
        return False
    return notice.message is None or notice.message in waiting


def _decide_step(step: _Step, context: BatchContext, now: datetime) -> Notified:
    terms = context.terms_of(step.timer)
    circumstances = Circumstances(step.handoff, context.queue_context(step.queue), terms.wakes(step.handoff), now)
    levels = terms.levels(step.timer.clock)
    level = _level(step, context)

    def above() -> Iterator[Level]:
        steps = timekeeping.all_steps(step.timer, levels, terms.calendar)
        here = next((one for one in steps if one.key == step.key), None)
        yield from levels_above(here, steps) if here else ()

    if level is None:
        found = decide_times(circumstances, step.so_far)
    else:
        found = decide_recipients(level, above, circumstances, step.so_far)
    return found if step.timer.running_since is not None else while_paused(found)


def _changes(step: _Step, result: Notified, context: BatchContext, now: datetime) -> Iterator[_Decided]:
    """Yield the notifications of a step that differ from what is stored."""
    known = {one.notice.recipient: one for one in step.stored}
    wake = context.terms_of(step.timer).wakes(step.handoff)
    for notification in result.notifications:
        before = known.get(notification.recipient)
        if before is not None and (before.id not in step.movable or _is_as_before(before.notice, notification, now)):
            continue
        queued = QueuedNotification(
            step.handoff, step.queue, step.timer, step.key, notification, step.timer.deadline_at, wake
        )
        yield _Decided(step=step, queued=queued, before=before)


def _renamed(step: _Step, result: Notified, now: datetime) -> Iterator[tuple[int, Notice]]:
    """Yield the notices of a step whose decision stands, but whose recipient is meant by another level now."""
    known = {one.notice.recipient: one for one in step.stored if one.id in step.movable}
    for notification in result.notifications:
        one = known.get(notification.recipient)
        meant = (notification.via, notification.instead_of)
        if one and (one.notice.via, one.notice.instead_of) != meant and _is_as_before(one.notice, notification, now):
            yield one.id, replace(one.notice, via=notification.via, instead_of=notification.instead_of)


def _is_as_before(notice: Notice, decided: Notification, now: datetime) -> bool:
    if notice.hear_at is None or decided.at is None:
        return (notice.hear_at, notice.why) == (decided.at, decided.why)
    if notice.hear_at <= now:
        return decided.at <= now
    return (notice.hear_at, notice.why) == (decided.at, decided.why)


def _write(
    tx: Tx, context: BatchContext, changed: Sequence[_Decided], waiting: Mapping[str, bool], now: datetime
) -> None:
    """Store the decisions, and put, move and withdraw the messages that carry them."""
    if not changed:
        return
    queued = [one.queued for one in changed]
    places = place(tx, context.workspace, queued, now, released=True)
    decided: dict[int, Notice] = {}
    joining: list[Notice] = []
    for one in changed:
        new = notice_of(one.queued, places.get(one.queued.key), now)
        if one.before is None:
            joining.append(new)
        else:
            decided[one.before.id] = notices.decided_anew(one.before.notice, new, now)
    notices.put_decisions(tx, decided)
    notices.add_many(tx, joining)
    questions = _questions(tx, changed, context, now)
    outbox.put_each_at(tx, messages_of(queued, places, context, questions, now), now)
    _follow(tx, context.workspace, [one.before.notice.message for one in changed if one.before], waiting, now)


def _follow(tx: Tx, workspace: str, left: Iterable[str | None], waiting: Mapping[str, bool], now: datetime) -> None:
    """Withdraw the messages that carry nothing any more, and let the others wait for the earliest of what they carry.

    A message that Slack shows already is only drawn again: that notifies nobody and need not wait.
    """
    keys = {key for key in left if key is not None and key in waiting and not waiting[key]}
    earliest = unsettled.earliest_by_message(tx, workspace, keys)
    rescheduling.withdraw(tx, workspace, keys - earliest.keys())
    rescheduling.reschedule(tx, workspace, {key: at for key, at in earliest.items() if at > now})


def _questions(tx: Tx, changed: Iterable[_Decided], context: BatchContext, now: datetime) -> Questions:
    """Return the steps that ask their owner "Still on it?"; the time for an answer follows the question."""
    asked = set()
    for one in changed:
        step, notification = one.step, one.queued.notification
        level = _level(step, context)
        is_question = level is not None and level.do is LevelAction.CHECK and notification.at is not None
        if not is_question or not one.queued.is_for(step.handoff.owner):
            continue
        asked.add((step.timer.id, step.key))
        was = _asked_at(step)
        if was is not None and notification.at is not None:
            level_actions.move_check(tx, step.handoff, was=was, since=max(notification.at, now))
    return asked


def _asked_at(step: _Step) -> datetime | None:
    """Return when the owner, or who covers for them, was to be asked before this decision."""
    asked = (one.notice for one in step.stored if step.handoff.owner in {one.notice.recipient, one.notice.instead_of})
    return min((notice.hear_at for notice in asked if notice.hear_at is not None), default=None)


def _level(step: _Step, context: BatchContext) -> Level | None:
    levels = context.terms_of(step.timer).levels(step.timer.clock)
    return next((one for one in levels if one.key == step.key.partition("#")[0]), None)


def _rearm(
    tx: Tx,
    stored: Iterable[StoredNotice],
    results: Iterable[tuple[_Step, Notified]],
    context: BatchContext,
    now: datetime,
) -> None:
    """Let the repeats of each clock count from when somebody whom its last steps mean can hear now."""
    fired_at: dict[str, dict[str, datetime]] = defaultdict(dict)
    for one in stored:
        steps = fired_at[one.timer.id]
        steps[one.notice.level] = min(steps.get(one.notice.level, one.notice.put_at), one.notice.put_at)
    last: dict[str, list[tuple[_Step, Notified]]] = defaultdict(list)
    for step, result in results:
        steps = fired_at[step.timer.id]
        if steps[step.key] == max(steps.values()):
            last[step.timer.id].append((step, result))
    for many in last.values():
        timer = many[0][0].timer
        firsts = [result.first_at for step, result in many if result.first_at and not step.so_far.heard]
        quiet = _quiet_until(timer, min(firsts), now) if len(firsts) == len(many) else timer.quiet_until
        if quiet != timer.quiet_until:
            terms = context.terms_of(timer)
            moved = replace(timer, quiet_until=quiet)
            timers.put(tx, timekeeping.rearm(moved, terms.levels(timer.clock), terms.calendar, now))


def _quiet_until(timer: Timer, first_at: datetime, now: datetime) -> datetime | None:
    if first_at > now:
        return first_at
    return now if timer.quiet_until is not None and timer.quiet_until > now else timer.quiet_until
