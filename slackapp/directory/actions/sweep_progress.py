"""Record how far a sweep of the directory has come, for `baton check` and the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from slackapp.runtime.baton import Baton
from storage.db.database import Tx
from storage.handoffs import progress


@dataclass(frozen=True, kw_only=True)
class SweepProgress:
    """The newest sweep: when it began, how many people it has read, and when one was last whole."""

    began_at: datetime
    people: int
    done_at: datetime | None

    @property
    def running(self) -> bool:
        """Whether the newest sweep is not whole yet."""
        return self.done_at is None or self.done_at < self.began_at


def begin(baton: Baton, workspace: str) -> None:
    """Record that a sweep begins. It starts anew each time: what is stored already only costs reading."""
    now = int(baton.clock.now().timestamp())

    def work(tx: Tx) -> None:
        progress.put(tx, f"directory.began:{workspace}", now)
        progress.put(tx, f"directory.people:{workspace}", 0)

    baton.db.run_transaction(work)


def advance(baton: Baton, workspace: str, people: int) -> None:
    """Record how many people the sweep has read."""
    baton.db.run_transaction(lambda tx: progress.put(tx, f"directory.people:{workspace}", people))


def finish(baton: Baton, workspace: str) -> None:
    """Record that the sweep has read everything."""
    now = int(baton.clock.now().timestamp())
    baton.db.run_transaction(lambda tx: progress.put(tx, f"directory.done:{workspace}", now))


def read(tx: Tx, workspace: str) -> SweepProgress | None:
    """Return the progress of the newest sweep; None if none has begun."""
    began, people, done = (progress.get(tx, f"directory.{name}:{workspace}") for name in ("began", "people", "done"))
    if not began:
        return None
    return SweepProgress(
        began_at=datetime.fromtimestamp(began, UTC),
        people=people,
        done_at=datetime.fromtimestamp(done, UTC) if done else None,
    )
