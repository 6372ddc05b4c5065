"""Readers of single values of policies and webhooks: audiences, actions, properties of rules, addresses.

As in `yaml_files.scalars`, every reader takes the written value and returns its meaning, or raises
`WrongValueError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from slackapp.clocks.rules import durations
from slackapp.runtime.settings import is_loopback
from slackapp.yaml_files.problems import Misspelled, WrongValueError
from slackapp.yaml_files.scalars import key, one_of, person, person_or_group, text
from storage.clocks.model import POLICY_CLOCKS, Duration, LevelAction

MANAGERS: Final = "managers"
WEBHOOK: Final = "webhook "
"""The word before a webhook's key in `tell`."""
AUDIENCES: Final = ("owner", "sender", "channel", MANAGERS, "managers of managers", "admins")
"""The audiences of a level besides named people, groups and webhooks; chains of managers may be longer."""

SOURCES: Final = ("message", "form")
"""The sources of a handoff, as `clocks.rules.targets` names them."""

_CHAIN: Final = re.compile(r"managers(?: of managers)*")
_LONGEST_CHAIN: Final = 5
_WEBHOOK: Final = re.compile(rf"{WEBHOOK}\S{{1,60}}")
_LONGEST_URL: Final = 2000

Spelled = TypeVar("Spelled")

clock: Final = one_of("clock", POLICY_CLOCKS)
action: Final = one_of("thing a level can do", LevelAction)


def audience(written: Any) -> str:
    """An audience of a level.

    Raises:
        WrongValueError: not an audience, or a chain of managers that is too long.
    """
    said = " ".join(text(written).split())
    if said in AUDIENCES or _WEBHOOK.fullmatch(said) or _is_id(said):
        return said
    if _CHAIN.fullmatch(said):
        if said.count(MANAGERS) <= _LONGEST_CHAIN:
            return said
        raise WrongValueError(
            f'"{written}" goes up {said.count(MANAGERS)} steps.', f"Go up at most {_LONGEST_CHAIN}, or tell admins."
        )
    raise WrongValueError(
        f'"{written}" is not someone a level can tell.',
        f"Write {', '.join(AUDIENCES)}, webhook KEY, or the id of a person (U...) or user group (S...).",
        Misspelled(word=said, known=AUDIENCES),
    )


def webhook_of(said: str) -> str | None:
    """The webhook key that a word of `tell` names; None if it names people."""
    return said.removeprefix(WEBHOOK) if _WEBHOOK.fullmatch(said) else None


def sender(written: Any) -> str:
    """Somebody who may send to a queue: a person, a user group, or the people of another queue, by its key.

    Raises:
        WrongValueError: none of them.
    """
    said = text(written)
    return said if _is_id(said) else key(said)


def is_queue_key(sender_name: str) -> bool:
    """Whether a sender is given by the key of a queue."""
    return not _is_id(sender_name)


def taker(written: Any) -> str:
    """The person or role that a level reassigns work to.

    Raises:
        WrongValueError: neither managers nor a person.
    """
    if text(written) == MANAGERS:
        return MANAGERS
    try:
        return person(written)
    except WrongValueError as wrong:
        raise WrongValueError(wrong.what, "Write managers, or the id of a person (U... or W...).") from None


def words(written: Any) -> tuple[str, ...]:
    """One value, or a list of several.

    Raises:
        WrongValueError: an empty list.
    """
    if isinstance(written, list) and not written:
        raise WrongValueError("lists nothing.", "Name at least one value, or leave the line out.")
    return tuple(map(text, written)) if isinstance(written, list) else (text(written),)


def source(written: Any) -> str:
    """The source of a handoff.

    Raises:
        WrongValueError: not a source of handoffs.
    """
    if text(written) not in SOURCES:
        fix = "Write message for those made from a message in Slack, or form for the others."
        near = Misspelled(word=text(written), known=SOURCES)
        raise WrongValueError(f'"{written}" is not a source of handoffs.', fix, near)
    return text(written)


