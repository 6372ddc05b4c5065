"""Record the results of sent messages: one function per outcome, in the transaction of a pump's turn.

A message that is given up has its reason in the audit; every other one is either in Slack or waits again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.capability import Kinds
from slackapp.delivery import rate_limits, record_outside
from slackapp.delivery.model import (
    ChannelShut,
    Deleted,
    Delivered,
    Erased,
    Limited,
    NoLongerNeeded,
    PersonShut,
    ReaderUnavailable,
    Result,
    RetryLater,
    ThreadGone,
    TokenRefused,
    WebhookAccepted,
    WebhookDeclined,
)
from slackapp.delivery.result_context import ResultContext, TokenHealth, pause_s
from slackapp.directory.actions import repair
from slackapp.escalation.queries import batches
from slackapp.handoffs.rules import change_messages
from slackapp.runtime import counters
from storage.clocks import notices
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff
from storage.outbox import outbox, posted_messages
from storage.outbox.model import OutboxMessage, PostedMessage
from storage.outbox.pacing import block, bucket_name

SHUT_PAUSE: Final = timedelta(minutes=10)
"""Interval of retries for a message whose channel people have to fix, if no event says that they have."""
CARD_DELETED: Final = "a person deleted the card in Slack, it was posted anew"
_DEACTIVATED: Final = frozenset({"user_disabled", "user_not_found", "users_not_found"})


def record_result(tx: Tx, result: Result, now: datetime, voice: TokenHealth, kinds: Kinds) -> None:
    """Record one result."""
    wanted = result.row.wanted
    if result.dm_channel is not None and wanted.to.user is not None:
        people.set_dm_channel(tx, wanted.workspace, wanted.to.user, result.dm_channel)
    step = ResultContext(tx=tx, row=result.row, now=now, voice=voice, kinds=kinds)
    _MARKS[type(result.outcome)](step, result.outcome)


def _delivered(step: ResultContext, outcome: Delivered) -> None:
    wanted, before = step.wanted, step.row.posted
    posted = PostedMessage(
        workspace=wanted.workspace,
        key=wanted.key,
        kind=wanted.kind,
        handoff_id=wanted.handoff_id,
        to=wanted.to,
        payload=wanted.payload,
        channel=outcome.spot.channel,
        ts=outcome.spot.ts,
        permalink=outcome.permalink,
        posted_at=before.posted_at if before else step.now,
    )
    outbox.mark_sent(step.tx, step.row, posted, step.now)
    if step.kind is not None and step.kind.has_notices:
        notices.mark_heard(step.tx, wanted.workspace, wanted.key, step.now)
    step.voice.heard(wanted.workspace)
    if outcome.maybe_double:
        step.note("maybe_double")
    if outcome.found:  # what was drawn then may be older than what is stored now
        outbox.put(step.tx, [wanted], step.now)
    if wanted.to.user is None:
        repair.mend(step.tx, posted.workspace, posted.channel, step.now)
    handoff = step.handoff() if step.posting is not None and step.posting.is_card and before is None else None
    if handoff is not None:
        _redraw_links(step, handoff)


def _redraw_links(step: ResultContext, handoff: Handoff) -> None:
    """Redraw the messages that link to a card which has a permalink now."""
    linking = [
        message.to_outbox_message()
        for message in posted_messages.list_for_handoff(step.tx, handoff.id)
        if step.shows_card(message.kind)
    ]
    others = [one for one in linking if one.key != step.wanted.key]
    outbox.put(step.tx, [*others, *batches.redrawn(step.tx, handoff, step.now)], step.now)


def _erased(step: ResultContext, _outcome: Erased) -> None:
    outbox.mark_erased(step.tx, step.row)
    step.voice.heard(step.wanted.workspace)


def _later(step: ResultContext, outcome: RetryLater) -> None:
    wait_s = pause_s(step.row.attempts) if outcome.wait_s is None else outcome.wait_s
    step.again(step.now + timedelta(seconds=wait_s), outcome.code, known=outcome.known)


def _limited(step: ResultContext, outcome: Limited) -> None:
    until = step.now + timedelta(seconds=outcome.wait_s)
    block(step.tx, rate_limits.method_bucket(step.wanted.workspace, outcome.method), until)
    step.again(until, "ratelimited", known=outcome.known)


def _deleted(step: ResultContext, _outcome: Deleted) -> None:
    """Handle a message that a person deleted: post the present card anew, and messages that have grown since."""
    handoff = step.handoff()
    posted_messages.remove(step.tx, step.wanted.workspace, step.wanted.key)
    if handoff is not None and _is_present_card(step.wanted, handoff):
        step.note("repaired", reason=CARD_DELETED)
        step.again(step.now, "message_not_found")
    elif _says_more(step):
        step.again(step.now, "message_not_found")
    else:
        step.hold("a person deleted it in Slack")


def _says_more(step: ResultContext) -> bool:
    """Whether a message about several handoffs has grown since it was posted."""
    if step.posting is None or not step.posting.grows:
        return False
    said = notices.list_for_message(step.tx, step.wanted.workspace, step.wanted.key)
    return any(notice.heard_at is None for notice in said)


def _is_present_card(wanted: OutboxMessage, handoff: Handoff) -> bool:
    return wanted.key == change_messages.card_key(handoff) and handoff.state is not State.DELETED


def _thread_gone(step: ResultContext, _outcome: ThreadGone) -> None:
    """Handle a thread that is gone: post its card anew and let the reply wait for it; give up foreign threads."""
    handoff, thread = step.handoff(), step.wanted.to.reply_to
    queue = queues.get(step.tx, handoff.workspace, handoff.queue) if handoff else None
    if handoff is None or queue is None or change_messages.card_key(handoff) != thread:
        step.hold("the thread it belongs to is gone")
        return
    posted_messages.remove(step.tx, step.wanted.workspace, thread)
    outbox.put(step.tx, [change_messages.card(handoff, queue)], step.now)
    step.note("repaired", reason=CARD_DELETED)
    step.again(step.now, "thread_not_found")


def _channel_shut(step: ResultContext, outcome: ChannelShut) -> None:
    """Handle a channel that refuses messages: report it to the people who can fix it, and wait; give up others."""
    handoff = step.handoff()
    shut = _queues_at(step, outcome.channel)
    if handoff is not None and not shut and step.row.posted is None and _is_present_card(step.wanted, handoff):
        _move_card(step, handoff, outcome)
        return
    if not shut or (step.posting is not None and step.posting.in_foreign_thread):
        step.hold("the channel does not take it", code=outcome.code)
        return
    for queue in shut:
        repair.shut(step.tx, queue, outcome.code, step.now, handoff=handoff)
    step.again(step.now + SHUT_PAUSE, outcome.code, known=outcome.known)


def _queues_at(step: ResultContext, channel: str | None) -> list[Queue]:
    return list(queues.list_by_channel(step.tx, step.wanted.workspace, channel)) if channel else []


def _move_card(step: ResultContext, handoff: Handoff, outcome: ChannelShut) -> None:
    """Post the card in the queue's new channel."""
    queue = queues.get(step.tx, handoff.workspace, handoff.queue)
    if queue is None:
        step.again(step.now + SHUT_PAUSE, outcome.code, known=outcome.known)
        return
    outbox.put(step.tx, [change_messages.card(handoff, queue)], step.now)
    step.again(step.now, outcome.code)


