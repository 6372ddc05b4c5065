"""Explanation of a due instant: which hours of which days count, and why others do not.

`explain` returns a sentence per day; `one_line` the same in one line:
`Mon 16:30–18:00 1 h 30 · Tue holiday · Wed 09:00–09:30 30 min → Wed 09:30 (Europe/Berlin)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Final

from slackapp.clocks.rules import business_hours, calendars, durations
from slackapp.clocks.rules.business_hours import Span
from storage.clocks.model import Calendar

_MOST_DAYS: Final = 14
"""Longer spans show their first days and how many more there are."""
_MOST_PARTS: Final = 6
"""Parts of one line; longer lines show the first parts, a count of days, and the last part."""
_LONGEST_HOLIDAY: Final = 24
_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)
_WEEK: Final = 7
"""Days from which on a weekday's name alone is ambiguous."""


@dataclass(frozen=True, kw_only=True)
class _ExplainedDay:
    """A local day between start and due, with the open stretches that count, in local time; none if it is closed."""

    day: date
    counted: tuple[Span, ...] = ()

    @property
    def seconds(self) -> float:
        """Seconds of open time. Measured in UTC, because local times jump when clocks change."""
        utc = ((opens.astimezone(UTC), closes.astimezone(UTC)) for opens, closes in self.counted)
        return sum((closes - opens).total_seconds() for opens, closes in utc)

    @property
    def hours(self) -> str:
        """The open stretches as text: `09:00–12:30, 13:30–24:00`."""
        return ", ".join(f"{_clock(opens)}–{_closing(opens, closes)}" for opens, closes in self.counted)


def explain(calendar: Calendar | None, start: datetime, seconds: float, *, wall: bool = False) -> tuple[str, ...]:
    """Explain when `seconds` of open time after `start` are over: one sentence per day, then the due instant.

    Wall time runs around the clock and is shown in the calendar's zone; `calendar` None is wall time, shown in UTC.
    """
    due_at = business_hours.add(None if wall else calendar, start, seconds)
    begun, due = (business_hours.to_local(calendar, instant) for instant in (start, due_at))
    end = f"That is {format_local_time(due)} ({zone_name(calendar)})."
    if wall or calendar is None:
        return f"{durations.format_seconds(round(seconds))} around the clock from {format_local_time(begun)}.", end
    first, last = _first_and_last(calendar, start, due_at)
    count = (last - first).days + 1
    most = count if count <= _MOST_DAYS else _MOST_DAYS - 1
    told = [_sentence(calendar, one) for one in islice(_days(calendar, start, due_at), most)]
    return (*told, *([f"And so on for {count - most} more days."] if count > most else []), end)


def one_line(calendar: Calendar | None, start: datetime, seconds: float, *, wall: bool = False) -> str:
    """Explain when `seconds` of open time after `start` are over, in one line that ends with the zone.

    A long span shows its first days, how many more there are, and its last day. Consecutive closed days with the same
    reason are joined: `Sat–Sun closed`.
    """
    due_at = business_hours.add(None if wall else calendar, start, seconds)
    first, due = (business_hours.to_local(calendar, instant) for instant in (start, due_at))
    dated = (due.date() - first.date()).days >= _WEEK
    end = f"→ {_short(due.date(), dated=dated)} {_clock(due)} ({zone_name(calendar)})"
    if wall or calendar is None:
        return (
            f"{_short(first.date(), dated=dated)} {_clock(first)} + {_format_duration(seconds)} around the clock {end}"
        )
    parts = list(islice(_parts(calendar, start, due_at), _MOST_PARTS + 1))
    if len(parts) <= _MOST_PARTS:
        return f"{' · '.join(_part(*part, dated=dated) for part in parts)} {end}".lstrip()
    head = parts[: _MOST_PARTS - 2]
    last_day = _first_and_last(calendar, start, due_at)[1]
    *_, last = _days(calendar, business_hours.to_local(calendar, datetime.combine(last_day, time())), due_at)
    left = (last.day - head[-1][1]).days - 1
    more = f"and {left} more {'day' if left == 1 else 'days'}"
    words = [
        *(_part(*part, dated=dated) for part in head),
        more,
        _part(last, last.day, _word(calendar, last), dated=dated),
    ]
    return f"{' · '.join(words)} {end}"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A stretch of time that counts."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Days that do not count, by name, and why."""

    days: str
    why: str


