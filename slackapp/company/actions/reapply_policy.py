"""Put open handoffs under their queue's current policy, on request.

A changed policy is a new version, and a running clock keeps the version it started with. Here each handoff whose
clocks run by an older version, or by another policy, is moved: consumed time, paused time and fired levels stay, and
the rest follows the new targets and levels. (Hours need no request: running clocks follow their calendar as soon as
it is saved.)

1. Find the outdated terms: all that clocks run by and that are not their queue's current ones.
2. Take the handoffs in batches, one transaction each, locked against concurrent changes.
3. Write the clocks and an audit entry, and queue a redraw of the card and of what else names the deadlines.

The clocks alone record the progress, so the run may be interrupted and repeated. A clock that only the new terms have
starts with its next start, because nothing says when it would have started; `needed_by` starts now, because its
instant is known. A clock that the new terms do not have ends, neither met nor missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from slackapp.clocks.queries import terms, terms_of
from slackapp.clocks.rules import apply_changes, timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.clocks.rules.targets import target
from slackapp.company.model import Company
from slackapp.escalation.actions import decide_anew
from slackapp.escalation.actions.effects import redraw_everything
from slackapp.handoffs.rules import change_messages
from slackapp.runtime.baton import Baton
from slackapp.slack import ids
from storage.clocks import policies, policy_usage, timers
from storage.clocks.model import OWN_CLOCKS, ClockKind, Policy, Timer
from storage.clocks.policy_usage import OutdatedTerms, PolicyUse
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import BATON
from storage.handoffs.model import Handoff
from storage.outbox import outbox

APPLIED: Final = "policy_applied"
"""The audit's word for it."""
_A_BATCH: Final = 200
"""Handoffs per transaction: few enough that nobody who presses a button waits noticeably."""
_NOT_YET: Final = 0
"""The version of a policy that is not stored; stored versions count from 1."""


@dataclass(frozen=True, kw_only=True)
class _Batch:
    last: str | None
    """The last handoff that was looked at; None when there was none left."""
    looked_at: int = 0
    changed: int = 0


def reapply_policy(baton: Baton, workspace: str, progress: Callable[[int], None] = lambda _: None) -> int:
    """Put every open handoff under its queue's current terms; return how many changed.

    `progress` is called after each batch with the number of handoffs looked at.
    """
    now = baton.clock.now()
    with baton.db.reading() as tx:
        old = outdated(tx, workspace, now)
    changed, last = 0, ""
    while True:
        batch = baton.db.run_transaction(
            partial(_batch, workspace=workspace, old=old, after=last, now=baton.clock.now())
        )
        if batch.last is None:
            return changed
        changed, last = changed + batch.changed, batch.last
        progress(batch.looked_at)
        baton.wake_tick()
        baton.wake_pump()


def outdated(tx: Tx, workspace: str, now: datetime, company: Company | None = None) -> OutdatedTerms:
    """The terms that clocks run by and that are not their queue's current ones, or those of `company` if given."""
    agreed = {queue.key: _terms(queue.key, terms(tx, queue).policy) for queue in queues.list_all(tx, workspace)}
    if company is not None:
        for queue in company.queues:
            agreed[queue.key] = _terms(queue.key, _planned(tx, workspace, company.policy(queue.policy)))
    return OutdatedTerms(
        uses=policy_usage.list_uses(tx, workspace) - frozenset(agreed.values()),
        needed_by_queues=frozenset(key for key, use in agreed.items() if use.policy),
        now=now,
    )


def count_outdated(tx: Tx, workspace: str, now: datetime, company: Company | None = None) -> int:
    """The number of open handoffs under outdated terms, or under terms that applying `company` would outdate."""
    return policy_usage.count_outdated(tx, workspace, outdated(tx, workspace, now, company))


def _terms(queue: str, policy: Policy | None) -> PolicyUse:
    return PolicyUse(queue=queue, policy=policy.key, version=policy.version) if policy else PolicyUse(queue=queue)


