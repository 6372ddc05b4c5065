"""Every page of every template's form is within Slack's limits, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from slackapp.forms.model import FormContext, FormDraft
from slackapp.forms.views.page import Page
from slackapp.forms.views.pages import draw_page
from slackapp.slack.payloads import read_first_value
from slackapp.templates.rules import parse_answers, questions
from slackapp.templates.rules.shipped import shipped
from storage.company.model import Queue
from storage.handoffs.lifecycle import Situation, Verb
from storage.templates.model import Template
from tests.filled import EXAMPLES, TEMPLATES, everything, longest
from tests.handoffs.samples import MONDAY_9, a_queue, some_details
from tests.handoffs.views.view_checks import sound_view
from tests.hostile import CORPUS

EVERY = [*shipped(), everything()]
ALL = pytest.mark.parametrize("template", EVERY, ids=lambda template: template.key)
WORDS = {**CORPUS, "plain": "word " * 700, "one word": "w" * 3000}
MANY: list[Queue] = [a_queue(f"queue_{number}", "Team " * 15) for number in range(100)]


def pages(template: Template, answers: Mapping[str, Any], verb: Verb = Verb.OPEN, **more: Any) -> Iterator[Any]:
    """Draw every page of a form, checked."""
    core = {"title": "t" * 150, "next_step": "s" * 300, "link": "https://x.example/" + "l" * 1900}
    details = (
        some_details(Situation.RETURNED if verb is Verb.RESEND else Situation.OPEN) if verb is not Verb.OPEN else None
    )
    page = Page(
        form_context=FormContext(
            now=MONDAY_9,
            template=template,
            offered=EVERY,
            queue=MANY[0],
            queues=MANY,
            files=True,
            details=details,
        ),
        draft=FormDraft(purpose=verb, draft_id="V0DRAFT", more=True),
        values={**core, **answers},
    )
    for number in range(len(questions.pages(template)) + 1):
        draft = replace(page.draft, page=number, **more)
        yield sound_view(draw_page(replace(page, draft=draft)))


def inputs(views: Iterator[Any]) -> list[Any]:
    return [block for view in views for block in view["blocks"] if block["type"] == "input"]


@ALL
@pytest.mark.parametrize("verb", [Verb.OPEN, Verb.EDIT, Verb.RESEND])
def test_slack_takes_every_page_with_the_longest_answers(verb: Verb, template: Template) -> None:
    for words in WORDS.values():
        marks = dict.fromkeys([question.key for question in template.questions], "from the message " * 5)
        shown = inputs(pages(template, longest(template, words), verb, marks=marks))

        keys = {block["block_id"] for block in shown}
        assert keys >= {question.key for question in template.questions}


@ALL
def test_slack_takes_every_page_empty(template: Template) -> None:
    assert list(pages(template, {}))


@ALL
def test_slack_takes_every_page_of_a_form_whose_values_replaced_what_was_typed(template: Template) -> None:
    again = dict.fromkeys([question.key for question in template.questions], 11)

    assert list(pages(template, longest(template, "word"), again=again))


@ALL
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_what_stands_in_a_form_comes_back_as_it_was(template: Template, words: str) -> None:
    answers = longest(template, words)
    shown = {block["block_id"]: read_first_value(block["element"]) for block in inputs(pages(template, answers))}

    for question in template.questions:
        if not question.waives:
            back = parse_answers.parse(question, shown, answers[question.key])
            assert back == answers[question.key], question.key


@pytest.mark.parametrize("key", EXAMPLES)
def test_every_example_comes_back_as_it_was(key: str) -> None:
    template, answers = TEMPLATES[key], EXAMPLES[key].fields
    shown = {block["block_id"]: read_first_value(block["element"]) for block in inputs(pages(template, answers))}

    back = {one.key: parse_answers.parse(one, shown, answers.get(one.key)) for one in template.questions}
    assert {question: answer for question, answer in back.items() if answer is not None} == answers
