"""Read the handoffs that a form offers, a run with its results, and the scenes of its messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from slackapp.bulk.model import BulkScene, Listed, RunRow, SeenRun, ToldRow
from slackapp.bulk.rules.acts import done_as
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries import load
from slackapp.handoffs.queries.sight import is_in_sight
from slackapp.people.queries import actor_for, actors_for, actors_on
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.bulk import runs
from storage.bulk.model import BulkKind, BulkRow, BulkRun
from storage.company import people, queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import RULES, Actor, Role, Situation, State, Verb, allowed
from storage.handoffs.model import Handoff
from storage.outbox.model import Destination, OutboxMessage

CLAIMABLE: Final = 40
"""Handoffs that one form offers to claim: four groups of ten, as many as Slack takes in a group."""
_CLAIMING: Final = RULES[Verb.CLAIM].who[Situation.OPEN]
"""The roles of those who may claim: teams of others are not read."""
MOVED: Final = 1000
"""Handoffs that one run hands over at most."""
SHOWN: Final = 40
"""Handoffs in one message: each takes a section, and Slack takes 50 blocks."""


def list_claimable(baton: Baton, *, workspace: str, user: str, queue_key: str) -> Listed:
    """The unassigned handoffs that this person may claim, in one queue or (an empty key) in all of theirs."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        named = queues.get(tx, workspace, queue_key) if queue_key else None
        listed = [named] if named else [] if queue_key else queues.list_all(tx, workspace)
        actors = actors_for(tx, user, listed)
        waiting = [
            handoff
            for queue in listed
            if actors[queue.key].roles & _CLAIMING
            for handoff in handoffs.list_open_in_queue(tx, workspace, queue.key, CLAIMABLE + 1)
            if handoff.offered_to in {None, user}
        ]
        mine = _mine(tx, user, waiting, {queue.key: queue for queue in listed})
        oldest = sorted(mine, key=lambda handoff: (handoff.state_since, handoff.number))
        return Listed(rows=load.summaries(tx, workspace, oldest[:CLAIMABLE]), total=len(oldest), now=now)


def list_claimable_of_run(baton: Baton, *, workspace: str, user: str, run_id: str) -> Listed:
    """The handoffs that a run has brought and that this person may claim now."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        run = runs.get(tx, workspace, run_id)
        rows = runs.list_rows(tx, run_id) if run else []
        return _claimable_among(tx, workspace, user, [row.handoff_id for row in rows], now)


def list_claimable_of(baton: Baton, *, workspace: str, user: str, handoff_ids: Sequence[str]) -> Listed:
    """Those of the handoffs that this person may claim now."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return _claimable_among(tx, workspace, user, handoff_ids, now)


def _claimable_among(tx: Tx, workspace: str, user: str, handoff_ids: Sequence[str], now: datetime) -> Listed:
    known = handoffs.get_many(tx, handoff_ids)
    found = [known[one] for one in handoff_ids if one in known and known[one].workspace == workspace]
    waiting = [one for one in found if one.state is State.OPEN and one.offered_to in {None, user}]
    by_key = queues.get_many(tx, workspace, {handoff.queue for handoff in waiting})
    mine = _mine(tx, user, waiting, by_key)
    return Listed(rows=load.summaries(tx, workspace, mine[:CLAIMABLE]), total=len(mine), now=now)


def _mine(tx: Tx, user: str, waiting: Sequence[Handoff], by_key: Mapping[str, Queue]) -> list[Handoff]:
    """Those of the handoffs that the person may see and claim, each decided by itself: a private one is not for all."""
    actors = actors_on(tx, user, [(by_key[one.queue], one) for one in waiting if one.queue in by_key])
    return [one for one in waiting if one.id in actors and _may_claim(one, actors[one.id])]


def _may_claim(handoff: Handoff, actor: Actor) -> bool:
    return Role.VIEWER in actor.roles and allowed(handoff, Verb.CLAIM, actor)


def list_to_hand_over(tx: Tx, workspace: str, user: str, *, offered_too: bool) -> list[Handoff]:
    """What this person owns and, if asked, what is offered to them."""
    owned = handoffs.list_owned_by(tx, workspace, user, MOVED)
    return [*owned, *(handoffs.list_offered_to(tx, workspace, user, MOVED) if offered_too else [])]


def count_own(baton: Baton, *, workspace: str, user: str) -> tuple[int, int]:
    """How many handoffs this person owns, and how many are offered to them."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        owned = handoffs.list_owned_by(tx, workspace, user, MOVED)
        return len(owned), len(handoffs.list_offered_to(tx, workspace, user, MOVED))


def get_run(baton: Baton, *, workspace: str, user: str, run_id: str) -> SeenRun | None:
    """A person's own run with its rows as they are now; None if there is no such run of theirs."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        run = runs.get(tx, workspace, run_id)
        if run is None or run.actor != user:
            return None
        rows = runs.list_rows(tx, run_id)
        seen = _seen(tx, workspace, rows)
        queue = queues.get(tx, workspace, run.queue) if run.queue else None
        names = people.get_names(tx, workspace, {user, run.person or "", *_people(one.details for one in seen)} - {""})
        return SeenRun(run=run, rows=seen, now=now, queue=queue, names=names, actor=_actor(tx, user, seen))


