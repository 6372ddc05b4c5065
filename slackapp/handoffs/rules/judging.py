"""Verdicts: a receiver's opinion of the context they were given, and the advice that its sender gets.

A verdict is about the context, never about people: it is counted by queue and template, and only the sender sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import Field
from slackapp.templates.rules.questions import asked, is_answered
from storage.handoffs.acts import Act, Complete
from storage.handoffs.lifecycle import Moved, Verb
from storage.handoffs.model import ContextVerdict, Handoff, Note
from storage.templates.model import Template

OWN_VERDICTS: Final = 20
"""The latest verdicts on a sender's own handoffs that the report shows them."""
LONGEST_LINE: Final = 300
"""Characters of the line about what would have helped."""
MOST_ADVICE: Final = 3
"""Things that a sender is advised to add next time; a longer list helps nobody."""


def may_judge(handoff: Handoff, user: str) -> bool:
    """Whether this person owns the work and received it from somebody else."""
    return user == handoff.owner and user != handoff.sender


def problems(act: Act) -> dict[str, FieldProblem]:
    """The problems of a verdict and its line, by field: a line needs the verdict that it explains."""
    line = act.line.strip() if isinstance(act, Complete) else ""
    if isinstance(act, Complete) and not is_blank(line) and act.verdict is None:
        return {Field.VERDICT: FieldProblem.NO_VERDICT}
    return {Field.HELPED: FieldProblem.TOO_LONG} if len(line) > LONGEST_LINE else {}


def only_if_entitled(act: Act, handoff: Handoff, user: str) -> Act:
    """The act, without its verdict where this person may not give one."""
    if isinstance(act, Complete) and not may_judge(handoff, user):
        return replace(act, verdict=None, line="")
    return act


def verdict_of(moved: Moved) -> ContextVerdict | None:
    """The verdict to store for a change; None if it has none."""
    act, before = moved.act, moved.before
    if not isinstance(act, Complete) or act.verdict is None:
        return None
    return ContextVerdict(
        workspace=before.workspace,
        handoff_id=before.id,
        at=moved.at,
        queue=before.queue,
        template=before.template,
        template_version=before.template_version,
        sender=before.sender,
        judge=moved.actor.user,
        verdict=act.verdict,
        line="" if is_blank(act.line) else act.line.strip(),
    )


def unanswered(template: Template | None, fields: Mapping[str, Any]) -> list[str]:
    """The labels of questions that were asked and left empty, the heaviest first, at most `MOST_ADVICE`."""
    if template is None:
        return []
    left = [
        one
        for one in asked(template, fields)
        if one.weight and not one.waives and not one.confirms and not is_answered(fields.get(one.key))
    ]
    return [one.label for one in sorted(left, key=lambda one: -one.weight)[:MOST_ADVICE]]


def asked_by_receivers(notes: Iterable[Note]) -> list[str]:
    """The questions that receivers had to ask, in their own words, the latest first, at most `MOST_ADVICE`."""
    found = [note.text.plain for note in notes if note.verb == Verb.ASK and not is_blank(note.text.plain)]
    return found[::-1][:MOST_ADVICE]
