"""Answers to a template's questions: as a line on the card and in full in Details, whatever was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views.card import card
from slackapp.handoffs.views.details import show_all
from slackapp.slack.block_kit.rich_text import plain_of
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.views import render_answers
from slackapp.templates.views.answer_lines import in_sentence
from storage.handoffs.lifecycle import Situation
from storage.templates.model import AnswerType, Question, Template
from tests.handoffs.samples import BEN, EXTREMES, HOSTILE, LONG, MONDAY_9, answers_of, some_details
from tests.handoffs.views.view_checks import sound_message, sound_view, words_of

OPTIONS: Final = {"a": "First", "b": "Second"}
ORDINARY: Final[Mapping[AnswerType, tuple[Any, str]]] = {
    AnswerType.SHORT: ("Acme & Sons", "Acme &amp; Sons"),
    AnswerType.LONG: ("They want\n\na lower price", "They want a lower price"),
    AnswerType.CHOICE: ("b", "Second"),
    AnswerType.MULTI: (["a", "b"], "First, Second"),
    AnswerType.TICK: (True, "Yes"),
    AnswerType.DATE: ("2026-11-25", "Wed, 25 Nov 2026"),
    AnswerType.WHEN: (
        "2026-11-25T08:00:00+00:00",
        "<!date^1795593600^{date_short_pretty} at {time}|2026-11-25 08:00 UTC>",
    ),
    AnswerType.NUMBER: ("12.50", "12.50"),
    AnswerType.URL: ("https://x.example/?a=1&b=2", "<https://x.example/?a=1&amp;b=2|https://x.example/?a=1&amp;b=2>"),
    AnswerType.FILES: (
        {
            "links": ["https://x.example/1"],
            "files": [{"id": "F1", "name": "plan.pdf", "permalink": "https://f.example"}],
        },
        "<https://f.example|plan.pdf>, <https://x.example/1|https://x.example/1>",
    ),
    AnswerType.PERSON: (BEN, "Ben Okafor"),
    AnswerType.CHECKLIST: (["Call Mara", "Send the offer"], "Call Mara; Send the offer"),
    AnswerType.LAMP: ("watch", "Watch 🟡"),
    AnswerType.KEY_VALUE: ([["Plan", "Enterprise"], ["Seats", "40"]], "Plan: Enterprise; Seats: 40"),
}
"""An answer of each kind, and how it reads on a card."""


IN_A_SENTENCE: Final = {AnswerType.TICK: "yes", AnswerType.PERSON: "Ben Okafor", AnswerType.LAMP: "Watch"}
"""How an answer reads inside a sentence, where that is not as on a card."""


def a_question(kind: AnswerType, **more: Any) -> Question:
    options = OPTIONS if kind in {AnswerType.CHOICE, AnswerType.MULTI} else {}
    return Question(**{"key": f"q_{kind}", "label": f"The {kind}", "kind": kind, "options": options, **more})


def a_template(*questions: Question, **more: Any) -> Template:
    return Template(key="brief", name="Brief <b>", questions=questions, **more)


def written(template: Template | None, answers: Mapping[str, Any], here: Situation = Situation.OPEN) -> HandoffDetails:
    return replace(some_details(here, fields=answers, names={BEN: "Ben Okafor"}), template=template)


EVERYTHING: Final = a_template(*map(a_question, AnswerType))
ANSWERED: Final = {f"q_{kind}": answer for kind, (answer, _) in ORDINARY.items()}


@pytest.mark.parametrize("kind", AnswerType)
def test_each_kind_reads_on_the_card_as_people_say_it(kind: AnswerType) -> None:
    question = a_question(kind, required=True)
    details = written(a_template(question), {question.key: ORDINARY[kind][0]})

    assert render_answers.card_facts(*answers_of(details)) == [f"*The {kind}:* {ORDINARY[kind][1]}"]
    assert f"The {kind}: {ORDINARY[kind][1]}." in sound_message(card(details, MONDAY_9)).text


@pytest.mark.parametrize("kind", AnswerType)
def test_each_kind_reads_in_a_sentence_and_as_stored_where_an_older_version_asked_otherwise(kind: AnswerType) -> None:
    answer, on_the_card = ORDINARY[kind]
    names = {BEN: "Ben Okafor"}

    assert in_sentence(a_question(kind), answer, names) == IN_A_SENTENCE.get(kind, on_the_card)
    assert in_sentence(a_question(kind), 7, names) == "7"


def test_show_all_has_every_answer_whole_in_order_before_the_notes_and_names_the_template() -> None:
    shown = words_of(sound_view(show_all(written(EVERYTHING, ANSWERED), frozenset(), MONDAY_9)))

    places = [shown.index(f"The {kind}") for kind in AnswerType]
    assert places == sorted(places)
    assert shown.index("Answers") < places[0] < places[-1] < shown.index("\nNotes\n")
    assert "*Template:* Brief &lt;b&gt;" in shown
    assert "They want\n\na lower price" in shown


def test_a_lamp_with_steps_of_its_own_has_their_words_and_lights_in_order() -> None:
    question = a_question(AnswerType.LAMP, options={"ok": "Fine", "hm": "Watcher", "bad": "Unstable"}, required=True)
    for key, words in (("ok", "Fine 🟢"), ("hm", "Watcher 🟡"), ("bad", "Unstable 🔴"), ("gone", "gone")):
        assert render_answers.card_facts(*answers_of(written(a_template(question), {question.key: key}))) == [
            f"*The lamp:* {words}"
        ]


def test_the_card_shows_the_facts_its_template_names_else_the_first_that_are_required() -> None:
    asked = [a_question(AnswerType.SHORT, key=f"k{n}", label=f"K{n}", required=n % 2 == 0) for n in range(14)]
    answers = {one.key: "x" for one in asked}

    assert render_answers.card_facts(*answers_of(written(a_template(*asked), answers))) == [
        f"*K{n}:* x" for n in (0, 2, 4, 6, 8)
    ]
    named = a_template(*asked, card=("k3", "k1", "gone"))
    assert render_answers.card_facts(*answers_of(written(named, answers))) == ["*K3:* x", "*K1:* x"]


def test_key_facts_never_give_way_to_dates_or_links() -> None:
    asked = [a_question(AnswerType.SHORT, key=f"k{n}", label=f"K{n}", required=True) for n in range(5)]
    answers = {one.key: "x" for one in asked}

    shown = words_of(card(written(a_template(*asked), answers), MONDAY_9).blocks)

    assert all(f"*K{n}:* x" in shown for n in range(5))
    assert all(part in shown for part in (" · High", "needed by <!date", "|Record>", "|Original message>"))


def test_nothing_to_report_is_a_statement_and_the_only_one() -> None:
    quiet = Question(key="quiet", label="Nothing to report", kind=AnswerType.TICK, waives=True)
    template = a_template(quiet, a_question(AnswerType.SHORT, required=True))

    assert render_answers.card_facts(*answers_of(written(template, {"quiet": True}))) == ["*Nothing to report*"]
    assert "Nothing to report." in card(written(template, {"quiet": True}), MONDAY_9).text


def test_what_was_ticked_as_sure_is_confirmed_and_the_rest_was_heard() -> None:
    need, budget = (a_question(AnswerType.SHORT, key=key, label=key, required=True) for key in ("need", "budget"))
    sure = Question(key="sure", label="Sure?", kind=AnswerType.MULTI, confirms=("need", "budget"))
    template = a_template(need, budget, sure)

    details = written(template, {"need": "x", "budget": "y", "sure": ["budget"]})
    assert render_answers.card_facts(*answers_of(details)) == ["*need:* x (heard)", "*budget:* y (confirmed)"]
    shown = words_of(show_all(details, frozenset(), MONDAY_9))
    assert "*need:* x (heard)" in shown
    assert "Sure?" not in shown


def test_what_the_version_does_not_know_is_still_readable() -> None:
    answers = {
        "q_choice": "gone", "q_multi": ["a", "gone"], "q_date": "soon", "q_when": "2026-11-25T08:00:00",
        "old_question": {"a": ["b", True]}, "told_customer": "nothing_yet", "q_checklist": 7, "q_key-value": ["one"],
    }  # fmt: skip
    shown = words_of(sound_view(show_all(written(EVERYTHING, answers), frozenset(), MONDAY_9)))

    for line in (
        "*The choice:* gone", "*The multi:* First, gone", "*The date:* soon", "*The when:* 2026-11-25T08:00:00",
        "*Old question:* a: b; Yes", "*Customer told:* Nothing yet", "*The checklist:* 7", "*The key-value:* one",
    ):  # fmt: skip
        assert line in shown
    sound_view(show_all(written(None, answers), frozenset(), MONDAY_9))


def test_a_card_without_a_template_and_finished_work_show_no_answers() -> None:
    assert render_answers.card_facts(*answers_of(written(None, {"told_customer": "full_story"}))) == []
    done = card(written(EVERYTHING, ANSWERED, Situation.DONE), MONDAY_9)
    assert "The short" not in words_of(done.blocks)


@pytest.mark.parametrize("text", [*EXTREMES.values(), LONG], ids=[*EXTREMES, "whole"])
def test_nothing_that_is_typed_pings_or_breaks_and_nothing_is_cut_in_show_all(text: str) -> None:
    text = text[:3000]
    lines = [line for line in text.split("\n") if line.strip()] or ["–"]
    answers = {
        "q_short": text[:300], "q_long": text, "q_choice": text, "q_multi": [text], "q_number": text,
        "q_url": f"https://x.example/{text}", "q_person": text, "q_lamp": text, "q_date": text, "q_when": text,
        "q_files": {"links": [f"https://x.example/{text}"], "files": [{"id": "F", "name": text, "permalink": text}]},
        "q_checklist": lines, "q_key-value": [[text, line] for line in lines][:3], "strange": text,
    }  # fmt: skip
    required = a_template(*(replace(one, required=True) for one in EVERYTHING.questions))
    for keys in (("q_short", "q_long", "q_url", "q_files", "q_key-value"), ("q_choice", "q_multi", "q_person")):
        sound_message(card(written(replace(required, card=keys), answers), MONDAY_9))

    whole, page, seen = "", 0, ""
    while True:
        view = show_all(written(EVERYTHING, answers), frozenset(), MONDAY_9, page)
        if str(view["private_metadata"]) == seen:
            break
        seen, page = str(view["private_metadata"]), page + 1
        sound_view(view)
        whole += "".join(plain_of(block) for block in view["blocks"] if block["type"] == "rich_text")
    assert "".join(text.split()) in "".join(whole.split())


@pytest.mark.parametrize("template", shipped(), ids=lambda template: template.key)
def test_every_shipped_template_fills_a_card_and_show_all_with_its_longest_answers(template: Template) -> None:
    longest = {
        **{kind: answer for kind, (answer, _) in ORDINARY.items()},
        AnswerType.SHORT: (HOSTILE * 9)[:300], AnswerType.LONG: LONG, AnswerType.CHECKLIST: [HOSTILE] * 25,
    }  # fmt: skip
    answers = {
        one.key: next(iter(one.options))
        if one.kind is AnswerType.CHOICE
        else [*one.options]
        if one.options
        else longest[one.kind]
        for one in template.questions
        if not one.waives
    }
    answers |= {
        one.key: next(iter(one.options)) for one in template.questions if one.kind is AnswerType.LAMP and one.options
    }
    for here in (Situation.OPEN, Situation.CLAIMED, Situation.RETURNED, Situation.DONE):
        sound_message(card(written(template, answers, here), MONDAY_9))
    for page in range(4):
        sound_view(show_all(written(template, answers), frozenset(), MONDAY_9, page))


def test_a_label_that_asks_needs_no_colon_and_a_sentence_has_one_end() -> None:
    asked = Question(key="who", label="Who decides?", kind=AnswerType.SHORT)
    details = written(a_template(asked, card=("who",)), {"who": "Mara signs."})
    assert render_answers.card_facts(*answers_of(details)) == ["*Who decides?* Mara signs."]
    assert render_answers.spoken_facts(*answers_of(details)) == ["Who decides? Mara signs."]
    assert "*Who decides?* Mara signs." in words_of(show_all(details, frozenset(), MONDAY_9))
