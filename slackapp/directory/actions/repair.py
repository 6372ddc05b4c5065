"""Repair queues and handoffs when a channel refuses messages or changes its id, or a person leaves.

Nothing is lost: messages wait until the channel accepts them again, the queue's managers become accountable for the
handoffs of a person who left, and the people who can fix it are notified once, with what to do. The functions that
take a transaction are for the pump, which sees most of these problems first; the others are for events and sweeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from slackapp.directory.actions import trouble_messages
from slackapp.directory.model import TroubleScene
from slackapp.handoffs.actions.redraw_card import redraw_messages
from slackapp.handoffs.queries.load import details
from slackapp.handoffs.rules.change_messages import card
from slackapp.people.queries import admins_of
from slackapp.people.rules.standing import is_admitted
from slackapp.runtime.baton import Baton
from storage.company import configuration, people, queues, workspaces
from storage.company.model import ObjectKind, ObjectRef, Queue
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import BATON
from storage.handoffs.model import Handoff
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage

PERSON_GONE: Final = "person_gone"
"""Our own code beside Slack's error codes, in the payload of a `trouble` message."""
_MOST_HANDOFFS: Final = 500


def channel_refused(baton: Baton, workspace: str, channel: str, code: str) -> None:
    """Record that a channel cannot be posted to any more, and notify its queues' managers."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        for queue in queues.list_by_channel(tx, workspace, channel):
            mark_channel_refused(tx, queue, code, now)

    baton.db.run_transaction(work)
    baton.wake_pump()


def channel_restored(baton: Baton, workspace: str, channel: str) -> None:
    """Record that a channel can be posted to again, and send what waited for it."""
    now = baton.clock.now()
    baton.db.run_transaction(lambda tx: restore_channel(tx, workspace, channel, now))
    baton.wake_pump()


def channel_id_changed(baton: Baton, workspace: str, old: str, new: str) -> None:
    """Move queues and posted messages to a channel's new id."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        moved = queues.list_by_channel(tx, workspace, old)
        if queues.replace_channel(tx, workspace, old, new):
            workspaces.note_change_in_slack(tx, workspace)
        for queue in moved:
            _record_new_channel(tx, queue, new, now)
        for posted in posted_messages.list_in_channel(tx, workspace, old):
            to = replace(posted.to, channel=new) if posted.to.channel == old else posted.to
            posted_messages.put(tx, replace(posted, channel=new, to=to))
        for queue in queues.list_by_channel(tx, workspace, new):
            put_cards(tx, queue, now, posted_too=False)

    baton.db.run_transaction(work)
    baton.wake_pump()


def _record_new_channel(tx: Tx, queue: Queue, channel: str, now: datetime) -> None:
    """Write to the history of the configuration that a queue has another channel, whoever owns the queue."""
    ref = ObjectRef(ObjectKind.QUEUE, queue.key)
    record = configuration.count_change(tx, queue.workspace, ref, at=now, by=BATON)
    was = {"name": queue.name, "channel": queue.channel}
    facts = record.facts(was, {**was, "channel": channel})
    audit.add_configuration_changes(tx, queue.workspace, [facts], at=now, actor=BATON)


def mark_channel_refused(tx: Tx, queue: Queue, code: str, now: datetime, *, handoff: Handoff | None = None) -> None:
    """Record that a queue's channel refuses messages; notify its managers and a waiting handoff's sender."""
    if queue.trouble != code:
        queues.set_trouble(tx, queue.workspace, queue.key, code)
    told = list(managers(tx, queue))
    if handoff is not None:
        told.append(handoff.sender)
    trouble_messages.report(tx, queue, code, told, now)


def restore_channel(tx: Tx, workspace: str, channel: str, now: datetime) -> None:
    """Clear the problem of a channel's queues and send what waited for them."""
    for queue in queues.list_by_channel(tx, workspace, channel):
        if queue.trouble is None:
            continue
        queues.set_trouble(tx, workspace, queue.key, None)
        senders = [handoff.sender for handoff in handoffs.list_open_in_queue(tx, workspace, queue.key, _MOST_HANDOFFS)]
        trouble_messages.take_back(tx, queue, queue.trouble, [*managers(tx, queue), *senders], now)
        put_cards(tx, queue, now, posted_too=True)


