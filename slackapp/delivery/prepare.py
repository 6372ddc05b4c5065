"""Prepare leased messages and webhook calls: their destination, and their content drawn from the stored state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.capability import CallKind, Kinds, MessageKind, RemindedClock, ViewKind
from slackapp.delivery.availability import availability_for, by_choice
from slackapp.delivery.earlier_numbers import NUMBER
from slackapp.delivery.gateway import Message
from slackapp.delivery.home_tabs.prepare import prepare_home
from slackapp.delivery.model import (
    Job,
    NoLongerNeeded,
    Outcome,
    PersonUnreachable,
    ReaderUnavailable,
    ResolvedDestination,
    RetryLater,
    SendJob,
    ThreadGone,
    TooEarly,
    WebhookCall,
)
from slackapp.handoffs.rules import change_messages
from slackapp.people.rules.availability import Unavailable
from slackapp.people.rules.standing import is_admitted
from slackapp.slack.block_kit.blocks import Post
from storage.company import people, webhooks
from storage.company.model import Person
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from storage.outbox import posted_messages
from storage.outbox.model import LeasedMessage

NOT_CONFIGURED: Final = "webhook_removed"


def prepare_call(tx: Tx, row: LeasedMessage, kind: CallKind[Any]) -> WebhookCall | Outcome:
    """Return a webhook's URL and event, or the outcome that there is nothing to call any more."""
    wanted = row.wanted
    scene = kind.load(tx, wanted)
    event = None if scene is None else kind.draw(scene, row.put_at)
    if event is None:
        return NoLongerNeeded(reason="moved on")
    webhook = webhooks.get(tx, wanted.workspace, str(wanted.payload["webhook"]))
    if webhook is None:
        return NoLongerNeeded(reason=NOT_CONFIGURED)
    return WebhookCall(row=row, url=webhook.url, event=event)


_CARD_WAIT: Final = timedelta(seconds=30)
CARD_FIRST: Final = "card_first"
"""Why a message waits for the card of its handoff, which ends that when it is posted."""


def prepare(tx: Tx, row: LeasedMessage, now: datetime, kinds: Kinds) -> Job | Outcome:
    """Return the message, call or Home tab to send, or the outcome if there is nothing to send now.

    Raises:
        LookupError: This version of Baton does not know the row's kind of message.
    """
    kind = kinds.get(row.wanted.kind)
    if isinstance(kind, CallKind):
        return prepare_call(tx, row, kind)
    if isinstance(kind, ViewKind):
        return prepare_home(tx, row, kind, now)
    to = row.wanted.to
    reader = people.get(tx, row.wanted.workspace, to.user) if to.user else None
    place = _place(tx, row, reader)
    if not isinstance(place, ResolvedDestination):
        return place
    if row.wanted.erase:
        return SendJob(row=row, place=place, message=None, at=now)
    if kind is None:
        raise LookupError(f"there is no kind of message called {row.wanted.kind!r}")
    scene = kind.load(tx, row.wanted, row.posted is not None)
    post = None if scene is None else kind.draw(scene, now)
    if scene is None or post is None:
        return _nothing_to_say(row, place, now)
    message = _message(row, post, kind.about(scene))
    return _too_early(tx, row, kind, scene, reader, now) or SendJob(
        row=row, place=place, message=message, is_card=kind.is_card, settled=post.settled, at=now
    )


def _nothing_to_say(row: LeasedMessage, place: ResolvedDestination, now: datetime) -> SendJob | Outcome:
    if row.first_leased_at is not None and row.posted is None:
        return SendJob(row=row, place=place, message=None, at=now)  # if an earlier try did reach Slack, take it back
    return NoLongerNeeded(reason=None if row.posted else "moved on")


def _too_early(  # noqa: PLR0917 - what a message waits for
    tx: Tx, row: LeasedMessage, kind: MessageKind[Any], scene: Any, reader: Person | None, now: datetime
) -> Outcome | None:
    """Return the outcome that lets a first message wait for its card or its reader; None if it may be sent."""
    if row.posted is not None or row.first_leased_at is not None:
        return None  # Slack has it, or may have it: what was begun is finished
    if kind.awaits_card is not None and kind.awaits_card(scene) and _card_may_come(tx, row, kind.about(scene), now):
        left = row.put_at + _CARD_WAIT - now
        return RetryLater(code=CARD_FIRST, wait_s=left.total_seconds(), refused=False)
    if row.wanted.to.user is None:
        return None
    if kind.reminds_of is not None:
        return _until_available(tx, row.wanted.workspace, row.wanted.to.user, kind.reminds_of(scene), now)
    return None if reader is None else by_choice(tx, reader, row.wanted, kind, scene, now)


def _until_available(
    tx: Tx, workspace: str, user: str, subjects: Sequence[RemindedClock], now: datetime
) -> Outcome | None:
    starts = [one.hear_at for one in subjects if one.hear_at is not None]
    if starts and min(starts) > now:  # put again before its time: its handoff has changed
        return TooEarly(until=min(starts))
    can = availability_for(tx, workspace, user, subjects, now)
    if can.why is None:
        return None
    if can.why is Unavailable.GONE:
        return PersonUnreachable(code="cannot_dm_bot")
    return None if can.at is None else ReaderUnavailable(until=can.at, why=can.why)


def _place(tx: Tx, row: LeasedMessage, person: Person | None) -> ResolvedDestination | Outcome:
    wanted, to = row.wanted, row.wanted.to
    if to.user:
        if person is not None and not is_admitted(person) and row.posted is None and not wanted.erase:
            return PersonUnreachable(code="user_disabled" if person.deleted else "user_not_visible")
        return ResolvedDestination(user=to.user, channel=person.dm_channel if person else None)
    if to.reply_to:
        return _thread(tx, row, to.reply_to)
    return ResolvedDestination(channel=to.channel, thread_ts=to.thread_ts)


def _thread(tx: Tx, row: LeasedMessage, parent_key: str) -> ResolvedDestination | Outcome:
    """Return the thread of another message of ours; without that message there is nothing to reply to."""
    parent = posted_messages.get(tx, row.wanted.workspace, parent_key)
    if parent is not None:
        return ResolvedDestination(channel=parent.channel, thread_ts=parent.ts)
    handoff = handoffs.get(tx, row.wanted.workspace, row.wanted.handoff_id) if row.wanted.handoff_id else None
    if row.posted is not None or row.wanted.erase:
        return ResolvedDestination()
    present = handoff is not None and parent_key == change_messages.card_key(handoff)
    return ThreadGone() if present else NoLongerNeeded(reason="no card to answer under")


def _card_may_come(tx: Tx, row: LeasedMessage, handoff: Handoff | None, now: datetime) -> bool:
    """Whether the card that a first message should link to is not posted yet, and it is early enough to wait for it."""
    if handoff is None or not timedelta(0) <= now - row.put_at < _CARD_WAIT:
        return False
    return posted_messages.get(tx, row.wanted.workspace, change_messages.card_key(handoff)) is None


def _message(row: LeasedMessage, post: Post, handoff: Handoff | None) -> Message:
    facts: dict[str, Any] = {"key": row.wanted.key}
    if handoff is not None:
        facts |= {"handoff_id": handoff.id, "version": handoff.version, NUMBER: handoff.number}
    return Message(text=post.text, blocks=post.blocks, facts=facts)
