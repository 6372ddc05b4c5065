"""TODO: say what this module is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from slackapp.clocks.rules import durations
from slackapp.yaml_files.problems import WrongValueError
from slackapp.yaml_files.scalars import Spelled, text
from storage.clocks.model import Duration

_YEAR_S: Final = 366 * 24 * 60 * 60
_YEAR_DAYS: Final = 366
_MOST_PERCENT: Final = 1000
_MOST_REPEATS: Final = 20
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


def target(written: Any) -> Duration:
    """A clock's target: more than nothing, at most a year."""
    duration = _spelled(durations.parse, written)
    if duration.days == 0 and duration.seconds == 0:
        raise WrongValueError(f'"{written}" is no time at all.', "Write a longer time, or leave the target out.")
    if duration.days > _YEAR_DAYS or duration.seconds > _YEAR_S:
        raise WrongValueError(f'"{written}" is longer than a year.', "Write a shorter time, or leave the target out.")
    return duration


def moment(written: Any) -> tuple[int, int]:
    """When a level is due: percent of the target, and an offset in seconds."""
    percent, offset_s = _spelled(durations.parse_due_point, written)
    if percent > _MOST_PERCENT or abs(offset_s) > _YEAR_S:
        raise WrongValueError(f'"{written}" is too far away.', f"Stay below {_MOST_PERCENT}% and a year.")
    return percent, offset_s


def times(written: Any) -> int:
    """How often a level is repeated."""
    if not _NUMBER.fullmatch(text(written)) or not 1 <= int(text(written)) <= _MOST_REPEATS:
        raise WrongValueError(
            f'"{written}" is not a number from 1 to {_MOST_REPEATS}.', "Write how often to repeat it."
        )
    return int(text(written))


def pause(written: Any) -> int:
    """Seconds between two repeats, in the clock's own time."""
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
        what, _, mend = str(error).partition(". ")
        raise WrongValueError(f"{what}.", mend) from None
