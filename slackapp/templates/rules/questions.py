"""The questions that a template asks, given the answers so far, and which of them must be answered.

Answers are the JSON of `Handoff.fields`, by the question's key; `storage.templates.model.AnswerType` gives the shapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.field_problems import FieldProblem
from slackapp.templates.rules.answer_rules import ANSWER_RULES, YES
from storage.templates.model import AnswerType, Question, Template

Answers = Mapping[str, Any]

PER_PAGE: Final = 6
"""Inputs on one page of a form; more look like a wall."""


def asked(template: Template, answers: Answers) -> list[Question]:
    """The questions that apply now, in order: without those whose condition fails and those that are waived."""
    if waiving := waived(template, answers):
        return [waiving]
    return [question for question in template.questions if conditions_hold(question.shown_when, answers)]


def waived(template: Template, answers: Answers) -> Question | None:
    """The ticked question that declares that there is nothing to report; None if there is none."""
    return next((one for one in template.questions if one.waives and answers.get(one.key)), None)


def waiver(page: Sequence[Question], question: Question) -> Question | None:
    """The question on the same page whose tick makes another one needless; None if there is none."""
    return next((one for one in page if one.waives and one is not question), None)


def is_required(question: Question, answers: Answers) -> bool:
    """Whether a question that is asked has to be answered."""
    return question.required or (bool(question.required_when) and conditions_hold(question.required_when, answers))


def conditions_hold(conditions: Mapping[str, Sequence[str]], answers: Answers) -> bool:
    """Whether every named question has one of the listed answers. No conditions always hold."""
    return all(not _condition_words(answers.get(key)).isdisjoint(wanted) for key, wanted in conditions.items())


def has_dependents(template: Template, question: Question) -> bool:
    """Whether other questions appear, vanish or become required with the answer to this one."""
    named = (one.required_when.keys() | one.shown_when.keys() for one in template.questions)
    return question.waives or any(question.key in keys for keys in named)


def pages(template: Template) -> list[list[Question]]:
    """The questions as pages of about equal length, at most `PER_PAGE` inputs each, whatever has been answered."""
    count = -(-len(template.questions) // PER_PAGE)
    found = _in_pages(template.questions, count)
    while any(sum(map(_inputs, page)) > PER_PAGE for page in found):
        count += 1
        found = _in_pages(template.questions, count)
    return found


def _in_pages(asked_for: Sequence[Question], count: int) -> list[list[Question]]:
    ends = [round(len(asked_for) * number / count) for number in range(count + 1)] if count else [0]
    return [list(asked_for[start:end]) for start, end in pairwise(ends)]


def _inputs(question: Question) -> int:
    """The inputs of a question: files have a second one beside their links."""
    return 2 if question.kind is AnswerType.FILES else 1


def relevant_answers(template: Template, answers: Answers) -> dict[str, Any]:
    """The answers to the questions asked now, which a handoff stores; others are left out."""
    return {one.key: answers[one.key] for one in asked(template, answers) if is_answered(answers.get(one.key))}


def people_in(template: Template | None, answers: Answers) -> set[str]:
    """The user ids of the people that the answers name."""
    asked_for = template.questions if template else ()
    named = (answers.get(one.key) for one in asked_for if ANSWER_RULES[one.kind].names_person)
    return {user for user in named if isinstance(user, str)}


def is_answered(answer: Any) -> bool:
    """Whether an answer is not empty."""
    if isinstance(answer, str):
        return not is_blank(answer)
    if isinstance(answer, Mapping):
        return any(answer.values())
    return bool(answer)


def problems(template: Template, answers: Answers, only: Sequence[Question] | None = None) -> dict[str, FieldProblem]:
    """The problems of the answers, by the question's key; of all questions asked, or of `only` these."""
    among = {question.key for question in only} if only is not None else None
    wanted = [one for one in asked(template, answers) if among is None or one.key in among]
    found = {one.key: _problem(one, answers) for one in wanted}
    return {key: problem for key, problem in found.items() if problem}


def _problem(question: Question, answers: Answers) -> FieldProblem | None:
    answer: Any = answers.get(question.key)
    if not is_answered(answer):
        return FieldProblem.EMPTY if is_required(question, answers) else None
    rule = ANSWER_RULES[question.kind]
    if rule.longest is not None and _length(answer) > rule.longest:
        return FieldProblem.TOO_LONG
    return rule.problem(question, answer)


def _condition_words(answer: Any) -> frozenset[str]:
    """An answer as the words that conditions name: option keys, texts, `yes` for a tick."""
    if answer is True:
        return frozenset({YES})
    if isinstance(answer, str):
        return frozenset({answer})
    if isinstance(answer, Sequence):
        return frozenset(one for one in answer if isinstance(one, str))
    return frozenset()


def _length(answer: Any) -> int:
    """The approximate number of characters typed for an answer."""
    if isinstance(answer, str):
        return len(answer)
    if isinstance(answer, Mapping):
        return max((_length(one) for one in answer.values()), default=0)
    if isinstance(answer, Sequence):
        return sum(_length(one) + 1 for one in answer)
    return 0
