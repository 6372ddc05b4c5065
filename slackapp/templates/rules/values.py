"""Readers of single values of templates in the configuration file; others are in `yaml_files.scalars`.

Every reader raises `WrongValueError` for a value that cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from slackapp.clocks.rules import durations
from slackapp.slack.block_kit.blocks import clip
from slackapp.slack.ids import CORE
from slackapp.yaml_files.problems import WrongValueError
from slackapp.yaml_files.scalars import text

LABEL: Final = 150
HELP: Final = 300
PLACEHOLDER: Final = 150
OPTION: Final = 75
"""Slack's limit for the text of an option; labels that become options are clipped to it."""
MOST_OPTIONS: Final = 100
_LONGEST_OPTION_KEY: Final = 60
_MOST_WEIGHT: Final = 5
_LONGEST_DAYS: Final = 3660

_QUESTION: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DAYS: Final = re.compile(r"([1-9][0-9]{0,3})d?")


def question_key(written: Any) -> str:
    """The key of a field: its name in Slack's payloads, in rules of policies and in the database.

    Raises:
        WrongValueError: not a key, or a reserved one.
    """
    if not _QUESTION.fullmatch(text(written)):
        raise WrongValueError(
            f'"{written}" is not a valid key of a field.',
            "Use small letters, digits and underscores, beginning with a letter, at most 40 of them.",
        )
    if text(written) in CORE:
        raise WrongValueError(f'"{written}" is already a key of every form.', "Give the field another key.")
    return text(written)


def words(most: int) -> Callable[[Any], str]:
    """A reader of text on one line, of at most `most` characters, that raises `WrongValueError` for any other."""

    def read(written: Any) -> str:
        found = " ".join(text(written).split())
        if len(found) > most:
            raise WrongValueError(f"is {len(found)} characters long.", f"Forms show at most {most} here.")
        return found

    return read


def options(written: Any) -> dict[str, str]:
    """Options: `[approved, none yet]`, with keys made from the words, or `{approved: Approved by the board}`.

    Raises:
        WrongValueError: not options, too many, or a duplicate.
    """
    if isinstance(written, dict):
        pairs = [(_option_key(key), _option(value)) for key, value in written.items()]
    elif isinstance(written, list):
        pairs = [(slug(_option(value)), _option(value)) for value in written]
    else:
        raise WrongValueError("is neither a list nor a mapping.", "Write [first, second] or {key: words}.")
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise WrongValueError(f"has {', '.join(twice)} twice.", "Give every option its own words.")
    if len(pairs) > MOST_OPTIONS:
        raise WrongValueError(f"has {len(pairs)} options.", f"Slack's menus hold at most {MOST_OPTIONS}.")
    return dict(pairs)


def slug(words: str) -> str:
    """The key made from words: lower-case letters, digits and underscores; other scripts keep their letters."""
    return re.sub(r"\W+", "_", words.casefold()).strip("_")[:_LONGEST_OPTION_KEY].strip("_") or "_"


def option_label(words: str) -> str:
    """Words clipped to the length of an option."""
    return clip(words, OPTION)


def answers(written: Any) -> Any:
    """The answers of another field for which a condition holds: one, or a list."""
    found = written if isinstance(written, list) else [written]
    return tuple(text(one) for one in found)


def weight(written: Any) -> int:
    """The weight of a field in the quality of the context.

    Raises:
        WrongValueError: not a weight.
    """
    if text(written) not in {str(number) for number in range(_MOST_WEIGHT + 1)}:
        raise WrongValueError(f'"{written}" is not a weight.', f"Write a whole number from 0 to {_MOST_WEIGHT}.")
    return int(text(written))


def number(written: Any) -> str:
    """A limit of a number.

    Raises:
        WrongValueError: not a number.
    """
    try:
        finite = Decimal(text(written)).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise WrongValueError(f'"{written}" is not a number.', "Write digits, with a point if needed: 12.5.")
    return text(written)


def days(written: Any) -> int:
    """The days for which the contents are kept after the end: `30d`.

    Raises:
        WrongValueError: not a number of days, or too large.
    """
    found = _DAYS.fullmatch(text(written))
    if not found or int(found[1]) > _LONGEST_DAYS:
        raise WrongValueError(
            f'"{written}" is not a number of days.', f"Write it like 30d, at most {_LONGEST_DAYS} days."
        )
    return int(found[1])


def within(written: Any) -> str:
    """The time within which a task is to be done, as in policies.

    Raises:
        WrongValueError: not a duration.
    """
    try:
        durations.parse(text(written))
    except durations.DurationError as error:
        what, _, fix = str(error).partition(". ")
        raise WrongValueError(f"{what}.", fix) from None
    return text(written)


def _option(written: Any) -> str:
    return words(OPTION)(written)


def _option_key(written: Any) -> str:
    found = text(written)
    if slug(found) != found.casefold() or len(found) > OPTION:
        raise WrongValueError(f'"{found}" is not a valid key of an option.', "Use letters, digits and underscores.")
    return found
