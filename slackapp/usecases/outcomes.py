"""What a use case answers, besides the lifecycle's own Moved and Refused. The words for people are in `views`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from slackapp.slack.field_problems import FieldProblem
from storage.handoffs.model import Handoff


@dataclass(frozen=True, kw_only=True)
class Invalid:
    """Fields that need mending; nothing was stored."""

    problems: Mapping[str, FieldProblem]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """There is no such handoff in this workspace."""


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """The same form came before. `same` tells whether it said the same; what was stored then still stands."""

    handoff: Handoff
    same: bool


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new handoff was stored."""

    handoff: Handoff
