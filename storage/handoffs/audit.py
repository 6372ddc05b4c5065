"""The audit log: what happened to each handoff, by whom and when. Append-only, enforced by the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import bindparam, select, text

from storage.db import bulk
from storage.db.database import Tx
from storage.handoffs.lifecycle import FINAL, State, Verb
from storage.handoffs.model import AuditEntry, Custody, Handoff
from storage.handoffs.tables import CONFIGURATION_CHANGED, audit

_RECORD: Final = audit.insert()
_RECORD_MANY: Final = bulk.insert(
    audit,
    ["handoff_id", "state_before", "state_after", "owner", "accountable", "queue", "facts"],
    shared=["workspace", "at", "verb", "actor"],
)
_OF: Final = select(audit).where(audit.c.handoff_id == bindparam("handoff_id")).order_by(audit.c.id)
_AFTER: Final = select(audit).where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(bindparam("limit"))
_LAST_ACT: Final = (
    select(audit)
    .where(audit.c.handoff_id == bindparam("handoff_id"), audit.c.verb.in_([verb.value for verb in Verb]))
    .order_by(audit.c.id.desc())
    .limit(1)
)
_NEWEST: Final = select(audit.c.at).order_by(audit.c.id.desc()).limit(1)
_LAST: Final = (
    select(audit.c.at)
    .where(audit.c.handoff_id.is_(None), audit.c.workspace == bindparam("workspace"), audit.c.verb == bindparam("verb"))
    .order_by(audit.c.id.desc())
    .limit(1)
)
_RECORD_CONFIGURATION: Final = bulk.insert(audit, ["facts"], shared=["workspace", "at", "verb", "actor"])
_CONFIGURATION: Final = (
    select(audit)
    .where(
        audit.c.workspace == bindparam("workspace"),
        text(f"verb = '{CONFIGURATION_CHANGED}'"),  # the partial index's condition, word for word
        audit.c.id < bindparam("before"),
    )
    .order_by(audit.c.id.desc())
    .limit(bindparam("limit"))
)
_NEWER_THAN_ALL: Final = 2**62


def add(
    tx: Tx,
    *,
    handoff: Handoff | None,
    workspace: str,
    at: datetime,
    verb: str,
    actor: str,
    before: State | None,
    after: State | None,
    note_id: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Write one entry and return its id.

    Args:
        tx: the transaction of the change.
        handoff: the handoff after the change; None for an entry about no handoff.
        workspace: the workspace's id.
        at: when it happened.
        verb: a lifecycle verb or one of Baton's own acts.
        actor: a user id, `clock` or `baton`.
        before: the state before the change.
        after: the state after the change.
        note_id: the note with the text that came with it.
        facts: keys and numbers, never text of a handoff.
    """
    row = {
        "workspace": workspace,
        "at": at,
        "verb": verb,
        "actor": actor,
        "state_before": before,
        "state_after": after,
        **_custodian(handoff),
        "note_id": note_id,
        "facts": dict(facts or {}),
    }
    written = tx.execute(_RECORD, row).inserted_primary_key
    assert written is not None  # noqa: S101 - one row was inserted
    return int(written[0])


def add_many(
    tx: Tx, workspace: str, entries: Iterable[tuple[Handoff, Mapping[str, Any]]], *, at: datetime, verb: str, actor: str
) -> None:
    """Write an entry for each of these handoffs, with its facts; the verb leaves their state unchanged."""
    rows = [
        {"state_before": handoff.state, "state_after": handoff.state, "facts": facts, **_custodian(handoff)}
        for handoff, facts in entries
    ]
    bulk.execute(tx, _RECORD_MANY, rows, {"workspace": workspace, "at": at, "verb": verb, "actor": actor})


def add_configuration_changes(
    tx: Tx, workspace: str, changes: Iterable[Mapping[str, Any]], *, at: datetime, actor: str
) -> None:
    """Write an entry for each changed object of the configuration, with its values before and after."""
    rows = [{"facts": change} for change in changes]
    shared = {"workspace": workspace, "at": at, "verb": CONFIGURATION_CHANGED, "actor": actor}
    bulk.execute(tx, _RECORD_CONFIGURATION, rows, shared)


def list_configuration_changes(tx: Tx, workspace: str, *, before: int | None = None, limit: int) -> list[AuditEntry]:
    """Return changes of the configuration, newest first; those older than the entry `before` if it is given."""
    wanted = {"workspace": workspace, "before": _NEWER_THAN_ALL if before is None else before, "limit": limit}
    return [_entry(row) for row in tx.execute(_CONFIGURATION, wanted).mappings()]


def list_for_handoff(tx: Tx, handoff_id: str) -> list[AuditEntry]:
    """Return every entry of a handoff, oldest first."""
    return [_entry(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def get_last_act(tx: Tx, handoff_id: str) -> AuditEntry | None:
    """Return the last entry of a handoff with a verb of the lifecycle, a fired level's too, or None."""
    row = tx.execute(_LAST_ACT, {"handoff_id": handoff_id}).mappings().first()
    return _entry(row) if row else None


def list_after(tx: Tx, after: int, limit: int) -> list[AuditEntry]:
    """Return the entries that follow the one with this id, of all workspaces, oldest first."""
    return [_entry(row) for row in tx.execute(_AFTER, {"after": after, "limit": limit}).mappings()]


def last_written_at(tx: Tx) -> datetime | None:
    """Return when the last entry of all was written, or None."""
    return tx.execute(_NEWEST).scalar_one_or_none()


def last_at(tx: Tx, workspace: str, verb: str) -> datetime | None:
    """Return when a verb about no handoff was last written in a workspace, or None."""
    return tx.execute(_LAST, {"workspace": workspace, "verb": verb}).scalar_one_or_none()


def custody_from(entries: Iterable[AuditEntry]) -> list[Custody]:
    """Return who was accountable for a handoff, and when, from its entries (oldest first).

    Nobody is accountable while it is finished, so there is a gap between the end and a reopen.
    """
    moved = [entry for entry in entries if entry.after is not None and entry.accountable]
    stretches: list[Custody] = []
    for entry, following in zip_longest(moved, moved[1:]):
        if entry.after in FINAL or entry.accountable is None:
            continue
        until = following.at if following else None
        last = stretches[-1] if stretches else None
        if last and last.until == entry.at and (last.accountable, last.owner) == (entry.accountable, entry.owner):
            stretches[-1] = replace(last, until=until)
        else:
            stretches.append(Custody(accountable=entry.accountable, owner=entry.owner, since=entry.at, until=until))
    return stretches


def _custodian(handoff: Handoff | None) -> dict[str, str | None]:
    return {
        "handoff_id": handoff.id if handoff else None,
        "owner": handoff.owner if handoff else None,
        "accountable": handoff.accountable if handoff else None,
        "queue": handoff.queue if handoff else None,
    }


def _entry(row: Mapping[Any, Any]) -> AuditEntry:
    before, after = row["state_before"], row["state_after"]
    rest = {key: value for key, value in row.items() if key not in {"state_before", "state_after"}}
    return AuditEntry(**rest, before=State(before) if before else None, after=State(after) if after else None)
