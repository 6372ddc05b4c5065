"""Frozen read models of a form: its draft, its context (teams, templates, handoff), its first values."""

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
    """The stored state of a form between its pages, visible to its author only."""

    purpose: Verb = Verb.OPEN
    """Verb of the form: open, edit or resend."""
    handoff_id: str | None = None
    """The handoff that is edited or resent."""
    draft_id: str = ""
    """Id of the draft; empty before Slack has shown the form."""
    page: int = 0
    more: bool = False
    """Whether the fields behind "More" are shown; in a resend, the other answers."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """Entered values; None where a value was removed. In an edit only those that differ from `start`."""
    start: Mapping[str, Any] = field(default_factory=dict)
    """In an edit: the values when the author first saw them."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Origin of each first value on pages that the author has not sent yet: `from the message`."""
    again: Mapping[str, int] = field(default_factory=dict)
    """Number of times a value of Baton's replaced what was typed, by field."""
    passed: tuple[str, ...] = ()
    """Checks and warnings already shown, which are not shown again."""
    source: Source | None = None
    began_at: datetime | None = None
    beginning: Mapping[str, Any] = field(default_factory=dict)
    """The starting point (`forms.rules.starting_point`), for first values of a template chosen later."""
    touched: bool = False
    """Whether the author has entered anything."""
    sent: int = 0
    """Number of pages sent."""
    sent_at: float = 0.0
    """When the last page was sent, in seconds since the epoch."""
    pressed_at: float = 0.0
    """When a button or select was last used since that page, in Slack's seconds since the epoch."""


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """Everything stored that a form depends on, read together: its draft, teams, templates and handoff."""

    now: datetime
    draft: FormDraft | None = None
    """The form's draft, if one was saved."""
    sent: bool = False
    """Whether the form was sent before."""
    queues: Sequence[Queue] | None = None
    """The teams to choose from; None if there are too many for a list, or the form has no team field."""
    admins: tuple[str, ...] | None = None
    """Without any team to choose from: Baton's admins, whom a person can ask; None if the person is one themselves."""
    queue: Queue | None = None
    offered: Sequence[Template] = ()
    """Templates of the chosen queue."""
    several: bool = False
    """Whether any team to choose from offers more than one template, so that the form asks for one."""
    template: Template | None = None
    """The template the form uses now."""
    drawn: Template | None = None
    """The template version the present page was drawn with."""
    files: bool = False
    """Whether Slack files can be chosen."""
    problems: Mapping[str, FieldProblem] = field(default_factory=dict)
    """Problems with the chosen team and person, by field."""
    details: HandoffDetails | None = None
    """The handoff that is edited or resent."""
    is_gone: bool = False
    """Whether that handoff does not exist any more."""


@dataclass(frozen=True, kw_only=True)
class NotOpenedScene:
    """What the message about a form that Slack did not open is drawn from."""

    kept_id: str
    sentence: str
    """What happened, if it is not just that the form did not open."""


@dataclass(frozen=True, kw_only=True)
class Begun:
    """An unfinished handoff that a message has become, as one person may know of it."""

    handoff_id: str
    number: int
    sender: str
    reader: str
    is_visible: bool
    """Whether they see the handoff; otherwise they only learn that there is one."""
    names: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ReactionScene:
    """What the message to a person who reacted to another message with an emoji is drawn from."""

    channel: str
    ts: str
    emoji: str
    begun: Begun | None = None
    """The handoff that the message has become, while that is not finished."""


@dataclass(frozen=True, kw_only=True)
class FormReference:
    """The ids in a form that its context is read by: draft, handoff, template version, chosen fields."""

    draft_id: str = ""
    handoff_id: str | None = None
    drawn: tuple[str, int] | None = None
    chosen: Mapping[str, Any]
