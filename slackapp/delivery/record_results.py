"""Record the results of sent messages: one function per outcome, in the transaction of a pump's turn.

A message that is given up has its reason in the audit; every other one is either in Slack or waits again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.capability import Kinds
from slackapp.delivery import rate_limits, record_webhook_results
from slackapp.delivery.home_tabs import record_home
from slackapp.delivery.model import (
    ChannelRefused,
    Deleted,
    Delivered,
    Erased,
    Forbidden,
    ForSummary,
    HomeNotShown,
    HomeShown,
    Limited,
    NoLongerNeeded,
    NotWanted,
    PersonUnreachable,
    ReaderUnavailable,
    Result,
    RetryLater,
    ThreadGone,
    TokenRefused,
    TooEarly,
    WebhookAccepted,
    WebhookDeclined,
)
from slackapp.delivery.prepare import CARD_FIRST
from slackapp.delivery.result_context import ResultContext, TokenHealth, pause_s
from slackapp.directory.actions import repair
from slackapp.escalation.actions import decide_anew
from slackapp.escalation.queries import batches
from slackapp.handoffs.rules import change_messages
from slackapp.personal.actions import summaries
from slackapp.runtime import counters
from storage.clocks import notices
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff
from storage.outbox import outbox, posted_messages
from storage.outbox.model import DIRECT, OutboxMessage, PostedMessage
from storage.outbox.pacing import LONGEST_PAUSE, block, bucket_name, list_blocked

REFUSED_PAUSE: Final = LONGEST_PAUSE
"""Interval of retries for a message that people have to make possible, if no event says that they have."""
CARD_DELETED: Final = "a person deleted the card in Slack, it was posted anew"
FOR_SUMMARY: Final = "summary"
OWN_SETTING: Final = "own_setting"
"""Why a message is not sent by itself, or not at all: its reader chose so."""
_DEACTIVATED: Final = frozenset({"user_disabled", "user_not_found", "users_not_found"})


def record_result(tx: Tx, result: Result, now: datetime, token_health: TokenHealth, kinds: Kinds) -> None:
    """Record one result: its outcome, and the DM channel opened for it."""
    wanted = result.row.wanted
    if result.dm_channel is not None and wanted.to.user is not None:
        people.set_dm_channel(tx, wanted.workspace, wanted.to.user, result.dm_channel)
    result_context = ResultContext(
        tx=tx, row=result.row, now=now, token_health=token_health, kinds=kinds, settled=result.settled
    )
    _RECORDERS[type(result.outcome)](result_context, result.outcome)


def _delivered(result_context: ResultContext, outcome: Delivered) -> None:
    wanted, before = result_context.wanted, result_context.row.posted
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
        posted_at=before.posted_at if before else result_context.now,
        settled=result_context.settled and not outcome.found,
    )
    outbox.mark_sent(result_context.tx, result_context.row, posted, result_context.now)
    if result_context.kind is not None and result_context.kind.has_notices:
        notices.mark_heard(result_context.tx, wanted.workspace, wanted.key, result_context.now)
    result_context.token_health.accepted(wanted.workspace)
    if outcome.maybe_double:
        result_context.add_audit_entry("maybe_double")
    if outcome.found:  # what was drawn then may be older than what is stored now
        outbox.put(result_context.tx, [wanted], result_context.now)
    if wanted.to.user is None:
        repair.restore_channel(result_context.tx, posted.workspace, posted.channel, result_context.now)
    handoff = (
        result_context.handoff()
        if result_context.posting is not None and result_context.posting.is_card and before is None
        else None
    )
    if handoff is not None:
        outbox.end_rest(result_context.tx, handoff.id, CARD_FIRST)
        _redraw_links(result_context, handoff)


def _redraw_links(result_context: ResultContext, handoff: Handoff) -> None:
    """Redraw the messages that link to a card which has a permalink now."""
    linking = [
        message.to_outbox_message()
        for message in posted_messages.list_for_handoff(result_context.tx, handoff.id)
        if result_context.shows_card(message.kind)
    ]
    others = [one for one in linking if one.key != result_context.wanted.key]
    outbox.put(
        result_context.tx,
        [*others, *batches.redrawn_batches(result_context.tx, handoff, result_context.now)],
        result_context.now,
    )


def _erased(result_context: ResultContext, _outcome: Erased) -> None:
    outbox.mark_erased(result_context.tx, result_context.row)
    result_context.token_health.accepted(result_context.wanted.workspace)


def _retry_later(result_context: ResultContext, outcome: RetryLater) -> None:
    wait_s = pause_s(result_context.row.attempts) if outcome.wait_s is None else outcome.wait_s
    at = result_context.now + timedelta(seconds=wait_s)
    if outcome.in_order:
        result_context.hold_lane(at)
    result_context.retry_at(at, outcome.code, known=outcome.known, refused=outcome.refused)


def _rate_limited(result_context: ResultContext, outcome: Limited) -> None:
    """Stop what Slack limits: a method, or for posting its channel; all channels once a second one is limited too."""
    tx, now = result_context.tx, result_context.now
    until = now + min(timedelta(seconds=outcome.wait_s), LONGEST_PAUSE)
    lane = result_context.row.lane
    if outcome.method != rate_limits.POST or lane is None or _is_workspace_limit(result_context, outcome, lane):
        block(tx, rate_limits.method_bucket(result_context.wanted.workspace, outcome.method), until, now)
    if lane is not None:
        block(tx, lane, until, now)
        if outcome.method == rate_limits.POST:
            block(tx, rate_limits.limited_bucket(lane), until, now)
    result_context.retry_at(until, "ratelimited", known=outcome.known, refused=False)


def _is_workspace_limit(result_context: ResultContext, outcome: Limited, lane: str) -> bool:
    if outcome.everywhere:
        return True
    workspace = bucket_name(result_context.wanted.workspace, "")
    limited = [
        name
        for name in list_blocked(result_context.tx, result_context.now)
        if name.startswith(workspace) and name.endswith(rate_limits.LIMITED)
    ]
    return any(name != rate_limits.limited_bucket(lane) for name in limited)


def _deleted(result_context: ResultContext, _outcome: Deleted) -> None:
    """Handle a message that a person deleted: post the present card anew, and messages that have grown since.

    The row of any other stays, as settled: what redraws it, now or later, must not post it anew.
    """
    handoff, gone = result_context.handoff(), result_context.row.posted
    posted_messages.remove(result_context.tx, result_context.wanted.workspace, result_context.wanted.key)
    is_card = handoff is not None and _is_present_card(result_context.wanted, handoff)
    if is_card:
        result_context.add_audit_entry("repaired", reason=CARD_DELETED)
    if is_card or _has_grown(result_context):
        result_context.retry_at(result_context.now, "message_not_found")
        return
    if gone is not None:
        posted_messages.put(result_context.tx, replace(gone, settled=True))
    tell = result_context.remove_message if gone is not None and gone.settled else result_context.give_up
    tell("a person deleted it in Slack")


def _has_grown(result_context: ResultContext) -> bool:
    """Whether a message about several handoffs has grown since it was posted."""
    if result_context.posting is None or not result_context.posting.grows:
        return False
    said = notices.list_for_message(result_context.tx, result_context.wanted.workspace, result_context.wanted.key)
    return any(notice.heard_at is None for notice in said)


def _is_present_card(wanted: OutboxMessage, handoff: Handoff) -> bool:
    return wanted.key == change_messages.card_key(handoff) and handoff.state is not State.DELETED


def _thread_gone(result_context: ResultContext, _outcome: ThreadGone) -> None:
    """Handle a thread that is gone: post its card anew and let the reply wait for it; give up foreign threads."""
    handoff, thread = result_context.handoff(), result_context.wanted.to.reply_to
    queue = queues.get(result_context.tx, handoff.workspace, handoff.queue) if handoff else None
    if handoff is None or queue is None or change_messages.card_key(handoff) != thread:
        result_context.give_up("the thread it belongs to is gone")
        return
    posted_messages.remove(result_context.tx, result_context.wanted.workspace, thread)
    outbox.put(result_context.tx, [change_messages.card(handoff, queue)], result_context.now)
    result_context.add_audit_entry("repaired", reason=CARD_DELETED)
    result_context.retry_at(result_context.now, "thread_not_found")


def _channel_refused(result_context: ResultContext, outcome: ChannelRefused) -> None:
    """Handle a channel that refuses messages: report it to the people who can fix it, and wait; give up others."""
    handoff = result_context.handoff()
    refused = _queues_at(result_context, outcome.channel)
    if (
        handoff is not None
        and not refused
        and result_context.row.posted is None
        and _is_present_card(result_context.wanted, handoff)
    ):
        _move_card(result_context, handoff, outcome)
        return
    if not refused or (result_context.posting is not None and result_context.posting.in_foreign_thread):
        result_context.give_up("the channel does not take it", code=outcome.code)
        return
    for queue in refused:
        repair.mark_channel_refused(result_context.tx, queue, outcome.code, result_context.now, handoff=handoff)
    result_context.retry_at(result_context.now + REFUSED_PAUSE, outcome.code, known=outcome.known)


def _queues_at(result_context: ResultContext, channel: str | None) -> list[Queue]:
    return list(queues.list_by_channel(result_context.tx, result_context.wanted.workspace, channel)) if channel else []


def _move_card(result_context: ResultContext, handoff: Handoff, outcome: ChannelRefused) -> None:
    """Post the card in the queue's new channel."""
    queue = queues.get(result_context.tx, handoff.workspace, handoff.queue)
    if queue is None:
        result_context.retry_at(result_context.now + REFUSED_PAUSE, outcome.code, known=outcome.known)
        return
    outbox.put(result_context.tx, [change_messages.card(handoff, queue)], result_context.now)
    result_context.retry_at(result_context.now, outcome.code)


