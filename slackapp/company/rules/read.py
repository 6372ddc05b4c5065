"""Read a configuration file: the company it describes, or its problems at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError

from slackapp.company.model import Company
from slackapp.company.rules import cross_checks
from slackapp.company.rules.first_errors import first_errors
from slackapp.company.rules.records import company_of
from slackapp.company.rules.schema import KNOWN_KEYS, CompanyPart
from slackapp.runtime import garbage
from slackapp.yaml_files.problems import ConfigurationError, Problem
from slackapp.yaml_files.source import first_in_order, first_notices, load


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file that was read: its company, the first `MOST_TOLD` warnings, and the fingerprint of its content."""

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
        what = f"{path} can't be opened: {error.strerror or error}."
        problem = Problem(what=what, fix="Check the path and its permissions.")
        raise ConfigurationError((problem,)) from None
    except UnicodeDecodeError:
        problem = Problem(what=f"{path} is not UTF-8 text.", fix="Save it as UTF-8.")
        raise ConfigurationError((problem,)) from None
    return read(text)


def read(text: str, today: date | None = None) -> Reading:
    """Read the text of a configuration file; its warnings are for the year of `today` and the next.

    Raises:
        ConfigurationError: Something in it is wrong; it names all of it, or the first hundred things.
    """
    found = _read(text, today)
    if not isinstance(found, Reading):
        # Raised only here: the error would keep all that was read, and all that is wrong with it, until it is handled.
        raise ConfigurationError(found)
    return found


@garbage.collection_off()
def _read(text: str, today: date | None) -> Reading | tuple[Problem, ...]:
    """Return what a file says, or its first problems."""
    source = load(text)
    if source.data is None and source.problems:
        return first_in_order(source.problems, source)
    if not isinstance(source.data, dict):
        problem = Problem(line=1, what="The file is not a mapping.", fix="Compare it with docs/baton.example.yml.")
        return first_in_order((*source.problems, problem), source)
    try:
        part = CompanyPart.model_validate(source.data)
    except ValidationError as error:
        found = [*source.problems, *cross_checks.across(CompanyPart.read_in_part(source.data))]
        errors = first_errors(error, source.data, in_order=not source.repeats)
        return first_in_order(found, source, errors, KNOWN_KEYS, unlisted=error.error_count() - len(errors))
    found = [*source.problems, *cross_checks.across(part)]
    company = company_of(part)
    found += [] if found else cross_checks.impossible_times(company)
    if found:
        return first_in_order(found, source)
    noticed = cross_checks.notices(company, today or datetime.now(UTC).date())
    return Reading(company=company, notices=first_notices(noticed, source), digest=digest(text))


def digest(text: str) -> str:
    """The fingerprint of a file's content; a file with the same one is not applied again."""
    return hashlib.sha256(text.encode()).hexdigest()
