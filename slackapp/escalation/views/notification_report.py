"""Draw the answer to `/handoff why 42`: the clocks, and every notification with its reason, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from slackapp.escalation.model import NotificationLog
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.privacy import stub
from slackapp.handoffs.views import clock_lines, event_sentences, headlines, wording
from slackapp.slack import error_codes
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import MESSAGE, Block, Post, clip, context, fitting, header, packed, section, when
from slackapp.slack.error_codes import Meaning
from storage.clocks.model import OWN_CLOCKS, ClockKind, Notice, ReplacedDecision, Timer
from storage.handoffs.model import AuditEntry
from storage.outbox.model import OutboxMessage, PendingMessage, PostedMessage

MOST_LINES: Final = 60
"""Notifications listed at most."""
MOST_CLOCKS: Final = 12
_LINES: Final = 12
"""Lines of one section."""
_SECTION: Final = 2900
_LINE: Final = 700
_CLOCK: Final = 700
_ROOM: Final = 4000
"""Characters available for the clocks."""
_AT_ONCE: Final = timedelta(minutes=1)
_OWN_ACTS: Final = frozenset({"held", "maybe_double", "repaired"})
_PLACES: Final[Mapping[str, str]] = {"reply": "the thread", "source": "the original message's thread"}
_PRUNED: Final = "This handoff ended long ago. Timers and the reasons for reminders are no longer stored."
_REDRAWN: Final = frozenset({"card", "sent", "source"})
"""Kinds of messages that are updated in place instead of being sent again."""


def report(log: NotificationLog) -> Post:
    """Draw the log as far as one message holds it. Private handoffs are shown as a stub."""
    details = stub(log.details)
    log = replace(log, details=details)
    headline = f"{wording.numbered(details)} {headlines.headline(details, log.now)}."
    standing = [clip(_timer(log, timer), _CLOCK) for timer in _in_order(log.clocks)]
    told = [clip(line, _LINE) for _, line in sorted(_lines(log), key=lambda found: found[0], reverse=True)]
    clocks_shown = fitting(standing[:MOST_CLOCKS], _ROOM)
    lines_shown = fitting(told[:MOST_LINES], MESSAGE - _ROOM - len(headline))
    blocks = [
        section(headline),
        *_listing("Timers", clocks_shown, _PRUNED if log.pruned else "No timer has run yet."),
        *_more(len(standing) - len(clocks_shown), "earlier timer"),
        *_listing("Notifications", lines_shown, "Nobody has been notified."),
        *_more(len(told) - len(lines_shown), "earlier notification"),
    ]
    return Post(text=f"{headline} {phrases.counted(len(told), 'notification')}.", blocks=blocks)


def _timer(log: NotificationLog, timer: Timer) -> str:
    """Return a timer with how its due time was calculated."""
    how = clock_lines.calculation(timer, log.calendars)
    return "\n".join([clock_lines.line(timer, log.calendars, log.now), *(f"> {line}" for line in how.splitlines())])


def _in_order(found: Sequence[Timer]) -> list[Timer]:
    """Return running clocks first, then the newest."""
    newest = sorted(found, key=lambda timer: timer.started_at, reverse=True)
    return sorted(newest, key=lambda timer: (timer.stopped_at is not None, timer.clock in OWN_CLOCKS))


def _lines(log: NotificationLog) -> Iterator[tuple[datetime, str]]:
    """Yield every notification as a line, with its instant."""
    noticed = {notice.message for notice in log.notices}
    said_at = {message.key: message.posted_at for message in log.posted}
    waiting = {one.wanted.key: one for one in log.pending}
    for notice in log.notices:
        heard_at = notice.heard_at or said_at.get(notice.message or "")
        told = _notice(log, replace(notice, heard_at=heard_at), waiting.get(notice.message or ""))
        yield notice.put_at, f"{when(notice.put_at)}: {told}"
    for message in log.posted:
        if message.key not in noticed:
            yield message.posted_at, f"{when(message.posted_at)}: {_message(log.details, message)}"
    for key, one in waiting.items():
        is_news = key not in said_at or one.refused_since is not None
        if key not in noticed and is_news and not one.wanted.erase:
            yield one.put_at, f"{when(one.put_at)}: {_message(log.details, one.wanted)}, {_delay(one, log.now)}"
    for entry in log.details.history:
        if entry.verb in _OWN_ACTS:
            sentence = event_sentences.sentence(log.details, entry.verb, entry.actor, entry.facts)
            yield entry.at, f"{when(entry.at)}: {sentence}"


def _notice(log: NotificationLog, notice: Notice, pending: PendingMessage | None) -> str:
    """Return a notice as a line: recipient, clock and level, deadline, and what became of it."""
    due = _due(log.details.history, notice)
    late = f", deadline {when(due)}" if due else ""
    step = _step(notice.clock, notice.level)
    heard = _outcome_of(notice, log.now, pending)
    stands_in = f" (covering for {wording.who(log.details, notice.instead_of)})" if notice.instead_of else ""
    who = f"*{wording.recipient(log.details, notice.recipient)}*{stands_in}"
    return f"{who}, {step}{late}: {heard}{_replaced(notice)}"


def _replaced(notice: Notice) -> str:
    """Return the decisions before the present one, the latest first, each with until when it stood."""
    return "".join(f"; before {when(one.replaced_at)}: {_decision(one)}" for one in reversed(notice.replaced))


def _decision(one: ReplacedDecision) -> str:
    because = f", because {event_sentences.cause(one.why)}" if one.why else ""
    if one.hear_at is None:
        return f"not notified{because}"
    return (
        f"waiting until {when(one.hear_at)}{because}" if one.hear_at > one.replaced_at else "to be notified right away"
    )


def _step(clock: ClockKind, level: str) -> str:
    return f"{wording.CLOCKS[clock]} {wording.level(level)}"


def _outcome_of(notice: Notice, now: datetime, pending: PendingMessage | None) -> str:
    because = f", because {event_sentences.cause(notice.why)}" if notice.why else ""
    if notice.heard_at is not None:
        decided_at = notice.replaced[-1].replaced_at if notice.replaced else notice.put_at
        soon = notice.heard_at - decided_at < _AT_ONCE
        return "notified" if soon else f"notified {when(notice.heard_at)}{because}"
    if notice.hear_at is None:
        return f"not notified{because}"
    if notice.hear_at > now:
        return f"waiting until {when(notice.hear_at)}{because}"
    if pending is None:
        return "not notified: resolved before it could be sent"
    return _refusal(pending, now) if pending.refused_since else "on its way"


def _delay(pending: PendingMessage, now: datetime) -> str:
    """Return why a message has not been sent yet."""
    if pending.refused_since:
        return _refusal(pending, now)
    because = f": {event_sentences.cause(pending.error)}" if pending.error else ""
    return f"waiting until {when(pending.not_before)}{because}" if pending.not_before > now else f"on its way{because}"


def _refusal(pending: PendingMessage, now: datetime) -> str:
    """Return what keeps a message from being delivered, since when, and what happens next."""
    code = pending.error or ""
    admin = ", ask a Slack admin" if error_codes.meaning(code) is Meaning.ADMIN else ""
    since = f" since {when(pending.refused_since)}" if pending.refused_since else ""
    again = f"; next try {when(pending.not_before)}" if pending.not_before > now else ""
    return f"not delivered{since}, because {event_sentences.cause(code)}{admin}{again}"


def _due(history: Sequence[AuditEntry], notice: Notice) -> datetime | None:
    """Return the deadline of the notice's clock from the audit, or None."""
    for entry in history:
        if entry.at == notice.put_at and (entry.facts.get("clock"), entry.facts.get("level")) == (
            notice.clock,
            notice.level,
        ):
            written = entry.facts.get("due_at") or entry.facts.get("deadline_at")
            return datetime.fromisoformat(written) if isinstance(written, str) else None
    return None


def _message(details: HandoffDetails, message: PostedMessage | OutboxMessage) -> str:
    """Return a message that no clock caused as a line: recipient and subject."""
    where = wording.who(details, message.to.user) if message.to.user else _PLACES.get(message.kind, "the channel")
    payload = message.payload
    where += f" (covering for {wording.who(details, str(payload['for']))})" if payload.get("for") else ""
    if message.kind == "level":
        return f"*{where}*, {_step(ClockKind(payload['clock']), str(payload.get('level')))}: a reminder"
    if message.kind in _REDRAWN or "verb" not in payload:
        return f"*{where}*: {event_sentences.MESSAGES.get(message.kind, 'a message')}"
    facts = event_sentences.message_facts(details, payload)
    return f"*{where}*: {event_sentences.sentence(details, str(payload['verb']), str(payload['actor']), facts)}"


def _listing(title: str, lines: Sequence[str], none: str) -> list[Block]:
    """Return a heading with lines, several to a section."""
    return [header(title), *map(section, packed(lines, _LINES, _SECTION) or [none])]


def _more(left: int, what: str) -> list[Block]:
    return [context(f"And {phrases.counted(left, what)} not shown.")] if left > 0 else []
