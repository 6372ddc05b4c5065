"""Who owns each object of the configuration, and its last change.

A row stays when its object is removed, so that its versions count on. An object without a row was stored before there
were rows: it belongs to the file, and its version is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from storage.company.model import ObjectKind, ObjectOwner, ObjectRecord, ObjectRef
from storage.company.tables import configuration
from storage.db import bulk
from storage.db.database import Tx
from storage.db.upsert import upsert

_KEYS: Final = ("workspace", "kind", "key")
_VALUES: Final = ("owner", "version", "changed_at", "changed_by", "file", "removed")
_c: Final = configuration.c
_ALL: Final = select(configuration).where(_c.workspace == bindparam("in_workspace"))
_ROWS: Final = bulk.insert(configuration, [*_KEYS, *_VALUES])
_PUT: Final = upsert(configuration, _KEYS, _VALUES, inserts=_ROWS)


def list_all(tx: Tx, workspace: str) -> dict[ObjectRef, ObjectRecord]:
    """Return the records of a workspace's objects, removed ones too."""
    records = (_record(row) for row in tx.execute(_ALL, {"in_workspace": workspace}).mappings())
    return {record.ref: record for record in records}


def put_many(tx: Tx, records: Iterable[ObjectRecord]) -> None:
    """Insert or update records."""
    bulk.execute(tx, _PUT, [asdict(record) for record in records])


def count_change(
    tx: Tx,
    workspace: str,
    ref: ObjectRef,
    *,
    at: datetime,
    by: str,
    owner: ObjectOwner | None = None,
    removed: bool = False,
) -> ObjectRecord:
    """Record that an object was changed where it is stored, so that nobody saves over it what they saw before.

    Without `owner` it keeps the one that it has.
    """
    known = list_all(tx, workspace).get(ref)
    record = ObjectRecord(
        workspace=workspace,
        kind=ref.kind,
        key=ref.key,
        owner=owner or (known.owner if known else ObjectOwner.FILE),
        version=known.version + 1 if known else 1,
        changed_at=at,
        changed_by=by,
        removed=removed,
    )
    put_many(tx, [record])
    return record


def _record(row: Mapping[Any, Any]) -> ObjectRecord:
    return ObjectRecord(**{**row, "kind": ObjectKind(row["kind"]), "owner": ObjectOwner(row["owner"])})
