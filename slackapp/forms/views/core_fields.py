"""Draw the core fields as inputs with their present values; `templates.rules.parse_answers.core` reads them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from slackapp.forms.model import FormContext
from slackapp.handoffs.views import verb_forms, wording
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, option
from slackapp.slack.ids import Field
from slackapp.templates.rules import parse_answers
from slackapp.templates.views import answer_lines
from storage.handoffs.model import Priority

STANDARD: Final = "standard"
"""The only choice of a team that offers no template."""


def element(key: Field, value: Any, form_context: FormContext) -> Block:
    """Return the input element of a field."""
    return _ELEMENTS[key](value, form_context)


def _queue(_value: Any, form_context: FormContext) -> Block:
    chosen = verb_forms.queue_option(form_context.queue) if form_context.queue else None
    listed = [verb_forms.queue_option(queue) for queue in form_context.queues or ()]
    return inputs.pick(listed, chosen["value"] if chosen else None, chosen)


def _template(_value: Any, form_context: FormContext) -> Block:
    """Return the select of the team's templates; before a team is chosen it keeps its place and offers nothing."""
    if form_context.queue is None:
        return inputs.search()
    names = [option(one.name, one.key) for one in form_context.offered[: inputs.STATIC_OPTIONS]]
    chosen = form_context.template.key if form_context.template else STANDARD
    return inputs.pick(names or [option("Standard form", STANDARD)], chosen, None)


_URGENCY: Final = {one.value: wording.PRIORITIES[one] for one in Priority}

_ELEMENTS: Final[Mapping[Field, Callable[[Any, FormContext], Block]]] = {
    Field.TITLE: lambda value, _: inputs.line(value or "", most=verb_forms.TITLE_MOST),
    Field.QUEUE: _queue,
    Field.TEMPLATE: _template,
    Field.NEXT_STEP: lambda value, _: inputs.line(value or "", most=verb_forms.STEP_MOST),
    Field.PRIORITY: lambda value, _: inputs.choice(_URGENCY, value or Priority.NORMAL.value),
    Field.NOTE: lambda value, _: inputs.rich(parse_answers.text(value).rich),
    Field.LINK: lambda value, _: inputs.address(value),
    Field.PERSON: lambda value, _: inputs.person(value),
    Field.NEEDED_BY: lambda value, _: inputs.instant(parse_answers.instant(value)),
    Field.TOLD_CUSTOMER: lambda value, _: inputs.choice(answer_lines.TOLD_CUSTOMER, value),
}
