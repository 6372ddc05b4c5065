"""Verdicts on the context: their limits, what is stored, and the advice to the sender."""

from __future__ import annotations

from typing import Any

from slackapp.handoffs.rules.judging import (
    LONGEST_LINE,
    MOST_ADVICE,
    asked_by_receivers,
    may_judge,
    only_if_entitled,
    problems,
    unanswered,
    verdict_of,
)
from slackapp.reports.rules import FEWEST_VERDICTS, Tally, sum_tallies
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import Field
from storage.handoffs.acts import Claim, Complete, Verdict
from storage.handoffs.lifecycle import Actor, Moved, Role, Situation, decide
from storage.handoffs.model import ContextVerdict
from storage.templates.model import AnswerType, Question, Template
from tests.handoffs.samples import ANA, BEN, MARA, MONDAY_9, a_handoff, a_note

ASKED = Complete(verdict=Verdict.ASKED, line=" The deadline ")


def question(key: str, **more: Any) -> Question:
    return Question(**{"key": key, "label": key.capitalize(), "kind": AnswerType.SHORT, **more})


def template(*asked: Question) -> Template:
    return Template(key="ae_csm", name="AE to CSM", questions=asked)


def finished(act: Complete, **more: Any) -> Moved:
    moved = decide(a_handoff(Situation.CLAIMED, **more), act, Actor(user=BEN), MONDAY_9)
    assert isinstance(moved, Moved)
    return moved


def test_only_whoever_received_the_work_from_somebody_else_may_judge_it() -> None:
    here = a_handoff(Situation.CLAIMED)

    assert may_judge(here, BEN)
    assert not may_judge(here, ANA), "its sender"
    assert not may_judge(here, MARA), "a manager who finishes it in the owner's place did not start with it"
    assert not may_judge(a_handoff(Situation.CLAIMED, sender=BEN), BEN), "who sent it to themselves"
    assert not may_judge(a_handoff(Situation.OPEN), BEN)


def test_a_verdict_of_somebody_else_is_left_out_and_the_rest_is_kept() -> None:
    here = a_handoff(Situation.CLAIMED)

    assert only_if_entitled(ASKED, here, BEN) is ASKED
    assert only_if_entitled(ASKED, here, MARA) == Complete()
    assert only_if_entitled(Claim(), here, MARA) == Claim()


def test_what_is_kept_names_queue_template_and_version_and_both_people() -> None:
    assert verdict_of(finished(ASKED, template="ae_csm", template_version=3)) == ContextVerdict(
        workspace="T1",
        handoff_id="h_1f2e3d4c5b6a79880716",
        at=MONDAY_9,
        queue="success",
        template="ae_csm",
        template_version=3,
        sender=ANA,
        judge=BEN,
        verdict=Verdict.ASKED,
        line="The deadline",
    )
    assert verdict_of(finished(Complete())) is None


def test_another_act_has_no_verdict() -> None:
    moved = decide(a_handoff(Situation.OPEN), Claim(), Actor(user=BEN, roles=frozenset({Role.MEMBER})), MONDAY_9)

    assert isinstance(moved, Moved)
    assert verdict_of(moved) is None


def test_a_line_needs_the_verdict_that_it_is_about() -> None:
    assert problems(Complete(line="The deadline")) == {Field.VERDICT: FieldProblem.NO_VERDICT}
    assert problems(Complete(line="  ")) == {}
    assert problems(ASKED) == {}
    assert problems(Claim()) == {}


def test_a_line_is_at_most_as_long_as_the_form_says() -> None:
    assert problems(Complete(verdict=Verdict.ASKED, line="x" * LONGEST_LINE)) == {}
    assert problems(Complete(verdict=Verdict.ASKED, line="x" * (LONGEST_LINE + 1))) == {
        Field.HELPED: FieldProblem.TOO_LONG
    }


def test_what_to_add_next_time_are_the_open_questions_that_count_most() -> None:
    asked = template(
        question("mood", weight=1),
        question("tried", weight=3),
        question("since", weight=3),
        question("deadline", weight=5),
        question("steps", weight=5),
    )

    assert unanswered(asked, {"steps": "Sign in"}) == ["Deadline", "Tried", "Since"]
    assert MOST_ADVICE == 3


def test_what_did_not_matter_is_not_asked_for_next_time() -> None:
    asked = template(
        question("kind", kind=AnswerType.CHOICE, options={"old": "Old", "new": "New"}, weight=2),
        question("plan", shown_when={"kind": ("new",)}),
        question("sure", kind=AnswerType.MULTI, confirms=("plan",)),
        question("quiet", kind=AnswerType.TICK, waives=True),
        question("joke", weight=0),
    )

    assert unanswered(asked, {"kind": "old"}) == []
    assert unanswered(asked, {"kind": "new"}) == ["Plan"]
    assert unanswered(asked, {"quiet": True}) == []
    assert unanswered(None, {}) == []


def test_what_the_receiver_had_to_ask_is_said_latest_first() -> None:
    notes = [a_note("ask", f"Question {n}") for n in range(5)]
    others = [a_note("note", "Called them"), a_note("ask", " ")]

    assert asked_by_receivers([*notes, *others]) == ["Question 4", "Question 3", "Question 2"]


def test_under_five_verdicts_say_nothing() -> None:
    assert FEWEST_VERDICTS == 5
    assert not Tally(given={Verdict.COMPLETE: 2, Verdict.ASKED: 2}).is_enough
    assert Tally(given={Verdict.COMPLETE: 2, Verdict.ASKED: 3}).is_enough


def test_the_answer_rate_is_of_all_that_was_finished() -> None:
    assert Tally(given={Verdict.COMPLETE: 3, Verdict.ASKED: 3}, unanswered=2).answered_percent == 75
    assert Tally(given={}, unanswered=2).answered_percent == 0
    assert Tally(given={}).answered_percent == 0


def test_tallies_add_up() -> None:
    one = Tally(given={Verdict.COMPLETE: 3, Verdict.ASKED: 1}, unanswered=2)
    two = Tally(given={Verdict.COMPLETE: 1, Verdict.RESTARTED: 4}, unanswered=1)

    assert sum_tallies([one, two]) == Tally(
        given={Verdict.COMPLETE: 4, Verdict.ASKED: 1, Verdict.RESTARTED: 4}, unanswered=3
    )
