"""Check a whole configuration as the file's reader does, wherever its objects come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from slackapp.company.model import LISTS, Company
from slackapp.company.rules import cross_checks
from slackapp.company.rules.records import company_of
from slackapp.company.rules.schema import KNOWN_KEYS, CompanyPart
from slackapp.company.rules.write import plain
from slackapp.yaml_files.problems import Place, Problem, from_pydantic

_FIRST: Final = {"version": "1"}


def problems(company: Company) -> tuple[Problem, ...]:
    """The problems of a configuration that is stored or about to be; their places name objects by their keys."""
    return tuple(problems_of(plain(company)))


def problems_of(written: Mapping[str, Any]) -> Iterator[Problem]:
    """The problems of a configuration as the file writes it; their places name objects by their keys."""
    data = _data(written)
    try:
        part = CompanyPart.model_validate(data)
    except ValidationError as error:
        found = [from_pydantic(finding, KNOWN_KEYS) for finding in error.errors(include_url=False, include_input=False)]
        found += cross_checks.across(CompanyPart.read_in_part(data))
    else:
        found = list(cross_checks.across(part))
        found += [] if found else cross_checks.impossible_times(company_of(part))
    yield from (replace(one.with_guess(), place=by_key(one.place, written)) for one in found)


def as_read(written: Mapping[str, Any]) -> Company:
    """The company that a configuration without problems describes."""
    return company_of(CompanyPart.model_validate(_data(written)))


def _data(written: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a file that contains all objects itself: then none is known only because it is in Slack."""
    whole: dict[str, Any] = _as_texts({**_FIRST, **written})
    whole.pop("in_slack", None)
    return whole


def _as_texts(value: Any) -> Any:
    """A value with every number as the text that the file's reader would find."""
    match value:
        case dict():
            return {name: _as_texts(one) for name, one in value.items()}
        case list():
            return [_as_texts(one) for one in value]
        case _:
            return value if value is None else str(value)


def by_key(place: Place, written: Mapping[str, Any]) -> Place:
    """A place with the key of an object instead of its position in the list: `queues.success.channel`."""
    if len(place) < 2 or place[0] not in LISTS.values() or not isinstance(place[1], int):  # noqa: PLR2004 - list, position
        return place
    return (place[0], written[str(place[0])][place[1]]["key"], *place[2:])
