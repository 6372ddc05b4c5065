"""Trigger ids: each opens one view, within three seconds of real time after it was issued."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Final

from slackapp.local.limits.patience import Patience
from slackapp.local.protocol.errors import SlackError

KEPT: Final = 10_000


@dataclass(kw_only=True, slots=True)
class Trigger:
    """Whose interaction it came from, in which view if any, and when (monotonic seconds)."""

    user: str
    view_id: str | None
    issued_at: float
    used: bool = False


@dataclass(slots=True)
class TriggerIds:
    """All trigger ids handed out lately."""

    patience: Patience = field(default_factory=Patience)
    _known: dict[str, Trigger] = field(default_factory=dict)

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Return a fresh trigger id for an interaction of `user`."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._known[trigger_id] = Trigger(user=user, view_id=view_id, issued_at=time.monotonic())
        if len(self._known) > KEPT:
            del self._known[next(iter(self._known))]
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Use a trigger id up; raise Slack's error when it is unknown, used or too old."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued_at > self.patience.trigger_life_s:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def clear(self) -> None:
        """Forget all trigger ids."""
        self._known.clear()