def _person_unreachable(result_context: ResultContext, outcome: PersonUnreachable) -> None:
    """Give up a message to a person who cannot be written to; release the work of a deactivated one."""
    user, workspace = result_context.wanted.to.user, result_context.wanted.workspace
    result_context.give_up("the person can't be messaged", skip_reason="gone", code=outcome.code, person=user)
    if user is None or outcome.code not in _DEACTIVATED:
        return
    known = people.get(result_context.tx, workspace, user) or Person(workspace=workspace, id=user, name=user)
    people.put(result_context.tx, replace(known, deleted=True))
    decide_anew.for_people(result_context.tx, workspace, [user], result_context.now)
    repair.release_work_of(result_context.tx, workspace, user, result_context.now)


def _reader_unavailable(result_context: ResultContext, outcome: ReaderUnavailable) -> None:
    """Let the message wait until its reader is available, with the reason in the audit."""
    until = outcome.until.isoformat()
    result_context.add_audit_entry("held", reason=outcome.why.value, person=result_context.wanted.to.user, until=until)
    outbox.hold(result_context.tx, result_context.row, outcome.until, outcome.why)
    decide_anew.hold_message(
        result_context.tx,
        result_context.wanted.workspace,
        result_context.wanted.key,
        until=outcome.until,
        why=outcome.why,
        now=result_context.now,
    )
    counters.POSTPONED.labels(outcome.why).inc()


