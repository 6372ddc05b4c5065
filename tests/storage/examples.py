"""Messages for tests of the ledger, and what such tests do with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from storage.db.database import Database, Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, LeasedMessage, OutboxMessage, PostedMessage
from tests.builders import NOW, TEAM

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE


def a_message(key: str = "card:h1", **changes: Any) -> OutboxMessage:
    """A message of kind `ping`, or `card` if its key says so, each to a channel of its own; that of `card:h1` is C1."""
    plain: dict[str, Any] = {
        "workspace": TEAM,
        "key": key,
        "kind": "card" if key.startswith("card") else "ping",
        "handoff_id": None,
        "to": Destination(channel="C1" if key == "card:h1" else f"C-{key}"),
    }
    return OutboxMessage(**{**plain, **changes})


def as_posted(wanted: OutboxMessage, ts: str = "1.0001") -> PostedMessage:
    """What is remembered once Slack has the message."""
    return PostedMessage(
        workspace=wanted.workspace,
        key=wanted.key,
        kind=wanted.kind,
        handoff_id=wanted.handoff_id,
        to=wanted.to,
        payload=wanted.payload,
        channel=wanted.to.channel or "D1",
        ts=ts,
        permalink=None,
        posted_at=NOW,
    )


def stored(database: Database, *wanted: Handoff) -> None:
    """Store handoffs."""

    def work(tx: Tx) -> None:
        for handoff in wanted:
            handoffs.add(tx, handoff)

    database.run_transaction(work)


def put(database: Database, *wanted: OutboxMessage, at: datetime = NOW, not_before: datetime | None = None) -> None:
    """Ask for messages in a transaction of their own."""
    database.run_transaction(lambda tx: outbox.put(tx, wanted, at, not_before))


def leased(database: Database, at: datetime = NOW, limit: int = 100, by: str = "pump") -> list[LeasedMessage]:
    """Lease for 30 seconds in a transaction of its own."""
    return database.run_transaction(lambda tx: outbox.lease(tx, at, limit, 30, by))


def sent(database: Database, row: LeasedMessage) -> None:
    """Mark a leased message as sent."""
    database.run_transaction(lambda tx: outbox.mark_sent(tx, row, as_posted(row.wanted), NOW))


def keys(rows: list[LeasedMessage]) -> list[str]:
    """The keys of leased messages."""
    return [row.wanted.key for row in rows]


def posted(database: Database, *found: str) -> None:
    """These messages of handoff h1 are in Slack already."""

    def work(tx: Tx) -> None:
        for n, key in enumerate(found):
            posted_messages.put(tx, as_posted(a_message(key, handoff_id="h1"), ts=f"1.{n:04}"))

    database.run_transaction(work)


def at_once(times: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work(0)` … `work(times - 1)` in as many threads that start together; return what they returned."""
    gate = threading.Barrier(times)
    results: list[Any] = [None] * times
    failures: list[BaseException] = []

    def run(n: int) -> None:
        gate.wait()
        try:
            results[n] = work(n)
        except BaseException as failure:  # noqa: BLE001 - raised again below, in the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results
