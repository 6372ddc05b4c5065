"""Changes of a template while it is edited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slackapp.slack.ids import CORE
from slackapp.template_editor.listeners import parse_forms
from slackapp.template_editor.rules import (
    conditioned,
    field_key,
    must_be_answered,
    possible_conditions,
    required,
    with_field,
    with_field_moved,
    without_field,
)
from storage.templates.model import AnswerType, Question, Template

LAMP = Question(key="risk", label="Lamp", kind=AnswerType.LAMP, options={"stable": "Stable", "watch": "Watch"})
WHY = Question(key="why", label="Why?", kind=AnswerType.SHORT, shown_when={"risk": ("watch",)})
SURE = Question(key="sure", label="Sure?", kind=AnswerType.MULTI, confirms=("risk", "why"), options={"risk": "Lamp"})
MADE = Template(key="a", name="A", questions=(LAMP, WHY, SURE), card=("risk", "why"))


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Why now?", "why_now"),
        ("Größe der Firma", "grosse_der_firma"),
        ("日本語", "field"),
        ("3 reasons", "field_3_reasons"),
        ("  ", "field"),
        ("x" * 99, "x" * 36),
        ("Title", "title_2"),
        ("Lamp: risk", "lamp_risk"),
        ("Risk", "risk_2"),
    ],
)
def test_a_field_gets_a_key_of_its_own_from_its_label(words: str, key: str) -> None:
    assert field_key(MADE, words) == key
    assert field_key(MADE, words) not in CORE


def test_a_field_that_is_taken_out_is_named_nowhere_any_more() -> None:
    left = without_field(MADE, "risk")

    assert [question.key for question in left.questions] == ["why", "sure"]
    assert left.card == ("why",)
    assert left.questions[0].shown_when == {}
    assert (left.questions[1].confirms, left.questions[1].options) == (("why",), {"why": "Why?"})


@pytest.mark.parametrize(("length", "shown"), [(74, 74), (75, 75), (76, 75)])
def test_an_option_that_names_a_field_is_as_long_as_slack_takes_and_says_that_it_was_cut(
    length: int, shown: int
) -> None:
    named = with_field(MADE, replace(WHY, label="x" * length), on_card=True)

    offered = named.questions[2].options["why"]
    assert len(offered) == shown
    assert offered.endswith("…") == (length > 75)


def test_fields_move_one_place_and_no_further_than_the_ends() -> None:
    assert [one.key for one in with_field_moved(MADE, "why", -1).questions] == ["why", "risk", "sure"]
    assert [one.key for one in with_field_moved(MADE, "why", 1).questions] == ["risk", "sure", "why"]
    assert (
        with_field_moved(MADE, "risk", -1)
        == with_field_moved(MADE, "sure", 1)
        == with_field_moved(MADE, "gone", 1)
        == MADE
    )


def test_a_field_that_is_not_always_asked_is_required_under_the_conditions_on_which_it_is() -> None:
    needed = required(WHY, wanted=True)

    assert (needed.required, needed.required_when) == (False, WHY.shown_when)
    assert must_be_answered(needed)
    assert required(needed, wanted=False) == WHY
    assert required(LAMP, wanted=True).required
    always = conditioned(needed, {}, needed.required_when)
    assert (always.required, always.shown_when, always.required_when) == (True, {}, {})
    other = conditioned(needed, {"risk": ("stable",)}, needed.required_when)
    assert other.shown_when == other.required_when == {"risk": ("stable",)}
    assert not must_be_answered(conditioned(needed, WHY.shown_when, {}))


def test_a_field_can_wait_for_those_before_it_whose_answers_can_be_foreseen() -> None:
    assert [one.key for one in possible_conditions(MADE, "sure")] == ["risk"]
    assert possible_conditions(MADE, "risk") == []


def test_another_type_takes_what_does_not_go_with_it_away_and_the_rest_stays() -> None:
    number = Question(key="n", label="N", kind=AnswerType.NUMBER, least="1", weight=3, placeholder="12")
    made = Template(key="a", name="A", questions=(number,))

    answered = parse_forms.of_field(made, "n", {"label": "N", "type": "short", "options": None, "marks": ("card",)})

    (changed,) = answered.template.questions
    assert answered.problems == {}
    assert (changed.kind, changed.least, changed.weight, changed.placeholder) == (AnswerType.SHORT, "", 3, "12")
    assert answered.template.card == ("n",)


def test_options_keep_their_keys_for_as_long_as_their_words_stay() -> None:
    named = Question(key="c", label="C", kind=AnswerType.CHOICE, options={"ok": "Approved", "none": "None yet"})
    made = Template(key="a", name="A", questions=(named,))
    typed = {"label": "C", "type": "choice", "options": "None yet\nOK\nApproved", "marks": ()}

    (changed,) = parse_forms.of_field(made, "c", typed).template.questions

    assert list(changed.options.items()) == [("none", "None yet"), ("ok_2", "OK"), ("ok", "Approved")]


def test_options_too_long_for_a_form_stay_as_they_are() -> None:
    many = Question(
        key="c", label="C", kind=AnswerType.CHOICE, options={f"k{n}": f"{n} {'x' * 70}" for n in range(100)}
    )
    made = Template(key="a", name="A", questions=(many,))

    answered = parse_forms.of_field(made, "c", {"label": "Other", "type": "choice", "marks": ()})

    assert answered.problems == {}
    assert answered.template.questions[0].options == many.options


def test_options_that_the_form_did_not_show_go_with_a_type_that_has_none() -> None:
    many = Question(key="c", label="C", kind=AnswerType.CHOICE, options={"a": "A"})
    made = Template(key="a", name="A", questions=(many,))

    answered = parse_forms.of_field(made, "c", {"label": "C", "type": "short", "marks": ()})

    assert (answered.problems, answered.template.questions[0].options) == ({}, {})
