"""Overlapping acts on a form, a choice and a sent page: no answer is lost, whichever is stored first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from slackapp.forms.actions import refill_draft
from slackapp.forms.listeners import entries, pages
from slackapp.forms.model import FormDraft, Prefilled
from slackapp.forms.queries import form_context
from slackapp.forms.rules.overlaps import FormAct, merge_drafts
from slackapp.slack.conversation import Context
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Submit
from tests.forms.test_form_draft import BEN, TEAM, Form, context, open_new_form, send_to_the_end, sent_handoff

__all__ = ["context"]
EITHER: Final = pytest.mark.parametrize("turned", [False, True], ids=["as done", "turned round"])
TYPED: Final = {"title": "Acme renewal", "next_step": "Call Mara"}


def overlapping(context: Context) -> tuple[Form, Submit, Submit]:
    """A form in which a team was chosen while the title was half typed, and which was then sent: what Slack tells."""
    form = open_new_form(context)
    form.type("queue", "sales")
    form.type("title", "Ac")
    chosen = replace(form.sheet(), pressed_at=100.0)
    for key, words in TYPED.items():
        form.type(key, words)
    return form, chosen, form.sheet()


def kept(context: Context, form: Form) -> FormDraft:
    with context.baton.db.reading() as tx:
        found = form_context.get_draft(tx, TEAM, BEN, form.id)
    assert found is not None
    return found


@EITHER
def test_what_was_sent_counts_over_what_was_chosen_before_it(context: Context, turned: bool) -> None:
    form, *sheets = overlapping(context)
    steps = [entries.read_form(context, sheet) for sheet in sheets]  # neither has seen what the other one keeps

    for step in reversed(steps) if turned else steps:
        pages.show_page(context, step, 0)

    answers = kept(context, form).answers
    assert {key: answers.get(key) for key in TYPED} == TYPED
    assert answers[Field.QUEUE] == "sales"


@EITHER
def test_of_two_choices_the_later_one_counts(context: Context, turned: bool) -> None:
    form = open_new_form(context)
    steps = []
    for at, (team, urgency) in enumerate([("plain", "high"), ("sales", "high")], start=1):
        form.type("queue", team)
        form.type("priority", urgency)
        steps.append(entries.read_form(context, replace(form.sheet(), pressed_at=float(at))))

    for step in reversed(steps) if turned else steps:
        pages.show_page(context, step, 0)

    assert kept(context, form).answers[Field.QUEUE] == "sales"


@EITHER
def test_what_a_thread_adds_and_what_is_typed_meanwhile_are_both_kept(context: Context, turned: bool) -> None:
    before, found = (
        Prefilled(values={"title": "Ours"}),
        Prefilled(values={"title": "Theirs", "link": "https://x.example"}),
    )
    form = open_new_form(context, Prefilled(values=before.values, marks={"title": "from the message"}))
    form.type("next_step", "Call Mara")
    form.type("queue", "sales")
    step = entries.read_form(context, replace(form.sheet(), pressed_at=100.0))

    def fill_in() -> None:
        assert refill_draft(
            context.baton, workspace=TEAM, user=BEN, draft_id=form.id, before=before, found=found, beginning={}
        )

    acts: list[Callable[[], object]] = [fill_in, lambda: pages.show_page(context, step, 0)]
    for act in reversed(acts) if turned else acts:
        act()

    answers = kept(context, form).answers
    assert {key: answers[key] for key in ("title", "link", "next_step", "queue")} == {
        "title": "Theirs", "link": "https://x.example", "next_step": "Call Mara", "queue": "sales",
    }  # fmt: skip


def test_requests_that_really_run_at_once_lose_nothing(context: Context) -> None:
    for _ in range(10):
        form, chosen, whole = overlapping(context)
        gate = threading.Barrier(2)

        def act(sheet: Submit, gate: threading.Barrier = gate) -> None:
            gate.wait()
            pages.show_page(context, entries.read_form(context, sheet), 0)

        threads = [threading.Thread(target=act, args=(sheet,)) for sheet in (chosen, whole)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        answers = kept(context, form).answers
        assert {key: answers.get(key) for key in TYPED} == TYPED


def test_a_choice_that_arrives_after_the_form_was_sent_begins_no_draft_anew(context: Context) -> None:
    form, chosen, _ = overlapping(context)
    late = entries.read_form(context, chosen)
    send_to_the_end(form)
    assert sent_handoff(context)

    pages.show_page(context, late, 0)

    assert form_context.latest_unsent_draft(context.baton, workspace=TEAM, user=BEN) is None


def test_what_one_takes_away_and_the_other_did_not_touch_stays_away() -> None:
    base = FormDraft(answers={"a": 1, "b": 2, "c": 3}, again={"a": 1}, passed=("x",))
    second = replace(base, answers={"a": 1, "c": 4}, passed=("x", "y"), pressed_at=2.0)
    first = replace(base, answers={"a": 5, "b": 2, "c": 6, "d": 7}, again={"a": 2}, more=True, pressed_at=1.0)

    for found in (
        merge_drafts(FormAct(pressed_at=2.0), base, second, first),
        merge_drafts(FormAct(pressed_at=1.0), base, first, second),
    ):
        assert found.answers == {"a": 5, "c": 4, "d": 7}
        assert found.again == {"a": 2}
        assert set(found.passed) == {"x", "y"}
        assert not found.more, "which fields are shown is the later act's"


def test_a_choice_made_before_its_page_was_sent_adds_nothing_however_late_it_arrives(context: Context) -> None:
    form, chosen, whole = overlapping(context)

    for sheet in (whole, chosen):  # one after the other, in the wrong order
        pages.show_page(context, entries.read_form(context, sheet), 0)

    answers = kept(context, form).answers
    assert {key: answers.get(key) for key in TYPED} == TYPED


def test_whoever_goes_on_where_they_were_since_no_answer_arrived_is_not_taken_for_late(context: Context) -> None:
    form, _, whole = overlapping(context)
    pages.show_page(context, entries.read_form(context, whole), 0)
    form.type("title", "Acme renewal, again")
    after = context.baton.clock.now().timestamp() + 5

    pages.show_page(context, entries.read_form(context, replace(form.sheet(), pressed_at=after)), 0)

    assert kept(context, form).answers["title"] == "Acme renewal, again"
