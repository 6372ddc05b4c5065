"""Layout of the first page: which core fields are on it, and which are behind "More", on a page of their own.

The order is always the same, so that a choice of team or template moves no field above another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.slack.ids import Field
from storage.templates.model import NoteMode, Template

FIRST_INPUTS: Final = 6
"""Inputs of a page, at most."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Fields of the first page, in order: those shown, and those behind "More"."""

    shown: tuple[Field, ...]
    behind: tuple[Field, ...] = ()


def layout(template: Template | None, values: Mapping[str, Any], *, several: bool, more: bool) -> Layout:
    """Return which fields are shown and which are behind "More".

    Args:
        template: the form's template; None for the plain form.
        values: the present values: a note that was typed is never hidden.
        several: whether a template can be chosen.
        more: whether "More" was pressed: then the other fields are shown, and nothing is behind them.
    """
    first = [Field.QUEUE, *([Field.TEMPLATE] if several else []), Field.TITLE, Field.NEXT_STEP, Field.PRIORITY]
    if needs_note(template) or values.get(Field.NOTE):
        first.append(Field.NOTE)
    if len(first) < FIRST_INPUTS:
        first.append(Field.LINK)
    others = tuple(one for one in _others(template, values) if one not in first)
    return Layout(shown=others) if more else Layout(shown=tuple(first), behind=others)


def needs_note(template: Template | None) -> bool:
    """Whether the form requires a note."""
    return template is None or template.note is NoteMode.REQUIRED


def _others(template: Template | None, values: Mapping[str, Any]) -> Iterator[Field]:
    """Yield the optional fields."""
    if template is None or template.note is not NoteMode.NONE:
        yield Field.NOTE
    yield from (Field.LINK, Field.PERSON, Field.NEEDED_BY)
    if has_customer(template, values):
        yield Field.TOLD_CUSTOMER


def has_customer(template: Template | None, values: Mapping[str, Any]) -> bool:
    """Whether the form asks what the customer knows. Private work, such as a patient, has none who could know."""
    return template is None or not template.private or bool(values.get(Field.TOLD_CUSTOMER))
