"""The errors of a file that may be told, without a list of all: such a list takes as long as finding them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError

from slackapp.company.rules.schema import CompanyPart
from slackapp.yaml_files.problems import MOST_TOLD

_GROWS: Final = 8


def first_errors(error: ValidationError, data: Mapping[str, Any], *, in_order: bool) -> list[Any]:
    """Return pydantic's errors of `data`, at least the first `MOST_TOLD` by line; `error` has all of them.

    Args:
        error: what validating `data` has raised.
        data: the content of a file.
        in_order: whether later items of a list or mapping are in later lines. Then of many errors only those at the
            beginning of each list and mapping are listed.
    """
    if error.error_count() <= MOST_TOLD or not in_order:
        return _listed(error)
    known, unknown = CompanyPart.model_fields, [key for key in data if key not in CompanyPart.model_fields]
    begun = {key: data[key] for key in data if key in known} | dict.fromkeys(unknown[:MOST_TOLD])
    sizes = dict.fromkeys(begun, MOST_TOLD)
    while True:
        found = _errors({key: _beginning(value, sizes[key]) for key, value in begun.items()})
        errors = Counter(one["loc"][0] for one in found if one["loc"])
        short = [key for key, value in begun.items() if errors[key] < MOST_TOLD and _length(value) > sizes[key]]
        if not short:
            return found
        sizes |= {key: sizes[key] * _GROWS for key in short}


def _errors(data: Mapping[str, Any]) -> list[Any]:
    try:
        CompanyPart.model_validate(data)
    except ValidationError as error:
        return _listed(error)
    return []


def _listed(error: ValidationError) -> list[Any]:
    return error.errors(include_url=False, include_input=False)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list | dict) else 0


def _beginning(value: Any, size: int) -> Any:
    if isinstance(value, dict):
        return dict(islice(value.items(), size))
    return value[:size] if isinstance(value, list) else value
