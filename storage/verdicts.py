"""What receivers made of the context they were given: kept per handoff, counted per queue and template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from storage.acts import Verdict
from storage.database import Tx
from storage.records import Judgement
from storage.schema import verdicts

_t: Final = verdicts.c
_ADD: Final = verdicts.insert()
_OF: Final = select(verdicts).where(_t.handoff_id == bindparam("handoff_id")).order_by(_t.id)
_COUNTS: Final = (
    select(_t.queue, _t.template, _t.verdict, func.count().label("number"))
    .where(_t.workspace == bindparam("workspace"), _t.at >= bindparam("since", type_=_t.at.type))
    .group_by(_t.queue, _t.template, _t.verdict)
)
_ERASE: Final = verdicts.update().where(_t.handoff_id == bindparam("of_handoff")).values(line="")


@dataclass(frozen=True, kw_only=True)
class Count:
    """How often one verdict was given on the handoffs of a queue that were written in a template."""

    queue: str
    template: str | None
    verdict: Verdict
    number: int


def add(tx: Tx, judgement: Judgement) -> None:
    """Keep a verdict."""
    names = ("workspace", "handoff_id", "at", "queue", "template", "template_version", "sender", "judge", "verdict")
    tx.execute(_ADD, {**{name: getattr(judgement, name) for name in names}, "line": judgement.line})


def of(tx: Tx, handoff_id: str) -> list[Judgement]:
    """The verdicts on a handoff, oldest first: one each time it was finished."""
    return [_record(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def counts(tx: Tx, workspace: str, since: datetime) -> list[Count]:
    """How often each verdict was given since an instant, per queue and template."""
    rows = tx.execute(_COUNTS, {"workspace": workspace, "since": since})
    return [
        Count(queue=row.queue, template=row.template, verdict=Verdict(row.verdict), number=row.number) for row in rows
    ]


def erase(tx: Tx, handoff_id: str) -> None:
    """Remove every word about a handoff's context; the verdicts stay."""
    tx.execute(_ERASE, {"of_handoff": handoff_id})


def _record(row: Mapping[Any, Any]) -> Judgement:
    found = {name: row[name] for name in row if name != "id"}
    return Judgement(**{**found, "verdict": Verdict(found["verdict"])})
