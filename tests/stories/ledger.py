"""What the ledger keeps, where a story asks for a reason that people do not see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

from storage.clocks import notices, timers
from storage.clocks.model import ClockKind, Notice, Timer
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import AuditEntry, Custody, Handoff

T = TypeVar("T")


def _read(url: str, number: int, work: Callable[[Tx, Handoff], T]) -> T:
    with closing(Database.open(url)) as database, database.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
        assert handoff is not None
        return work(tx, handoff)


def handoff(url: str, number: int = 1) -> Handoff:
    """A handoff as stored."""
    return _read(url, number, lambda _, found: found)


def custody(url: str, number: int = 1) -> list[Custody]:
    """Who answered for a handoff, one after the other."""
    return audit.custody_from(history(url, number))


def history(url: str, number: int = 1) -> list[AuditEntry]:
    """The audit of a handoff."""
    return _read(url, number, lambda tx, handoff: audit.list_for_handoff(tx, handoff.id))


def escalations(url: str, number: int = 1) -> list[AuditEntry]:
    """The steps of its clocks that have spoken."""
    return [entry for entry in history(url, number) if entry.verb == Verb.ESCALATE]


def levels(url: str, number: int = 1) -> list[tuple[str, list[str]]]:
    """The same: which level, and who was told at once."""
    return [(entry.facts["level"], entry.facts["told"]) for entry in escalations(url, number)]


def noticed(url: str, number: int = 1) -> list[Notice]:
    """Who was to hear of which step."""
    return _read(url, number, lambda tx, handoff: notices.list_for_handoff(tx, handoff.id))


def running(url: str, number: int = 1) -> dict[ClockKind, Timer]:
    """The clocks of a handoff that have not stopped."""
    return _read(
        url, number, lambda tx, handoff: {timer.clock: timer for timer in timers.list_live_for_handoff(tx, handoff.id)}
    )
