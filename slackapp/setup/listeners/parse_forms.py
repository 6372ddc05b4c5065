"""Parse the forms of set-up: the record as changed by a form, and the problems of the entered values by field.

Values are read by the readers of the configuration file. The whole configuration is checked when it is saved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, Final, Generic, TypeVar

from slackapp.company.model import PersonSettings
from slackapp.company.rules import values
from slackapp.runtime.visible_text import is_blank
from slackapp.setup.model import FormSubject
from slackapp.setup.rules import levels, week
from slackapp.setup.rules.week import Hours
from slackapp.setup.views.hours import COUNTRY, ZONE
from slackapp.setup.views.teams import MANAGER_GROUPS, MEMBER_GROUPS, NONE
from slackapp.slack.field_problems import FieldProblem, problem_sentence
from slackapp.yaml_files import scalars
from slackapp.yaml_files.entered import read_entered
from slackapp.yaml_files.problems import WrongValueError
from storage.clocks.model import Calendar, ClockKind, Duration, Level, Policy
from storage.company.model import Claimers, Queue
from storage.handoffs.model import Priority

Entered = Mapping[str, Any]
Record = TypeVar("Record")

_REPEAT: Final = re.compile(r"(?P<times>[0-9]{1,3})\s*(?:x|×|times)?\s*(?:every)?\s+(?P<every>\S.*)", re.IGNORECASE)
_TOO_LONG_DAYS: Final = 2 * 366
_EMPTY: Final = problem_sentence(FieldProblem.EMPTY)


@dataclass(frozen=True, kw_only=True)
class Parsed(Generic[Record]):
    """The record as changed by a form, and the problems of the entered values, by field."""

    record: Record
    problems: Mapping[str, str] = field(default_factory=dict)


def team(had: Queue, _subject: FormSubject, entered: Entered) -> Parsed[Queue]:
    """The team as changed by the form of its name, channel and people."""
    found: dict[str, str] = {}
    name = read_entered(found, "name", entered, scalars.name, had.name)
    channel = entered.get("channel") or ""
    if is_blank(name):
        found["name"] = _EMPTY
    if not channel:
        found["channel"] = "Choose the channel in which this team's handoffs are posted."
    elif channel != had.channel:
        channel = read_entered(found, "channel", entered, _channel, channel)
    after = replace(
        had,
        name=" ".join(name.split()),
        channel=channel,
        members=_in_order(had.members, _refs(entered, "members", MEMBER_GROUPS)),
        managers=_in_order(had.managers, _refs(entered, "managers", MANAGER_GROUPS)),
    )
    return Parsed(record=after, problems=found)


def handling(had: Queue, _subject: FormSubject, entered: Entered) -> Parsed[Queue]:
    """The team as changed by the form of its templates, hours, policy, rights and what happens in its channel."""
    after = replace(
        had,
        templates=_in_order(had.templates, entered["templates"] or ()) if "templates" in entered else had.templates,
        calendar=_chosen(entered, "calendar"),
        policy=_chosen(entered, "policy"),
        digest="digest" in entered["in_channel"] if "in_channel" in entered else had.digest,
        claim_by_reply="claim_by_reply" in entered["in_channel"] if "in_channel" in entered else had.claim_by_reply,
        claimers=Claimers(entered.get("claimers") or had.claimers),
        senders=_in_order(had.senders, entered["senders"] or ()) if "senders" in entered else had.senders,
    )
    return Parsed(record=after)


def hours(had: Calendar, _subject: FormSubject, entered: Entered) -> Parsed[Calendar]:
    """The calendar with the same hours on all chosen days, and days off on the others."""
    found: dict[str, str] = {}
    worked = _interval(found, entered, "start", "end")
    days = tuple(entered.get("days") or ())
    if not days:
        found["days"] = "Choose at least one working day."
    if not worked and not found:
        found["start"] = _EMPTY
    closed = replace(had, hours=((),) * 7, timezone=entered.get(ZONE) or had.timezone)
    return Parsed(record=week.with_days(closed, days, worked), problems=found)


def hours_of_days(had: Calendar, _subject: FormSubject, entered: Entered) -> Parsed[Calendar]:
    """The calendar with other hours on the chosen days."""
    found: dict[str, str] = {}
    worked = (*_interval(found, entered, "start", "end"), *_interval(found, entered, "start_2", "end_2"))
    days = tuple(entered.get("days") or ())
    if not days:
        found["days"] = "Choose the days."
    if not found and len(worked) > 1 and (worked[0].end is None or worked[1].start < worked[0].end):
        found["start_2"] = "The second part starts before the first one ends. Choose a later time."
    return Parsed(record=week.with_days(had, days, worked), problems=found)


def public_holidays(had: Calendar, _subject: FormSubject, entered: Entered) -> Parsed[Calendar]:
    """The calendar with the public holidays of a country, and a region if the form has one."""
    country = entered.get(COUNTRY)
    same = country == had.country
    region = entered.get("region") if same or "region" in entered else None
    categories = had.categories if same else ()
    return Parsed(record=replace(had, country=country, subdivision=region or None, categories=categories))


def own_day(had: Calendar, _subject: FormSubject, entered: Entered) -> Parsed[Calendar]:
    """The calendar with a day off, or a day with hours of its own."""
    found: dict[str, str] = {}
    first = date.fromisoformat(entered["first"]) if entered.get("first") else None
    last = date.fromisoformat(entered["last"]) if entered.get("last") else first
    worked = _interval(found, entered, "start", "end")
    if first is None or last is None:
        return Parsed(record=had, problems={"first": "Choose a day.", **found})
    if last < first:
        found["last"] = "The last day is before the first one. Choose a later day."
    elif (last - first).days >= _TOO_LONG_DAYS:
        found["last"] = "This is longer than two years. Choose an earlier day, or change the week."
    if found:
        return Parsed(record=had, problems=found)
    cleared = week.without_days(had, first, last)
    after = week.with_special(cleared, first, last, worked) if worked else week.with_closed(cleared, first, last)
    return Parsed(record=after)


def policy(had: Policy, _subject: FormSubject, entered: Entered) -> Parsed[Policy]:
    """A new policy: targets for claiming and finishing, whatever the priority, and the usual levels."""
    found: dict[str, str] = {}
    claim = read_entered(found, "claim", entered, values.target, None)
    finish = read_entered(found, "finish", entered, values.target, None)
    if claim is None and "claim" not in found:
        found["claim"] = _EMPTY
    targets = {ClockKind.CLAIM: claim, ClockKind.FINISH: finish}
    after = replace(
        had,
        targets={clock: {Priority.NORMAL: target} for clock, target in targets.items() if target},
        levels=_usual_levels(has_finish=finish is not None),
    )
    return Parsed(record=after, problems=found)


def targets(had: Policy, subject: FormSubject, entered: Entered) -> Parsed[Policy]:
    """The policy with other targets of one timer."""
    found: dict[str, str] = {}
    clock = ClockKind(subject.part)
    entries = {priority: read_entered(found, priority.value, entered, values.target, None) for priority in Priority}
    wanted: dict[Priority, Duration] = {priority: target for priority, target in entries.items() if target}
    others = {one: by_priority for one, by_priority in had.targets.items() if one is not clock}
    after = {**others, clock: wanted} if wanted else others
    return Parsed(record=replace(had, targets=dict(sorted(after.items(), key=_life))), problems=found)


def level(had: Policy, subject: FormSubject, entered: Entered) -> Parsed[Policy]:
    """The policy with a level changed or added."""
    found: dict[str, str] = {}
    before = levels.find(had, subject.part)
    percent, offset_s = read_entered(found, "at", entered, values.moment, (100, 0))
    times, every_s = read_entered(found, "repeat", entered, _repetition, (0, 0))
    does = levels.actions_for(before).get(str(entered.get("do")), levels.action_of(before))
    told = (*(entered.get("tell") or ()), *(entered.get("people") or ()))
    if not told and does.do is None:
        found["tell"] = "Choose who is notified, or something else to do."
    after = Level(
        key=before.key if before else levels.free_key(had),
        clock=ClockKind(entered.get("clock") or ClockKind.CLAIM),
        percent=percent,
        offset_s=offset_s,
        tell=tuple(dict.fromkeys(told)),
        repeat_times=times,
        repeat_every_s=every_s,
        do=does.do,
        within_s=does.within_s,
        to=does.to,
    )
    return Parsed(record=levels.with_level(had, after), problems=found)


def person(_had: PersonSettings, _subject: FormSubject, entered: Entered) -> Parsed[PersonSettings]:
    """A person's manager and hours."""
    return Parsed(record=PersonSettings(manager=entered.get("manager"), calendar=_chosen(entered, "calendar")))


