"""People who may be admins of Baton: those whom the configuration names, and the admins and owners of Slack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, or_, select, text

from storage.company.model import Person
from storage.company.people import PERSON_COLUMNS
from storage.company.tables import people
from storage.db.database import Tx

_p: Final = people.c
_CANDIDATES: Final = (
    select(*(_p[name] for name in PERSON_COLUMNS))
    .where(
        _p.workspace == bindparam("in_workspace"),
        or_(text("is_slack_admin"), _p.id.in_(bindparam("ids", expanding=True))),
    )
    .order_by(_p.id)
)


def list_candidates(tx: Tx, workspace: str, named: Iterable[str]) -> list[Person]:
    """Return the admins and owners of the Slack workspace and these people, by id, also those who have left."""
    rows = tx.execute(_CANDIDATES, {"in_workspace": workspace, "ids": sorted(set(named))})
    return [Person(**row) for row in rows.mappings()]
