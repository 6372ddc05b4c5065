"""Webhooks as stored: addresses outside Slack that escalation levels can notify."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from storage.company.model import Webhook
from storage.company.tables import webhooks
from storage.db.database import Tx
from storage.db.upsert import upsert

_w: Final = webhooks.c
_here: Final = _w.workspace == bindparam("in_workspace")
_ALL: Final = select(webhooks).where(_here).order_by(_w.key)
_GET: Final = _ALL.where(_w.key == bindparam("of_key"))
_PUT: Final = upsert(webhooks, ["workspace", "key"], ["url"])
_REMOVE: Final = webhooks.delete().where(_here, _w.key == bindparam("of_key"))


def list_all(tx: Tx, workspace: str) -> list[Webhook]:
    """Return every webhook of a workspace, by key."""
    return [Webhook(**row) for row in tx.execute(_ALL, {"in_workspace": workspace}).mappings()]


def get(tx: Tx, workspace: str, key: str) -> Webhook | None:
    """Return a webhook by key, or None."""
    row = tx.execute(_GET, {"in_workspace": workspace, "of_key": key}).mappings().first()
    return None if row is None else Webhook(**row)


def put(tx: Tx, webhook: Webhook) -> None:
    """Insert or update a webhook."""
    tx.execute(_PUT[tx.dialect], {"workspace": webhook.workspace, "key": webhook.key, "url": webhook.url})


def remove(tx: Tx, workspace: str, key: str) -> None:
    """Delete a webhook."""
    tx.execute(_REMOVE, {"in_workspace": workspace, "of_key": key})