def _planned(tx: Tx, workspace: str, wanted: Policy | None) -> Policy | None:
    """A policy with the version it would get; a changed one gets a version that no clock runs by."""
    stored = policies.get_policy(tx, workspace, wanted.key) if wanted else None
    if wanted and stored and replace(wanted, workspace=workspace, version=stored.version) == stored:
        return stored
    return replace(wanted, version=_NOT_YET) if wanted else None


def _batch(tx: Tx, workspace: str, old: OutdatedTerms, after: str, now: datetime) -> _Batch:
    found = policy_usage.list_outdated_ids(tx, workspace, old, after, _A_BATCH)
    handoffs.lock(tx, found)
    agreed: dict[str, tuple[Queue, Terms]] = {}
    changed: list[str] = []
    for handoff_id in found:
        handoff = handoffs.get(tx, workspace, handoff_id)
        if handoff is None or handoff.final:
            continue
        if handoff.queue not in agreed:
            queue = queues.get(tx, workspace, handoff.queue)
            if queue is None:
                continue
            agreed[handoff.queue] = (queue, terms(tx, queue))
        if _reapply(tx, handoff, *agreed[handoff.queue], now):
            changed.append(handoff.id)
    decide_anew.for_handoffs(tx, workspace, changed, now)
    return _Batch(last=found[-1] if found else None, looked_at=len(found), changed=len(changed))


def _reapply(tx: Tx, handoff: Handoff, queue: Queue, new: Terms, now: datetime) -> bool:
    """Put one handoff under new terms; return False if its clocks run by them already."""
    after = replace(handoff, version=handoff.version + 1)
    running = timers.list_live_for_handoff(tx, handoff.id)
    touched = [
        *(_by_new_terms(tx, timer, handoff, new, now) for timer in running if _is_outdated(timer, queue, new)),
        *_needed_by_clock(after, running, new, now),
    ]
    if not touched:
        return False
    handoffs.save(tx, handoff, after)
    for timer in touched:
        timers.put(tx, timer)
    audit.add(
        tx,
        handoff=after,
        workspace=after.workspace,
        at=now,
        verb=APPLIED,
        actor=BATON,
        before=handoff.state,
        after=after.state,
        facts=_facts(new.policy, touched),
    )
    outbox.put(tx, [change_messages.card(after, queue)], now)
    redraw_everything(tx, after.workspace, [after.id], now)
    return True


def _is_outdated(timer: Timer, queue: Queue, new: Terms) -> bool:
    runs_by = PolicyUse(queue=queue.key, policy=timer.policy, version=timer.policy_version)
    return timer.clock not in OWN_CLOCKS and runs_by != _terms(queue.key, new.policy)


def _by_new_terms(tx: Tx, timer: Timer, handoff: Handoff, new: Terms, now: datetime) -> Timer:
    """A clock by the new terms; dropped if they do not have it. With the same target it keeps its extensions."""
    old = terms_of(tx, timer)
    if new.policy is None:
        return timekeeping.cancel(timer, old.calendar, now)
    wanted = target(new.policy, timer.clock, handoff)
    if wanted is not None and old.policy is not None and wanted == target(old.policy, timer.clock, handoff):
        newer = replace(timer, policy=new.policy.key, policy_version=new.policy.version)
        return timekeeping.change_calendar(newer, new.policy.levels, old.calendar, new.calendar, now)
    return timekeeping.change_policy(timer, new.policy, wanted, old.calendar, new.calendar, now)


def _needed_by_clock(handoff: Handoff, running: list[Timer], new: Terms, now: datetime) -> Iterator[Timer]:
    """The needed-by clock of a handoff that has none yet, as if it were opened now."""
    if handoff.needed_by is None or handoff.needed_by <= now or any(t.clock is ClockKind.NEEDED_BY for t in running):
        return
    opened = apply_changes.start_clocks(replace(handoff, created_at=now), new, ids.new_id)
    yield from (timer for timer in opened if timer.clock is ClockKind.NEEDED_BY)


def _facts(policy: Policy | None, touched: list[Timer]) -> Mapping[str, object]:
    return {
        "policy": policy.key if policy else None,
        "policy_version": policy.version if policy else None,
        "clocks": [timer.clock.value for timer in touched],
    }
