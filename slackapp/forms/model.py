"""The context of a form under way, read once and drawn from: its draft, the teams, their templates, the handoff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slackapp.handoffs.model import HandoffDetails
from slackapp.slack.field_problems import FieldProblem
from storage.company.model import Queue
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Source
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    """First values by the field's or the question's key, and where each came from: `from the message`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FormDraft:
    """What is kept of a form between its pages, for its author alone."""

    purpose: Verb = Verb.OPEN
    """Open, edit or resend."""
    handoff_id: str | None = None
    """What is edited or sent again."""
    draft_id: str = ""
    """Empty before Slack has shown the form."""
    page: int = 0
    more: bool = False
    """Whether the fields behind "More" are shown."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """What was entered; None where something was taken away. In an edit only what differs from `start`."""
    start: Mapping[str, Any] = field(default_factory=dict)
    """In an edit: what stood in a field when its author first saw it."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Where a first value came from that its author has not yet looked at."""
    again: Mapping[str, int] = field(default_factory=dict)
    """How often a value of ours took the place of what was typed, by field."""
    passed: tuple[str, ...] = ()
    """What was asked once and need not be asked again."""
    source: Source | None = None
    began_at: datetime | None = None
    beginning: Mapping[str, Any] = field(default_factory=dict)
    """What it started from (`policy.beginnings`), for the first values of a template that is chosen later."""
    touched: bool = False
    """Whether its author has entered anything."""
    sent: int = 0
    """How many pages were sent."""
    sent_at: float = 0.0
    """When the last of them was, in seconds."""
    pressed_at: float = 0.0
    """When something was used last in what was drawn since, in Slack's seconds."""


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """All that is known around a form, apart from what was entered in it just now."""

    now: datetime
    draft: FormDraft | None = None
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
    details: HandoffDetails | None = None
    """The handoff that is edited or sent again."""
    is_gone: bool = False
    """Whether that handoff is not there any more."""


@dataclass(frozen=True, kw_only=True)
class FormReference:
    """What a form names: itself, the handoff it is about, the template it was drawn in, what is chosen in it."""

    draft_id: str = ""
    handoff_id: str | None = None
    drawn: tuple[str, int] | None = None
    chosen: Mapping[str, Any]
