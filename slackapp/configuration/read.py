"""Reads a configuration file: everything that is wrong with it at once, or the company it describes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from slackapp.configuration import checks, template_checks
from slackapp.configuration.company import Company
from slackapp.configuration.model import KNOWN_KEYS, CompanyPart
from slackapp.configuration.problems import ConfigurationError, Problem, WrongValueError
from slackapp.configuration.source import Source, load
from slackapp.configuration.template_model import TemplatePart


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file that was read: the company, what is worth knowing about it, and the fingerprint of its content."""

    company: Company
    notices: tuple[Problem, ...]
    digest: str


def read_file(path: Path) -> Reading:
    """Read a configuration file.

    Raises:
        ConfigurationError: It cannot be opened or used.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        what = f"{path} cannot be opened: {error.strerror or error}."
        problem = Problem(what=what, mend="Check the path and who may read it.")
        raise ConfigurationError((problem,)) from None
    except UnicodeDecodeError:
        problem = Problem(what=f"{path} is not UTF-8 text.", mend="Save it again with the encoding UTF-8.")
        raise ConfigurationError((problem,)) from None
    return read(text)


def read(text: str) -> Reading:
    """Read the text of a configuration file.

    Raises:
        ConfigurationError: Something in it is wrong; it names all of it.
    """
    source = load(text)
    if source.data is None and source.problems:
        raise ConfigurationError(source.problems)
    if not isinstance(source.data, dict):
        problem = Problem(line=1, what="The file is not a mapping.", mend="Compare it with docs/baton.example.yml.")
        raise ConfigurationError((*source.problems, problem))
    found = [*source.problems, *checks.across(CompanyPart.read_in_part(source.data))]
    try:
        part = CompanyPart.model_validate(source.data)
    except ValidationError as error:
        raise ConfigurationError(_in_order([*found, *map(_problem, error.errors())], source)) from None
    company = company_of(part)
    found += [] if found else checks.sane(company)
    if found:
        raise ConfigurationError(_in_order(found, source))
    return Reading(company=company, notices=_in_order(checks.notices(company), source), digest=digest(text))


def digest(text: str) -> str:
    """The fingerprint of a file's content; a file with the same one is not applied again."""
    return hashlib.sha256(text.encode()).hexdigest()


def company_of(part: CompanyPart) -> Company:
    """The company that a file describes."""
    return Company(
        calendars=tuple(calendar.record() for calendar in part.calendars),
        queues=tuple(queue.record() for queue in part.queues),
        policies=tuple(policy.record() for policy in part.policies),
        managers={person: entry.manager for person, entry in part.people.items() if entry.manager},
        calendars_of={person: entry.calendar for person, entry in part.people.items() if entry.calendar},
        workspace_calendar=part.calendar,
        admins=tuple(dict.fromkeys(part.admins)),
        webhooks=tuple(webhook.record() for webhook in part.webhooks),
        templates=tuple(template.record() for template in part.templates),
    )


def template_problems(written: dict[str, Any]) -> tuple[Problem, ...]:
    """Everything that is wrong with one template as plain data; what a file is held to, for one made in Slack."""
    found = list(template_checks.within(TemplatePart.read_in_part(written)))
    try:
        TemplatePart.model_validate(written)
    except ValidationError as error:
        found += map(_problem, error.errors())
    return tuple(found)


def _in_order(problems: Iterable[Problem], source: Source) -> tuple[Problem, ...]:
    placed = (
        replace(problem, place=source.written(problem.place), line=problem.line or source.line(problem.place))
        for problem in problems
    )
    return tuple(sorted(placed, key=lambda problem: problem.line))


def _problem(finding: Any) -> Problem:
    """One of pydantic's findings in our words."""
    place = tuple(part for part in finding["loc"] if part != "[key]")
    error = finding.get("ctx", {}).get("error")
    if isinstance(error, WrongValueError):
        return Problem(place=place, what=error.what, mend=error.mend)
    last = place[-1] if place else "it"
    match finding["type"]:
        case "missing":
            return Problem(place=place, what="is missing.", mend=f"Add {last}: and a value.")
        case "extra_forbidden":
            close = get_close_matches(str(last), KNOWN_KEYS, n=1)
            meant = f'Did you mean "{close[0]}"?' if close else "Leave it out."
            return Problem(place=place, what="is not a key that Baton knows here.", mend=meant)
        case "tuple_type":
            return Problem(place=place, what="is not a list.", mend=f"Write {last}: [...].")
        case "dict_type" | "model_type" | "model_attributes_type":
            return Problem(place=place, what="is not a mapping.", mend="Write keys and values: {key: value}.")
        case _:
            return Problem(place=place, what=f"cannot be used: {finding['msg']}.", mend="Compare it with the example.")
