"""Layout of the first page: which core fields are shown at once, and which behind "More"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.slack.ids import Field
from storage.templates.model import NoteMode, Template

FIRST_INPUTS: Final = 6
"""Inputs shown at first, so that the page is not overwhelming."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Fields of the first page, in order: those shown, and those behind "More"."""

    shown: tuple[Field, ...]
    behind: tuple[Field, ...] = ()


def layout(template: Template | None, values: Mapping[str, Any], *, several: bool, more: bool) -> Layout:
    """Return which fields are shown and which are behind "More".

    Args:
        template: the form's template; None for the plain form.
        values: the present values: a field with a value is never hidden.
        several: whether there is more than one template to choose from.
        more: whether "More" was pressed.
    """
    first = [Field.TITLE, Field.QUEUE, *([Field.TEMPLATE] if several else []), Field.NEXT_STEP]
    rest = [Field.PRIORITY, Field.NOTE] if template else [Field.NOTE, Field.PRIORITY]
    if template and not (template.note is NoteMode.REQUIRED or values.get(Field.NOTE)):
        rest.remove(Field.NOTE)
    if len(first) + len(rest) < FIRST_INPUTS:
        rest.append(Field.LINK)
    extra = [one for one in _EXTRA if one not in rest and not _unwanted(one, template)]
    shown = [*first, *rest, *(one for one in extra if more or values.get(one))]
    return Layout(shown=tuple(shown), behind=tuple(one for one in extra if one not in shown))


def needs_note(template: Template | None) -> bool:
    """Whether the form requires a note."""
    return template is None or template.note is NoteMode.REQUIRED


_EXTRA: Final = (Field.NOTE, Field.LINK, Field.PERSON, Field.NEEDED_BY, Field.TOLD_CUSTOMER)


def _unwanted(field: Field, template: Template | None) -> bool:
    return field is Field.NOTE and template is not None and template.note is NoteMode.NONE
