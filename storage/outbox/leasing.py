"""The SQL that finds outbox messages that may be sent now, and what is in flight.

In this order, by urgency and within it oldest first:
1. what notifies a person, or is new: first posts, webhook calls, and deletions;
2. Home tabs, and summaries of many handoffs, drawn again; then other direct messages; then cards and lines, drawn
   again.

Not offered are
- messages that rest after a failed try, and those of a blocked bucket (see `storage.outbox.pacing`); webhooks are not
  subject to Slack's limits;
- a thread reply while the message it replies to waits or is in flight;
- a card drawn again while messages of its handoff wait that were put before this drawing was requested, so that nobody
  is told "unclaimed" after the card shows the owner.

`storage.outbox.selection` chooses among them: one at a time per key, handoff, and channel or person. A row whose lease
ended without a result comes before all others.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    text,
)

from storage.company.tables import people
from storage.outbox.model import DIRECT, HOME, SlackMethod
from storage.outbox.tables import LEASED, UNCLASSIFIED, WAITING, messages, outbox

CARD: Final = "card"
"""The kind of message that is a handoff's card."""
SUMMARIES: Final = ("bundle", "digest", "bulk")
"""The kinds of messages that count many handoffs."""
LINES: Final = (CARD, "sent", "source", "reply", "watch")
"""The kinds of messages that are drawn again for whoever looks at them some time."""
OUTSIDE: Final = "webhook"
"""The kind of message that goes to a webhook: Slack's rate limits do not apply."""

_o: Final = outbox.c
_instant: Final = _o.not_before.type
_now: Final = bindparam("now", type_=_instant)
_horizon: Final = bindparam("horizon", type_=_instant)
"""No failed try is repeated later than this, so a later instant comes from a clock that has stepped back."""
_blocked_names: Final[Any] = bindparam("blocked", expanding=True)
_theirs: Final = outbox.alias("theirs")
_answered: Final = messages.alias("answered")
_parent: Final = messages.alias("parent")
_rows: Final = (
    outbox.outerjoin(messages, and_(messages.c.workspace == _o.workspace, messages.c.key == _o.key))
    .outerjoin(_parent, and_(_parent.c.workspace == _o.workspace, _parent.c.key == _o.to_reply_to))
    .outerjoin(people, and_(people.c.workspace == _o.workspace, people.c.id == _o.to_user))
)


def _some(table: FromClause, *conditions: ColumnElement[bool] | Any) -> ColumnElement[bool]:
    return exists(select(literal_column("1")).select_from(table).where(*conditions).correlate_except(table))


def _bucket(row: Any, part: Any) -> ColumnElement[str]:
    return row.workspace + literal(":") + part  # type: ignore[no-any-return]


