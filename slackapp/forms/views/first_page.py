"""Draw the first page of the form that opens a handoff: the core fields, and those behind "More"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from slackapp.forms.model import FormContext, FormDraft
from slackapp.forms.rules import core_fields
from slackapp.forms.views.core_fields import element
from slackapp.forms.views.page import Page, layout
from slackapp.handoffs.views import verb_forms
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, button, context, link, mention, said, section, when
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.ids import Field
from slackapp.templates.rules import parse_answers
from slackapp.templates.views import answer_lines
from slackapp.templates.views.answer_inputs import hint
from storage.company.model import Queue
from storage.templates.model import Template

MORE: Final = "More"
TEAM_FIRST: Final = "Choose a team first"
_TYPED: Final = 100
"""Characters of an answer behind "More"."""


def first_page(page: Page) -> list[Block]:
    """Return the core fields of the page, with the way to the other ones below them."""
    here = layout(page)
    more = actions(more_button(MORE, page, "fields of this form")) if here.behind else []
    return [*_unsent(page.unsent), *(core_field(page, key) for key in here.shown), *_filled_in(page, here), *more]


def more_button(label: str, page: Page, about: str) -> Block:
    """Return the button that shows the rarer fields."""
    return button(label, ids.FORM_MORE, ids.button_value(page.draft.draft_id or "new"), about=about)


def core_field(page: Page, key: Field) -> Block:
    """Return the block of a core field."""
    known, text = page.form_context, _labels(page.form_context, key)
    return inputs.field(
        key,
        InputLabels(
            label=text.label, hint=hint(text.hint, page.draft.marks.get(key, "")), placeholder=text.placeholder
        ),
        element(key, page.values.get(key), known),
        optional=_is_optional(key, known),
        again=page.draft.again.get(key, 0),
        dispatch=key in _GOVERNING,
    )


def privacy(template: Template | None, queue: Queue | None) -> str:
    """Return who can read the handoff, in plain text; empty unless its template is private."""
    if template is None or not template.private:
        return ""
    team = queue.name or queue.key if queue else "the team"
    return (
        f"Private: only you, {team} and its managers, and anyone it is assigned to can read it. "
        "Everyone else sees only its status."
    )


def _labels(known: FormContext, key: Field) -> InputLabels:
    """Return a field's texts: examples from sales do not fit private work, such as a patient."""
    text, private = verb_forms.TEXTS[key], privacy(known.template, known.queue)
    placeholder, help_text = text.placeholder, text.hint
    if key is Field.TEMPLATE:
        about = known.template.about if known.template else text.hint
        placeholder = text.placeholder if known.queue else TEAM_FIRST
        help_text = " ".join(part for part in (private, about) if part)
    elif key is Field.QUEUE and not known.several:
        help_text = private
    elif key in _EXAMPLES and private:
        placeholder = ""
    return InputLabels(label=text.label, hint=help_text, placeholder=placeholder)


def _is_optional(key: Field, known: FormContext) -> bool:
    match key:
        case Field.NOTE:
            return not core_fields.needs_note(known.template)
        case Field.TEMPLATE:
            return known.queue is None  # there is nothing to choose from yet
        case _:
            return key in _OPTIONAL


def _filled_in(page: Page, here: core_fields.Layout) -> list[Block]:
    """Return the line about the fields behind "More" that have a value already."""
    filled = [
        f"{verb_forms.TEXTS[key].label}: {_SHOWN[key](page.values[key])}" for key in here.behind if page.values.get(key)
    ]
    return [context(f"Filled in under {MORE}. {' · '.join(filled)}")] if filled else []


def _unsent(unsent: FormDraft | None) -> list[Block]:
    """Return the offer to continue an unsent draft."""
    if unsent is None or unsent.began_at is None:
        return []
    title = said(str(unsent.answers.get(Field.TITLE) or ""))
    value = ids.button_value(unsent.draft_id)
    return [
        section(f"You have an unsent handoff from {when(unsent.began_at)}{f': “{title}”' if title else ''}."),
        *actions(
            button("Continue", ids.FORM_CONTINUE, value, about="the handoff you began"),
            button("Discard", ids.FORM_DISCARD, value, about="the handoff you began"),
        ),
    ]


_SHOWN: Final[Mapping[Field, Callable[[Any], str]]] = {
    Field.NOTE: lambda value: said(parse_answers.text(value).plain, _TYPED),
    Field.LINK: lambda value: link(str(value), said(str(value), _TYPED)),
    Field.PERSON: lambda value: mention(str(value)),
    Field.NEEDED_BY: lambda value: when(parse_answers.instant(value) or value),
    Field.TOLD_CUSTOMER: lambda value: answer_lines.TOLD_CUSTOMER.get(value, said(str(value))),
}
_EXAMPLES: Final = frozenset({Field.TITLE, Field.NEXT_STEP})
"""Fields whose placeholder is an example."""
_OPTIONAL: Final = frozenset({Field.PERSON, Field.NEEDED_BY, Field.LINK, Field.TOLD_CUSTOMER})
_GOVERNING: Final = frozenset({Field.QUEUE, Field.TEMPLATE})
