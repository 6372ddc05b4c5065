"""The SQL that chooses which outbox messages may be sent now, with all rules about order.

Oldest first, and:
- at most one message per key and per handoff is in flight;
- a thread reply waits until the message it replies to is posted, while that one is still pending;
- a card's update waits for reminders that were put before the update was requested, so that nobody is told
  "unclaimed" after the card shows the owner; the first post of a card goes before all else of its handoff;
- messages to a blocked bucket (see `storage.outbox.pacing`) wait; webhooks are not subject to Slack's limits;
- a row whose lease ended without a result is leased again.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    union_all,
)

from storage.outbox.pacing import SlackMethod
from storage.outbox.tables import messages, outbox, pacing

CARD: Final = "card"
"""The kind of message that is a handoff's card."""
OUTSIDE: Final = "webhook"
"""The kind of message that goes to a webhook: Slack's rate limits do not apply."""
BREADTH: Final = 4
"""Candidate rows read per row requested: several may belong to one handoff."""

_o: Final = outbox.c
_now: Final = bindparam("now", type_=_o.not_before.type)
_theirs: Final = outbox.alias("theirs")
_answered: Final = messages.alias("answered")
_with_message: Final = outbox.outerjoin(messages, and_(messages.c.workspace == _o.workspace, messages.c.key == _o.key))


def _some(table: FromClause, *conditions: ColumnElement[bool] | Any) -> ColumnElement[bool]:
    return exists(select(literal_column("1")).select_from(table).where(*conditions).correlate_except(table))


def _bucket(row: Any, part: Any) -> ColumnElement[str]:
    named: ColumnElement[str] = row.workspace + ":" + part
    return named


def _blocked(row: Any, *parts: Any) -> ColumnElement[bool]:
    buckets = [row.workspace, *(_bucket(row, part) for part in (row.to_channel, row.to_user, *parts))]
    return _some(pacing, pacing.c.until > _now, pacing.c.bucket.in_(buckets))


_way: Final = case(
    (_o.erase, literal_column(f"'{SlackMethod.ERASE}'")),
    (messages.c.key.is_(None), literal_column(f"'{SlackMethod.POST}'")),
    else_=literal_column(f"'{SlackMethod.UPDATE}'"),
)
_may_go: Final = or_(_o.kind == OUTSIDE, not_(_blocked(_o, messages.c.channel, _way)))
_nothing_in_flight: Final = and_(
    not_(
        _some(_theirs, text("theirs.status = 'leased'"), _theirs.c.workspace == _o.workspace, _theirs.c.key == _o.key)
    ),
    not_(_some(_theirs, text("theirs.status = 'leased'"), _theirs.c.handoff_id == _o.handoff_id)),
)
_can_reply: Final = or_(
    _o.to_reply_to.is_(None),
    _some(_answered, _answered.c.workspace == _o.workspace, _answered.c.key == _o.to_reply_to),
    not_(
        or_(
            *(
                _some(
                    _theirs,
                    text(f"theirs.status = '{status}'"),
                    _theirs.c.workspace == _o.workspace,
                    _theirs.c.key == _o.to_reply_to,
                )
                for status in ("waiting", "leased")
            )
        )
    ),
)
_pings_before: Final = _some(
    _theirs,
    text("theirs.status = 'waiting'"),
    _theirs.c.handoff_id == _o.handoff_id,
    _theirs.c.kind != CARD,
    _theirs.c.not_before <= _now,
    _theirs.c.put_at < _o.redrawn_at,
    not_(_blocked(_theirs.c)),
)
_is_redraw: Final = and_(_o.kind == CARD, messages.c.key.is_not(None))
_after_cards: Final = case((and_(_o.kind == CARD, messages.c.key.is_(None)), 0), (_o.kind == CARD, 1), else_=2)
_candidate: Final = select(_o.id, _o.handoff_id, _o.not_before, _after_cards.label("rank")).select_from(_with_message)

_fresh: Final = (
    _candidate.where(
        text("outbox.status = 'waiting'"),
        _o.not_before <= _now,
        _nothing_in_flight,
        _can_reply,
        not_(and_(_is_redraw, _pings_before)),
        _may_go,
    )
    .order_by(_o.not_before, _o.id)  # as the index has them, so that a long backlog is not sorted for a few rows
    .limit(bindparam("breadth"))
    .subquery("fresh")
)
_expired: Final = (
    _candidate.where(text("outbox.status = 'leased'"), _o.lease_until <= _now, _may_go)
    .order_by(_o.not_before, _o.id)
    .limit(bindparam("breadth"))
    .subquery("expired")
)
_both: Final = union_all(select(_expired), select(_fresh)).subquery("both")
_first_of_each: Final = select(
    _both,
    func.row_number()
    .over(
        partition_by=func.coalesce(_both.c.handoff_id, cast(_both.c.id, String)),
        order_by=(case((_both.c.rank == 0, 0), else_=1), _both.c.not_before, _both.c.rank, _both.c.id),
    )
    .label("place"),
).subquery("first_of_each")
_chosen: Final = (
    select(_first_of_each.c.id)
    .where(_first_of_each.c.place == 1)
    .order_by(_first_of_each.c.not_before, _first_of_each.c.rank, _first_of_each.c.id)
    .limit(bindparam("limit"))
)

POSTED: Final = "posted_"
"""Prefix of the columns that come from the message's own row."""
TAKE: Final = (
    select(outbox, *(column.label(POSTED + column.name) for column in messages.columns))
    .select_from(_with_message)
    .where(_o.id.in_(_chosen))
    .order_by(_o.not_before, _after_cards, _o.id)
    .with_for_update(of=outbox, skip_locked=True)
)
"""Select the rows to lease and lock them. Parameters: now, limit, breadth."""

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

SUPERSEDE: Final = outbox.delete().where(
    text("status = 'leased'"),
    _o.lease_until <= _now,
    _some(_answered, _answered.c.workspace == _o.workspace, _answered.c.key == _o.key),
    _some(_theirs, text("theirs.status = 'waiting'"), _theirs.c.workspace == _o.workspace, _theirs.c.key == _o.key),
)
"""Delete expired updates that a newer waiting row replaces. A first post stays: Slack may have received it."""
