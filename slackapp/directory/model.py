"""What the message about a channel that cannot be posted to is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slackapp.handoffs.model import HandoffDetails
from storage.company.model import Queue


@dataclass(frozen=True, kw_only=True)
class TroubleScene:
    """What a message about a channel that is shut, or a person who is gone, is drawn from."""

    details: HandoffDetails | None
    """The handoff that has lost somebody, where it is about one."""
    queue: Queue | None
    payload: Mapping[str, Any]
