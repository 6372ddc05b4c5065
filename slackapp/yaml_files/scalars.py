"""Readers of single values of a configuration file: each value is a string in the file and read by one function.

Every reader takes the written value and returns its meaning, or raises `WrongValueError` with how to fix it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import time
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeVar
from zoneinfo import available_timezones

import holidays

from slackapp.runtime.visible_text import is_blank
from slackapp.yaml_files.problems import Misspelled, WrongValueError
from storage.clocks.model import WEEKDAYS, Interval
from storage.handoffs.model import Priority

LONGEST_NAME: Final = 75
"""Slack's limit for the text of an option in a menu."""

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{1,30}")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,30}")
_GROUP: Final = re.compile(r"S[A-Z0-9]{1,30}")
_INTERVAL: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\s*-\s*(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24:00))")

Chosen = TypeVar("Chosen", bound=StrEnum)


def text(written: Any) -> str:
    """Text on one line.

    Raises:
        WrongValueError: not a text on one line, or empty.
    """
    if not isinstance(written, str):
        raise WrongValueError("should be a text, not a list or a mapping.", "Write a single value after the colon.")
    if is_blank(written):
        raise WrongValueError("is empty.", "Write something or leave the line out.")
    return written.strip()


def version(written: Any) -> str:
    """The version of the file's format; 1 is the only one.

    Raises:
        WrongValueError: another version.
    """
    if text(written) != "1":
        raise WrongValueError(f'"{written}" is not a version of this file that Baton knows.', "Write version: 1.")
    return "1"


def key(written: Any) -> str:
    """The key by which another part of the file refers to an object.

    Raises:
        WrongValueError: not a key.
    """
    word = text(written)
    if not _KEY.fullmatch(word):
        raise WrongValueError(
            f'"{written}" is not a valid key.',
            "Use letters, digits, dots, hyphens and underscores, at most 60 of them.",
        )
    return word


def name(written: Any) -> str:
    """A name for people.

    Raises:
        WrongValueError: too long.
    """
    if len(text(written)) > LONGEST_NAME:
        raise WrongValueError(
            f"is {len(text(written))} characters long.", f"Slack's menus show at most {LONGEST_NAME}."
        )
    return text(written)


def channel(written: Any) -> str:
    """A channel's id.

    Raises:
        WrongValueError: not a channel's id.
    """
    if not _CHANNEL.fullmatch(text(written)):
        raise WrongValueError(
            f'"{written}" is not a channel id.',
            "Copy the id (C... or G...) from the bottom of the channel's details in Slack.",
        )
    return text(written)


def person(written: Any) -> str:
    """A person's user id.

    Raises:
        WrongValueError: not a person's id.
    """
    word = text(written)
    if _PERSON.fullmatch(word):
        return word
    if _GROUP.fullmatch(word):
        raise WrongValueError(f'"{written}" is a user group.', "Name a person here (U... or W...).")
    raise WrongValueError(f'"{written}" is not a person\'s id.', _COPY_PERSON)


def person_or_group(written: Any) -> str:
    """A user id or a user group's id.

    Raises:
        WrongValueError: neither a person's nor a group's id.
    """
    word = text(written)
    if not (_PERSON.fullmatch(word) or _GROUP.fullmatch(word)):
        raise WrongValueError(f"\"{written}\" is neither a person's nor a user group's id.", _COPY_PERSON + _COPY_GROUP)
    return word


def yes_or_no(written: Any) -> bool:
    """A switch, `yes` or `no`, as a bool.

    Raises:
        WrongValueError: neither yes nor no.
    """
    answers = {"yes": True, "true": True, "no": False, "false": False}
    if text(written).lower() not in answers:
        raise WrongValueError(f'"{written}" is neither yes nor no.', "Write yes or no.")
    return answers[text(written).lower()]


def one_of(name: str, among: Iterable[Chosen]) -> Callable[[Any], Chosen]:
    """A reader of the words of an enum, called `name` by people, that raises `WrongValueError` for any other."""
    known = {member.value: member for member in among}

    def read(written: Any) -> Chosen:
        words = list(known)
        if text(written) not in words:
            near = Misspelled(word=text(written), known=words)
            raise WrongValueError(f'"{written}" is not a {name}.', f"Write one of {', '.join(words)}.", near)
        return known[text(written)]

    return read


priority: Final = one_of("priority", Priority)


def timezone(written: Any) -> str:
    """A time zone of the IANA database.

    Raises:
        WrongValueError: not a time zone.
    """
    if text(written) not in _zones():
        near = Misspelled(word=text(written), known=_zones_in_order())
        raise WrongValueError(
            f'"{written}" is not a time zone.', "Write it like Europe/Berlin or America/New_York.", near
        )
    return text(written)


def country(written: Any) -> str:
    """A country whose public holidays are known.

    Raises:
        WrongValueError: not a country with known holidays.
    """
    known = holidays.list_supported_countries()
    if text(written) not in known:
        raise WrongValueError(
            f'"{written}" is not a country that Baton has holidays for.',
            "Write its code of two capital letters, such as DE, US or NO, or list the dates instead.",
        )
    return text(written)


def weekdays(written: Any) -> tuple[int, ...]:
    """Days of the week, 0 for Monday: `mon`, `mon-fri`, `sat, sun`.

    Raises:
        WrongValueError: not days of the week.
    """
    days: list[int] = []
    for part in text(written).split(","):
        first, dash, last = (word.strip().lower() for word in part.partition("-"))
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            raise WrongValueError(
                f'"{written}" is not a weekday.', "Write mon, tue, wed, thu, fri, sat, sun or a range: mon-fri."
            )
        since = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - since) % len(WEEKDAYS) + 1 if dash else 1
        days += [(since + n) % len(WEEKDAYS) for n in range(length)]
    return tuple(days)


def each_weekday_once(written: Any) -> Any:
    """Hours by weekdays, unchanged.

    Raises:
        WrongValueError: a weekday is named twice.
    """
    named = [
        day for days in (written if isinstance(written, dict) else ()) if is_weekdays(days) for day in weekdays(days)
    ]
    twice = sorted({day for day in named if named.count(day) > 1})
    if twice:
        days = ", ".join(WEEKDAYS[day] for day in twice)
        raise WrongValueError(f"names {days} twice.", "Name each weekday once.")
    return written


def is_weekdays(written: Any) -> bool:
    """Whether `weekdays` can read this."""
    try:
        weekdays(written)
    except WrongValueError:
        return False
    return True


def interval(written: Any) -> Interval:
    """Open hours of a day: `09:00-12:30`, `18:00-24:00`.

    Raises:
        WrongValueError: not an interval, or one that ends before it begins.
    """
    found = _INTERVAL.fullmatch(text(written))
    if not found:
        raise WrongValueError(
            f'"{written}" is not a range of hours.', 'Write them like "09:00-12:30"; a day ends at "24:00".'
        )
    start = time(int(found[1]), int(found[2]))
    end = None if found[5] else time(int(found[3]), int(found[4]))
    if end is not None and end <= start:
        raise WrongValueError(
            f'"{written}" ends before it begins.',
            'Work past midnight is written in two parts: "22:00-24:00", and "00:00-06:00" on the next day.',
        )
    return Interval(start=start, end=end)


_COPY_PERSON: Final = "Copy the member id (U... or W...) from the person's profile in Slack (three dots)."
_COPY_GROUP: Final = " A group's id begins with S."


@lru_cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache
def _zones_in_order() -> tuple[str, ...]:
    return tuple(sorted(_zones()))