def _for_summary(result_context: ResultContext, outcome: ForSummary) -> None:
    """Collect the message for its reader's next summary."""
    until, person = outcome.at.isoformat(), result_context.wanted.to.user
    result_context.add_audit_entry("held", reason=FOR_SUMMARY, person=person, until=until)
    summaries.collect(result_context.tx, result_context.wanted, outcome.topic, outcome.at, result_context.now)
    outbox.mark_done(result_context.tx, result_context.row)
    counters.POSTPONED.labels(FOR_SUMMARY).inc()


def _not_wanted(result_context: ResultContext, _outcome: NotWanted) -> None:
    result_context.give_up(OWN_SETTING, person=result_context.wanted.to.user)


def _too_early(result_context: ResultContext, outcome: TooEarly) -> None:
    outbox.hold(result_context.tx, result_context.row, outcome.until, "quiet")


def _token_refused(result_context: ResultContext, outcome: TokenRefused) -> None:
    until = result_context.token_health.refused(result_context.wanted.workspace, outcome.code, result_context.now)
    block(result_context.tx, bucket_name(result_context.wanted.workspace), until, result_context.now)
    result_context.retry_at(until, outcome.code, known=outcome.known)


def _forbidden(result_context: ResultContext, outcome: Forbidden) -> None:
    """Keep a message until an admin has changed a setting, and do not try the others that it forbids."""
    until = result_context.now + REFUSED_PAUSE
    if outcome.all_direct:
        block(result_context.tx, bucket_name(result_context.wanted.workspace, DIRECT), until, result_context.now)
    result_context.retry_at(until, outcome.code, known=outcome.known)


def _no_longer_needed(result_context: ResultContext, outcome: NoLongerNeeded) -> None:
    if outcome.reason is None:
        result_context.remove_message("nothing to say")
    else:
        result_context.give_up(outcome.reason)


_RECORDERS: Final[Mapping[type, Callable[[ResultContext, Any], None]]] = {
    Delivered: _delivered,
    Erased: _erased,
    RetryLater: _retry_later,
    Limited: _rate_limited,
    Deleted: _deleted,
    ThreadGone: _thread_gone,
    ChannelRefused: _channel_refused,
    PersonUnreachable: _person_unreachable,
    TokenRefused: _token_refused,
    Forbidden: _forbidden,
    ReaderUnavailable: _reader_unavailable,
    ForSummary: _for_summary,
    NotWanted: _not_wanted,
    TooEarly: _too_early,
    WebhookAccepted: record_webhook_results.accepted,
    WebhookDeclined: record_webhook_results.declined,
    HomeShown: record_home.shown,
    HomeNotShown: record_home.not_shown,
    NoLongerNeeded: _no_longer_needed,
}
