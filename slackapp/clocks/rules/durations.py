"""Parse and format durations (`30m`, `1h30m`, `2d`, `24h wall`) and the due points of levels (`80%`, `100%+30m`).

`1d` is a working day: the mean open time of the week's days that have hours. With `wall` behind, a duration is wall
time and a day is 24 hours.
"""

from __future__ import annotations

import re
from typing import Final

from slackapp.clocks.rules.calendars import working_day_s
from storage.clocks.model import Calendar, Duration, Level

_WALL_DAY_S: Final = 24 * 60 * 60
_SPAN: Final = r"(?:[0-9]{1,6}d)?\s*(?:[0-9]{1,6}h)?\s*(?:[0-9]{1,6}m)?\s*(?:[0-9]{1,9}s)?"
_DURATION: Final = re.compile(rf"(?=[0-9])(?P<span>{_SPAN})(?P<wall>\s+wall)?")
_PART: Final = re.compile(r"([0-9]+)([dhms])")
_AT: Final = re.compile(rf"(?:(?P<percent>[0-9]{{1,4}})%)?\s*(?:(?P<sign>[+-])\s*(?=[0-9])(?P<span>{_SPAN}))?")
_FROM_START: Final = re.compile(rf"(?=[0-9])(?P<span>{_SPAN})")
_NO_TIME: Final = '"{text}" is not a length of time. Write more than 0, such as 30m or 2h.'
_UNIT_S: Final = {"h": 3600, "m": 60, "s": 1}


class DurationError(ValueError):
    """A text is no duration; the message says how to write one."""


def parse(text: str) -> Duration:
    """Parse a duration: `90s`, `30m`, `2h`, `1h30m`, `1d`, `2d4h` or `24h wall`.

    Raises:
        DurationError: The text is written in another way, or is no time at all.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise DurationError(f'"{text}" is not a duration. Write it like 90s, 30m, 2h, 1h30m, 2d or 24h wall.')
    days, seconds = _sum(found["span"])
    if not days and not seconds:
        raise DurationError(_NO_TIME.format(text=text))
    return Duration(days=days, seconds=seconds, wall=found["wall"] is not None)


def format_duration(duration: Duration) -> str:
    """Format a duration as `parse` reads it, as short as possible: `1h30m`."""
    return _words(duration.days, duration.seconds) + (" wall" if duration.wall else "")


def format_seconds(total_s: int) -> str:
    """Format seconds as hours, minutes and seconds: `1h30m`."""
    return _words(0, total_s)


def seconds(duration: Duration, calendar: Calendar | None) -> int:
    """Length of a duration in seconds of the calendar's open time, or of wall time if it is a wall duration."""
    day = _WALL_DAY_S if duration.wall else working_day_s(calendar)
    return round(duration.days * day) + duration.seconds


def parse_due_point(text: str) -> tuple[int, int]:
    """Parse when a level is due: percent of the clock's target, and an offset in seconds.

    `80%` is a share of the target, `100%+30m` and `100%-45m` move it, `+30m` and `-45m` are the same for short, and
    `30m` counts from the clock's start, whatever the target is. Offsets are open time (wall time on a wall clock).

    Raises:
        DurationError: The text is written in another way, or counts in days, which have no fixed length here.
    """
    written = text.strip()
    from_start = _FROM_START.fullmatch(written)
    if from_start:
        return 0, _offset(from_start["span"], text)
    found = _AT.fullmatch(written)
    if not found or not written:
        raise DurationError(
            f'"{text}" is not a time. Write a share of the target such as 50%, an offset from it such as 100%+30m '
            "or -45m, or a time from the start such as 30m."
        )
    percent = 100 if found["percent"] is None else int(found["percent"])
    if found["span"] is None:
        return percent, 0
    offset_s = _offset(found["span"], text)
    return percent, -offset_s if found["sign"] == "-" else offset_s


def format_due_point(level: Level) -> str:
    """Format when a level is due as `parse_due_point` reads it."""
    offset = format_seconds(abs(level.offset_s))
    if level.percent == 0 and level.offset_s > 0:
        return offset
    if level.offset_s == 0:
        return f"{level.percent}%"
    return f"{level.percent}%{'-' if level.offset_s < 0 else '+'}{offset}"


def _offset(span: str, text: str) -> int:
    days, total_s = _sum(span)
    if days:
        raise DurationError(f'"{text}" is in days, but levels use hours, minutes and seconds. Write it like 8h.')
    if not total_s:
        raise DurationError(_NO_TIME.format(text=text))
    return total_s


def _sum(span: str) -> tuple[int, int]:
    """Days, and the remaining units summed in seconds."""
    parts = {unit: int(number) for number, unit in _PART.findall(span)}
    days = parts.pop("d", 0)
    return days, sum(number * _UNIT_S[unit] for unit, number in parts.items())


def _words(days: int, total_s: int) -> str:
    minutes, rest_s = divmod(total_s, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (rest_s, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"
