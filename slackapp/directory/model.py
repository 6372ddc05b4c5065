"""Frozen read model of the message `trouble`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slackapp.handoffs.model import HandoffDetails
from storage.company.model import Queue


@dataclass(frozen=True, kw_only=True)
class TroubleScene:
    """Everything the message about a refused channel or a deactivated person is drawn from."""

    details: HandoffDetails | None
    """The handoff that lost a person, if the message is about one."""
    queue: Queue | None
    payload: Mapping[str, Any]
    posted: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    """The name of the person whom it is about, by their id."""
