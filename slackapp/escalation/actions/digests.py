"""Queue digests: put one into the outbox when a queue's working day begins, and redraw those that name a handoff.

The handoffs that a digest lists are chosen when the queue opens; their state is read when it is sent. The cost follows
the queues that open: the others are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slackapp.escalation.model import Digest, DigestScene
from slackapp.escalation.queries import batches
from slackapp.escalation.rules.digest_window import DigestWindow, digest_day, next_digest_at
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries import load
from slackapp.handoffs.queries.sight import is_in_sight
from slackapp.handoffs.rules import change_messages
from slackapp.handoffs.rules.home_subjects import subjects_of
from slackapp.people.rules.permissions import people_involved
from slackapp.runtime.baton import Baton
from storage.clocks import digests, policies
from storage.clocks.batches import Mentions, get_mentions
from storage.company import people, queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import Moved, State, Verb
from storage.handoffs.model import Handoff
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage, home_of

KIND: Final = "digest"
LISTED_PER_KIND: Final = 5
"""Number of handoffs listed of each kind; the rest are counted."""
_DAY: Final = timedelta(days=1)


def put_due_digests(baton: Baton) -> int:
    """Put the digest of every queue whose working day has begun; return how many queues were due."""
    done = 0
    while baton.db.run_transaction(lambda tx: _put_next_digest(tx, baton.clock.now())):
        done += 1
    if done:
        baton.wake_pump()
    return done


def next_digest_due_at(baton: Baton) -> datetime | None:
    """Return the instant at which the next queue's digest is due, or None."""
    with baton.db.reading() as tx:
        return queues.next_morning_at(tx)


def schedule_digests(tx: Tx, workspace: str, now: datetime) -> None:
    """Schedule every queue's next digest by its present working hours; one that is due already stays due."""
    for queue, at in queues.list_with_next_morning(tx, workspace):
        if at is None or at > now or not queue.digest:
            _set(tx, queue, _next(tx, queue, now), at)


def schedule_all_digests(baton: Baton, workspace: str) -> None:
    """Schedule every queue's next digest, at the start of the program."""
    now = baton.clock.now()
    baton.db.run_transaction(lambda tx: schedule_digests(tx, workspace, now))


def read_digest(tx: Tx, queue: Queue, payload: Mapping[str, Any]) -> Digest:
    """Return the contents of a digest from its stored payload, in their present state, without deleted handoffs."""
    counts: Mapping[str, int] = payload["in_all"]
    return Digest(
        waiting=tuple(details for details, _ in _listed(tx, queue, payload["waiting"])),
        due=tuple(_listed(tx, queue, payload["due"])),
        missed=tuple(_listed(tx, queue, payload["missed"])),
        waiting_in_all=counts["waiting"],
        due_in_all=counts["due"],
        missed_in_all=counts["missed"],
    )


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> DigestScene | None:
    """Return everything a queue's digest is drawn from; None if the queue does not exist any more."""
    queue = queues.get(tx, wanted.workspace, str(wanted.payload["queue"]))
    if queue is None:
        return None
    newest = queues.get_last_digest(tx, wanted.workspace, queue.key) or wanted.key
    return DigestScene(
        digest=read_digest(tx, queue, wanted.payload),
        queue=queue,
        payload=wanted.payload,
        posted=posted,
        superseded=posted and newest != wanted.key,
    )


def mentions(tx: Tx, moves: Sequence[Moved]) -> Mentions:
    """Return the digests, reminders and open Home tabs that may name a changed handoff; `moves` of one workspace."""
    ids = {moved.after.id for moved in moves}
    standing = [moved for moved in moves if change_messages.changes_standing(moved)]
    teams = {queue for moved in standing for queue in (moved.before.queue, moved.after.queue)}
    keys = [key for moved in moves if moved.verb is Verb.DELETE for key in _keys_of_past_digests(tx, moved)]
    subjects = subjects_of([handoff for moved in moves for handoff in (moved.before, moved.after)])
    last = moves[-1]
    return get_mentions(
        tx, last.after.workspace, sorted(ids), last.at, of_queues=sorted(teams), keys=keys, subjects=subjects
    )


def redrawn_messages(workspace: str, handoff_ids: Collection[str], found: Mentions) -> list[OutboxMessage]:
    """Return those of the messages that list one of these handoffs: digests, batch messages and open Home tabs.

    The newest digest of a queue is kept current; older ones only tell what they listed. After a deletion every digest
    that ever listed the handoff is redrawn without it.
    """
    return [
        *batches.batches_among(workspace, found.reminders),
        *(
            _in_channel(workspace, key, channel, payload)
            for key, channel, payload in found.digests
            if not _named(payload).isdisjoint(handoff_ids)
        ),
        *(home_of(workspace, user) for user in found.homes),
    ]


