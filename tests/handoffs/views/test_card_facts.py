"""A card states at most five facts, whatever its template asks; each label has its answer with one mark."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.handoffs.views.card import answers, card
from slackapp.slack.block_kit import phrases
from slackapp.templates.rules.shipped import shipped
from storage.handoffs.lifecycle import Situation
from storage.templates.model import AnswerType, Question, Template
from tests.filled import longest
from tests.handoffs.samples import MONDAY_9, some_details
from tests.handoffs.views.view_checks import words_of


@pytest.mark.parametrize("template", shipped(), ids=lambda template: template.key)
@pytest.mark.parametrize("here", [Situation.OPEN, Situation.CLAIMED, Situation.RETURNED])
def test_a_card_has_every_key_fact_of_its_template_and_at_most_five(template: Template, here: Situation) -> None:
    details = replace(some_details(here, fields=longest(template, "What is it? Yes: this")), template=template)
    shown = words_of(card(details, MONDAY_9).blocks)

    assert len(answers(details)) <= 5
    waived = any(question.waives for question in template.questions)
    for key in () if waived else template.card:  # a waived form has one statement
        question = template.question(key)
        assert question
        assert f"*{phrases.colon(question.label)}*" in shown


@pytest.mark.parametrize("template", shipped(), ids=lambda template: template.key)
def test_a_label_that_ends_as_a_question_gets_no_colon(template: Template) -> None:
    details = replace(some_details(fields=longest(template, "Words")), template=template)
    drawn = card(details, MONDAY_9)
    shown = f"{words_of(drawn.blocks)} {drawn.text}"

    assert not [mark for mark in ("?:", "::") if mark in shown]


def test_a_label_leads_to_its_answer_with_one_mark() -> None:
    assert [phrases.colon(label) for label in ("Lamp", "Who decides?", "Why:")] == ["Lamp:", "Who decides?", "Why:"]
    asked = Question(key="who", label="Who decides?", kind=AnswerType.SHORT, required=True)
    details = replace(
        some_details(fields={"who": "Mara"}), template=Template(key="deal", name="Deal", questions=(asked,))
    )
    assert "*Who decides?* Mara" in words_of(card(details, MONDAY_9).blocks)
    assert "Who decides? Mara." in card(details, MONDAY_9).text


@pytest.mark.parametrize(
    ("here", "more"),
    [
        (Situation.DONE, {}),
        (Situation.CLAIMED, {"snoozed_until": MONDAY_9}),
        (Situation.CLAIMED, {"asked_at": MONDAY_9}),
    ],
)
def test_what_ended_rests_or_waits_for_an_answer_has_no_deadline(here: Situation, more: dict[str, Any]) -> None:
    details = some_details(here)
    handoff = replace(details.handoff, needed_by=MONDAY_9, **more)

    assert next_deadline(replace(details, handoff=handoff)) is None