def admins(_had: tuple[str, ...], _subject: FormSubject, entered: Entered) -> Parsed[tuple[str, ...]]:
    """The admins named in the form."""
    named = tuple(dict.fromkeys(entered.get("admins") or ()))
    nobody = (
        {} if named or entered.get("slack_admins") else {"admins": "Name at least one admin, or tick the box below."}
    )
    return Parsed(record=named, problems=nobody)


def emoji(had: str, _subject: FormSubject, entered: Entered) -> Parsed[str]:
    """The name of the emoji that begins a handoff; empty for none."""
    found: dict[str, str] = {}
    name = read_entered(found, "emoji", entered, values.emoji, "")
    return Parsed(record=had if found else name, problems=found)


def _usual_levels(*, has_finish: bool) -> tuple[Level, ...]:
    claim = (
        Level(key="claim-late", clock=ClockKind.CLAIM, tell=("managers",)),
        Level(key="claim-later", clock=ClockKind.CLAIM, percent=200, tell=("managers of managers", "admins")),
    )
    finish = Level(key="finish-late", clock=ClockKind.FINISH, tell=("owner", "managers"))
    return (*claim, finish) if has_finish else claim


def _life(item: tuple[ClockKind, Any]) -> int:
    return list(ClockKind).index(item[0])


