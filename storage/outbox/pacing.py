"""Rate-limit blocks as stored: until when each bucket (workspace, channel, person or method) must not be used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, case, select

from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.outbox.tables import pacing


class SlackMethod(StrEnum):
    """The Slack method that delivers a message; each has its own rate limit."""

    POST = "post"
    UPDATE = "update"
    ERASE = "erase"


def bucket_name(workspace: str, part: str | None = None) -> str:
    """Return the name of a bucket: the workspace, or a channel id, a user id or a `SlackMethod` in it."""
    return workspace if part is None else f"{workspace}:{part}"


_t: Final = pacing.c
_ALLOWED: Final = select(_t.bucket, _t.until).where(_t.bucket.in_(bindparam("buckets", expanding=True)))
_PURGE: Final = pacing.delete().where(_t.until < bindparam("before"))
_PUSH: Final = upsert(
    pacing, ["bucket"], [], otherwise=lambda new: {"until": case((_t.until > new.until, _t.until), else_=new.until)}
)


def get_blocked_until(tx: Tx, buckets: Iterable[str]) -> dict[str, datetime]:
    """Return until when each bucket is blocked; buckets that were never blocked are left out."""
    return {row.bucket: row.until for row in tx.execute(_ALLOWED, {"buckets": list(buckets)})}


def block(tx: Tx, blocked: str, until: datetime) -> None:
    """Block a bucket until an instant; a longer block stays."""
    tx.execute(_PUSH[tx.dialect], {"bucket": blocked, "until": until})


def remove_before(tx: Tx, before: datetime) -> int:
    """Delete blocks that ended before an instant; return how many."""
    return tx.execute(_PURGE, {"before": before}).rowcount
