"""What the marks are made with: one result to be written down, and whether Slack lets us speak at all."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from slackapp.delivery import metrics
from storage import audit, handoffs, lifecycle, notices, outbox
from storage.database import Tx
from storage.records import Handoff, Leased, Wanted

LONGEST_PAUSE_S: Final = 300.0
SPEAKING: Final = frozenset({"level", "bundle", "webhook"})
"""Kinds of messages in which a clock speaks: what they say has notices."""
_dice: Final = random.SystemRandom()
_log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Voice:
    """Whether Slack lets us speak, per workspace: how often in a row it refused the token."""

    refusals: dict[str, int] = field(default_factory=dict)
    paused_until: dict[str, datetime] = field(default_factory=dict)

    def refused(self, workspace: str, code: str, now: datetime) -> datetime:
        """Count a refusal; return until when to be silent. Logs the first one only."""
        until = self.paused_until.get(workspace)
        if until is not None and until > now:
            return until  # others of the same moment: one refusal, not many
        count = self.refusals.get(workspace, 0)
        if count == 0:
            _log.error("slack refuses the token: messages wait", workspace=workspace, code=code)
        self.refusals[workspace] = count + 1
        self.paused_until[workspace] = now + timedelta(seconds=min(LONGEST_PAUSE_S, 10.0 * 2**count))
        return self.paused_until[workspace]

    def heard(self, workspace: str) -> None:
        """Slack carried something out again."""
        if self.refusals.pop(workspace, 0):
            self.paused_until.pop(workspace, None)
            _log.info("slack takes messages again", workspace=workspace)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One result to be written down, with what the functions below need for it."""

    tx: Tx
    row: Leased
    now: datetime
    voice: Voice

    @property
    def wanted(self) -> Wanted:
        """What was to be shown."""
        return self.row.wanted

    def handoff(self) -> Handoff | None:
        """The handoff as it is stored now."""
        handoff_id = self.wanted.handoff_id or self.wanted.payload.get("handoff")
        return handoffs.get(self.tx, self.wanted.workspace, handoff_id) if handoff_id else None

    def note(self, verb: str, **facts: Any) -> None:
        """Add an audit entry about this message."""
        handoff = self.handoff()
        audit.record(
            self.tx,
            handoff=handoff,
            workspace=self.wanted.workspace,
            at=self.now,
            verb=verb,
            actor=lifecycle.BATON,
            before=handoff.state if handoff else None,
            after=handoff.state if handoff else None,
            facts={"message": self.wanted.key, "kind": self.wanted.kind, **facts},
        )

    def hold(self, reason: str, *, unheard: str = "moot", **facts: Any) -> None:
        """Give the message up, with its reason in the audit."""
        self.note("held", reason=reason, **facts)
        self.drop(reason, unheard=unheard)
        metrics.HELD.labels(self.wanted.kind).inc()

    def drop(self, reason: str, *, unheard: str = "moot") -> None:
        """Take the message out of the outbox; `unheard` is the reason that its notices keep for not being heard."""
        if self.wanted.kind in SPEAKING:
            notices.skip(self.tx, self.wanted.workspace, self.wanted.key, unheard)
        outbox.drop(self.tx, self.row, reason)

    def again(self, at: datetime, code: str, *, known: bool = True) -> None:
        """Let the message wait until `at`, unless a newer drawing of it waits already."""
        outbox.retry(self.tx, self.row, at, code, known=known)
        metrics.RETRIED.labels(code).inc()


def pause_s(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling from one second to five minutes, with jitter."""
    longest = min(LONGEST_PAUSE_S, 2.0 ** min(attempts, 10))
    return _dice.uniform(longest / 2, longest)
