"""Context for recording one result (`ResultContext`), and pauses after refused tokens (`TokenHealth`)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from slackapp.capability import Kind, Kinds, MessageKind
from slackapp.runtime import counters
from storage.clocks import notices
from storage.db.database import Tx
from storage.handoffs import audit, handoffs, lifecycle
from storage.handoffs.model import Handoff
from storage.outbox import outbox
from storage.outbox.model import LeasedMessage, OutboxMessage
from storage.outbox.pacing import block

LONGEST_PAUSE_S: Final = 300.0
HOLDS_LANE_FOR: Final = 8
"""Tries, about four minutes, for which a message that Slack could not take holds up its channel or person.

In that time an outage ends and order is kept; after it something is wrong with the message, and the others go on.
"""
_REFUSED: Final = (
    "Slack refuses the bot token, and messages wait. Install the app again on its page, put the new Bot User OAuth "
    "Token into SLACK_BOT_TOKEN and start Baton again: nothing that is stored is lost."
)
_dice: Final = random.SystemRandom()
_log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class TokenHealth:
    """Refusals of the token in a row, by workspace, and until when the workspace is paused."""

    refusals: dict[str, int] = field(default_factory=dict)
    paused_until: dict[str, datetime] = field(default_factory=dict)

    def refused(self, workspace: str, code: str, now: datetime) -> datetime:
        """Count a refusal; return until when to send nothing. Logs the first one only."""
        until = self.paused_until.get(workspace)
        if until is not None and now < until <= now + timedelta(seconds=LONGEST_PAUSE_S):
            return until  # others of the same moment: one refusal, not many
        count = self.refusals.get(workspace, 0)
        if count == 0:
            _log.error("slack refuses the token: messages wait", workspace=workspace, code=code)
        self.refusals[workspace] = count + 1
        self.paused_until[workspace] = now + timedelta(seconds=min(LONGEST_PAUSE_S, 10.0 * 2**count))
        return self.paused_until[workspace]

    def why_no_access(self) -> str | None:
        """Return a sentence if Slack refused the token when it was last used, else None."""
        return _REFUSED if self.refusals else None

    def accepted(self, workspace: str) -> None:
        """Reset the count after a call that Slack accepted."""
        if self.refusals.pop(workspace, 0):
            self.paused_until.pop(workspace, None)
            _log.info("slack takes messages again", workspace=workspace)


@dataclass(frozen=True, kw_only=True)
class ResultContext:
    """Everything needed to record one result: transaction, message, instant and token refusals."""

    tx: Tx
    row: LeasedMessage
    now: datetime
    token_health: TokenHealth
    kinds: Kinds
    settled: bool = False
    """Whether nothing in what was sent can become false any more."""

    @property
    def kind(self) -> Kind | None:
        """The message's kind; None if this version of Baton does not know it."""
        return self.kinds.get(self.wanted.kind)

    @property
    def posting(self) -> MessageKind[Any] | None:
        """The message's kind if it is sent to Slack, else None."""
        return self.kind if isinstance(self.kind, MessageKind) else None

    def shows_card(self, kind: str) -> bool:
        """Whether messages of a kind contain the card's address."""
        known = self.kinds.get(kind)
        return isinstance(known, MessageKind) and known.shows_card

    @property
    def wanted(self) -> OutboxMessage:
        """The outbox message that was to be sent."""
        return self.row.wanted

    def handoff(self) -> Handoff | None:
        """The handoff of the message as stored now, if any."""
        handoff_id = self.wanted.handoff_id or self.wanted.payload.get("handoff")
        return handoffs.get(self.tx, self.wanted.workspace, handoff_id) if handoff_id else None

    def add_audit_entry(self, verb: str, **facts: Any) -> None:
        """Add an audit entry about this message."""
        handoff = self.handoff()
        audit.add(
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

    def give_up(self, reason: str, *, skip_reason: str = "moot", **facts: Any) -> None:
        """Give the message up, with its reason in the audit."""
        self.add_audit_entry("held", reason=reason, **facts)
        self.remove_message(reason, skip_reason=skip_reason)
        counters.HELD.labels(self.wanted.kind).inc()

    def remove_message(self, reason: str, *, skip_reason: str = "moot") -> None:
        """Remove the message from the outbox; its notices are marked as skipped with `skip_reason`."""
        if self.kind is not None and self.kind.has_notices:
            notices.mark_skipped(self.tx, self.wanted.workspace, self.wanted.key, skip_reason)
        outbox.drop(self.tx, self.row, reason)

    def retry_at(self, at: datetime, code: str, *, known: bool = True, refused: bool = True) -> None:
        """Retry the message at `at`, unless a newer version of it waits already. `refused`: a try has failed."""
        outbox.retry(self.tx, self.row, at, code, known=known, refused_at=self.now if refused else None)
        counters.RETRIED.labels(code).inc()

    def hold_lane(self, until: datetime) -> None:
        """Let what waits for the same channel or person wait for this message, unless it has failed too often."""
        if self.row.lane is not None and self.row.attempts <= HOLDS_LANE_FOR:
            block(self.tx, self.row.lane, until, self.now)


def pause_s(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling from one second to five minutes, with jitter."""
    longest = min(LONGEST_PAUSE_S, 2.0 ** min(attempts, 10))
    return _dice.uniform(longest / 2, longest)
