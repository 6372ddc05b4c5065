"""Checks across the objects of a configuration: what refers to what, what stands twice, what cannot be meant.

They look at the plain data, so that they find their problems beside those of single values; where something has
not the expected shape they stay silent, because the model has reported it already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final

import holidays

from slackapp.configuration import policy_checks, template_checks
from slackapp.configuration.company import Company
from slackapp.configuration.problems import Place, Problem
from slackapp.configuration.source import listed
from slackapp.policy import business_hours, calendars, durations
from storage.company import Calendar, Duration, Policy
from storage.records import Clock, Priority

_LONGEST_WEEKS: Final = 104
_LONGEST_CLOSED: Final = timedelta(days=2 * 366 + 14)
_REFERENCES: Final = {"calendar": "calendars", "policy": "policies"}
_MOST_NAMED: Final = 5


def across(data: Any) -> Iterator[Problem]:
    """Problems between the objects of a file. Lines are added by the reader."""
    for kind in ("calendars", "webhooks", "queues", "policies", "templates"):
        yield from _twice(listed(data, kind), (kind,))
    for place, policy in listed(data, "policies"):
        yield from _twice(listed(policy, "levels", place), (*place, "levels"))
    for place, queue in listed(data, "queues"):
        yield from _references(data, queue, place)
    yield from _calendars_of(data)
    for place, calendar in listed(data, "calendars"):
        yield from _subdivision(calendar.get("holidays"), (*place, "holidays"))
    yield from policy_checks.across(data)
    yield from template_checks.across(data)
    yield from _circles(data)


def _twice(items: list[tuple[Place, dict[str, Any]]], around: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, item in items:
        key = item.get("key")
        if not isinstance(key, str):
            continue
        if key in seen:
            what = f'"{key}" is the key of two {around[-1]}.'
            yield Problem(place=(*place, "key"), what=what, mend="Give one of them another key.")
        seen.add(key)


def _calendars_of(data: Any) -> Iterator[Problem]:
    """The calendars of the workspace and of people that the file does not have."""
    if not isinstance(data, dict):
        return
    people = data.get("people")
    named = people.items() if isinstance(people, dict) else ()
    places: list[tuple[Place, Any]] = [((), data), *((("people", person), entry) for person, entry in named)]
    for place, entry in places:
        if isinstance(entry, dict):
            yield from _references(data, {"calendar": entry.get("calendar")}, place)


def _references(data: Any, item: dict[str, Any], place: Place) -> Iterator[Problem]:
    for name, kind in _REFERENCES.items():
        wanted = item.get(name)
        known = [str(item.get("key")) for _, item in listed(data, kind)]
        if isinstance(wanted, str) and wanted not in known:
            has = f"The file has {', '.join(known[:_MOST_NAMED])}." if known else f"The file has no {kind}."
            mend = f"{has} Add it under {kind} or name another."
            yield Problem(place=(*place, name), what=f'There is no {name} "{wanted}".', mend=mend)


def _subdivision(days: Any, place: Place) -> Iterator[Problem]:
    if not isinstance(days, dict) or not isinstance(days.get("subdivision"), str):
        return
    country, subdivision = days.get("country"), days["subdivision"]
    known = holidays.list_supported_countries().get(country) if isinstance(country, str) else None
    if country is None:
        mend = "Name its country beside it."
        yield Problem(place=(*place, "subdivision"), what=f'"{subdivision}" stands without a country.', mend=mend)
    elif known is not None and subdivision not in known:
        mend = f"Write one of {', '.join(known)}." if known else "Leave it out: this country has none."
        yield Problem(place=(*place, "subdivision"), what=f'"{subdivision}" is no part of {country}.', mend=mend)


def _circles(data: Any) -> Iterator[Problem]:
    """Chains of managers that come back to where they began; each is reported once."""
    people = data.get("people") if isinstance(data, dict) else None
    chain = {
        person: entry["manager"]
        for person, entry in (people.items() if isinstance(people, dict) else ())
        if isinstance(entry, dict) and isinstance(entry.get("manager"), str)
    }
    done: set[str] = set()
    for person in chain:
        walked: list[str] = []
        here = person
        while here in chain and here not in done:
            done.add(here)
            walked.append(here)
            here = chain[here]
        if here in walked:
            circle = " → ".join([*walked[walked.index(here) :], here])
            mend = "Take one of these lines out: somebody has no manager above them."
            yield Problem(place=("people", here, "manager"), what=f"People manage each other: {circle}.", mend=mend)


def sane(company: Company) -> Iterator[Problem]:
    """Calendars that close for years, and targets that no queue's hours can hold.

    For a company whose single values are all good.
    """
    for n, calendar in enumerate(company.calendars):
        yield from _endless(calendar, ("calendars", n, "holidays", "dates"))
    for n, queue in enumerate(company.queues):
        policy, calendar_of_queue = company.policy(queue.policy), company.hours_of(queue)
        for clock, priority, target in _targets(policy) if policy else ():
            span = None if target.wall else calendar_of_queue
            longest_s = _LONGEST_WEEKS * calendars.week_seconds(span)
            if durations.seconds(target, span) > longest_s:
                hours = f'of "{span.key}"' if span else "around the clock"
                yield Problem(
                    place=("queues", n, "policy"),
                    what=f"{clock.value} {priority.value} of {durations.show(target)} takes longer than two years "
                    f"in the hours {hours}.",
                    mend="Shorten the target or give the queue a calendar with more hours.",
                )


def _targets(policy: Policy) -> Iterator[tuple[Clock, Priority, Duration]]:
    """Every target of a policy, those of its rules too."""
    for targets in (policy.targets, *(rule.targets for rule in policy.rules)):
        for clock, by_priority in targets.items():
            yield from ((clock, priority, target) for priority, target in by_priority.items())


def _endless(calendar: Calendar, place: Place) -> Iterator[Problem]:
    """Closed dates that leave nothing to work for longer than two years: a clock would stand still."""
    for day in calendar.closed:
        midnight = business_hours.local(calendar, datetime.combine(day, time()))
        opens_at = business_hours.opens_at(calendar, midnight)
        if opens_at - midnight > _LONGEST_CLOSED:
            yield Problem(
                place=place,
                what=f"leave nothing to work for longer than two years from {day} on.",
                mend="Shorten the ranges, or name days that are worked under days.",
            )
            return


def notices(company: Company) -> Iterator[Problem]:
    """What is allowed but may surprise."""
    yield from policy_checks.notices(company)
    yield from template_checks.notices(company)
    for n, queue in enumerate(company.queues):
        if not (queue.members or queue.managers):
            what = f"Nobody may claim in {queue.name}: it has neither members nor managers."
            yield Problem(place=("queues", n), what=what)
