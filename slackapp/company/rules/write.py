"""Write a company as a configuration file that `read` turns into the same company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from slackapp.clocks.rules import durations
from slackapp.company.model import LISTS, Company, WorkspaceSetting
from slackapp.company.rules import days
from slackapp.templates.rules.write import plain_template
from slackapp.yaml_files.layout import InOneLine, PlainWord, dump, without_empty
from storage.clocks.model import WEEKDAYS, Calendar, ClockKind, Duration, Interval, Level, Policy
from storage.company.model import Claimers, ObjectKind, ObjectRef, Queue
from storage.handoffs.model import Priority


def write(company: Company) -> str:
    """The text of a company's configuration file."""
    texts = [dump({name: part}) for name, part in plain(company).items() if part]
    return "\n".join(["version: 1\n", *texts])


def plain(company: Company) -> dict[str, Any]:
    """A company as mappings, lists and strings, as written in a file."""
    return {
        "calendars": [_calendar(calendar) for calendar in company.calendars],
        "calendar": company.workspace_calendar,
        "people": {person: _person(company, person) for person in company.people},
        "admins": list(company.admins),
        "emoji": company.emoji,
        "slack_admins": None if company.slack_admins else PlainWord("no"),
        "webhooks": [InOneLine(key=webhook.key, url=webhook.url) for webhook in company.webhooks],
        "queues": [_queue(queue) for queue in company.queues],
        "policies": [_policy(policy) for policy in company.policies],
        "templates": [plain_template(template) for template in company.templates],
        "in_slack": _in_slack(company),
    }


def objects(company: Company) -> dict[ObjectRef, Any]:
    """Every object of a company by its name, as `plain` writes it. A setting that says nothing is left out."""
    written = plain(company)
    listed = {ObjectRef(kind, item["key"]): item for kind, name in LISTS.items() for item in written[name]}
    people = {ObjectRef(ObjectKind.PERSON, person): entry for person, entry in written["people"].items()}
    settings = {ObjectRef(ObjectKind.SETTING, name.value): written[name] for name in WorkspaceSetting}
    return {**listed, **people, **{ref: value for ref, value in settings.items() if value}}


def _in_slack(company: Company) -> dict[str, Any]:
    listed = {**LISTS, ObjectKind.PERSON: "people", ObjectKind.SETTING: "settings"}
    names = {name: sorted(ref.key for ref in company.in_slack if ref.kind is kind) for kind, name in listed.items()}
    return {name: list(map(str, keys)) for name, keys in names.items() if keys}


def _person(company: Company, person: str) -> dict[str, Any]:
    entry = asdict(company.settings_of(person))
    return InOneLine({name: value for name, value in entry.items() if value})


def _calendar(calendar: Calendar) -> dict[str, Any]:
    closed = {
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "categories": list(calendar.categories),
        "dates": days.ranges(calendar.closed),
    }
    return without_empty(
        key=calendar.key,
        timezone=calendar.timezone,
        hours=InOneLine(_hours(calendar.hours)),
        holidays=InOneLine({name: value for name, value in closed.items() if value}),
        days={
            days.format_days(own.first, own.last): [_interval(hours) for hours in own.hours] for own in calendar.special
        },
    )


def _hours(week: tuple[tuple[Interval, ...], ...]) -> Mapping[str, list[str]]:
    """Hours by weekdays, with neighbouring days of equal hours together: `mon-fri`."""
    runs: list[tuple[int, int, tuple[Interval, ...]]] = []
    for day, hours in enumerate(week):
        if runs and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], day, hours)
        else:
            runs.append((day, day, hours))
    return {_weekdays(first, last): [_interval(hours) for hours in open_] for first, last, open_ in runs if open_}


def _weekdays(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"


def _interval(hours: Interval) -> str:
    end = "24:00" if hours.end is None else hours.end.isoformat("minutes")
    return f"{hours.start.isoformat('minutes')}-{end}"


def _queue(queue: Queue) -> dict[str, Any]:
    return without_empty(
        key=queue.key,
        name=queue.name,
        channel=queue.channel,
        members=list(queue.members),
        managers=list(queue.managers),
        calendar=queue.calendar,
        templates=list(queue.templates),
        policy=queue.policy,
        digest=None if queue.digest else PlainWord("no"),
        claimers=None if queue.claimers is Claimers.MEMBERS else queue.claimers.value,
        senders=list(queue.senders),
        claim_by_reply=PlainWord("yes") if queue.claim_by_reply else None,
    )


def _policy(policy: Policy) -> dict[str, Any]:
    wakes = {} if policy.wake == Policy.wake else {"wake": [priority.value for priority in policy.wake]}
    written = without_empty(
        targets=_targets(policy.targets),
        rules=[
            {
                "when": InOneLine({name: list(wanted) for name, wanted in rule.when.items()}),
                "targets": _targets(rule.targets),
            }
            for rule in policy.rules
        ],
        levels=[InOneLine(_level(level)) for level in policy.levels],
    )
    return {"key": policy.key, **wakes, **written}


def _targets(targets: Mapping[ClockKind, Mapping[Priority, Duration]]) -> dict[str, Any]:
    return {
        clock.value: InOneLine(
            {priority.value: durations.format_duration(target) for priority, target in by_priority.items()}
        )
        for clock, by_priority in targets.items()
    }


def _level(level: Level) -> dict[str, Any]:
    tells = {"tell": list(level.tell)} if level.tell or level.do is None else {}
    acts = without_empty(
        do=level.do.value if level.do else None,
        within=durations.format_seconds(level.within_s) if level.within_s else None,
        to=level.to,
    )
    at = durations.format_due_point(level)
    return {"key": level.key, "clock": level.clock.value, "at": at, **tells, **_repeat(level), **acts}


def _repeat(level: Level) -> Mapping[str, Any]:
    if not level.repeat_times:
        return {}
    every = durations.format_seconds(level.repeat_every_s)
    return {"repeat": InOneLine(times=level.repeat_times, every=every)}
