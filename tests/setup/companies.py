"""Companies to draw: an empty one, and one with two hundred teams and the longest names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from slackapp.company.model import Company
from slackapp.setup.model import Progress, SetupState, SetupStep
from slackapp.setup.views.policies import TARGET_CLOCKS
from storage.clocks.model import Calendar, ClockKind, Duration, Interval, Level, LevelAction, Policy, SpecialDays
from storage.company.model import Channel, ObjectOwner, ObjectRecord, Queue
from storage.handoffs.model import Priority
from storage.templates.model import Template

NOW: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)
LONG: Final = "<!channel> *Größe* & " * 5
_HOURS: Final = (Interval(start=time(9), end=time(12)), Interval(start=time(13), end=None))
_DAY: Final = timedelta(days=1)


def an_empty_company() -> SetupState:
    """Nothing is set up."""
    return SetupState(now=NOW, company=Company())


def a_large_company(*, in_slack: bool = True) -> SetupState:
    """Two hundred teams, and everything else in hundreds, with the longest names."""
    calendars, policies = tuple(map(_calendar, range(120))), tuple(map(_policy, range(120)))
    people, groups = (tuple(f"{letter}{n:010}" for n in range(count)) for letter, count in (("U", 400), ("S", 90)))
    queues = tuple(
        Queue(
            workspace="T", key=f"{'q' * 55}{n}", name=(LONG * 2)[:75], channel=f"C{n}", members=(*groups, *people),
            managers=people, calendar=calendars[n % 120].key, policy=policies[n % 120].key,
            templates=tuple(f"t{n}" for n in range(150)),
        )
        for n in range(200)
    )  # fmt: skip
    company = Company(
        calendars=calendars, policies=policies, queues=queues, admins=people, workspace_calendar=calendars[0].key,
        managers=dict(zip(people, reversed(people), strict=True)), templates=(Template(key="x", name=LONG[:75]),),
    )  # fmt: skip
    records = {
        ref: ObjectRecord(
            workspace="T", kind=ref.kind, key=ref.key, owner=ObjectOwner.FILE, version=3, changed_at=NOW,
            changed_by="U1", file=LONG * 3,
        )
        for ref in company.records()
    }  # fmt: skip
    return SetupState(
        now=NOW,
        company=replace(company, in_slack=frozenset(company.records() if in_slack else ())),
        records=records,
        progress=Progress(done=frozenset({SetupStep.TEAM}), teams=200, first_team=queues[0].key, demo=queues[1].key),
        channels={"C0": Channel(workspace="T", id="C0", name="x", is_private=True)},
        templates=tuple(Template(key=f"t{n}", name=LONG[:75]) for n in range(150)),
        has_groups=True,
        groups=dict.fromkeys(groups, "g" * 200),
        open_work={queues[0].key: 12, queues[1].key: 3},
    )


def _calendar(n: int) -> Calendar:
    own = (date(2027, 1, day) for day in range(1, 28))
    return Calendar(
        workspace="T", key=f"{'k' * 55}{n}", timezone="America/Argentina/ComodRivadavia", hours=(_HOURS,) * 7,
        country="IT", closed=tuple(date(2026, 12, 1) + 2 * day * _DAY for day in range(90)),
        special=tuple(SpecialDays(first=day, last=day, hours=_HOURS) for day in own),
    )  # fmt: skip


def _policy(n: int) -> Policy:
    level = Level(
        key="l", clock=ClockKind.CLAIM, tell=tuple(f"U{n}" for n in range(300)), repeat_times=20, repeat_every_s=60,
        do=LevelAction.CHECK, within_s=77,
    )  # fmt: skip
    return Policy(
        workspace="T", key=f"{'p' * 55}{n}",
        targets={clock: {p: Duration(days=3, seconds=5400) for p in Priority} for clock in TARGET_CLOCKS},
        levels=tuple(replace(level, key=f"{'l' * 55}{n}") for n in range(60)),
    )  # fmt: skip
