"""Queues, handoffs and clocks for tests. Everything has a plain default, so that a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from storage.clocks.model import ClockKind, Timer
from storage.company.model import Queue
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff

TEAM: Final = "T1"
NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_queue(**changes: Any) -> Queue:
    """Return the queue `success`, which has nobody yet, or another one."""
    plain: dict[str, Any] = {"workspace": TEAM, "key": "success", "name": "Customer Success", "channel": "C1"}
    return Queue(**{**plain, **changes})


def a_handoff(*, by: str = "SENDER", at: datetime = NOW, **changes: Any) -> Handoff:
    """Return an open handoff, or one in another state as the ledger allows it; whoever owns it is accountable.

    Args:
        by: its originator and sender.
        at: when it was opened and came into its state.
        changes: any fields of it.
    """
    state = changes.get("state", State.OPEN)
    owner = changes.get("owner", "OWNER" if state is State.CLAIMED else None)
    plain: dict[str, Any] = {
        "id": f"h{changes.get('number', 1)}",
        "workspace": TEAM,
        "number": 1,
        "state": State.OPEN,
        "state_since": at,
        "created_at": at,
        "title": "" if state is State.DELETED else "Acme renewal",
        "queue": "success",
        "originator": by,
        "sender": by,
        "owner": owner,
        "accountable": owner or by,
    }
    return Handoff(**{**plain, **changes})


def a_timer(*, at: datetime = NOW, **changes: Any) -> Timer:
    """Return the claim clock of the handoff h1, which has run since `at` and is due at once."""
    plain: dict[str, Any] = {
        "id": "t1",
        "workspace": TEAM,
        "handoff_id": "h1",
        "clock": ClockKind.CLAIM,
        "run": 1,
        "policy": "standard",
        "policy_version": 1,
        "calendar": None,
        "target_s": 1800,
        "started_at": at,
        "running_since": at,
        "due_at": at,
    }
    return Timer(**{**plain, **changes})
