"""Read models of bulk runs: one person, one act, several handoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.handoffs.model import Text


class BulkKind(StrEnum):
    """What a run does to each of its handoffs."""

    CLAIM = "claim"
    PERSON = "person"
    """Offer it to a person, in the team that it is in."""
    TEAM = "team"
    """Pass it on to a team."""
    BACK = "back"
    """Put it back into its team."""


class RowOutcome(StrEnum):
    """What became of a row."""

    DONE = "done"
    REFUSED = "refused"
    """The lifecycle refused it; `why` is a `RefusalReason`."""
    INVALID = "invalid"
    """The person or team cannot take it; `why` is a field's problem."""
    CHANGED = "changed"
    """It was no longer the person's own when its turn came."""
    MISSING = "missing"
    """It does not exist any more."""
    FAILED = "failed"
    """An unexpected error; the log has it."""


@dataclass(frozen=True, kw_only=True)
class BulkRun:
    """One act of one person on several handoffs. Until it is sent, it is a form that its author fills in."""

    id: str
    workspace: str
    actor: str
    """Who acts."""
    kind: BulkKind
    created_at: datetime
    person: str | None = None
    queue: str | None = None
    note: Text | None = None
    """For every row: each handoff gets a copy."""
    sent_at: datetime | None = None
    """When it was submitted; None for a form that is open or was left."""
    finished_at: datetime | None = None
    """When its last row was done."""
    in_background: bool = False
    """Whether its author was not shown the whole result at once, and gets it as a message."""


@dataclass(frozen=True, kw_only=True)
class BulkRow:
    """One handoff of a run."""

    run_id: str
    handoff_id: str
    position: int
    included: bool = True
    """Whether the act applies to it; its author may leave some out."""
    note: Text | None = None
    """For this handoff alone; None once its turn has come, because the handoff has it."""
    outcome: RowOutcome | None = None
    """None until its turn came."""
    why: str | None = None
    """Why it was not done; of a row that was done, the verb that was carried out."""
    told: Mapping[str, str] = field(default_factory=dict)
    """The people whom the run's message tells of this handoff, each with the capacity in which."""