def _actor(tx: Tx, user: str, seen: Sequence[RunRow]) -> Actor:
    """The person who acts; what a refusal says depends on their roles in the first row's queue."""
    first = next((one.details.queue for one in seen if one.details), None)
    return actor_for(tx, user, first) if first else Actor(user=user)


def _people(found: Iterable[HandoffDetails | None]) -> set[str]:
    handoffs_of = [details.handoff for details in found if details]
    return {user for one in handoffs_of for user in (one.owner, one.sender, one.offered_to) if user}


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> BulkScene | None:
    """Everything that a run's message to a person or a team is drawn from; None if the run is forgotten."""
    run = runs.get(tx, wanted.workspace, str(wanted.payload["run"]))
    if run is None:
        return None
    reader = str(wanted.payload["to"])
    told = [row for row in runs.list_rows(tx, run.id) if reader in row.told]
    known = handoffs.get_many(tx, [row.handoff_id for row in told])
    waiting = {row.handoff_id for row in told if waits_for(reader, known.get(row.handoff_id))}
    if len(told) > SHOWN:  # those that still wait come first: they are what the message is for
        told.sort(key=lambda row: row.handoff_id not in waiting)
    rows = tuple(_told(tx, wanted, run, told[:SHOWN], reader))
    more = told[SHOWN:]
    key = reader.removeprefix("queue:") if reader.startswith("queue:") else run.queue
    is_private = any(row.details.handoff.private for row in rows)
    return BulkScene(
        run=replace(run, note=None) if is_private else run,  # it is a note of private work, too
        rows=rows,
        more=Counter(row.told[reader] for row in more),
        more_put_back=Counter(row.told[reader] for row in more if done_as(run, row) is BulkKind.BACK),
        waiting=len(waiting),
        reader="" if reader.startswith("queue:") else reader,
        posted=posted,
        queue=queues.get(tx, wanted.workspace, key) if key else None,
        names=people.get_names(tx, wanted.workspace, {one for one in (run.actor, run.person) if one}),
    )


def waits_for(reader: str, handoff: Handoff | None) -> bool:
    """Whether a handoff waits for an answer of this person, or to be claimed in this team (`queue:KEY`)."""
    if handoff is None or handoff.state is not State.OPEN:
        return False
    if not reader.startswith("queue:"):
        return handoff.offered_to == reader
    return handoff.offered_to is None and reader == f"queue:{handoff.queue}"


def _told(tx: Tx, wanted: OutboxMessage, run: BulkRun, rows: Iterable[BulkRow], reader: str) -> Iterable[ToldRow]:
    """Yield the rows that the message's readers may see."""
    for row in rows:
        handoff = handoffs.get(tx, wanted.workspace, row.handoff_id)
        if handoff is None or handoff.state is State.DELETED or not is_in_sight(tx, wanted.to, handoff):
            continue
        details = load.details(tx, wanted.workspace, row.handoff_id)
        if details is not None:
            put_back = done_as(run, row) is BulkKind.BACK
            yield ToldRow(details=details, capacity=row.told[reader], put_back=put_back)


def result_scene(tx: Tx, wanted: OutboxMessage, _posted: bool) -> SeenRun | None:
    """Everything that the result of a run is drawn from, for its author."""
    run = runs.get(tx, wanted.workspace, str(wanted.payload["run"]))
    if run is None or run.finished_at is None:
        return None
    seen = _seen(tx, wanted.workspace, runs.list_rows(tx, run.id))
    names = people.get_names(tx, wanted.workspace, {run.actor, run.person or ""} - {""})
    queue = queues.get(tx, wanted.workspace, run.queue) if run.queue else None
    actor = _actor(tx, run.actor, seen)
    return SeenRun(run=replace(run, note=None), rows=seen, now=run.finished_at, queue=queue, names=names, actor=actor)


def destination(tx: Tx, workspace: str, reader: str) -> Destination | None:
    """Where a run's message to this person or team goes; None if the team does not exist any more."""
    if not reader.startswith("queue:"):
        return Destination(user=reader)
    queue: Queue | None = queues.get(tx, workspace, reader.removeprefix("queue:"))
    return Destination(channel=queue.channel) if queue else None


def _seen(tx: Tx, workspace: str, rows: Sequence[BulkRow]) -> tuple[RunRow, ...]:
    """The rows with their handoffs as they are now."""
    found = handoffs.get_many(tx, [row.handoff_id for row in rows])
    known = {details.handoff.id: details for details in load.summaries(tx, workspace, list(found.values()))}
    return tuple(RunRow(row=row, details=known.get(row.handoff_id)) for row in rows)
