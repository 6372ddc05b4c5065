"""The query of every list: one page of what a person may see, filtered before it is counted and cut into pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from storage.db.database import Tx
from storage.handoffs.handoffs import HANDOFF_COLUMNS, read_handoff
from storage.handoffs.tables import handoffs
from storage.search.conditions import DEADLINE, conditions
from storage.search.finding import search
from storage.search.model import Found, Sight, Wanted

_h: Final = handoffs.c


def find(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> Found:
    """Return the page of the list, or its last page if there are fewer."""
    return search(tx, wanted, sight, now) if wanted.filters.terms else _list(tx, wanted, sight, now)


def _list(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> Found:
    """Late ones first, then by deadline, then by age."""
    rows = tx.execute(
        select(*(_h[name] for name in HANDOFF_COLUMNS), func.count().over())
        .where(*conditions(wanted, sight, now))
        .order_by(DEADLINE.is_(None), DEADLINE, _h.number)
        .limit(wanted.size)
        .offset(wanted.page * wanted.size)
    ).all()
    if not rows and wanted.page:
        return _list(tx, replace(wanted, page=_last_page(_count(tx, wanted, sight, now), wanted.size)), sight, now)
    total = int(rows[0][-1]) if rows else 0
    return Found(handoffs=[read_handoff(row[:-1]) for row in rows], page=wanted.page, total=total)


def _count(tx: Tx, wanted: Wanted, sight: Sight, now: datetime) -> int:
    counted = select(func.count()).select_from(handoffs).where(*conditions(wanted, sight, now))
    return int(tx.execute(counted).scalar_one())


def _last_page(total: int, size: int) -> int:
    return max(0, -(-total // size) - 1)
