"""Completeness of a form: weights, suggestions, and answers it must not criticise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.forms.rules.quality import CORE_WEIGHTS, Quality, Suggestion, Weakness, assess_quality
from slackapp.forms.views.advice import advice_lines, advice_sentences
from storage.handoffs.model import Priority, Text
from storage.templates.model import AnswerType, NoteMode, Question, Template

PAPER = Path(__file__).parents[2] / "docs" / "templates.md"

FULL: dict[str, Any] = {
    "title": "Acme renewal",
    "next_step": "Call Mara about the price",
    "note": Text(plain="They asked for 10 % off."),
    "link": "https://crm.example.com/1",
    "needed_by": "2026-11-27T10:00:00+00:00",
    "priority": Priority.NORMAL,
}


def a_template(*questions: Question, note: NoteMode = NoteMode.OPTIONAL) -> Template:
    return Template(key="t", name="T", questions=questions, note=note)


def ask(key: str, **more: Any) -> Question:
    return Question(**{"key": key, "label": f"Label of {key}", "kind": AnswerType.SHORT, **more})


def test_a_full_form_has_all_and_nothing_to_add() -> None:
    assert assess_quality(FULL, None, {}) == Quality(score=100)
    assert advice_lines(assess_quality(FULL, None, {})) == []


def test_the_score_is_what_was_answered_of_what_was_asked_by_weight() -> None:
    template = a_template(ask("a", weight=5), ask("b", weight=3, required=True), ask("c", weight=0))

    assert assess_quality(FULL, template, {"a": "x"}).score == round(100 * (8 + 5) / (8 + 5 + 3))
    assert assess_quality({**FULL, "note": Text(plain=" ")}, None, {}).score == 75
    assert assess_quality({**FULL, "link": None}, a_template(note=NoteMode.NONE), {}).score == round(100 * 5 / 6)
    assert assess_quality({}, None, {}).score == 0


def test_what_is_not_asked_does_not_count() -> None:
    risk = ask("risk", kind=AnswerType.LAMP, options={"stable": "Stable", "watch": "Watch"})
    why = ask("why", weight=5, shown_when={"risk": ("watch",)})

    assert assess_quality(FULL, a_template(risk, why), {"risk": "stable"}) == Quality(score=100)
    asked = assess_quality(FULL, a_template(risk, why), {"risk": "watch"})
    assert asked.score < 100
    assert asked.suggestions == (Suggestion(weakness=Weakness.NO_ANSWER, key="why", label="Label of why"),)
    nothing = a_template(ask("nothing", kind=AnswerType.TICK, waives=True), ask("much", weight=5))
    assert assess_quality(FULL, nothing, {"nothing": True}) == Quality(score=100)


@pytest.mark.parametrize("priority", Priority)
def test_a_deadline_is_missed_only_where_it_is_urgent(priority: Priority) -> None:
    found = assess_quality({**FULL, "needed_by": None, "priority": priority}, None, {})

    urgent = priority in {Priority.HIGH, Priority.CRITICAL}
    assert found.score == (70 if urgent else 88)
    assert advice_sentences(found) == (["Missing: Needed by."] if urgent else [])


def test_only_optional_questions_that_weigh_something_are_missed() -> None:
    template = a_template(
        ask("light", weight=2), ask("heavy", weight=3), ask("must", weight=5, required=True), ask("done", weight=5)
    )

    found = assess_quality(FULL, template, {"done": "x"})

    assert [suggestion.key for suggestion in found.suggestions] == ["heavy"]


@pytest.mark.parametrize(
    ("points", "vague"),
    [
        (["stuff"], True), (["Various."], True), (["TBD"], True), (["-"], True), (["???"], True), (["as  usual"], True),
        (["None"], False), (["none, really"], False), (["stuff", "more"], False), (["Single sign-on"], False),
        (["42"], False), (["やること"], False),
    ],
)  # fmt: skip
def test_a_list_of_one_empty_word_says_little(points: list[str], *, vague: bool) -> None:
    found = assess_quality(FULL, a_template(ask("promised", kind=AnswerType.CHECKLIST)), {"promised": points})

    assert found.score == 100, "it was answered; how well is not for a program to say"
    assert [suggestion.weakness for suggestion in found.suggestions] == ([Weakness.VAGUE] if vague else [])


def test_at_most_three_things_are_said_and_the_worst_first() -> None:
    template = a_template(
        ask("a", weight=3), ask("b", weight=5), ask("c", weight=4), ask("d", kind=AnswerType.CHECKLIST, weight=2)
    )
    core = {**FULL, "needed_by": None, "priority": Priority.HIGH}

    found = assess_quality(core, template, {"d": ["stuff"]})

    assert [suggestion.key for suggestion in found.suggestions] == ["b", "needed_by", "c"]
    assert advice_sentences(found) == ["Missing: Label of b; Needed by; Label of c."]
    assert advice_lines(found) == [f"Context: {found.score} of 100.", *advice_sentences(found)]


def test_what_a_template_calls_a_question_cannot_ping_anybody() -> None:
    template = a_template(ask("x", label="<!channel> & more", weight=5))

    (line,) = advice_sentences(assess_quality(FULL, template, {}))

    assert line == "Missing: &lt;!channel&gt; &amp; more."


def test_the_paper_tells_the_weights_that_count() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\d)", PAPER.read_text(encoding="utf-8"), re.MULTILINE))

    assert {key: int(weight) for key, weight in told.items()} == CORE_WEIGHTS


@given(
    st.fixed_dictionaries({}, optional={key: st.sampled_from(["", "The contract", "x"]) for key in FULL}),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "x"])),
)
def test_answering_more_never_lowers_the_score(core: dict[str, str], answers: dict[str, str]) -> None:
    template = a_template(*(ask(key, weight=weight) for weight, key in enumerate("abcd")))
    before = assess_quality(core, template, answers)

    for key in "abcd":
        assert assess_quality(core, template, {**answers, key: "an answer"}).score >= before.score
    assert 0 <= before.score <= 100
    assert len(before.suggestions) <= 3
