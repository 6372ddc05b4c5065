"""Channels that Baton was invited to."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, not_, select

from storage.company.model import Channel
from storage.company.tables import channels
from storage.db.database import Tx

_c: Final = channels.c
_FIRST: Final = (
    select(channels)
    .where(_c.workspace == bindparam("in_workspace"), _c.has_bot, not_(_c.is_archived), not_(_c.is_shared))
    .order_by(_c.is_private, _c.name, _c.id)
    .limit(1)
)


def get_first(tx: Tx, workspace: str) -> Channel | None:
    """Return the first channel by name that Baton is in and only this company reads, a public one if there is any."""
    row = tx.execute(_FIRST, {"in_workspace": workspace}).mappings().first()
    return None if row is None else Channel(**row)
