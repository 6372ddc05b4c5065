"""Values entered in a form, read by the readers of the configuration file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TypeVar

from slackapp.yaml_files.problems import WrongValueError

Value = TypeVar("Value")


def read_entered(
    found: MutableMapping[str, str],
    name: str,
    entered: Mapping[str, Any],
    read: Callable[[Any], Value],
    empty: Value,
) -> Value:
    """Read the value of a field, or return `empty` if there is none; its problem is added to `found` as a sentence."""
    try:
        return read(entered[name]) if entered.get(name) else empty
    except WrongValueError as wrong:
        found[name] = field_sentence(wrong.what, wrong.fix)
        return empty


def field_sentence(what: str, fix: str) -> str:
    """Return a problem as a sentence under a field: in the file the field's name precedes it."""
    whole = what[:1] == '"' or what[:1].isupper()
    return f"{what} {fix}".strip() if whole else f"This {what} {fix}".strip()
