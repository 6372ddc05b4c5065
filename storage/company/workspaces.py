"""Workspaces that Baton is installed in, as stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import bindparam, select

from storage.company.model import Workspace
from storage.company.tables import workspaces
from storage.db.database import Tx
from storage.db.upsert import upsert

_t: Final = workspaces.c
_PUT: Final = upsert(workspaces, ["id"], ["name", "bot_user", "bot_id", "scopes"])
_GET: Final = select(workspaces).where(_t.id == bindparam("id"))
_ALL: Final = select(workspaces).order_by(_t.id)
_CONFIG: Final = (
    workspaces.update()
    .where(_t.id == bindparam("of_id"))
    .values(
        config_digest=bindparam("digest"),
        admins=bindparam("admins", type_=_t.admins.type),
        calendar=bindparam("of_calendar"),
    )
)
_SETTINGS: Final = (
    workspaces.update()
    .where(_t.id == bindparam("of_id"))
    .values(
        admins=bindparam("admins", type_=_t.admins.type),
        calendar=bindparam("of_calendar"),
        slack_admins=bindparam("with_slack"),
        emoji=bindparam("of_emoji"),
    )
)
_DIGEST: Final = workspaces.update().where(_t.id == bindparam("of_id")).values(config_digest=bindparam("digest"))
_START: Final = (
    workspaces.update()
    .where(_t.id == bindparam("of_id"))
    .values(start_digest=bindparam("digest"), start_file=bindparam("path"))
)
_CHANGED: Final = workspaces.update().where(_t.id == bindparam("of_id")).values(config_digest=None)


def put(tx: Tx, workspace: Workspace) -> None:
    """Insert or update a workspace as read from Slack. What `set_config` stored is kept."""
    row = {
        "id": workspace.id,
        "name": workspace.name,
        "bot_user": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "scopes": list(workspace.scopes),
        "admins": list(workspace.admins),
        "config_digest": workspace.config_digest,
    }
    tx.execute(_PUT[tx.dialect], row)


def get(tx: Tx, workspace_id: str) -> Workspace | None:
    """Return a workspace by id, or None."""
    row = tx.execute(_GET, {"id": workspace_id}).mappings().first()
    return None if row is None else _record(row)


def list_all(tx: Tx) -> list[Workspace]:
    """Return every workspace."""
    return [_record(row) for row in tx.execute(_ALL).mappings()]


def set_config(
    tx: Tx, workspace_id: str, digest: str | None, admins: Iterable[str], calendar: str | None = None
) -> None:
    """Store which configuration was applied (its digest), the admins it names, and its calendar key."""
    row = {"of_id": workspace_id, "digest": digest, "admins": list(admins), "of_calendar": calendar}
    tx.execute(_CONFIG, row)


def set_settings(
    tx: Tx,
    workspace_id: str,
    *,
    admins: Iterable[str],
    calendar: str | None,
    slack_admins: bool,
    emoji: str | None = None,
) -> None:
    """Store Baton's admins, the calendar's key of queues without one, and whether Slack's admins are Baton's too.

    `emoji` is the name of the one that begins a handoff.
    """
    row = {"of_id": workspace_id, "admins": list(admins), "of_calendar": calendar, "with_slack": slack_admins}
    row["of_emoji"] = emoji
    tx.execute(_SETTINGS, row)


def set_digest(tx: Tx, workspace_id: str, digest: str) -> None:
    """Store the digest of the configuration that was applied."""
    tx.execute(_DIGEST, {"of_id": workspace_id, "digest": digest})


def set_start_file(tx: Tx, workspace_id: str, digest: str, file: str) -> None:
    """Store which file `BATON_CONFIG` names, and the digest of its content that was applied last."""
    tx.execute(_START, {"of_id": workspace_id, "digest": digest, "path": file})


def note_change_in_slack(tx: Tx, workspace_id: str) -> None:
    """Store that the configuration in force is no longer what a file says, because something was changed in Slack."""
    tx.execute(_CHANGED, {"of_id": workspace_id})


def _record(row: Mapping[Any, Any]) -> Workspace:
    return Workspace(**{**row, "scopes": tuple(row["scopes"]), "admins": tuple(row["admins"])})
