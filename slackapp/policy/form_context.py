"""The context of a form under way, read once and drawn from: its draft, the teams, their templates, the handoff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slackapp.handoffs.model import HandoffDetails
from slackapp.policy.walk import Walk
from slackapp.slack.field_problems import FieldProblem
from storage.company.model import Queue
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """All that is known around a form, apart from what was entered in it just now."""

    now: datetime
    walk: Walk | None = None
    """Its draft, if one was kept."""
    sent: bool = False
    """Whether it was sent before."""
    queues: Sequence[Queue] | None = None
    """The teams to choose from; None where there are too many for a list, or none is chosen."""
    queue: Queue | None = None
    offered: Sequence[Template] = ()
    """The templates of the queue."""
    template: Template | None = None
    """What the form is to be written in now."""
    drawn: Template | None = None
    """What it was drawn in."""
    files: bool = False
    """Whether Slack files can be chosen in it."""
    problems: Mapping[str, FieldProblem] = field(default_factory=dict)
    """What is wrong with the team and the person that are chosen."""
    picture: HandoffDetails | None = None
    """The handoff that is edited or sent again."""
    is_gone: bool = False
    """Whether that handoff is not there any more."""
