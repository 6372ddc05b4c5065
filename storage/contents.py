"""Policies and calendars as JSON and back: their inner shape is nobody's business but theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from storage.company import Calendar, Do, Duration, Interval, Level, Policy, Rule, SpecialDays
from storage.records import Clock, Priority

Targets = Mapping[Clock, Mapping[Priority, Duration]]


def of_policy(policy: Policy) -> dict[str, Any]:
    """What a policy says, without its name and version. Equal contents give equal JSON.

    What came into the language later is left out where it says nothing, so that a policy that was stored before stays
    the same version.
    """
    content: dict[str, Any] = {
        "targets": _of_targets(policy.targets),
        "levels": [_of_level(level) for level in policy.levels],
    }
    if policy.rules:
        content["rules"] = [
            {"when": {name: list(wanted) for name, wanted in rule.when.items()}, "targets": _of_targets(rule.targets)}
            for rule in policy.rules
        ]
    if policy.wake != Policy.wake:
        content["wake"] = [str(priority) for priority in policy.wake]
    return content


def _of_level(level: Level) -> dict[str, Any]:
    content: dict[str, Any] = {
        "key": level.key,
        "clock": str(level.clock),
        "percent": level.percent,
        "offset_s": level.offset_s,
        "tell": list(level.tell),
        "repeat_times": level.repeat_times,
        "repeat_every_s": level.repeat_every_s,
    }
    acts = {"do": level.do and str(level.do), "within_s": level.within_s, "to": level.to}
    return content | {name: value for name, value in acts.items() if value}


def _of_targets(targets: Targets) -> dict[str, Any]:
    return {
        str(clock): {str(priority): _of_duration(target) for priority, target in by_priority.items()}
        for clock, by_priority in targets.items()
    }


def policy(workspace: str, key: str, version: int, content: Mapping[str, Any]) -> Policy:
    """Read a policy back, one from before there were rules and actions too."""
    return Policy(
        workspace=workspace,
        key=key,
        version=version,
        targets=_targets(content["targets"]),
        levels=tuple(_level(level) for level in content["levels"]),
        rules=tuple(
            Rule(when={name: tuple(wanted) for name, wanted in rule["when"].items()}, targets=_targets(rule["targets"]))
            for rule in content.get("rules", ())
        ),
        wake=tuple(Priority(word) for word in content["wake"]) if "wake" in content else Policy.wake,
    )


def _level(content: Mapping[str, Any]) -> Level:
    do = content.get("do")
    read = {"clock": Clock(content["clock"]), "tell": tuple(content["tell"]), "do": Do(do) if do else None}
    return Level(**{**content, **read})


def _targets(content: Mapping[str, Any]) -> Targets:
    return {
        Clock(clock): {Priority(priority): Duration(**target) for priority, target in by_priority.items()}
        for clock, by_priority in content.items()
    }


def of_calendar(calendar: Calendar) -> dict[str, Any]:
    """What a calendar says, without its name."""
    return {
        "timezone": calendar.timezone,
        "hours": [[_of_interval(interval) for interval in day] for day in calendar.hours],
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "closed": [day.isoformat() for day in calendar.closed],
        "special": [
            {
                "first": days.first.isoformat(),
                "last": days.last.isoformat(),
                "hours": [_of_interval(interval) for interval in days.hours],
            }
            for days in calendar.special
        ],
    }


def calendar(workspace: str, key: str, content: Mapping[str, Any]) -> Calendar:
    """Read a calendar back. One that was stored before there were special days has none."""
    return Calendar(
        workspace=workspace,
        key=key,
        timezone=content["timezone"],
        hours=tuple(tuple(_interval(interval) for interval in day) for day in content["hours"]),
        country=content["country"],
        subdivision=content["subdivision"],
        closed=tuple(date.fromisoformat(day) for day in content["closed"]),
        special=tuple(_special(days) for days in content.get("special", ())),
    )


def _of_duration(duration: Duration) -> dict[str, Any]:
    return {"days": duration.days, "seconds": duration.seconds, "wall": duration.wall}


def _special(days: Mapping[str, Any]) -> SpecialDays:
    return SpecialDays(
        first=date.fromisoformat(days["first"]),
        last=date.fromisoformat(days["last"]),
        hours=tuple(_interval(interval) for interval in days["hours"]),
    )


def _of_interval(interval: Interval) -> list[str | None]:
    return [interval.start.isoformat(), interval.end.isoformat() if interval.end else None]


def _interval(pair: list[str | None]) -> Interval:
    start, end = pair
    return Interval(start=time.fromisoformat(start or "00:00"), end=time.fromisoformat(end) if end else None)
