"""A queue's morning: what waits, what is due today and what was missed, said once in its channel. Or nothing at all.

Which handoffs a digest lists is decided when the queue opens; how they stand is read when it is sent. Its cost follows
the queues that open: nothing is looked at in the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slackapp.escalation.model import Digest, DigestScene
from slackapp.escalation.queries import batches
from slackapp.escalation.rules.digest_window import DigestWindow, digest_day, next_digest_at
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries import load
from slackapp.people.rules.permissions import people_involved
from slackapp.runtime.baton import Baton
from storage.clocks import digests, policies
from storage.clocks.batches import get_naming
from storage.company import people, queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import Moved, State, Verb
from storage.handoffs.model import Handoff
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage

KIND: Final = "digest"
MOST: Final = 5
"""How many handoffs of each kind are listed; of the others it says how many there are."""
_DAY: Final = timedelta(days=1)


def tell(baton: Baton) -> int:
    """Do what is due in every queue whose day has begun. Return how many queues were looked at."""
    done = 0
    while baton.db.retrying(lambda tx: _open_one(tx, baton.clock.now())):
        done += 1
    if done:
        baton.wake_pump()
    return done


def next_due(baton: Baton) -> datetime | None:
    """When the next queue's day begins, or None."""
    with baton.db.reading() as tx:
        return queues.next_morning_at(tx)


def schedule(tx: Tx, workspace: str, now: datetime) -> None:
    """Set for every queue when its next morning is, by the hours that it has now. One that is due stays due."""
    for queue, at in queues.list_with_next_morning(tx, workspace):
        if at is None or at > now or not queue.digest:
            _set(tx, queue, _next(tx, queue, now), at)


def schedule_all(baton: Baton, workspace: str) -> None:
    """Set every queue's next morning, at start."""
    now = baton.clock.now()
    baton.db.retrying(lambda tx: schedule(tx, workspace, now))


def read(tx: Tx, queue: Queue, payload: Mapping[str, Any]) -> Digest:
    """What a digest lists, as it stands now. A handoff that was deleted is not in it any more."""
    counts: Mapping[str, int] = payload["in_all"]
    return Digest(
        waiting=tuple(details for details, _ in _with_details(tx, queue, payload["waiting"])),
        due=tuple(_with_details(tx, queue, payload["due"])),
        missed=tuple(_with_details(tx, queue, payload["missed"])),
        waiting_in_all=counts["waiting"],
        due_in_all=counts["due"],
        missed_in_all=counts["missed"],
    )


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> DigestScene | None:
    """What a queue's digest is drawn from; None if there is no such queue any more."""
    queue = queues.get(tx, wanted.workspace, str(wanted.payload["queue"]))
    if queue is None:
        return None
    return DigestScene(digest=read(tx, queue, wanted.payload), queue=queue, payload=wanted.payload, posted=posted)


def naming(tx: Tx, moved: Moved) -> list[OutboxMessage]:
    """The messages that name a handoff among others, digests and bundles, to be drawn again now that it has changed.

    Digests of these days say who has it by now, unless they read as before; once it is deleted, none that was ever
    posted names it any more.
    """
    handoff = moved.after
    found = get_naming(tx, handoff.workspace, handoff.id, moved.at, _keys_around(tx, moved))
    return [
        *batches.among(handoff, found.reminders),
        *(
            _in_channel(handoff.workspace, key, channel, payload)
            for key, channel, payload in found.posted
            if handoff.id in _named(payload)
        ),
    ]


def _keys_around(tx: Tx, moved: Moved) -> list[str]:
    """The keys of the digests that may name a handoff and read differently now that it has changed."""
    before, after = moved.before, moved.after
    teams = {before.queue, after.queue}
    if moved.verb is Verb.DELETE:
        teams |= {entry.queue for entry in audit.list_for_handoff(tx, after.id) if entry.queue}
        return _keys(teams, after.created_at, moved.at)
    stands_as_before = (before.state, before.owner, before.queue) == (after.state, after.owner, after.queue)
    return [] if stands_as_before else _keys(teams, moved.at, moved.at)


def _keys(teams: Iterable[str], first: datetime, last: datetime) -> list[str]:
    first, last = first - _DAY, last + _DAY  # a local date may be the day before, or the day after
    days = [(first + day * _DAY).date() for day in range((last - first).days + 1)]
    return [_key(queue, day.isoformat()) for queue in sorted(teams) for day in days]


def _open_one(tx: Tx, now: datetime) -> bool:
    found = queues.get_next_opening_locked(tx, now)
    if found is None:
        return False
    queue, opened_at = found
    calendar = policies.get_calendar_of_queue(tx, queue)
    today = digest_day(calendar, opened_at, now) if calendar and queue.digest else None
    if today is not None:
        outbox.put(tx, _wanted(tx, queue, today, now), now)
    _set(tx, queue, _next(tx, queue, now), opened_at)
    return True


def _next(tx: Tx, queue: Queue, now: datetime) -> datetime | None:
    """When the queue's next day begins; None if it wants no digest or works around the clock."""
    calendar = policies.get_calendar_of_queue(tx, queue) if queue.digest else None
    return next_digest_at(calendar, now) if calendar else None


def _set(tx: Tx, queue: Queue, at: datetime | None, before: datetime | None) -> None:
    if at != before:
        queues.set_next_morning(tx, queue.workspace, queue.key, at)


def _wanted(tx: Tx, queue: Queue, today: DigestWindow, now: datetime) -> list[OutboxMessage]:
    """The digest of a day, or nothing if there is nothing to say. Each handoff is listed once."""
    where = (tx, queue.workspace, queue.key)
    waiting = digests.list_waiting(*where, MOST)
    listed = [handoff_id for handoff_id, _ in waiting.first]
    due = digests.list_due(*where, MOST, since=now, until=today.until, without=listed)
    missed = digests.list_missed(*where, MOST, since=today.since, until=now, without=listed)
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


def _with_details(tx: Tx, queue: Queue, lines: Iterable[tuple[str, str]]) -> list[tuple[HandoffDetails, datetime]]:
    found = ((handoffs.get(tx, queue.workspace, handoff_id), at) for handoff_id, at in lines)
    return [
        (_seen(tx, handoff), datetime.fromisoformat(at).astimezone(UTC))
        for handoff, at in found
        if handoff is not None and handoff.state is not State.DELETED
    ]


def _seen(tx: Tx, handoff: Handoff) -> HandoffDetails:
    """A handoff at a glance, with the names of its people: a digest notifies nobody by mentioning them."""
    named = people.get_many(tx, handoff.workspace, people_involved(handoff))
    return replace(load.summary(tx, handoff), names={user: person.name for user, person in named.items()})