def parts(calendar: Calendar | None, start: datetime, seconds: float, *, wall: bool = False) -> list[Counted | Closed]:
    """The stretches that count until `seconds` of open time after `start` are over, and the days that do not.

    A long span has its first parts and its last one. Each stretch is an instant to an instant, for any zone.
    """
    due_at = business_hours.add(None if wall else calendar, start, seconds)
    if wall or calendar is None:
        return [Counted(since=start, until=due_at)]
    found: list[Counted | Closed] = []
    for first, last, word in _parts(calendar, start, due_at):
        if first.counted:
            found += [
                Counted(since=opens.astimezone(UTC), until=closes.astimezone(UTC)) for opens, closes in first.counted
            ]
        else:
            name = _name(first.day) if last == first.day else f"{_name(first.day)} to {_name(last)}"
            found.append(Closed(days=name, why=word))
    if len(found) <= _MOST_PARTS:
        return found
    left = len(found) - _MOST_PARTS
    return [*found[: _MOST_PARTS - 1], Closed(days="In between", why=f"{left} more parts"), found[-1]]


def _days(calendar: Calendar, start: datetime, due_at: datetime) -> Iterator[_ExplainedDay]:
    """Yield every local day from start to due, worked or not; none if the two are the same instant."""
    if due_at <= start:
        return
    stretches = business_hours.local_open_stretches(calendar, start, due_at)
    day, last = _first_and_last(calendar, start, due_at)
    for worked, spans in groupby(stretches, key=lambda span: span[0].date()):
        while day < worked:
            yield _ExplainedDay(day=day)
            day += _DAY
        yield _ExplainedDay(day=worked, counted=tuple(spans))
        day = worked + _DAY
    while day <= last:
        yield _ExplainedDay(day=day)
        day += _DAY


def _first_and_last(calendar: Calendar, start: datetime, due_at: datetime) -> tuple[date, date]:
    """The local days of start and due. Midnight counts as the end of the day before."""
    first, last = (business_hours.to_local(calendar, instant).date() for instant in (start, due_at - _MOMENT))
    return first, max(first, last)


def _sentence(calendar: Calendar, told: _ExplainedDay) -> str:
    if told.counted:
        return f"{_name(told.day)}: {told.hours} counts {durations.format_seconds(round(told.seconds))}."
    return f"{_name(told.day)}: {calendars.why_closed(calendar, told.day) or 'outside hours'}."


def _parts(calendar: Calendar, start: datetime, due_at: datetime) -> Iterator[tuple[_ExplainedDay, date, str]]:
    """(first day, last day, words) of each part of the line: a day that counts, or a row of days that do not."""
    held: tuple[_ExplainedDay, date, str] | None = None
    for told in _days(calendar, start, due_at):
        word = _word(calendar, told)
        if held and not told.counted and not held[0].counted and held[2] == word:
            held = (held[0], told.day, word)
            continue
        if held:
            yield held
        held = (told, told.day, word)
    if held:
        yield held


def _part(first: _ExplainedDay, last: date, word: str, *, dated: bool) -> str:
    name = _short(first.day, dated=dated)
    return f"{name} {word}" if last == first.day else f"{name}–{_short(last, dated=dated)} {word}"


def _word(calendar: Calendar, told: _ExplainedDay) -> str:
    """The hours of a day and their sum, or a short reason why it does not count."""
    if told.counted:
        return f"{told.hours} {_format_duration(told.seconds)}"
    if calendars.why_closed(calendar, told.day) is None:
        return "outside hours"
    holiday = calendars.public_holiday(calendar, told.day)
    if holiday is None or told.day in calendar.closed:
        return "closed"
    return holiday if len(holiday) <= _LONGEST_HOLIDAY else "holiday"


def _short(day: date, *, dated: bool) -> str:
    return f"{day:%a} {day.day} {day:%b}" if dated else f"{day:%a}"


def _name(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def format_local_time(instant: datetime) -> str:
    """Format a local time: `Wed 2 Dec 2026 at 09:30`."""
    return f"{_name(instant.date())} at {_clock(instant)}"


def _clock(instant: datetime) -> str:
    return f"{instant:%H:%M:%S}" if instant.second else f"{instant:%H:%M}"


def _closing(opens: datetime, closes: datetime) -> str:
    """Format a closing time; midnight at the day's end is 24:00."""
    return _clock(closes) if closes.date() == opens.date() else "24:00"


def zone_name(calendar: Calendar | None) -> str:
    """Name of the time zone in which a calendar's times are shown; UTC without a calendar."""
    return calendar.timezone if calendar else "UTC"


def _format_duration(seconds: float) -> str:
    """Format seconds for people: `1 h 30`, `30 min`, `2 h`, `1 h 05 min 20 s`."""
    minutes, rest_s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours and not rest_s:
        return f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    parts = ((hours, f"{hours} h"), (minutes, f"{minutes:02} min" if hours else f"{minutes} min"))
    return " ".join([*(text for number, text in parts if number), *([f"{rest_s} s"] if rest_s or not minutes else [])])
