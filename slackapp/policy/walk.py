"""A form under way: what is entered so far, on which page somebody is, and which page comes next.

Page 0 asks what every form asks; the pages after it ask the template's questions, and one without a question that
matters now is passed over. Answers are JSON by the field's or the question's key, as a handoff keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cattrs.gen import make_dict_unstructure_fn, override

from slackapp.templates.rules import questions
from storage.db.json_records import JsonObject, converter
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Source
from storage.templates.model import Question, Template


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    """First values by the field's or the question's key, and where each came from: `from the message`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Walk:
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


_json: Final = converter()
_json.register_unstructure_hook(Walk, make_dict_unstructure_fn(Walk, _json, draft_id=override(omit=True)))


def content(walk: Walk) -> JsonObject:
    """Return a form as JSON, without its draft's name."""
    found: JsonObject = _json.unstructure(walk)
    return found


def walk(draft_id: str, found: Mapping[str, Any]) -> Walk:
    """Return the form that `content` made JSON of."""
    return _json.structure({**found, "draft_id": draft_id}, Walk)


def stops(template: Template | None, answers: Mapping[str, Any]) -> list[int]:
    """The numbers of the pages that ask something now."""
    if template is None:
        return [0]
    asked = {question.key for question in questions.asked(template, answers)}
    pages = enumerate(questions.pages(template), start=1)
    return [0, *(number for number, page in pages if any(question.key in asked for question in page))]


def after(page: int, template: Template | None, answers: Mapping[str, Any]) -> int | None:
    """The page that comes next; None at the end."""
    return next((number for number in stops(template, answers) if number > page), None)


def before(page: int, template: Template | None, answers: Mapping[str, Any]) -> int:
    """The page that came before."""
    return max((number for number in stops(template, answers) if number < page), default=0)


def asked_on(page: int, template: Template | None, answers: Mapping[str, Any]) -> list[Question]:
    """The questions that stand on a page now."""
    pages = questions.pages(template) if template else []
    if template is None or not 0 < page <= len(pages):
        return []
    asked = {question.key for question in questions.asked(template, answers)}
    return [question for question in pages[page - 1] if question.key in asked]


def page_of(template: Template | None, key: str) -> int:
    """The page on which a field or question stands."""
    pages = enumerate(questions.pages(template) if template else [], start=1)
    return next((number for number, page in pages if any(question.key == key for question in page)), 0)


def settled(template: Template | None, page: int, answers: Mapping[str, Any]) -> int:
    """The page to show for a wanted one: the nearest at or before it that asks something."""
    return max((number for number in stops(template, answers) if number <= page), default=0)