def _repetition(written: str) -> tuple[int, int]:
    """How often a level is repeated, and the seconds between: `3x 30m`.

    Raises:
        WrongValueError: not written like that, or too often.
    """
    found = _REPEAT.fullmatch(written.strip())
    if not found:
        raise WrongValueError(f'"{written}" is not a repetition.', "Write how often and the time between: 3x 30m.")
    return values.times(found["times"]), values.pause(found["every"])


def _channel(written: str) -> str:
    """A channel that handoffs can be posted in.

    Raises:
        WrongValueError: a direct message, or something else that is no channel.
    """
    try:
        return scalars.channel(written)
    except WrongValueError:
        raise WrongValueError("This is not a channel.", "Choose a channel, not a person or a group message.") from None


def _interval(found: dict[str, str], entered: Entered, start: str, end: str) -> Hours:
    """The hours between two times of day; none if both are empty."""
    since, until = (time.fromisoformat(entered[name]) if entered.get(name) else None for name in (start, end))
    if since is None and until is None:
        return ()
    if since is None or until is None:
        found[start if since is None else end] = "Choose both times, or neither."
        return ()
    if until <= since and until != time():
        found[end] = "This is before the start. Work past midnight goes into two parts: until 0:00, and the next day."
        return ()
    return (week.interval(since, until),)


def _refs(entered: Entered, people: str, groups: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(entered.get(groups) or ()), *(entered.get(people) or ()))))


def _in_order(had: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The chosen ones in the order that they had before: a change of order is none that a form can mean."""
    return (*(one for one in had if one in chosen), *(one for one in chosen if one not in had))


def _chosen(entered: Entered, name: str) -> str | None:
    found = entered.get(name)
    return None if found in {None, NONE} else str(found)
