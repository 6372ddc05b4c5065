"""Every SQL statement reads and changes one workspace's rows only, or is named here with the reason why it may not.

A statement keeps to one workspace if it compares the workspace, or an id that no two workspaces share, in each table
that it touches. Keys, numbers and Slack's ids of people and channels are not such ids: two workspaces may share them.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import (
    Alias,
    CompoundSelect,
    Delete,
    Executable,
    Select,
    Subquery,
    Table,
    TextClause,
    Update,
    text,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression

import storage
from storage.company.tables import queues
from storage.handoffs.tables import handoffs, notes
from storage.schema import METADATA

EVERY_WORKSPACE: Final = {
    # The clock of every workspace, in the order of its instants.
    "storage.clocks.timers._LIVE": "sweeps all running clocks in batches",
    "storage.clocks.timers._LIVE_UNTIL": "sweeps all running clocks in batches",
    "storage.clocks.timers._NEXT": "when the tick wakes up next",
    "storage.clocks.timers._DUE": "the tick takes what is due, whoever's it is",
    "storage.clocks.timers._FACTS": "counts for the metrics",
    "storage.company.queues._OPENING": "the tick takes the next digest, whoever's it is",
    "storage.company.queues._NEXT_MORNING": "when the tick wakes up next",
    "storage.company.absences._OVER": "the tick ends the next absence, whoever's it is",
    "storage.company.absences._NEXT": "when the tick wakes up next",
    "storage.handoffs.handoffs._LIVE": "sweeps all open handoffs in batches",
    "storage.handoffs.handoffs._ERASABLE": "the purge takes what has had its time, whoever's it is",
    "storage.handoffs.handoffs._NEXT_ERASURE": "when the purge wakes up next",
    "storage.search.documents._AFTER": "adds the words of what was stored before there was a search",
    "storage.search.finding._IDS": "estimates how common a word is in the index, which all workspaces share",
    "storage.company.people._UNFOLDED": "folds the names of what was stored before there was a search",
    "storage.handoffs.audit._AFTER": "the log of operators, in the order of writing",
    "storage.handoffs.audit._NEWEST": "shown to operators only",
    # The pump sends what is due, whoever's it is; pauses of Slack are keyed by workspace.
    "storage.outbox.choosing.WAITING_ROWS": "what is due, with its own workspace's messages and people",
    "storage.outbox.choosing.LEASED_ROWS": "what is in flight, with its own workspace's messages and people",
    "storage.outbox.leasing.SUPERSEDE": "what has been overtaken by a newer row of its workspace",
    "storage.outbox.leasing.SHORTEN": "a clock that was set back",
    "storage.outbox.outbox._ONE_LEASER": "a lock, which only has the table's name",
    "storage.outbox.outbox._MADE_DUE": "a clock that was set back",
    "storage.outbox.outbox._DUE": "counts for the metrics",
    "storage.outbox.outbox._IN_FLIGHT": "counts for the metrics",
    "storage.outbox.outbox._NEXT": "when the pump wakes up next",
    "storage.outbox.outbox._NEXT_WAITING": "when the pump wakes up next",
    "storage.outbox.outbox._NEXT_RESTED": "when the pump wakes up next",
    "storage.outbox.outbox._NEXT_EXPIRED": "when the pump wakes up next",
    "storage.outbox.outbox._LATER": "when the pump wakes up next",
    "storage.outbox.outbox._REFUSED": "shown to operators only",
    # What has had its time goes, whoever's it is.
    "storage.db.receipts._PURGE": "removes old receipts",
    "storage.handoffs.drafts._PURGE": "removes old drafts",
    "storage.handoffs.sources._PURGE": "removes old offers",
    "storage.summaries.collected._PURGE": "removes what summaries listed",
    "storage.outbox.homes._PURGE": "removes what nobody looks at",
    "storage.bulk.runs._LEFT": "removes old forms over several handoffs",
    "storage.bulk.runs._EMPTY": "removes runs of which nothing is left",
    "storage.bulk.runs._UNFINISHED": "the tick goes on with runs, whoever's they are",
    # Where Baton is installed.
    "storage.company.workspaces._ALL": "the list of workspaces itself",
}
PARTS: Final = {
    "storage.clocks.notices._all": "gets its condition where it is used",
    "storage.company.absences._all": "gets its condition where it is used",
    "storage.clocks.digests._deadlines": "gets its condition where it is used",
    "storage.company.queues._mornings": "gets its condition where it is used",
    "storage.handoffs.handoffs._all": "gets its condition where it is used",
    "storage.outbox.leasing._candidate": "gets its condition where it is used",
    "storage.outbox.leasing._unclassified": "gets its condition where it is used",
    "storage.templates.templates._all": "gets its condition where it is used",
}
"""Beginnings of statements, which are not executed as they stand."""
_SQL: Final = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
_OURS: Final = re.compile(r"\b(" + "|".join(METADATA.tables) + r")\b")


def _statements() -> Iterator[tuple[str, Any]]:
    """Every statement once, under the first name that it is found by: modules import each other's."""
    seen: set[int] = set()
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if module.name.startswith("storage.migrations"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for statement in _within(value):
                if id(statement) not in seen:
                    seen.add(id(statement))
                    yield f"{module.name}.{name}", statement


def _within(value: object) -> Iterator[Executable]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for part in value:
            yield from _within(part)
    elif isinstance(value, Select | CompoundSelect | Update | Delete | TextClause):
        yield value


def foreign_tables(statement: Any) -> set[str]:
    """Return the tables of which a statement may touch rows of any workspace."""
    if isinstance(statement, TextClause):
        whole = bool(_SQL.match(statement.text))
        named = set(_OURS.findall(statement.text)) & set(METADATA.tables)
        return named if whole and "workspace" not in statement.text else set()
    touched = {_table(part) for part in visitors.iterate(statement) if isinstance(part, Table | Alias)}
    if isinstance(statement, Update | Delete):
        touched.add(_table(statement.table))
    kept: set[str] = set()
    joined: list[set[str]] = []
    for part in visitors.iterate(statement):
        if isinstance(part, BinaryExpression) and part.operator in (operators.eq, operators.in_op):
            sides = [_table(side.table) if _keeps(side) else None for side in (part.left, part.right)]
            if all(sides):
                joined.append({side for side in sides if side})
            else:
                kept |= {side for side in sides if side and not _is_column(sides, part)}
    while more := {name for pair in joined if pair & kept for name in pair - kept}:
        kept |= more
    return {name for name in touched - kept if name in METADATA.tables and _has_workspace(name)}


def _table(element: Any) -> str:
    while isinstance(element, Alias | Subquery):
        element = element.element
    return getattr(element, "name", "")


def _is_column(sides: list[str | None], part: BinaryExpression[Any]) -> bool:
    """Whether a keeping column is compared with a column that keeps nothing: not a value then."""
    other = part.right if sides[0] else part.left
    return _table(getattr(other, "table", None)) in METADATA.tables


def _keeps(column: Any) -> bool:
    """Whether who has a value of the column has one workspace's rows."""
    table = METADATA.tables.get(_table(getattr(column, "table", None)))
    if table is None or column.name not in table.c:
        return False
    alone = [key.name for key in table.primary_key] == [column.name]
    return alone or column.name in {"workspace", "handoff_id", "run_id"}


def _has_workspace(name: str) -> bool:
    columns = METADATA.tables[name].c
    return name == "workspaces" or "workspace" in columns or "handoff_id" in columns


def test_every_statement_keeps_to_one_workspace() -> None:
    found = {name: sorted(tables) for name, statement in _statements() if (tables := foreign_tables(statement))}
    unexplained = {name: tables for name, tables in found.items() if name not in EVERY_WORKSPACE | PARTS}
    assert unexplained == {}


def test_what_is_explained_exists() -> None:
    found = {name for name, statement in _statements() if foreign_tables(statement)}
    assert sorted((EVERY_WORKSPACE | PARTS).keys() - found) == []


@pytest.mark.parametrize(
    ("statement", "foreign"),
    [
        (handoffs.select().where(handoffs.c.number == 42), {"handoffs"}),
        (handoffs.select().where(handoffs.c.workspace != "T1"), {"handoffs"}),
        (handoffs.select().join(queues, queues.c.key == handoffs.c.queue).where(handoffs.c.id == "h1"), {"queues"}),
        (notes.update().where(notes.c.author == "U1"), {"notes"}),
        (text("DELETE FROM people WHERE id = :user"), {"people"}),
        (handoffs.select().where(handoffs.c.workspace == "T1"), set()),
        (notes.delete().where(notes.c.handoff_id == "h1"), set()),
    ],
)
def test_a_statement_that_does_not_is_found(statement: Any, foreign: set[str]) -> None:
    assert foreign_tables(statement) == foreign
