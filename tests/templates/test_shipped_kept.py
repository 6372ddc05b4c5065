"""Answers are stored whole, and every card and page that shows them is within Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from slackapp.handoffs.actions.open_handoff import open_handoff
from slackapp.handoffs.model import HandoffDetails, Invalid, Opened
from slackapp.handoffs.views.card import card, passed_on
from slackapp.handoffs.views.details import show_all
from slackapp.runtime.baton import Baton
from slackapp.templates.actions import install_shipped
from slackapp.templates.rules.shipped import shipped
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import ReadBackMode, ReadBackStatus, Situation, Verb
from storage.templates import templates
from storage.templates.model import Template
from tests.batons import a_baton
from tests.filled import EXAMPLES, TEMPLATES, everything, longest
from tests.handoffs.samples import EXTREMES, MONDAY_9, SITUATIONS, extreme, some_details
from tests.handoffs.views.view_checks import sound_message, sound_view
from tests.hostile import CORPUS, NO_TEXT
from tests.pairs import Combine
from tests.tables import check_rows

TEAM = "T1"
EVERY = [*shipped(), everything()]
WORDS = {
    **CORPUS,
    "no text": NO_TEXT,
    "blank inside": "a \n\t b",
    **{f"extreme {key}": EXTREMES[key] for key in EXTREMES},
}
LATER = MONDAY_9 + timedelta(minutes=5)

BY_KEY = {template.key: template for template in EVERY}


@pytest.fixture
def baton(database: Database) -> Baton:
    """A company with a queue for each template, of the same name."""
    with database.transaction() as tx:
        install_shipped(tx, TEAM, [everything()])
        for template in EVERY:
            queue = Queue(workspace=TEAM, key=template.key, name="Q", channel="C1", templates=(template.key,))
            queues.put(tx, queue)
    return a_baton(database)


def storable(answer: Any) -> Any:
    """The answer without what no database stores: NUL characters and lone surrogates."""
    if isinstance(answer, str):
        return answer.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(answer, dict):
        return {key: storable(value) for key, value in answer.items()}
    return [storable(one) for one in answer] if isinstance(answer, list) else answer


def test_a_template_comes_out_of_the_ledger_as_it_went_in(baton: Baton) -> None:
    with baton.db.reading() as tx:
        stored = {one.key: one for one in templates.list_all(tx, TEAM)}

    for template in EVERY:
        kept = stored[template.key]
        assert replace(kept, workspace="", origin=template.origin) == template
        assert [list(one.options) for one in kept.questions] == [list(one.options) for one in template.questions]
        assert list(kept.reasons) == list(template.reasons)


def test_storing_them_again_makes_no_new_version(baton: Baton) -> None:
    with baton.db.transaction() as tx:
        install_shipped(tx, TEAM, [everything()])
        install_shipped(tx, TEAM)

        assert {one.version for one in templates.list_all(tx, TEAM)} == {1}


def test_the_longest_answers_are_kept_to_the_letter(baton: Baton) -> None:
    for number, (name, words) in enumerate(WORDS.items()):
        for template in EVERY if name in {"markup", "no text"} else EVERY[-1:]:
            answers = longest(template, words if words.strip() else "x")
            draft = EXAMPLES["sbar"].draft(template.key, template.key)
            draft = replace(draft, fields=answers, note=replace(draft.note, plain="x"))
            outcome = open_handoff(baton, workspace=TEAM, user="U0BEN", draft=draft, form=f"{template.key}{number}")

            assert isinstance(outcome, Opened), (template.key, name, outcome)
            with baton.db.reading() as tx:
                stored = handoffs.get(tx, TEAM, outcome.handoff.id)
            assert stored
            assert stored.fields == storable(answers), (template.key, name)
            assert (stored.template, stored.template_version) == (template.key, 1)
            assert (stored.private, stored.read_back_mode) == (template.private, template.read_back)


def test_every_example_can_be_sent_and_with_an_answer_missing_it_says_which(baton: Baton) -> None:
    for key, example in EXAMPLES.items():
        outcome = open_handoff(baton, workspace=TEAM, user="U0BEN", draft=example.draft(key, key), form=key)
        assert isinstance(outcome, Opened), (key, outcome)

        for question in TEMPLATES[key].questions:
            less = {other: answer for other, answer in example.fields.items() if other != question.key}
            draft = replace(example.draft(key, key), fields=less)
            outcome = open_handoff(baton, workspace=TEAM, user="U0BEN", draft=draft, form=f"{key}{question.key}")
            problems = outcome.problems if isinstance(outcome, Invalid) else {}
            assert not question.required or set(problems) == {question.key}, (key, question.key)


def filled(here: Situation, template: Template, words: str, **more: Any) -> HandoffDetails:
    """A handoff of this template in a situation."""
    details = extreme(here, words) if words.strip() else some_details(here)
    answers = longest(template, words if words.strip() else "x")
    fields: dict[str, Any] = {} if here is Situation.DELETED else {"fields": answers}
    written = {"template": template.key, "template_version": 1, "private": template.private, **fields, **more}
    handoff = replace(details.handoff, **written)
    return replace(details, handoff=handoff, template=template)


def sound_everywhere(details: HandoffDetails) -> None:
    """Check its card, the card of an earlier hop, and every page of Details."""
    sound_message(card(details, LATER))
    sound_message(passed_on(details, LATER))
    for page in range(100):
        view = sound_view(show_all(details, frozenset(Verb), LATER, page))
        if f'"page": {page}' not in view["private_metadata"]:
            break


def test_slack_takes_the_card_and_the_pages_in_every_state(combine: Combine) -> None:
    texts = {**CORPUS, "words": "word " * 600, "one word": "w" * 3000}

    def check(row: tuple[Any, ...]) -> None:
        here, template, text = row
        sound_everywhere(filled(here, BY_KEY[template], texts[text]))

    check_rows(combine(SITUATIONS, list(BY_KEY), list(texts)), check)


def test_slack_takes_them_while_a_read_back_is_due_and_while_the_sender_is_asked(combine: Combine) -> None:
    texts = {"broadcasts": None, "markup": MONDAY_9}

    def check(row: tuple[Any, ...]) -> None:
        understanding, template, mode, text = row
        how = {"read_back_mode": mode, "read_back": understanding if mode is not ReadBackMode.OFF else None}
        sound_everywhere(filled(Situation.CLAIMED, BY_KEY[template], CORPUS[text], **how, asked_at=texts[text]))

    check_rows(combine([None, *ReadBackStatus], list(BY_KEY), list(ReadBackMode), list(texts)), check)


def test_slack_takes_them_without_any_answer() -> None:
    def check(row: tuple[Situation, str]) -> None:
        details = filled(row[0], BY_KEY[row[1]], "x")
        sound_everywhere(replace(details, handoff=replace(details.handoff, fields={})))

    check_rows(product(SITUATIONS, BY_KEY), check)


def test_slack_takes_the_examples() -> None:
    def check(row: tuple[Situation, str]) -> None:
        here, key = row
        example, template = EXAMPLES[key], TEMPLATES[key]
        details = filled(here, template, "x")
        handoff = details.handoff
        if here is not Situation.DELETED:
            handoff = replace(handoff, title=example.title, fields=example.fields)
        sound_everywhere(replace(details, handoff=handoff))

    check_rows(product(SITUATIONS, EXAMPLES), check)
