"""The fields that every form has, as inputs with their present values (`views.entered.core` reads them back)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slackapp.blocks import Block, option
from slackapp.ids import Field
from slackapp.views import answer_lines, entered, forms, inputs, words
from storage.company import Queue
from storage.questions import Template
from storage.records import Priority


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What there is to choose from, and what is chosen. `queues` is None where they are searched while typing."""

    queue: Queue | None = None
    queues: Sequence[Queue] | None = None
    template: Template | None = None
    offered: Sequence[Template] = ()


def element(key: Field, value: Any, choices: Choices) -> Block:
    """The input of a field."""
    return _ELEMENTS[key](value, choices)


def _queue(_value: Any, choices: Choices) -> Block:
    chosen = forms.queue_option(choices.queue) if choices.queue else None
    listed = [forms.queue_option(queue) for queue in choices.queues or ()]
    return inputs.pick(listed, chosen["value"] if chosen else None, chosen)


def _template(_value: Any, choices: Choices) -> Block:
    names = [option(one.name, one.key) for one in choices.offered[: inputs.STATIC_OPTIONS]]
    return inputs.pick(names, choices.template.key if choices.template else None, None)


_URGENCY: Final = {one.value: words.PRIORITIES[one] for one in Priority}

_ELEMENTS: Final[Mapping[Field, Callable[[Any, Choices], Block]]] = {
    Field.TITLE: lambda value, _: inputs.line(value or "", most=forms.TITLE_MOST),
    Field.QUEUE: _queue,
    Field.TEMPLATE: _template,
    Field.NEXT_STEP: lambda value, _: inputs.line(value or "", most=forms.STEP_MOST),
    Field.PRIORITY: lambda value, _: inputs.choice(_URGENCY, value or Priority.NORMAL.value),
    Field.NOTE: lambda value, _: inputs.rich(entered.text(value).rich),
    Field.LINK: lambda value, _: inputs.address(value),
    Field.PERSON: lambda value, _: inputs.person(value),
    Field.NEEDED_BY: lambda value, _: inputs.instant(entered.instant(value)),
    Field.TOLD_CUSTOMER: lambda value, _: inputs.choice(answer_lines.TOLD_CUSTOMER, value),
}
