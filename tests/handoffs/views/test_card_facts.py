"""A card states at most five facts, whatever its template asks; each label has its answer with one mark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views.card import answers, card, facts
from slackapp.slack.block_kit import phrases
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.views import render_answers
from storage.handoffs.lifecycle import Situation
from storage.handoffs.model import Priority
from storage.templates.model import AnswerType, Question, Template
from tests.filled import longest
from tests.handoffs.samples import MONDAY_9, answers_of, some_details
from tests.handoffs.views.view_checks import words_of


@pytest.mark.parametrize("template", shipped(), ids=lambda template: template.key)
@pytest.mark.parametrize("here", [Situation.OPEN, Situation.CLAIMED, Situation.RETURNED])
def test_with_a_template_a_card_states_five_facts_and_what_is_due_comes_before_the_last_answers(
    template: Template, here: Situation
) -> None:
    full = longest(template, "What is it? Yes: this")
    for more in ({}, {"needed_by": None}, {"needed_by": None, "priority": Priority.NORMAL}):
        details = replace(some_details(here, fields=full, **more), template=template)
        everything = render_answers.card_facts(*answers_of(details))
        beside = facts(details)[1:]
        times = [fact for fact in beside if "urgency" in fact or "Needed by" in fact]

        assert len(times) == 2 - len(more)
        assert answers(details) == everything[: 5 - len(times)]
        assert len(answers(details)) + len(beside) <= 5
        assert len(answers(details)) + len(beside) == 5 or beside[len(times) :] == links_of(details)
        spoken = card(details, MONDAY_9).text
        assert [fact for fact in times if f"{fact}." not in spoken] == []


def links_of(details: HandoffDetails) -> list[str]:
    """The source links of a card that has room for all facts."""
    return [fact for fact in facts(replace(details, template=None)) if "Link to" in fact or "Message it" in fact]


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