def url(written: Any) -> str:
    """A webhook's address: https anywhere, http on this machine, without a password.

    Raises:
        WrongValueError: not an address that may be called.
    """
    address = text(written)
    for what, fix in _url_problem(address):
        raise WrongValueError(what, fix)
    return address


def _url_problem(address: str) -> Iterator[tuple[str, str]]:
    """The problem of an address, without any of its text, because that may hold a secret."""
    https = "Write it like https://pager.example.com/baton."
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield "is not an address.", https
        return
    if parts.scheme not in {"http", "https"} or not host or len(address) > _LONGEST_URL or not address.isprintable():
        yield "is not an https address.", https
    elif " " in address or parts.fragment:
        yield "has a space or a # in it.", https
    elif parts.username is not None or parts.password is not None:
        yield (
            "has a user name or password in it.",
            "Remove it: Baton signs what it sends, and the receiver checks the signature.",
        )
    elif parts.scheme == "http" and not is_loopback(address):
        yield "is not encrypted.", "Write https://; plain http is for this machine only."


def _is_id(said: str) -> bool:
    try:
        person_or_group(said)
    except WrongValueError:
        return False
    return True


_YEAR_S: Final = 366 * 24 * 60 * 60
_YEAR_DAYS: Final = 366
_MOST_PERCENT: Final = 1000
_MOST_REPEATS: Final = 20
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


def target(written: Any) -> Duration:
    """A clock's target in seconds: more than 0, at most a year.

    Raises:
        WrongValueError: not a duration, zero, or longer than a year.
    """
    duration = _spelled(durations.parse, written)
    if duration.days == 0 and duration.seconds == 0:
        raise WrongValueError(f'"{written}" is not a length of time.', "Write a longer time, or leave the target out.")
    if duration.days > _YEAR_DAYS or duration.seconds > _YEAR_S:
        raise WrongValueError(f'"{written}" is longer than a year.', "Write a shorter time, or leave the target out.")
    return duration


def moment(written: Any) -> tuple[int, int]:
    """The moment of a level: percent of the target, and an offset in seconds.

    Raises:
        WrongValueError: not a moment, or too far away.
    """
    percent, offset_s = _spelled(durations.parse_due_point, written)
    if percent > _MOST_PERCENT or abs(offset_s) > _YEAR_S:
        raise WrongValueError(f'"{written}" is too far away.', f"Use less than {_MOST_PERCENT}% and less than a year.")
    return percent, offset_s


def times(written: Any) -> int:
    """The number of repetitions of a level.

    Raises:
        WrongValueError: not a number of repetitions, or too large.
    """
    if not _NUMBER.fullmatch(text(written)) or not 1 <= int(text(written)) <= _MOST_REPEATS:
        raise WrongValueError(
            f'"{written}" is not a number from 1 to {_MOST_REPEATS}.', "Write how often to repeat it."
        )
    return int(text(written))


def pause(written: Any) -> int:
    """Seconds between two repetitions, in the clock's own time.

    Raises:
        WrongValueError: not a duration, in days, or too short or long.
    """
    duration = _spelled(durations.parse, written)
    if duration.days or duration.wall:
        raise WrongValueError(f'"{written}" is in days or wall time.', "Write hours and minutes, such as 2h or 30m.")
    if not 0 < duration.seconds <= _YEAR_S:
        raise WrongValueError(f'"{written}" is too short or too long.', "Write hours and minutes, such as 2h or 30m.")
    return duration.seconds


def _spelled(parse: Callable[[str], Spelled], written: Any) -> Spelled:
    try:
        return parse(text(written))
    except durations.DurationError as error:
        what, _, fix = str(error).partition(". ")
        raise WrongValueError(f"{what}.", fix) from None


_EMOJI: Final = re.compile(r":?([a-z0-9_+'-]{1,100}):?")


def emoji(written: Any) -> str:
    """The name of an emoji, with or without the colons around it.

    Raises:
        WrongValueError: not the name of an emoji.
    """
    found = _EMOJI.fullmatch(text(written))
    if found is None:
        raise WrongValueError(
            f'"{written}" is not the name of an emoji.', "Write its name in Slack, such as handshake."
        )
    return found[1]
