"""The conditions of lists as SQL: scope, filters, the shown deadline, and who may see what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
)

from storage.clocks.model import ClockKind
from storage.clocks.tables import notices, timers
from storage.handoffs.lifecycle import ReadBackStatus, State
from storage.handoffs.tables import CLAIMED, LIVE, OPEN, handoffs
from storage.search.model import Filters, ListScope, Sight, Wanted

Condition = ColumnElement[bool]
_h: Final = handoffs.c
_t: Final = timers.c
_PEOPLE: Final = (_h.originator, _h.sender, _h.owner, _h.last_owner, _h.offered_to)

_COVERED: Final = (_h.sender, _h.owner, _h.offered_to)
# As the partial indexes have them: a column of type Boolean would be compared with 1, and no index used.
_CLAIMED: Final[Any] = text(f"handoffs.{CLAIMED}")
_LIVE: Final[Any] = text(f"handoffs.{LIVE}")
_OPEN: Final[Any] = text(f"handoffs.{OPEN}")


def _running(clock: ClockKind) -> ScalarSelect[Any]:
    """The deadline of a handoff's clock while it runs."""
    return (
        select(_t.deadline_at)
        .where(
            _t.handoff_id == _h.id, _t.clock == clock.value, text("stopped_at IS NULL"), _t.running_since.is_not(None)
        )
        .correlate(handoffs)
        .scalar_subquery()
    )


_finish: Final = _running(ClockKind.FINISH)
DEADLINE: Final[ColumnElement[Any]] = case(
    (or_(_h.snoozed_until.is_not(None), _h.asked_at.is_not(None)), None),
    (_h.state == State.OPEN, func.coalesce(_running(ClockKind.CLAIM), _h.needed_by)),
    (
        _h.state == State.CLAIMED,
        func.coalesce(
            _running(ClockKind.FIRST_ACTION), case((_h.needed_by < _finish, _h.needed_by), else_=_finish), _h.needed_by
        ),
    ),
    (_h.state == State.RETURNED, _running(ClockKind.RESPOND)),
    else_=None,
)
"""The deadline that people are shown (`slackapp.handoffs.rules.next_deadline`), or NULL."""


def conditions(wanted: Wanted, sight: Sight, now: datetime) -> Iterator[Condition]:
    """Yield the conditions for a handoff to be in the list, without the words searched for."""
    yield _h.workspace == wanted.workspace
    yield from _scope(wanted, sight, now)
    yield from _filters(wanted.filters, now)
    yield may_see(sight)


def may_see(sight: Sight) -> Condition:
    """The condition that a person may see a handoff: what `people.rules.permissions` decides, for many at once."""
    own = _h.queue.in_(sight.own) if sight.own else false()
    stands_in = or_(*(column.in_(sight.covers) for column in _COVERED)) if sight.covers else false()
    if sight.is_guest:
        return or_(own, involves([sight.user]), stands_in)
    known = _h.queue.not_in(sight.hidden) if sight.hidden else true()
    return or_(and_(known, or_(_h.private.is_(False), own)), involves([sight.user]), stands_in, _is_told(sight.user))


def involves(people: Sequence[str]) -> Condition:
    """The condition that one of these people sent a handoff, has or had it, or is offered it."""
    return or_(*(column.in_(people) for column in _PEOPLE))


def _is_told(user: str) -> Condition:
    """The condition that a level that still stands has notified the person (see `storage.clocks.notices.is_told`)."""
    return exists(
        select(literal(1))
        .select_from(notices)
        .join(
            timers,
            and_(_t.handoff_id == notices.c.handoff_id, _t.clock == notices.c.clock, _t.run == notices.c.run),
        )
        .where(
            notices.c.handoff_id == _h.id,
            notices.c.recipient == user,
            notices.c.heard_at.is_not(None),
            _t.stopped_at.is_(None),
        )
        .correlate(handoffs)
    )


def _is_late(now: datetime) -> Condition:
    return literal(now, type_=_h.needed_by.type) >= DEADLINE


def _scope(wanted: Wanted, sight: Sight, now: datetime) -> Iterator[Condition]:
    user = sight.user
    match wanted.scope:
        case ListScope.MINE:
            yield _CLAIMED
            yield _h.owner == user
        case ListScope.SENT:
            yield _LIVE
            yield _h.sender == user
        case ListScope.NEEDS_ME:
            people = (user, *sight.covers)
            yield _h.id.in_(_may_need(wanted.workspace, people))
            yield _needs(people, now)
        case ListScope.OPEN:
            yield _OPEN
            yield _h.queue.in_(wanted.queues)
        case ListScope.QUEUES:
            yield _LIVE
            yield _h.queue.in_(wanted.queues)
        case ListScope.EVERYTHING:
            yield _h.state != State.DELETED


def _may_need(workspace: str, people: Sequence[str]) -> Any:
    """The unfinished handoffs that could need one of these people, each read by an index."""
    of = handoffs.alias("of")
    found = [
        select(of.c.id).where(of.c.workspace == workspace, text(condition), column == person)
        for person in people
        for condition, column in (
            (f"of.{CLAIMED}", of.c.owner),
            (f"of.{LIVE}", of.c.sender),
            ("of.offered_to IS NOT NULL", of.c.offered_to),
        )
    ]
    return union_all(*found)


def _needs(people: Sequence[str], now: datetime) -> Condition:
    owned = and_(_h.state == State.CLAIMED, _h.owner.in_(people))
    sent = _h.sender.in_(people)
    return or_(
        and_(_h.state == State.OPEN, _h.offered_to.in_(people)),
        and_(owned, or_(_is_late(now), _h.read_back.in_([ReadBackStatus.DUE, ReadBackStatus.CORRECTED]))),
        and_(sent, _h.state == State.RETURNED),
        and_(sent, _h.asked_at.is_not(None)),
        and_(sent, _h.read_back == ReadBackStatus.GIVEN),
    )


def _filters(filters: Filters, now: datetime) -> Iterator[Condition]:
    if filters.number is not None:
        yield _h.number == filters.number
    if filters.queue is not None:
        yield _h.queue == filters.queue
    if filters.priority is not None:
        yield _h.priority == filters.priority.value
    if filters.template is not None:
        yield _h.template == filters.template
    if filters.sender is not None:
        yield or_(_h.sender == filters.sender, _h.originator == filters.sender)
    if filters.owner is not None:
        yield _h.owner == filters.owner
    if filters.late:
        yield _LIVE
        yield _is_late(now)
