"""How somebody fills in the form of a template, page by page, in the local workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from slackapp.slack import ids
from storage.templates.model import AnswerType, Question, Template
from tests.slack_client import Modal, Workspace
from tests.stories.northwind import open_form

MOST_PAGES: Final = 12
"""Submits after which somebody gives up."""


def walk_through(
    slack: Workspace,
    user: str,
    queue: str,
    template: Template,
    *,
    first: Mapping[str, Any],
    answers: Mapping[str, Any],
) -> list[Modal]:
    """Fill in a template's form and send it.

    Args:
        slack: the workspace.
        user: who does it.
        queue: the team's key.
        template: the template, which the team offers.
        first: what is typed on the first page, by field.
        answers: the answers to the template's questions, in the shapes of `AnswerType`.

    Returns:
        The form as it was before each submit.
    """
    form = open_form(slack, user)
    form.choose("queue", queue)
    if "template" in keys(form):
        form.choose("template", template.key)
    form.submit(first)
    seen = [form]
    while form.is_open and len(seen) < MOST_PAGES:
        form = Modal(slack, user, form.id)
        seen.append(form)
        form.submit(fill_page(form, template, answers))
    slack.settle()
    assert not form.is_open, f"{template.key} still asks: {form.errors} {form.all_text()}"
    return seen


def fill_page(form: Modal, template: Template, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed into the page that is shown; what changes what is asked is chosen first."""
    for key in governing(form):
        question = template.question(key)
        if question and key in answers:
            form.choose(key, typed(question, answers[key]))
    found = {}
    for key in keys(form):
        question = template.question(key.removesuffix(ids.FILES))
        if question and question.key in answers:
            answer = answers[question.key]
            found[key] = chosen_files(answer) if key.endswith(ids.FILES) else typed(question, answer)
    return found


def keys(form: Modal) -> list[str]:
    """The keys of the inputs that are shown."""
    return [block["block_id"].partition("~")[0] for block in form.raw["blocks"] if block["type"] == "input"]


def governing(form: Modal) -> list[str]:
    """Those of them that tell Baton at once what is chosen."""
    told = [block["block_id"] for block in form.raw["blocks"] if block.get("dispatch_action")]
    return [block_id.partition("~")[0] for block_id in told]


def typed(question: Question, answer: Any) -> Any:
    """An answer as somebody types or chooses it."""
    return _TYPED.get(question.kind, lambda given: given)(answer)


def chosen_files(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The files of an answer, as Slack's file input has them."""
    return {"type": "file_input", "files": [dict(file) for file in answer["files"]]}


_TYPED: Final[Mapping[AnswerType, Callable[[Any], Any]]] = {
    AnswerType.TICK: lambda _: ["yes"],
    AnswerType.WHEN: lambda instant: int(datetime.fromisoformat(instant).timestamp()),
    AnswerType.CHECKLIST: "\n".join,
    AnswerType.KEY_VALUE: lambda pairs: "\n".join(f"{name}: {value}" for name, value in pairs),
    AnswerType.FILES: lambda found: "\n".join(found["links"]),
}
