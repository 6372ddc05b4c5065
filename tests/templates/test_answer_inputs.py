"""Each kind of question as an input, and its value read back: what is stored, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.forms.model import FormContext, FormDraft
from slackapp.forms.rules import form_draft
from slackapp.forms.views import pages
from slackapp.forms.views.page import Page
from slackapp.local.blockkit.element_state import initial_state, state_of
from slackapp.slack import payloads
from slackapp.templates.rules import parse_answers, questions
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.views.answer_inputs import InputState, blocks
from storage.handoffs.lifecycle import Verb
from storage.templates.model import LAMP, AnswerType, Question, Template
from tests.handoffs.samples import EXTREMES, MONDAY_9, a_queue
from tests.handoffs.views.view_checks import sound_view

FEW: Final = {"a": "First", "b": "Second", "c": "Third"}
MANY: Final = {f"k{n}": f"Choice {n}" for n in range(100)}
LOG: Final = {"id": "F1", "name": "log.txt", "permalink": "https://x.slack.com/files/F1"}


def asked(kind: AnswerType, **more: Any) -> Question:
    options = FEW if kind in {AnswerType.CHOICE, AnswerType.MULTI} else LAMP if kind is AnswerType.LAMP else {}
    return Question(**{"key": "it", "label": "It", "kind": kind, "options": options, **more})


def inputs(question: Question, answer: Any = None, state: InputState | None = None) -> dict[str, dict[str, Any]]:
    found = blocks(question, answer, state or InputState(files=True))
    return {block["block_id"].partition("~")[0]: block for block in found}


def typed(question: Question, before: Any = None, **values: Any) -> Any:
    """The answer read back from a value as Slack sends it."""
    state = {
        key: state_of(block["element"], values[key]) if key in values else initial_state(block["element"])
        for key, block in inputs(question, before).items()
    }
    return parse_answers.parse(question, {key: payloads.read_input(value) for key, value in state.items()}, before)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (AnswerType.SHORT, " a line ", "a line"),
        (AnswerType.LONG, "two\nlines", "two\nlines"),
        (AnswerType.CHOICE, "b", "b"),
        (AnswerType.LAMP, "watch", "watch"),
        (AnswerType.MULTI, ["c", "a"], ["a", "c"]),
        (AnswerType.TICK, ["yes"], True),
        (AnswerType.DATE, "2026-11-25", "2026-11-25"),
        (AnswerType.WHEN, 1_800_000_000, "2027-01-15T08:00:00+00:00"),
        (AnswerType.NUMBER, "12.50", "12.50"),
        (AnswerType.URL, "https://x.example", "https://x.example"),
        (AnswerType.FILES, "https://a.example\n\n https://b.example ", {
            "links": ["https://a.example", "https://b.example"], "files": []}),
        (AnswerType.PERSON, "U0EVA", "U0EVA"),
        (AnswerType.CHECKLIST, "- one\n* two\n3. three\n• four\n[ ] five\n\n-5 degrees\n1.5 hours\n2026. was good", [
            "one", "two", "three", "four", "five", "-5 degrees", "1.5 hours", "2026. was good"]),
        (AnswerType.KEY_VALUE, "Plan: Enterprise\nSeen at: 10:30\n\nno colon", [
            ["Plan", "Enterprise"], ["Seen at", "10:30"], ["", "no colon"]]),
    ],
)  # fmt: skip
def test_each_kind_is_kept_in_its_shape(kind: AnswerType, value: Any, kept: Any) -> None:
    answer = typed(asked(kind), it=value)

    assert answer == kept
    assert typed(asked(kind), answer) == kept, "shown again and not touched, it stays as it is"


@pytest.mark.parametrize("kind", AnswerType)
def test_nothing_entered_is_no_answer(kind: AnswerType) -> None:
    assert typed(asked(kind)) is None


@pytest.mark.parametrize("kind", [AnswerType.MULTI, AnswerType.TICK])
def test_what_is_unticked_again_is_no_answer(kind: AnswerType) -> None:
    assert typed(asked(kind), ["a"] if kind is AnswerType.MULTI else True, it=[]) is None


def test_files_that_were_chosen_stay_until_others_take_their_place() -> None:
    question, other = asked(AnswerType.FILES), {**LOG, "id": "F2"}
    first = typed(question, **{"it.files": [{**LOG, "size": 7}]})
    assert first == {"links": [], "files": [LOG]}
    assert typed(question, first, it="https://a.example") == {"links": ["https://a.example"], "files": [LOG]}
    assert typed(question, first, **{"it.files": [other]}) == {"links": [], "files": [other]}
    assert list(inputs(question, state=InputState())) == ["it"], "without the scope there are links only"


def element(question: Question, **more: Any) -> str:
    return str(inputs(question, **more)["it"]["element"]["type"])


def test_a_few_choices_stand_below_each_other_and_many_behind_a_click() -> None:
    assert element(asked(AnswerType.CHOICE, required=True)) == "radio_buttons"
    assert element(asked(AnswerType.CHOICE)) == "static_select", "radio buttons cannot be taken back"
    assert element(asked(AnswerType.CHOICE, required=True, options=MANY)) == "static_select"
    assert element(asked(AnswerType.MULTI)) == "checkboxes"
    assert element(asked(AnswerType.MULTI, options=MANY)) == "multi_static_select"


def test_a_conditional_answer_is_asked_for_like_any_other_while_it_is_needed_and_says_why() -> None:
    always, sometimes = asked(AnswerType.SHORT, required=True), asked(AnswerType.SHORT, required_when={"other": ("a",)})
    must = InputState(is_required=True)
    assert inputs(always, state=must)["it"]["optional"] is False
    assert inputs(sometimes, state=must)["it"]["optional"] is False
    assert inputs(sometimes, state=InputState())["it"]["optional"] is True
    assert "Required" in inputs(sometimes, state=must)["it"]["hint"]["text"]


def test_a_first_value_says_where_it_comes_from() -> None:
    marked = inputs(asked(AnswerType.SHORT, help="In one line."), "x", InputState(origin="from the message"))
    assert marked["it"]["hint"]["text"] == "Prefilled from the message. Please check. In one line."


def test_a_number_has_its_bounds_and_what_is_no_number_does_not_break_the_form() -> None:
    bounded = asked(AnswerType.NUMBER, least="0", most="100")
    assert inputs(bounded, "12.50")["it"]["element"] == {
        "type": "number_input", "is_decimal_allowed": True, "initial_value": "12.50", "min_value": "0",
        "max_value": "100", "action_id": "value",
    }  # fmt: skip
    assert "initial_value" not in inputs(bounded, "1e3")["it"]["element"]


@pytest.mark.parametrize(
    ("kind", "before", "fits"),
    [
        (AnswerType.CHECKLIST, "- one\n- two", ["one", "two"]),
        (AnswerType.LONG, ["one", "two"], "one\ntwo"),
        (AnswerType.CHOICE, "gone", None),
        (AnswerType.MULTI, ["a", "gone"], ["a"]),
        (AnswerType.MULTI, "a", None),
        (AnswerType.TICK, "yes", None),
        (AnswerType.SHORT, {"links": []}, None),
        (AnswerType.CHECKLIST, [["a", "b"]], None),
        (AnswerType.FILES, "https://x.example", None),
        (AnswerType.KEY_VALUE, ["one", "two"], None),
    ],
)
def test_an_answer_to_another_forms_question_of_the_same_key_is_taken_where_it_fits(
    kind: AnswerType, before: Any, fits: Any
) -> None:
    assert parse_answers.adapt(asked(kind), before) == fits


# Whole pages


def page(template: Template, number: int, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    shown = Page(
        form_context=FormContext(now=MONDAY_9, template=template, queue=a_queue(), queues=[a_queue()], files=True),
        draft=FormDraft(page=number, draft_id="V0FORM", **more),
        values=values,
    )
    view = pages.draw_page(shown)
    sound_view(view)
    return view


LONGEST: Final[Mapping[AnswerType, Any]] = {
    AnswerType.SHORT: "x" * 300,
    AnswerType.LONG: "x" * 3000,
    AnswerType.DATE: "2026-11-25",
    AnswerType.WHEN: "2027-01-15T08:00:00+00:00",
    AnswerType.NUMBER: "12.50",
    AnswerType.URL: "https://x.example/" + "a" * 2900,
    AnswerType.FILES: {"links": ["https://x.example/" + "a" * 900] * 3, "files": [LOG] * 10},
    AnswerType.PERSON: "U0EVA",
    AnswerType.CHECKLIST: ["x" * 99] * 40,
    AnswerType.KEY_VALUE: [["n" * 99, "v" * 99]] * 20,
    AnswerType.TICK: True,
}


def longest(question: Question) -> Any:
    keys = list(question.options)
    return keys if question.kind is AnswerType.MULTI else keys[-1] if keys else LONGEST[question.kind]


@pytest.mark.parametrize("template", shipped(), ids=lambda one: one.key)
def test_slack_takes_every_page_of_every_form_empty_and_full(template: Template) -> None:
    full = {question.key: longest(question) for question in template.questions if not question.waives}
    for values in ({}, full):
        for number in form_draft.active_pages(template, values):
            view = page(template, number, values)
            assert len([block for block in view["blocks"] if block["type"] == "input"]) <= 6
            assert len(view["private_metadata"]) < 300


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
@pytest.mark.parametrize("kind", AnswerType)
def test_slack_takes_a_page_whatever_is_filled_in(kind: AnswerType, text: str) -> None:
    question = asked(kind, label=text[:150] or "x", help=text[:300], placeholder=text[:150])
    template = Template(key="own", name=text[:75] or "x", questions=(question,))
    answers: dict[AnswerType, Any] = {
        AnswerType.CHECKLIST: [text],
        AnswerType.KEY_VALUE: [[text, text]],
        AnswerType.FILES: {"links": [text], "files": [{"id": text, "name": text, "permalink": text}]},
    }
    fits = parse_answers.adapt(question, answers.get(kind, text))
    page(template, 1, {} if fits is None else {"it": fits})


def test_something_to_decide_on_can_be_gone_back_from_or_passed() -> None:
    view = sound_view(
        pages.decision_page(Page(form_context=FormContext(now=MONDAY_9), draft=FormDraft(draft_id="V1"), values={}), [])
    )
    assert view["submit"]["text"] == "Continue anyway"
    assert '"anyway": 1' in view["private_metadata"]


# From page to page


ANSWERS = st.dictionaries(
    st.sampled_from(["risk", "quiet", "sceptics", "promised"]), st.sampled_from(["stable", "watch", "x", True, ["a"]])
)


@given(template=st.sampled_from(shipped()), answers=ANSWERS)
def test_every_question_that_is_asked_stands_on_exactly_one_page_that_is_shown(
    template: Template, answers: dict[str, Any]
) -> None:
    shown = [
        one.key
        for number in form_draft.active_pages(template, answers)
        for one in form_draft.questions_on(number, template, answers)
    ]

    assert shown == [one.key for one in questions.asked(template, answers)]
    assert all(
        form_draft.questions_on(number, template, answers) for number in form_draft.active_pages(template, answers)[1:]
    )


@given(template=st.sampled_from(shipped()), answers=ANSWERS)
def test_going_on_and_back_visits_the_same_pages(template: Template, answers: dict[str, Any]) -> None:
    forth, here = [0], form_draft.next_page(0, template, answers)
    while here is not None:
        forth.append(here)
        here = form_draft.next_page(here, template, answers)
    back = [forth[-1]]
    while back[-1]:
        back.append(form_draft.previous_page(back[-1], template, answers))

    assert forth == back[::-1] == form_draft.active_pages(template, answers)


@given(
    kept=st.builds(
        FormDraft,
        purpose=st.sampled_from([Verb.OPEN, Verb.EDIT]),
        draft_id=st.just("V1"),
        page=st.integers(0, 4),
        answers=ANSWERS,
        began_at=st.none() | st.just(MONDAY_9),
        touched=st.booleans(),
        passed=st.lists(st.text()).map(tuple),
    )
)
def test_a_walk_that_is_kept_comes_back_as_it_was(kept: FormDraft) -> None:
    assert form_draft.read_draft("V1", form_draft.draft_json(kept)) == kept
