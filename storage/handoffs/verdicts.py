"""Verdicts as stored: receivers' ratings of the context, per handoff and counted per queue and template.

A reopened handoff may be finished again, with another verdict: only the last one of a handoff counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, select, text

from storage.db.database import Tx
from storage.handoffs.acts import Verdict
from storage.handoffs.model import ContextVerdict
from storage.handoffs.tables import DONE, handoffs, verdicts

_t: Final = verdicts.c
_h: Final = handoffs.c
_later: Final = verdicts.alias("later")
_last: Final = ~exists().where(_later.c.handoff_id == _t.handoff_id, _later.c.id > _t.id)
_since: Final = bindparam("since", type_=_t.at.type)
_ADD: Final = verdicts.insert()
_OF: Final = select(verdicts).where(_t.handoff_id == bindparam("handoff_id")).order_by(_t.id)
_COUNTS: Final = (
    select(_t.queue, _t.template, _t.verdict, func.count().label("number"))
    .where(_t.workspace == bindparam("workspace"), _t.at >= _since, _last)
    .group_by(_t.queue, _t.template, _t.verdict)
)
_OWN: Final = (
    select(_t.verdict)
    .where(_t.workspace == bindparam("workspace"), _t.at >= _since, _t.sender == bindparam("sender"), _last)
    .order_by(_t.id.desc())
    .limit(bindparam("most"))
)
_UNANSWERED: Final = (
    select(_h.queue, _h.template, func.count().label("number"))
    .where(
        _h.workspace == bindparam("workspace"),
        text(DONE),
        _h.state_since >= bindparam("since", type_=_h.state_since.type),
        _h.last_owner.is_not(None),
        _h.last_owner != _h.sender,
        ~exists().where(_t.handoff_id == _h.id),
    )
    .group_by(_h.queue, _h.template)
)
_ERASE: Final = verdicts.update().where(_t.handoff_id == bindparam("of_handoff")).values(line="")


@dataclass(frozen=True, kw_only=True)
class Count:
    """The number of handoffs of one queue and template that have a verdict.

    `verdict` is None for finished handoffs without one.
    """

    queue: str
    template: str | None
    verdict: Verdict | None
    number: int


def add(tx: Tx, judgement: ContextVerdict) -> None:
    """Insert a verdict."""
    names = ("workspace", "handoff_id", "at", "queue", "template", "template_version", "sender", "judge", "verdict")
    tx.execute(_ADD, {**{name: getattr(judgement, name) for name in names}, "line": judgement.line})


def list_for_handoff(tx: Tx, handoff_id: str) -> list[ContextVerdict]:
    """Return the verdicts on a handoff, oldest first: one each time it was finished."""
    return [_record(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def count_given(tx: Tx, workspace: str, since: datetime) -> list[Count]:
    """Return the number of verdicts since an instant, per queue, template and verdict."""
    rows = tx.execute(_COUNTS, {"workspace": workspace, "since": since})
    return [
        Count(queue=row.queue, template=row.template, verdict=Verdict(row.verdict), number=row.number) for row in rows
    ]


def count_not_given(tx: Tx, workspace: str, since: datetime) -> list[Count]:
    """Return the number of handoffs finished since an instant without a verdict, per queue and template.

    Handoffs that somebody sent to themselves are left out: nobody is asked to rate them.
    """
    rows = tx.execute(_UNANSWERED, {"workspace": workspace, "since": since})
    return [Count(queue=row.queue, template=row.template, verdict=None, number=row.number) for row in rows]


def list_last_for_sender(tx: Tx, workspace: str, sender: str, since: datetime, most: int) -> list[Verdict]:
    """Return the verdicts on a sender's latest handoffs, newest first."""
    rows = tx.execute(_OWN, {"workspace": workspace, "sender": sender, "since": since, "most": most})
    return [Verdict(row.verdict) for row in rows]


def erase_for_handoff(tx: Tx, handoff_id: str) -> None:
    """Blank the comments of a handoff's verdicts; the verdicts stay."""
    tx.execute(_ERASE, {"of_handoff": handoff_id})


def _record(row: Mapping[Any, Any]) -> ContextVerdict:
    found = {name: row[name] for name in row if name != "id"}
    return ContextVerdict(**{**found, "verdict": Verdict(found["verdict"])})