def _free(*buckets: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(*(func.coalesce(bucket, "").not_in(_blocked_names) for bucket in buckets))


def _rested(row: Any) -> ColumnElement[bool]:
    """Whether a row does not rest after a failed try."""
    return or_(row.retry_at.is_(None), row.retry_at <= _now, row.retry_at > _horizon)


_is_new: Final = messages.c.key.is_(None)
_is_view: Final = _o.kind == HOME
_method: Final = case(
    (_o.kind == OUTSIDE, literal_column(f"'{SlackMethod.CALL}'")),
    (_is_view, literal_column(f"'{SlackMethod.PUBLISH}'")),
    (_o.erase, literal_column(f"'{SlackMethod.ERASE}'")),
    (_is_new, literal_column(f"'{SlackMethod.POST}'")),
    else_=literal_column(f"'{SlackMethod.UPDATE}'"),
)
_is_post: Final = and_(_o.kind.not_in((OUTSIDE, HOME)), not_(_o.erase), _is_new)
_lane: Final = case(
    (_is_post, _bucket(_o, func.coalesce(_o.to_user, _parent.c.channel, _o.to_channel))),
    (_is_view, _bucket(_o, _o.key)),
    else_=literal_column("NULL"),
)
_direct: Final = case(
    (and_(_is_post, _o.to_user.is_not(None)), _bucket(_o, literal(DIRECT))), else_=literal_column("NULL")
)
_webhook: Final = case((_o.kind == OUTSIDE, _o.payload["webhook"].as_string()), else_=literal_column("NULL"))
_said: Final = _some(_answered, _answered.c.workspace == _o.workspace, _answered.c.key == _o.key)
_urgency: Final = case(
    (_is_view, 1),
    (or_(_o.erase, not_(_said)), 0),
    (_o.kind.in_(SUMMARIES), 1),
    (_o.kind.not_in(LINES), 2),
    else_=3,
)
_unclassified: Final = select(_o.id).where(text(UNCLASSIFIED), _o.not_before <= _now).with_for_update(skip_locked=True)
CLASSIFY: Final = outbox.update().where(_o.id.in_(_unclassified)).values(urgency=_urgency)
"""Store the urgency of rows that are due and have none yet, so that an index has their order. Parameter: now."""
_may_be_free: Final = and_(  # what the row alone tells, so that a long backlog is passed over quickly
    or_(_o.urgency == 0, _is_view, _free(_bucket(_o, literal(SlackMethod.UPDATE.value)))),
    or_(_o.urgency > 0, _o.erase, _free(_bucket(_o, func.coalesce(_o.to_user, _o.to_channel)))),
)
_may_go: Final = or_(
    and_(_o.kind == OUTSIDE, _free(_bucket(_o, literal("webhook:") + _webhook))),
    and_(_o.kind != OUTSIDE, _free(_o.workspace, _bucket(_o, _method), _lane, _direct)),
)
_is_pending: Final = [
    _some(_theirs, text(f"theirs.{status}"), _theirs.c.workspace == _o.workspace, _theirs.c.key == _o.to_reply_to)
    for status in (WAITING, LEASED)
]
_can_reply: Final = or_(_o.to_reply_to.is_(None), _parent.c.key.is_not(None), not_(or_(*_is_pending)))
_pings_before: Final = _some(
    _theirs,
    text(f"theirs.{WAITING}"),
    _theirs.c.handoff_id == _o.handoff_id,
    _theirs.c.kind != CARD,
    _theirs.c.not_before <= _now,
    _theirs.c.put_at < _o.redrawn_at,
    _rested(_theirs.c),
    _free(_theirs.c.workspace, _bucket(_theirs.c, func.coalesce(_theirs.c.to_user, _theirs.c.to_channel))),
)
_is_redraw: Final = and_(_o.kind == CARD, not_(_is_new))
_candidate: Final = select(
    _o.id,
    _o.workspace,
    _o.key,
    _o.handoff_id,
    _method.label("method"),
    _lane.label("lane"),
    _webhook.label("webhook"),
    and_(_o.to_user.is_not(None), people.c.dm_channel.is_(None)).label("opens_dm"),
    _o.first_leased_at.is_not(None).label("is_unsure"),
    or_(_o.to_reply_to.is_not(None), _o.to_thread_ts.is_not(None)).label("in_thread"),
    _o.to_reply_to.label("reply_to"),
    and_(_o.kind == CARD, _is_new).label("is_first_card"),
).select_from(_rows)

WAITING_ROWS: Final = (
    _candidate.where(
        text(f"outbox.{WAITING}"),
        _o.urgency.is_not(None),
        _o.not_before <= _now,
        _rested(_o),
        _may_be_free,
        _can_reply,
        not_(and_(_is_redraw, _pings_before)),
        _may_go,
    )
    .order_by(_o.urgency, _o.not_before, _o.id)
    .limit(bindparam("breadth"))
)
"""Select the rows that wait and may be sent now, in their order. Parameters: now, horizon, blocked, breadth."""
LEASED_ROWS: Final = (
    _candidate.add_columns((_o.lease_until <= _now).label("is_over"), _may_go.label("may_go"))
    .where(text(f"outbox.{LEASED}"))
    .order_by(_o.not_before, _o.id)
)
"""Select the rows in flight, and whether their lease is over. Parameters: now, blocked."""

POSTED: Final = "posted_"
"""Prefix of the columns that come from the message's own row."""
TAKE: Final = (
    select(outbox, *(column.label(POSTED + column.name) for column in messages.columns))
    .select_from(outbox.outerjoin(messages, and_(messages.c.workspace == _o.workspace, messages.c.key == _o.key)))
    .where(_o.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(of=outbox, skip_locked=True)
)
"""Select the chosen rows and lock them. Parameter: ids."""

LEASE: Final = (
    outbox.update()
    .where(_o.id.in_(bindparam("ids", expanding=True)))
    .values(
        status="leased",
        lease_until=bindparam("lease_until"),
        leased_by=bindparam("by"),
        attempts=_o.attempts + 1,
        first_leased_at=func.coalesce(_o.first_leased_at, _now),
    )
)
"""Mark the selected rows as leased. Parameters: ids, now, lease_until, by."""

SHORTEN: Final = (
    outbox.update()
    .where(text(LEASED), _o.lease_until > bindparam("longest", type_=_instant))
    .values(lease_until=bindparam("lease_until", type_=_instant))
)
"""Let leases that end later than any can end soon: the clock has stepped back. Parameters: longest, lease_until."""

SUPERSEDE: Final = outbox.delete().where(
    text("status = 'leased'"),
    _o.lease_until <= _now,
    _some(_answered, _answered.c.workspace == _o.workspace, _answered.c.key == _o.key),
    _some(_theirs, text("theirs.status = 'waiting'"), _theirs.c.workspace == _o.workspace, _theirs.c.key == _o.key),
)
"""Delete expired updates that a newer waiting row replaces. A first post stays: Slack may have received it."""
