"""Page order of a form and the JSON of its draft.

Page 0 has the core fields; the pages after it have the template's questions, and a page without a question that
applies is skipped. Answers are JSON by the field's or the question's key, as a handoff stores them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cattrs.gen import make_dict_unstructure_fn, override

from slackapp.forms.model import FormDraft
from slackapp.templates.rules import questions
from storage.db.json_records import JsonObject, converter
from storage.handoffs.lifecycle import Verb
from storage.templates.model import Question, Template

_json: Final = converter()
_json.register_unstructure_hook(FormDraft, make_dict_unstructure_fn(FormDraft, _json, draft_id=override(omit=True)))


def draft_json(draft: FormDraft) -> JsonObject:
    """Return a draft as JSON, without its id."""
    found: JsonObject = _json.unstructure(draft)
    return found


def read_draft(draft_id: str, found: Mapping[str, Any]) -> FormDraft:
    """Return the draft stored by `draft_json`."""
    return _json.structure({**found, "draft_id": draft_id}, FormDraft)


def active_pages(template: Template | None, answers: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the pages that ask something, given the answers so far."""
    if template is None:
        return [0]
    asked = {question.key for question in questions.asked(template, answers)}
    pages = enumerate(questions.pages(template), start=1)
    return [0, *(number for number, page in pages if any(question.key in asked for question in page))]


def next_page(page: int, template: Template | None, answers: Mapping[str, Any]) -> int | None:
    """Return the page after `page`; None after the last one."""
    return next((number for number in active_pages(template, answers) if number > page), None)


def following_page(draft: FormDraft, template: Template | None, answers: Mapping[str, Any]) -> int | None:
    """Return the page after a draft's present one; None where sending it sends the form."""
    return None if is_collapsed(draft) else next_page(draft.page, template, answers)


def is_collapsed(draft: FormDraft) -> bool:
    """Whether only the answer of a resend is shown, and not what was sent before."""
    return draft.purpose is Verb.RESEND and draft.page == 0 and not draft.more


def previous_page(page: int, template: Template | None, answers: Mapping[str, Any]) -> int:
    """Return the page before `page`; 0 at the start."""
    return max((number for number in active_pages(template, answers) if number < page), default=0)


def questions_on(page: int, template: Template | None, answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions that a page asks, given the answers so far."""
    pages = questions.pages(template) if template else []
    if template is None or not 0 < page <= len(pages):
        return []
    asked = {question.key for question in questions.asked(template, answers)}
    return [question for question in pages[page - 1] if question.key in asked]


def page_of(template: Template | None, key: str) -> int:
    """Return the page of a field or question."""
    pages = enumerate(questions.pages(template) if template else [], start=1)
    return next((number for number, page in pages if any(question.key == key for question in page)), 0)


def nearest_page(template: Template | None, page: int, answers: Mapping[str, Any]) -> int:
    """Return the nearest page at or before `page` that asks something."""
    return max((number for number in active_pages(template, answers) if number <= page), default=0)