def release_work_of(tx: Tx, workspace: str, user: str, now: datetime) -> None:
    """Release every live handoff from a person who is gone: the queue's managers become accountable."""
    for handoff in handoffs.list_live_of_person(tx, workspace, user):
        after = _without_person(handoff, user)
        if after is None:
            continue
        handoffs.save(tx, handoff, after)
        audit.add(
            tx,
            handoff=after,
            workspace=workspace,
            at=now,
            verb="repaired",
            actor=BATON,
            before=handoff.state,
            after=after.state,
            facts={"reason": "a person left the workspace, the queue's managers see to it", "person": user},
        )
        queue = queues.get(tx, workspace, after.queue)
        if queue is not None:
            redraw_messages(tx, [after.id], now)
            told = [manager for manager in managers(tx, queue) if manager != user]
            outbox.put(tx, [card(after, queue), *(_vacancy(after, queue, user, manager) for manager in told)], now)


def managers(tx: Tx, queue: Queue) -> tuple[str, ...]:
    """Return the queue's managers who can be written to; if there is none, Baton's admins."""
    found = reachable(tx, queue.workspace, people.expand_groups(tx, queue.workspace, queue.managers))
    if found:
        return found
    return admins_of(tx, queue.workspace)


def put_cards(tx: Tx, queue: Queue, now: datetime, *, posted_too: bool) -> None:
    """Put the cards of a queue's open handoffs that are not posted; with `posted_too` redraw the others."""
    cards = [
        card(handoff, queue) for handoff in handoffs.list_open_in_queue(tx, queue.workspace, queue.key, _MOST_HANDOFFS)
    ]
    wanted = [w for w in cards if posted_too or posted_messages.get(tx, w.workspace, w.key) is None]
    outbox.put(tx, wanted, now)


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> TroubleScene:
    """Return everything a `trouble` message is drawn from."""
    found = details(tx, wanted.workspace, wanted.handoff_id) if wanted.handoff_id else None
    queue = queues.get(tx, wanted.workspace, str(wanted.payload["queue"]))
    person = str(wanted.payload.get("person", ""))
    names = people.get_names(tx, wanted.workspace, {person}) if person else {}
    return TroubleScene(details=found, queue=queue, payload=wanted.payload, posted=posted, names=names)


def _without_person(handoff: Handoff, user: str) -> Handoff | None:
    """Return the handoff without this person, or None if it does not depend on them.

    The managers become accountable for the owner's work even if the owner had not confirmed it: nobody else would act.
    """
    managers = f"queue:{handoff.queue}"
    is_vacant = handoff.accountable == user or (handoff.owner == user and handoff.accountable != managers)
    if not is_vacant and handoff.offered_to != user:
        return None
    return replace(
        handoff,
        version=handoff.version + 1,
        accountable=managers if is_vacant else handoff.accountable,
        offered_to=None if handoff.offered_to == user else handoff.offered_to,
    )


def reachable(tx: Tx, workspace: str, users: Iterable[str]) -> tuple[str, ...]:
    """Return those of these people who can be written to, in order."""
    wanted = tuple(users)
    gone = {user for user, person in people.get_many(tx, workspace, wanted).items() if not is_admitted(person)}
    return tuple(user for user in wanted if user not in gone)


def _vacancy(handoff: Handoff, queue: Queue, gone: str, user: str) -> OutboxMessage:
    """Return the message that tells a manager of a handoff without its person: one per handoff and person gone."""
    return OutboxMessage(
        workspace=handoff.workspace,
        key=f"trouble:{handoff.id}:{PERSON_GONE}:{gone}:{user}",
        kind="trouble",
        handoff_id=handoff.id,
        to=Destination(user=user),
        payload={"queue": queue.key, "channel": queue.channel, "code": PERSON_GONE, "person": gone},
    )