def _person_shut(step: ResultContext, outcome: PersonShut) -> None:
    """Handle a person who cannot be written to: give the message up and hand their work to the queue's managers."""
    user, workspace = step.wanted.to.user, step.wanted.workspace
    step.hold("the person cannot be written to", unheard="gone", code=outcome.code, person=user)
    if user is None or outcome.code not in _DEACTIVATED:
        return
    known = people.get(step.tx, workspace, user) or Person(workspace=workspace, id=user, name=user)
    people.put(step.tx, replace(known, deleted=True))
    repair.retire(step.tx, workspace, user, step.now)


def _held(step: ResultContext, outcome: ReaderUnavailable) -> None:
    """Let the message wait until its reader is available, with the reason in the audit."""
    until = outcome.until.isoformat()
    step.note("held", reason=outcome.why.value, person=step.wanted.to.user, until=until)
    notices.mark_held(step.tx, step.wanted.workspace, step.wanted.key, outcome.until, outcome.why)
    outbox.retry(step.tx, step.row, outcome.until, outcome.why, known=True)
    counters.POSTPONED.labels(outcome.why).inc()


def _token_refused(step: ResultContext, outcome: TokenRefused) -> None:
    until = step.voice.refused(step.wanted.workspace, outcome.code, step.now)
    block(step.tx, bucket_name(step.wanted.workspace), until)
    step.again(until, outcome.code, known=outcome.known)


def _moved_on(step: ResultContext, outcome: NoLongerNeeded) -> None:
    if outcome.reason is None:
        step.drop("nothing to say")
    else:
        step.hold(outcome.reason)


_MARKS: Final[Mapping[type, Callable[[ResultContext, Any], None]]] = {
    Delivered: _delivered,
    Erased: _erased,
    RetryLater: _later,
    Limited: _limited,
    Deleted: _deleted,
    ThreadGone: _thread_gone,
    ChannelShut: _channel_shut,
    PersonShut: _person_shut,
    TokenRefused: _token_refused,
    ReaderUnavailable: _held,
    WebhookAccepted: record_outside.told,
    WebhookDeclined: record_outside.declined,
    NoLongerNeeded: _moved_on,
}
