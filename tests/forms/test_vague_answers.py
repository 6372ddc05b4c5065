"""Advice before sending: only answers that say nothing, and never an optional field that was left empty."""

from __future__ import annotations

from typing import Any

import pytest

from slackapp.forms.rules.vague_answers import MOST, vague_answers
from slackapp.forms.views.advice import advice_blocks
from storage.handoffs.model import Priority
from storage.templates.model import AnswerType, Question, Template

CORE: dict[str, Any] = {
    "title": "Acme renewal",
    "next_step": "Call Mara about the price",
    "note": {"plain": "They asked for 10% off.", "rich": None},
    "priority": Priority.CRITICAL,
}


def a_template(*questions: Question) -> Template:
    return Template(key="t", name="T", questions=questions)


def ask(key: str, **more: Any) -> Question:
    return Question(**{"key": key, "label": f"Label of {key}", "kind": AnswerType.SHORT, **more})


def test_optional_fields_that_are_empty_cost_nothing_whatever_they_weigh() -> None:
    template = a_template(ask("heavy", weight=5), ask("list", kind=AnswerType.CHECKLIST, weight=5))

    assert vague_answers(CORE, template) == []
    assert vague_answers(CORE, None) == []


@pytest.mark.parametrize("field", ["title", "next_step", "note"])
@pytest.mark.parametrize("text", ["tbd", "Stuff.", "???", "n/a", "as  usual", "👍"])
def test_a_core_field_that_says_nothing_is_named(field: str, text: str) -> None:
    answer = {"plain": text, "rich": None} if field == "note" else text

    assert vague_answers({**CORE, field: answer}, None) == [field]


@pytest.mark.parametrize(
    ("points", "vague"),
    [
        (["stuff"], True), (["Various."], True), (["TBD"], True), (["-"], True), (["???"], True), (["as  usual"], True),
        (["yes"], True), (["None"], False), (["none, really"], False), (["stuff", "more"], False), (["42"], False),
        (["Single sign-on"], False), (["やること"], False),
    ],
)  # fmt: skip
def test_a_list_of_one_empty_word_is_named(points: list[str], *, vague: bool) -> None:
    template = a_template(ask("promised", kind=AnswerType.CHECKLIST))

    assert vague_answers({**CORE, "promised": points}, template) == (["promised"] if vague else [])


def test_a_yes_to_a_question_is_an_answer_and_a_tbd_is_none() -> None:
    template = a_template(ask("a"), ask("b"), ask("light", weight=0))

    assert vague_answers({**CORE, "a": "yes", "b": "tbd", "light": "tbd"}, template) == ["b"]


def test_a_question_that_is_not_asked_is_not_criticised() -> None:
    risk = ask("risk", kind=AnswerType.LAMP, options={"stable": "Stable", "watch": "Watch"})
    why = ask("why", shown_when={"risk": ("watch",)})

    assert vague_answers({**CORE, "risk": "stable", "why": "tbd"}, a_template(risk, why)) == []
    assert vague_answers({**CORE, "risk": "watch", "why": "tbd"}, a_template(risk, why)) == ["why"]


def test_the_advice_says_that_nothing_was_sent_and_names_each_answer() -> None:
    values = {**CORE, "title": "tbd", "x": ["<!channel>"], "y": ["stuff"], "z": "tbd"}
    asked = [ask(key, label=f"<!here> {key}", kind=AnswerType.CHECKLIST) for key in "xy"]
    found = vague_answers(values, a_template(*asked, ask("z"), ask("more")))
    lead, how = advice_blocks(found, values, a_template(*asked, ask("z")))

    assert found == ["title", "y", "z"]
    assert len(found) <= MOST
    assert lead["text"]["text"] == (
        ":bulb: *Not handed off yet.* These answers say very little:\n"
        "• *Title:* “tbd”\n• *&lt;!here&gt; y:* “stuff”\n• *Label of z:* “tbd”"
    )
    assert how["elements"][0]["text"] == "Press Back to add more, or Hand off anyway if there is nothing to add."
