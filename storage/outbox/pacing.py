"""Pauses as stored: until when each bucket (workspace, channel, person, method or webhook) must not be used.

No stored pause is believed that was written later than now, or that ends later than the longest pause there can be: the
clock has stepped back since, and how long ago it was written is unknown. Sending then goes on, which costs one refusal
at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, case, or_, select

from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.outbox.model import SlackMethod
from storage.outbox.tables import pacing

LONGEST_PAUSE: Final = timedelta(minutes=10)
"""The longest pause that is stored. Slack is asked again by then, whatever it said."""
SKEW: Final = timedelta(seconds=5)
"""How far the clocks of two machines may be apart."""
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


def bucket_name(workspace: str, part: str | SlackMethod | None = None) -> str:
    """Return the name of a bucket: the workspace, or a channel id, a user id or a `SlackMethod` in it."""
    return workspace if part is None else f"{workspace}:{part}"


_t: Final = pacing.c
_until: Final = _t.until.type
_believed: Final = and_(
    _t.until <= bindparam("horizon", type_=_until),
    or_(_t.since.is_(None), _t.since <= bindparam("known", type_=_until)),
)
_ALLOWED: Final = select(_t.bucket, _t.until).where(_t.bucket.in_(bindparam("buckets", expanding=True)), _believed)
_BLOCKED: Final = select(_t.bucket, _t.until).where(_t.until > bindparam("after", type_=_until), _believed)
_PURGE: Final = pacing.delete().where(_t.until < bindparam("before"))
_PUSH: Final = upsert(
    pacing,
    ["bucket"],
    [],
    otherwise=lambda new: {
        "until": case((and_(_t.until > new.until, _believed), _t.until), else_=new.until),
        "since": case((and_(_t.until > new.until, _believed), _t.since), else_=new.since),
    },
)


def get_blocked_until(tx: Tx, buckets: Iterable[str], now: datetime | None = None) -> dict[str, datetime]:
    """Return until when each bucket is blocked, past instants too; with `now`, only what is believed then."""
    rows = tx.execute(_ALLOWED, {"buckets": list(buckets), **_trusted(now)})
    return {row.bucket: row.until for row in rows}


def list_blocked(tx: Tx, now: datetime, after: datetime | None = None) -> dict[str, datetime]:
    """Return every bucket that is blocked now, or was blocked `after` an earlier instant, with until when."""
    return {row.bucket: row.until for row in tx.execute(_BLOCKED, {"after": after or now, **_trusted(now)})}


def block(tx: Tx, blocked: str, until: datetime, since: datetime | None = None) -> None:
    """Block a bucket until an instant; a longer block stays. With `since`, the present, it is cut to the longest."""
    end = until if since is None else min(until, since + LONGEST_PAUSE)
    tx.execute(_PUSH[tx.dialect], {"bucket": blocked, "until": end, "since": since, **_trusted(since)})


def remove_before(tx: Tx, before: datetime) -> int:
    """Delete blocks that ended before an instant; return how many."""
    return tx.execute(_PURGE, {"before": before}).rowcount


def _trusted(now: datetime | None) -> dict[str, datetime]:
    if now is None:
        return {"horizon": _NEVER, "known": _NEVER}
    return {"horizon": now + LONGEST_PAUSE + SKEW, "known": now + SKEW}
