"""The templates that come with Baton are consistent, and each can be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from slackapp.clocks.rules import durations
from slackapp.handoffs.views.wording import REASONS
from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.templates.rules.questions import PER_PAGE
from slackapp.templates.rules.shipped import shipped
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import CARD_FACTS, AnswerType, Question, Template
from tests.filled import EXAMPLES, TEMPLATES, everything, longest
from tests.hostile import CORPUS, NO_TEXT

KEYS: Final[Mapping[str, str]] = {
    "general": "",
    "bant": "budget budget_note authority met_authority need timing why_now fit_doubt",
    "meddic": "metrics economic_buyer criteria process paper pain champion competition confidence gap",
    "sdr_ae": "contact meeting agenda_agreed source pain trigger qualifier who_else said_no style",
    "ae_csm": "why_bought success promised stretch people sceptics use_case contract tech risk risk_why intro",
    "csm_impl": "scope out goal_date date_hard their_team systems data dependency acceptance budget_hours traps",
    "tier2": "symptom impact expected steps env since tried evidence workaround change customer_mood promised_update"
    " ask",
    "incident_shift": "severity status impact changed facts excluded guess running risks rollback owners comms"
    " next_check",
    "ipass": "severity patient summary assessment actions if_then pending limits family",
    "sbar": "situation background assessment recommendation",
    "bot_human": "trigger intent sure customer collected attempts summary transcript language waiting said hand_back",
    "eng_oncall": "quiet open fired watch deploys silenced planned promises tired wish",
    "adviser": "client reason event goals risk plan promised open_advice sensitive docs compliance client_told",
    "project": "done left decisions blocked people danger",
}
"""Stored handoffs, policies and reports name these: a key may be added, never be renamed or given another meaning."""

TYPED: Final = frozenset(
    {AnswerType.SHORT, AnswerType.LONG, AnswerType.CHECKLIST, AnswerType.NUMBER, AnswerType.URL, AnswerType.KEY_VALUE}
)
"""Kinds that are typed, where others are chosen with one press."""

ALL: Final = pytest.mark.parametrize("template", shipped(), ids=lambda template: template.key)


def conditions(question: Question) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from question.shown_when.items()
    yield from question.required_when.items()


def sentences(template: Template) -> Iterator[str]:
    yield template.about
    yield from (question.help for question in template.questions)
    yield from filter(None, [template.read_back_ask])


def labels(template: Template) -> Iterator[str]:
    yield from (template.name, template.sender, template.receiver)
    yield from template.reasons.values()
    for question in template.questions:
        yield from (question.label, *question.options.values())


def test_their_keys_are_for_ever() -> None:
    assert {one.key: " ".join(question.key for question in one.questions) for one in shipped()} == KEYS


@ALL
def test_a_template_says_from_whom_to_whom_and_what_for(template: Template) -> None:
    assert template.name
    assert template.sender
    assert template.receiver
    assert template.about


@ALL
def test_every_sentence_is_short_and_ends_as_a_sentence(template: Template) -> None:
    odd = [text for text in sentences(template) if not re.fullmatch(r"[A-Z“\"].{3,124}[.?!)”]", text)]

    assert odd == []


@ALL
def test_every_label_is_short_and_begins_with_a_capital_letter(template: Template) -> None:
    odd = [text for text in labels(template) if not re.fullmatch(r"[A-Z0-9].{0,46}(?<![.:])", text)]

    assert odd == []


@ALL
def test_whatever_is_typed_has_an_example_in_it(template: Template) -> None:
    without = [one.key for one in template.questions if one.kind in TYPED and not one.placeholder]

    assert without == []
    assert [one.key for one in template.questions if one.kind not in TYPED and one.placeholder] == []


@ALL
def test_conditions_name_answers_that_there_are_to_questions_asked_before(template: Template) -> None:
    for place, question in enumerate(template.questions):
        before = {one.key: one for one in template.questions[:place]}
        for key, wanted in conditions(question):
            assert set(wanted) <= set(before[key].options or {"yes": ""}), (question.key, key)
        assert set(question.confirms) <= before.keys(), question.key


@ALL
def test_choices_have_options_and_nothing_else_has(template: Template) -> None:
    assert [one.key for one in template.questions if bool(one.options) != ANSWER_RULES[one.kind].takes_options] == []


@ALL
def test_the_card_shows_five_answers_that_are_asked_for(template: Template) -> None:
    known = [question.key for question in template.questions]

    assert set(template.card) <= set(known)
    assert len(set(template.card)) == len(template.card) == min(CARD_FACTS, len(known))


@ALL
def test_what_a_receiver_needs_first_weighs_most(template: Template) -> None:
    required = [one.weight for one in template.questions if one.required]
    optional = [one.weight for one in template.questions if not one.required]

    assert not optional or sum(required) / len(required) > sum(optional) / len(optional)
    assert all(weight > 0 for weight in required)


@ALL
def test_reasons_that_every_team_has_are_called_the_same_and_there_is_always_another(template: Template) -> None:
    shared = {key: words for key, words in template.reasons.items() if key in REASONS}

    assert shared.items() <= REASONS.items()
    assert not template.reasons or list(template.reasons)[-1] == "other"


@ALL
def test_a_template_asks_what_is_to_be_said_back_where_it_is(template: Template) -> None:
    assert bool(template.read_back_ask) == (template.read_back is not ReadBackMode.OFF)


@ALL
def test_follow_ups_have_a_time(template: Template) -> None:
    assert all(durations.parse(follow_up.within) for follow_up in template.follow_ups)


@ALL
def test_no_page_is_a_wall(template: Template) -> None:
    found = questions.pages(template)

    assert [one for page in found for one in page] == list(template.questions)
    assert all(1 <= len(page) <= PER_PAGE for page in found)


def test_every_template_has_an_example() -> None:
    assert list(EXAMPLES) == list(TEMPLATES)


@ALL
def test_the_example_can_be_sent_and_nothing_of_it_is_left_out(template: Template) -> None:
    example = EXAMPLES[template.key]

    assert questions.problems(template, example.fields) == {}
    assert questions.relevant_answers(template, example.fields) == example.fields
    assert bool(example.read_back) == (template.read_back is not ReadBackMode.OFF)


@ALL
def test_the_example_shows_every_question_but_a_statement_that_there_is_nothing(template: Template) -> None:
    unanswered = {one.key for one in template.questions if not one.waives} - EXAMPLES[template.key].fields.keys()

    assert unanswered == set()


@pytest.mark.parametrize("template", [*shipped(), everything()], ids=lambda template: template.key)
@pytest.mark.parametrize("words", [*CORPUS.values(), NO_TEXT], ids=[*CORPUS, "no text"])
def test_the_longest_answers_are_allowed_whatever_they_are_made_of(template: Template, words: str) -> None:
    answers = longest(template, words)

    assert questions.problems(template, answers) == {}
    assert questions.relevant_answers(template, answers).keys() == {
        one.key for one in template.questions if not one.waives
    }


def test_an_ae_types_at_most_nine_answers_where_the_thread_gives_the_rest() -> None:
    """Title, link and note come from the thread; the first step is asked for in every template."""
    template = TEMPLATES["ae_csm"]
    typed = [one.key for one in template.questions if one.kind in TYPED and (one.required or one.required_when)]

    assert len(["next_step", *typed]) <= 9


def test_a_quiet_shift_takes_one_tick() -> None:
    template = TEMPLATES["eng_oncall"]

    assert [question.key for question in questions.asked(template, {"quiet": True})] == ["quiet"]
    assert questions.problems(template, {"quiet": True}) == {}


def test_why_a_customer_is_not_stable_is_asked_exactly_then() -> None:
    template = TEMPLATES["ae_csm"]
    answers = dict(EXAMPLES["ae_csm"].fields)
    del answers["risk_why"]

    assert questions.problems(template, answers).keys() == {"risk_why"}
    assert questions.problems(template, {**answers, "risk": "stable"}) == {}


def test_what_the_customer_did_not_confirm_can_be_told_in_meddic() -> None:
    confidence = TEMPLATES["meddic"].question("confidence")

    assert confidence
    assert list(confidence.options) == list(confidence.confirms)
    assert confidence.options["pain"] == "The pain and what it costs"


def test_what_a_clinician_writes_is_private_kept_a_week_and_said_back() -> None:
    template = TEMPLATES["ipass"]

    assert (template.private, template.retention_days, template.read_back) == (True, 7, ReadBackMode.HARD)


def test_who_leaves_an_incident_answers_for_it_until_the_read_back() -> None:
    assert [one.key for one in shipped() if one.read_back is ReadBackMode.HARD] == ["incident_shift", "ipass"]


def test_nothing_of_the_present_state_is_taken_over_from_the_shift_before() -> None:
    now = {"severity", "status", "impact", "changed", "running", "next_check"}
    prefilled = {one.key for one in TEMPLATES["incident_shift"].questions if one.prefill}

    assert now & prefilled == set()
    assert {one.key for one in TEMPLATES["ipass"].questions if one.prefill} == {"patient", "limits"}
