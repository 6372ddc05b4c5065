"""When Slack may be called again: instants that all processes share.

A bucket is a workspace as a whole, one channel or person in it, or one way of calling. `bucket` names them; the outbox
leases nothing whose bucket is blocked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, select

from storage.buckets import Way, bucket
from storage.database import Tx
from storage.schema import pacing
from storage.upserts import upsert

__all__ = ["Way", "allowed", "bucket", "purge", "push"]

_t: Final = pacing.c
_ALLOWED: Final = select(_t.bucket, _t.until).where(_t.bucket.in_(bindparam("buckets", expanding=True)))
_PURGE: Final = pacing.delete().where(_t.until < bindparam("before"))
_PUSH: Final = upsert(
    pacing, ["bucket"], [], otherwise=lambda new: {"until": case((_t.until > new.until, _t.until), else_=new.until)}
)


def allowed(tx: Tx, buckets: Iterable[str]) -> dict[str, datetime]:
    """Return until when each bucket is blocked; buckets that never were are left out."""
    return {row.bucket: row.until for row in tx.execute(_ALLOWED, {"buckets": list(buckets)})}


def push(tx: Tx, blocked: str, until: datetime) -> None:
    """Block a bucket until an instant; a longer block stays."""
    tx.execute(_PUSH[tx.dialect], {"bucket": blocked, "until": until})


def purge(tx: Tx, before: datetime) -> int:
    """Remove blocks that ended before an instant; return how many."""
    return tx.execute(_PURGE, {"before": before}).rowcount
