"""Parse the template editor's forms: the changed template, and the problems of the entered values by field.

Values are read by the readers of the configuration file, and fields pass the same checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack import field_problems
from slackapp.slack.field_problems import FieldProblem
from slackapp.template_editor.rules import Conditions, conditioned, field_key, required, with_field
from slackapp.template_editor.views import forms
from slackapp.templates.rules import values
from slackapp.templates.rules.answer_rules import ANSWER_RULES, Setting, quoted_type
from slackapp.templates.rules.template_checks import template_problems
from slackapp.templates.rules.write import plain_template
from slackapp.yaml_files import scalars
from slackapp.yaml_files.entered import field_sentence, read_entered
from slackapp.yaml_files.problems import WrongValueError
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import AnswerType, FollowUp, NoteMode, Question, Template

Entered = Mapping[str, Any]

_NO_CHOICES: Final[dict[str, str]] = {}
_INPUT_OF: Final = {"label": "label", "type": "type", "help": "help", "options": "options", "waives": "marks"}
"""The input that shows a problem of each part of a field."""


@dataclass(frozen=True, kw_only=True)
class ParsedForm:
    """The template as changed by the form, and the problems of the entered values, by field."""

    template: Template
    problems: Mapping[str, str] = field(default_factory=dict)


def about(draft: Template, entered: Entered) -> ParsedForm:
    """The draft as changed by the form about its name and people."""
    found: dict[str, str] = {}
    name = read_entered(found, "name", entered, scalars.name, draft.name)
    if not entered.get("name"):
        found["name"] = field_problems.problem_sentence(FieldProblem.EMPTY)
    sender = read_entered(found, "sender", entered, values.words(values.OPTION), "")
    receiver = read_entered(found, "receiver", entered, values.words(values.OPTION), "")
    purpose = read_entered(found, "about", entered, values.words(values.HELP), "")
    after = replace(
        draft,
        name=" ".join(name.split()),
        sender=sender,
        receiver=receiver,
        about=purpose,
        note=NoteMode(entered.get("note") or draft.note),
    )
    if forms.TEAMS in entered:
        after = replace(after, queues=tuple(entered[forms.TEAMS] or ()))
    return ParsedForm(template=after, problems=found)


def handling(draft: Template, entered: Entered) -> ParsedForm:
    """The draft as changed by the form about the claim, privacy, returns and follow-ups."""
    found: dict[str, str] = {}
    after = replace(
        draft,
        read_back=ReadBackMode(entered.get("read_back") or draft.read_back),
        read_back_ask=read_entered(found, "read_back_ask", entered, values.words(values.HELP), ""),
        private=bool(entered.get("private")),
        retention_days=read_entered(found, "retention", entered, values.days, None),
    )
    if "reasons" in entered:
        reasons = read_entered(found, "reasons", entered, lambda text: _choices(text, draft.reasons), _NO_CHOICES)
        after = replace(after, reasons=reasons)
    if "follow_ups" in entered:
        after = replace(after, follow_ups=read_entered(found, "follow_ups", entered, _follow_ups, ()))
    if after.read_back_ask and after.read_back is ReadBackMode.OFF:
        found["read_back_ask"] = "There is no read-back to ask this in. Choose one above, or leave this empty."
    return ParsedForm(template=after, problems=found)


def of_field(draft: Template, key: str | None, entered: Entered) -> ParsedForm:
    """The draft as changed by the form of a field: `key` names the one to change; None adds one."""
    found: dict[str, str] = {}
    label = read_entered(found, "label", entered, values.words(values.LABEL), "")
    before = draft.question(key or "") or Question(key=field_key(draft, label), label=label, kind=AnswerType.SHORT)
    if not label:
        found["label"] = field_problems.problem_sentence(FieldProblem.EMPTY)
    marks = entered.get("marks") or ()
    changed = replace(
        _with_type(before, AnswerType(entered.get("type") or before.kind)),
        label=label,
        help=read_entered(found, "help", entered, values.words(values.HELP), ""),
        waives="waives" in marks,
    )
    if "options" in entered:
        options = read_entered(found, "options", entered, lambda text: _choices(text, before.options), _NO_CHOICES)
        changed = replace(changed, options=options or dict(ANSWER_RULES[changed.kind].default_options))
    changed = required(changed, wanted="required" in marks)
    after = with_field(draft, changed, on_card="card" in marks)
    return ParsedForm(template=after, problems={**_field_problems(after, changed.key), **found})


def condition(draft: Template, question: Question, entered: Entered) -> ParsedForm:
    """The draft as changed by a field's conditions. Conditions that the form did not offer stay."""
    offered = forms.offered_fields(draft, question.key)
    shown, needed = (
        {**_kept(getattr(question, name), offered), **_conditions(entered.get(name) or ())}
        for name in ("shown_when", "required_when")
    )
    changed = conditioned(question, shown, needed)
    after = with_field(draft, changed, on_card=question.key in draft.card)
    return ParsedForm(template=after)


def _with_type(question: Question, kind: AnswerType) -> Question:
    """The field with another type, without settings that the type does not have."""
    if kind is question.kind:
        return question
    settings = ANSWER_RULES[kind].settings
    return replace(
        question,
        kind=kind,
        options=question.options if Setting.OPTIONS in settings else {},
        confirms=question.confirms if Setting.CONFIRMS in settings else (),
        least=question.least if Setting.MIN in settings else "",
        most=question.most if Setting.MAX in settings else "",
    )


def _field_problems(template: Template, key: str) -> dict[str, str]:
    """The problems that the file's checks find in one field, if its form has an input for them."""
    place = [question.key for question in template.questions].index(key)
    found: dict[str, str] = {}
    for problem in template_problems(plain_template(template), called=quoted_type):
        match problem.place:
            case ["fields", int(n), part, *_] if n == place and part in _INPUT_OF:
                found.setdefault(_INPUT_OF[str(part)], field_sentence(problem.what, problem.fix))
            case _:
                pass
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if not is_blank(line)]


def _choices(text: str, before: Mapping[str, str]) -> dict[str, str]:
    """Options typed one per line. Existing ones keep their keys, which answers and conditions name."""
    listed = values.options(_lines(text))
    keys = {words: key for key, words in before.items()}
    found: dict[str, str] = {}
    for key, words in listed.items():
        own = keys.get(words, key)
        while own in found or (words not in keys and own in before):
            own = f"{own}_2"
        found[own] = words
    return found


def _follow_ups(text: str) -> tuple[FollowUp, ...]:
    return tuple(map(_follow_up, _lines(text)))


def _follow_up(line: str) -> FollowUp:
    what, _, within = line.rpartition(":")
    if is_blank(what):
        raise WrongValueError(f'"{line}" has no time.', "Write what, a colon, and the time: “Intro call: 5d”.")
    return FollowUp(what=values.words(values.OPTION)(what), within=values.within(within))


def _conditions(chosen: tuple[str, ...]) -> Conditions:
    found: dict[str, tuple[str, ...]] = {}
    for value in chosen:
        key, _, answer = value.partition("=")
        found[key] = (*found.get(key, ()), answer)
    return found


def _kept(conditions: Conditions, offered: set[str]) -> Conditions:
    return {key: answers for key, answers in conditions.items() if key not in offered}