def _keys_of_past_digests(tx: Tx, moved: Moved) -> list[str]:
    """Return the keys of all digests that may list a handoff."""
    handoff = moved.after
    teams = {entry.queue for entry in audit.list_for_handoff(tx, handoff.id) if entry.queue}
    return _keys({moved.before.queue, handoff.queue, *teams}, handoff.created_at, moved.at)


def _keys(teams: Iterable[str], first: datetime, last: datetime) -> list[str]:
    first, last = first - _DAY, last + _DAY  # a local date may be the day before, or the day after
    days = [(first + day * _DAY).date() for day in range((last - first).days + 1)]
    return [_key(queue, day.isoformat()) for queue in sorted(teams) for day in days]


def _put_next_digest(tx: Tx, now: datetime) -> bool:
    found = queues.get_next_opening_locked(tx, now)
    if found is None:
        return False
    queue, opened_at = found
    calendar = policies.get_calendar_of_queue(tx, queue)
    today = digest_day(calendar, opened_at, now) if calendar and queue.digest else None
    if today is not None:
        _put_digest(tx, queue, today, now)
    _set(tx, queue, _next(tx, queue, now), opened_at)
    return True


def _next(tx: Tx, queue: Queue, now: datetime) -> datetime | None:
    """Return when the queue's next working day begins; None without a digest or for a queue open around the clock."""
    calendar = policies.get_calendar_of_queue(tx, queue) if queue.digest else None
    return next_digest_at(calendar, now) if calendar else None


def _set(tx: Tx, queue: Queue, at: datetime | None, before: datetime | None) -> None:
    if at != before:
        queues.set_next_morning(tx, queue.workspace, queue.key, at)


def _put_digest(tx: Tx, queue: Queue, today: DigestWindow, now: datetime) -> None:
    """Put the digest of a day, unless it would be empty; the one before it is redrawn as a record of its day."""
    for digest in _digest_messages(tx, queue, today, now):
        last = queues.get_last_digest(tx, queue.workspace, queue.key)
        queues.set_last_digest(tx, queue.workspace, queue.key, digest.key)
        old = posted_messages.get(tx, queue.workspace, last) if last and last != digest.key else None
        outbox.put(tx, [digest, *([old.to_outbox_message()] if old else [])], now)


def _digest_messages(tx: Tx, queue: Queue, today: DigestWindow, now: datetime) -> list[OutboxMessage]:
    """Return the digest of a day, or nothing if it would be empty. Each handoff is listed once."""
    where = (tx, queue.workspace, queue.key)
    waiting = digests.list_waiting(*where, LISTED_PER_KIND)
    listed = [handoff_id for handoff_id, _ in waiting.first]
    due = digests.list_due(*where, LISTED_PER_KIND, since=now, until=today.until, without=listed)
    missed = digests.list_missed(*where, LISTED_PER_KIND, since=today.since, until=now, without=listed)
    if not (waiting.in_all or due.in_all or missed.in_all):
        return []
    payload = {
        "queue": queue.key,
        "until": today.until.isoformat(),
        "waiting": _lines(waiting.first),
        "due": _lines(due.first),
        "missed": _lines(missed.first),
        "in_all": {"waiting": waiting.in_all, "due": due.in_all, "missed": missed.in_all},
    }
    return [_in_channel(queue.workspace, _key(queue.key, today.day), queue.channel, payload)]


def _in_channel(workspace: str, key: str, channel: str | None, payload: Mapping[str, Any]) -> OutboxMessage:
    return OutboxMessage(
        workspace=workspace, key=key, kind=KIND, handoff_id=None, to=Destination(channel=channel), payload=payload
    )


def _key(queue: str, date: str) -> str:
    return f"digest:{queue}:{date}"


def _lines(found: Iterable[tuple[str, datetime]]) -> list[list[str]]:
    return [[handoff_id, at.isoformat()] for handoff_id, at in found]


def _named(payload: Mapping[str, Any]) -> set[str]:
    return {handoff_id for kind in ("waiting", "due", "missed") for handoff_id, _ in payload[kind]}


def _listed(tx: Tx, queue: Queue, lines: Iterable[tuple[str, str]]) -> list[tuple[HandoffDetails, datetime]]:
    there = Destination(channel=queue.channel)
    found = ((handoffs.get(tx, queue.workspace, handoff_id), at) for handoff_id, at in lines)
    return [
        (_without_mentions(tx, handoff), datetime.fromisoformat(at).astimezone(UTC))
        for handoff, at in found
        if handoff is not None and handoff.state is not State.DELETED and is_in_sight(tx, there, handoff)
    ]


def _without_mentions(tx: Tx, handoff: Handoff) -> HandoffDetails:
    """Return a handoff's details with the names of its people, so that the digest mentions and notifies nobody."""
    named = people.get_many(tx, handoff.workspace, people_involved(handoff))
    return replace(load.summary(tx, handoff), names={user: person.name for user, person in named.items()})
