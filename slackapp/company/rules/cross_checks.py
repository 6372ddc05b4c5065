"""Checks across the objects of a configuration: references, duplicates, and values that cannot be meant.

`across` checks the readable parts of a file, so that its problems are reported beside those of single values. It
skips values that could not be read: the model has reported those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import holidays

from slackapp.clocks.rules import business_hours, calendars, durations
from slackapp.company.model import Company
from slackapp.company.rules import policy_checks, regional_holidays
from slackapp.company.rules.schema import CompanyPart, HolidaysPart, PersonPart, known_keys
from slackapp.company.rules.values import is_queue_key
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.rules.template_checks import problems_within
from slackapp.yaml_files.problems import Misspelled, Place, Problem
from slackapp.yaml_files.schema import optional, with_places
from storage.clocks.model import Calendar, ClockKind, Duration, Policy
from storage.company.model import Claimers
from storage.handoffs.model import Priority

_LONGEST_WEEKS: Final = 104
_LONGEST_CLOSED: Final = timedelta(days=2 * 366 + 14)
_MOST_NAMED: Final = 5


def across(company: CompanyPart) -> Iterator[Problem]:
    """Problems between the objects of a file that was read in part, without lines: the reader adds those."""
    for kind in ("calendars", "webhooks", "queues", "policies", "templates"):
        yield from _repeated_keys(getattr(company, kind), (kind,))
    for place, policy in with_places(company.policies, ("policies",)):
        yield from _repeated_keys(policy.levels, (*place, "levels"))
    for place, queue in with_places(company.queues, ("queues",)):
        yield from _calendar(company, queue.calendar, place)
        yield from _reference(company, queue.policy, "policy", "policies", place)
        for n, sender in enumerate(queue.senders or ()):
            if sender and is_queue_key(sender):
                yield from _reference(company, sender, "queue", "queues", place, (*place, "senders", n))
    yield from _calendar(company, company.calendar, ())
    for person, entry in _people(company).items():
        yield from _calendar(company, entry.calendar, ("people", person))
    for place, calendar in with_places(company.calendars, ("calendars",)):
        yield from _subdivision(calendar.holidays, (*place, "holidays"))
        yield from _categories(calendar.holidays, (*place, "holidays"))
    yield from policy_checks.across(company)
    yield from templates_across(company)
    yield from _manager_cycles(company)


def _repeated_keys(items: Iterable[Any], around: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, item in with_places(items, around):
        if item.key in seen:
            what = f'"{item.key}" is the key of two {around[-1]}.'
            yield Problem(place=(*place, "key"), what=what, fix="Give one of them another key.")
        seen |= {item.key} if item.key else set()


def _people(company: CompanyPart) -> Mapping[str, PersonPart]:
    return {person: entry for person, entry in (company.people or {}).items() if optional(entry) is not None}


def _calendar(company: CompanyPart, wanted: str | None, place: Place) -> Iterator[Problem]:
    yield from _reference(company, wanted, "calendar", "calendars", place)


def _reference(  # noqa: PLR0917 - what is named, what it names, and where
    company: CompanyPart, wanted: str | None, name: str, kind: str, place: Place, at: Place | None = None
) -> Iterator[Problem]:
    known = known_keys(company, kind)
    if wanted is not None and wanted not in known:
        has = f"The file has {', '.join(known[:_MOST_NAMED])}." if known else f"The file has no {kind}."
        fix = f"{has} Add it under {kind} or name another."
        yield Problem(place=at or (*place, name), what=f'There is no {name} "{wanted}".', fix=fix)


def _subdivision(days: HolidaysPart | None, place: Place) -> Iterator[Problem]:
    if days is None or days.subdivision is None:
        return
    known = holidays.list_supported_countries().get(days.country) if days.country else None
    if days.country is None:
        fix = "Name its country beside it."
        yield Problem(place=(*place, "subdivision"), what=f'"{days.subdivision}" has no country.', fix=fix)
    elif known is not None and days.subdivision not in known:
        fix = f"Write one of {', '.join(known)}." if known else "Leave it out: this country has none."
        what = f'"{days.subdivision}" is not a region of {days.country}.'
        yield Problem(place=(*place, "subdivision"), what=what, fix=fix)


def _categories(days: HolidaysPart | None, place: Place) -> Iterator[Problem]:
    """Categories of holidays that the country does not have."""
    if days is None or not days.categories:
        return
    if days.country is None:
        what, fix = "have no country.", "Name their country beside them."
        yield Problem(place=(*place, "categories"), what=what, fix=fix)
    elif days.country in holidays.list_supported_countries():
        known = holidays.country_holidays(days.country).supported_categories
        for n, category in enumerate(days.categories):
            if category not in known:
                what = f'"{category}" is not a category of holidays in {days.country}.'
                near = Misspelled(word=category, known=known)
                fix = f"Write one of {', '.join(known)}." if len(known) > 1 else f"The only one is {known[0]}."
                yield Problem(place=(*place, "categories", n), what=what, fix=fix, misspelled=near)


def _manager_cycles(company: CompanyPart) -> Iterator[Problem]:
    """Cycles in the reporting lines, each reported once."""
    chain = {person: entry.manager for person, entry in _people(company).items() if entry.manager}
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
            fix = "Remove one of these lines: someone has to be at the top."
            yield Problem(
                place=("people", here, "manager"), what=f"People manage each other in a circle: {circle}.", fix=fix
            )


def impossible_times(company: Company) -> Iterator[Problem]:
    """Calendars that close for years, and targets that no queue's hours can hold.

    For a company whose single values are all valid.
    """
    for n, calendar in enumerate(company.calendars):
        yield from _years_closed(calendar, ("calendars", n, "holidays", "dates"))
    for n, queue in enumerate(company.queues):
        policy, calendar_of_queue = company.policy(queue.policy), company.hours_of(queue)
        for clock, priority, target in _targets(policy) if policy else ():
            span = None if target.wall else calendar_of_queue
            longest_s = _LONGEST_WEEKS * calendars.week_s(span)
            if durations.seconds(target, span) > longest_s:
                hours = f'of "{span.key}"' if span else "around the clock"
                yield Problem(
                    place=("queues", n, "policy"),
                    what=f"{clock.value} {priority.value} of {durations.format_duration(target)} takes longer than two "
                    f"years with the hours {hours}.",
                    fix="Shorten the target or give the queue a calendar with more hours.",
                )


def _targets(policy: Policy) -> Iterator[tuple[ClockKind, Priority, Duration]]:
    """Every target of a policy, including those of its rules."""
    for targets in (policy.targets, *(rule.targets for rule in policy.rules)):
        for clock, by_priority in targets.items():
            yield from ((clock, priority, target) for priority, target in by_priority.items())


def _years_closed(calendar: Calendar, place: Place) -> Iterator[Problem]:
    """Closed dates that leave no working time for more than two years: a clock would never advance."""
    for day in calendar.closed:
        midnight = business_hours.to_local(calendar, datetime.combine(day, time()))
        opens_at = business_hours.opens_at(calendar, midnight)
        if opens_at - midnight > _LONGEST_CLOSED:
            yield Problem(
                place=place,
                what=f"leave no working hours for more than two years from {day} on.",
                fix="Shorten the ranges, or add working days under days.",
            )
            return


def notices(company: Company, today: date) -> Iterator[Problem]:
    """Warnings: allowed settings that may surprise, in this year and the next."""
    yield from regional_holidays.notices(company, today)
    yield from policy_checks.notices(company)
    yield from template_notices(company)
    for n, queue in enumerate(company.queues):
        if queue.claimers is Claimers.MEMBERS and not (queue.members or queue.managers):
            what = f"Nobody can claim in {queue.name}: the queue has no members and no managers."
            yield Problem(place=("queues", n), what=what)


def templates_across(company: CompanyPart) -> Iterator[Problem]:
    """Problems within the templates of a file read in part, and queues that offer unknown ones."""
    for place, template in with_places(company.templates, ("templates",)):
        yield from problems_within(template, place)
    yield from _offers(company)


def template_notices(company: Company) -> Iterator[Problem]:
    """Warnings about templates: allowed settings that may surprise."""
    offered = {key for queue in company.queues for key in queue.templates}
    known = {queue.key for queue in company.queues} | {ref.key for ref in company.in_slack}
    for n, template in enumerate(company.templates):
        for m, key in enumerate(template.queues):
            if key not in known:
                yield Problem(place=("templates", n, "queues", m), what=f'There is no queue "{key}".')
        if template.key not in offered and not known & {*template.queues}:
            yield Problem(place=("templates", n), what=f'No queue offers the template "{template.key}".')


def _offers(company: CompanyPart) -> Iterator[Problem]:
    known = list(dict.fromkeys([*known_keys(company, "templates"), *(template.key for template in shipped())]))
    for place, queue in with_places(company.queues, ("queues",)):
        for n, key in enumerate(queue.templates):
            if key not in known:
                what, near = f'There is no template "{key}".', Misspelled(word=key, known=known)
                fix = f"Add it under templates or name another: {', '.join(known)}."
                yield Problem(place=(*place, "templates", n), what=what, fix=fix, misspelled=near)
