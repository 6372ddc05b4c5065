"""Queries for reminders that list many handoffs: one notice per handoff, those with a running clock first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    String,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    union_all,
)

from storage.clocks.model import Notice
from storage.clocks.notices import COLUMNS, read_notice
from storage.clocks.tables import UNSETTLED, notices, timers
from storage.company.tables import queues
from storage.db import bulk
from storage.db.database import Tx
from storage.outbox.tables import LEASED, WAITING, home_subjects, messages, outbox

_n: Final = notices.c
_t: Final = timers.c
_m: Final = messages.c
_q: Final = queues.c
_s: Final = home_subjects.c
_here: Final = (
    _n.workspace == bindparam("in_workspace"),
    text("notices.message IS NOT NULL"),
    _n.message == bindparam("of_message"),
)
_its_clock_runs: Final = and_(
    _t.handoff_id == _n.handoff_id,
    _t.clock == _n.clock,
    _t.run == _n.run,
    text("timers.stopped_at IS NULL"),
    _t.running_since.is_not(None),
)
_over: Final = case((_t.id.is_(None), 1), else_=0)
_one_each: Final = (
    select(
        *(notices.c[name] for name in COLUMNS),
        _n.id,
        _over.label("over"),
        func.row_number().over(partition_by=_n.handoff_id, order_by=(_over, _n.id.desc())).label("place"),
    )
    .select_from(notices.outerjoin(timers, _its_clock_runs))
    .where(*_here)
    .subquery("one_each")
)
_ROWS: Final = (
    select(*(_one_each.c[name] for name in COLUMNS))
    .where(_one_each.c.place == 1)
    .order_by(_one_each.c.over, _one_each.c.hear_at, _one_each.c.id)
    .limit(bindparam("limit"))
)
_RUNNING: Final = (
    select(func.count(_n.handoff_id.distinct())).select_from(notices.join(timers, _its_clock_runs)).where(*_here)
)
_named_queues: Final = bulk.one_of_parameter(_q.key, "of_queues")
_told: Final = case((_n.hear_at <= bindparam("until", type_=_n.hear_at.type), _n.message))
_unsettled: Final = cast(literal_column(f"({UNSETTLED})"), Boolean)
_no_home: Final = null().cast(String)
_ABOUT: Final = {
    name: union_all(
        select(_m.key, _m.to_user, _m.to_channel, _m.payload, false().label("unsettled"), _no_home.label("home")).where(
            _m.workspace == bindparam("in_workspace"), these
        ),
        *(
            select(table.c.key, table.c.to_user, table.c.to_channel, table.c.payload, false(), _no_home)
            .select_from(queues.join(table, and_(table.c.workspace == _q.workspace, table.c.key == _q.last_digest)))
            .where(_q.workspace == bindparam("in_workspace"), _named_queues[name], *conditions)
            for table, *conditions in (
                (messages,),
                (outbox, text(f"outbox.{WAITING}")),
                (outbox, text(f"outbox.{LEASED}")),
            )
        ),
        select(_told, _n.recipient, null(), null(), _unsettled, _no_home).where(
            bulk.one_of_parameter(_n.handoff_id, "of_handoffs")[name], or_(_told.is_not(None), _unsettled)
        ),
        select(null(), null(), null(), null(), false(), _s.user).where(
            _s.workspace == bindparam("in_workspace"),
            bulk.one_of_parameter(_s.subject, "subjects")[name],
            _s.open_until > bindparam("until", type_=_s.open_until.type),
        ),
    )
    for name, these in bulk.one_of_parameter(_m.key, "keys").items()
}


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """Messages that may mention one of the given handoffs."""

    reminders: tuple[tuple[str, str], ...]
    """Reminders about one of their clocks: (key, recipient)."""
    digests: tuple[tuple[str, str | None, Mapping[str, Any]], ...]
    """Digests: (key, channel, payload)."""
    homes: tuple[str, ...] = ()
    """The people who look at a Home tab that shows one of the handoffs."""
    unsettled: bool = False
    """Whether a notice about one of their clocks is held, about to be sent, or skipped because of its recipient."""


def get_mentions(
    tx: Tx,
    workspace: str,
    handoff_ids: Collection[str],
    until: datetime,
    *,
    of_queues: Collection[str],
    keys: Collection[str] = (),
    subjects: Collection[str] = (),
) -> Mentions:
    """Return the messages that may mention one of these handoffs, in one statement.

    Args:
        tx: the transaction.
        workspace: the workspace.
        handoff_ids: the handoffs.
        until: the present: a reminder that may be delivered by now, and a Home tab that is still open, count.
        of_queues: the queues whose newest digest is wanted, posted or not.
        keys: the keys of further digests, which are wanted if they are posted.
        subjects: the subjects of Home tabs that show them.
    """
    wanted = {
        "in_workspace": workspace,
        "of_handoffs": list(handoff_ids),
        "until": until,
        "of_queues": list(of_queues),
        "keys": list(keys),
        "subjects": list(subjects),
    }
    found = tx.execute(_ABOUT[tx.dialect], wanted).all()
    digests = {row.key: (row.key, row.to_channel, row.payload) for row in found if row.payload is not None}
    return Mentions(
        reminders=tuple(sorted({(row.key, row.to_user) for row in found if row.payload is None and row.key})),
        unsettled=any(row.unsettled for row in found),
        digests=tuple(digests.values()),
        homes=tuple(sorted({row.home for row in found if row.home})),
    )


def list_notices(tx: Tx, workspace: str, message: str, limit: int) -> list[Notice]:
    """Return the latest notice of each handoff in a message, preferring notices whose clock runs.

    Handoffs with a running clock come first, then in the order in which they may be notified.
    """
    wanted = {"in_workspace": workspace, "of_message": message, "limit": limit}
    return [read_notice(row) for row in tx.execute(_ROWS, wanted).mappings()]


def count_with_live_timer(tx: Tx, workspace: str, message: str) -> int:
    """Return how many handoffs in a message have a clock that is still running."""
    return int(tx.execute(_RUNNING, {"in_workspace": workspace, "of_message": message}).scalar_one())
