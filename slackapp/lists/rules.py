"""Lists as text in buttons and back, and CSV that a spreadsheet shows as what it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, urlencode

from slackapp.lists.model import ListKind, ListQuery
from storage.handoffs.model import Priority

PER_PAGE: Final = 20
TYPED: Final = 200
"""Characters of a search that are kept."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings of a cell that a spreadsheet may run as a formula (OWASP, CSV injection), and their wide forms."""


def to_value(query: ListQuery) -> str:
    """The list as text for a button's value or a view's metadata: at most 2,000 characters."""
    parts = {
        "list": query.kind.value,
        "team": query.team,
        "priority": query.priority.value if query.priority else None,
        "template": query.template,
        "sender": query.sender,
        "mine": "1" if query.is_mine else None,
        "late": "1" if query.is_late else None,
        "people": ",".join(query.people[:5]),
        "number": query.number,
        "before": query.before,
        "page": query.page or None,
        "text": query.text[:TYPED],
    }
    return urlencode({key: value for key, value in parts.items() if value})


def from_value(value: str) -> ListQuery | None:
    """The list that a value names; None for anything else."""
    found = {key: values[-1] for key, values in parse_qs(value).items()}
    try:
        return ListQuery(
            kind=ListKind(found["list"]),
            team=found.get("team"),
            priority=Priority(found["priority"]) if "priority" in found else None,
            template=found.get("template"),
            sender=found.get("sender"),
            is_mine="mine" in found,
            is_late="late" in found,
            people=tuple(filter(None, found.get("people", "").split(","))),
            number=int(found["number"]) if "number" in found else None,
            before=int(found["before"]) if "before" in found else None,
            page=min(int(found.get("page", 0)), 10_000),
            text=found.get("text", ""),
        )
    except (KeyError, ValueError):
        return None


def without_filters(query: ListQuery) -> ListQuery:
    """The list without what narrows it; a search keeps its words."""
    bare = ListQuery(kind=query.kind, team=query.team if query.kind is ListKind.TEAM else None)
    if query.kind is not ListKind.SEARCH:
        return bare
    return replace(bare, text=query.text, people=query.people, number=query.number)


def is_filtered(query: ListQuery) -> bool:
    """Whether something narrows the list."""
    return replace(query, page=0, before=None) != without_filters(query)


def csv_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file as text, in which no cell is a formula (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows as text, whatever somebody typed."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
