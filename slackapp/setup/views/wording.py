"""The words of set-up: names of objects, hours, times and steps, and who may edit what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from slackapp.clocks.rules.explanation import zone_name
from slackapp.company.model import Company
from slackapp.company.rules.labels import name_of_key
from slackapp.handoffs.views.wording import CLOCKS, PRIORITIES
from slackapp.setup.model import SetupState
from slackapp.setup.rules.levels import LevelActionChoice
from slackapp.setup.rules.week import Hours, runs
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import escape, mention, said, when
from storage.clocks.model import WEEKDAYS, Calendar, ClockKind, Duration, Level, LevelAction
from storage.company.model import Claimers, ObjectKind
from storage.handoffs.model import Priority

TITLE: Final = "Set up Baton"
GONE: Final = "This was removed meanwhile. Here is what is set up now."
AROUND_THE_CLOCK: Final = "around the clock"
NOBODY: Final = "nobody yet"
DAYS: Final[Mapping[str, str]] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
AUDIENCES: Final[Mapping[str, str]] = {
    "owner": "the owner",
    "sender": "the sender",
    "channel": "the team's channel",
    "managers": "the team's managers",
    "managers of managers": "the managers' managers",
    "admins": "Baton's admins",
}
CLAIMERS: Final[Mapping[str, str]] = {
    Claimers.MEMBERS.value: "Members and managers",
    Claimers.CHANNEL.value: "Everybody in the channel",
    Claimers.ANYONE.value: "Every colleague",
}
_ACTIONS: Final[Mapping[LevelAction, str]] = {
    LevelAction.CHECK: "Ask the owner “Still on it?”",
    LevelAction.RELEASE: "Put it back for the team",
    LevelAction.RAISE: "Raise the priority",
    LevelAction.REASSIGN: "Assign it to {to}",
}
_NAMED: Final = 5


def not_admin(admins: Sequence[str]) -> str:
    """The refusal for a person who is not an admin, naming who is."""
    return f"Only admins can set up Baton. Ask {phrases.any_of(admins)}."


def named(key: str) -> str:
    """A calendar's or policy's name for mrkdwn."""
    return said(name_of_key(key), 75)


def people(refs: Iterable[str], groups: Mapping[str, str], otherwise: str = NOBODY) -> str:
    """The first few of some people and user groups: people as mentions, which notify nobody in a modal.

    Args:
        refs: ids of people and user groups.
        groups: handles of user groups, by id.
        otherwise: what to say of nobody.
    """
    listed = list(refs)
    shown = ", ".join(ref if (ref := _group(one, groups)) else mention(one) for one in listed[:_NAMED])
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return f"{shown}{more}" if listed else otherwise


def channel(channel_id: str) -> str:
    """A channel as a mention; those who are not in a private one see that it is private."""
    return f"<#{''.join(letter for letter in channel_id if letter.isalnum())}>"


def owner(state: SetupState, kind: ObjectKind, key: str) -> str:
    """Who owns an object and who changed it last, in one line."""
    record = state.record(kind, key)
    file = record.file if record and record.file else None
    if state.is_in_slack(kind, key):
        place = "Edited here in Slack"
    else:
        place = f"Edited in the configuration file{f' ({said(file, 75)})' if file else ''}"
    if record is None or record.version == 0:
        return f"{place}."
    who = phrases.person({}, record.changed_by) if record.file is None else "the file"
    return f"{place} · last changed by {who} {when(record.changed_at)}."


def of_the_file(kind_word: str) -> str:
    """Where an object of the file is edited, and how it can be moved to Slack."""
    return (
        f"Change {kind_word} in the configuration file and run `baton config apply`. Or have the person who runs Baton "
        "hand it over to Slack with `baton config adopt`."
    )


def hours(intervals: Hours) -> str:
    """The hours of a day: `9:00–12:30, 13:30–17:00`; `closed` for none."""
    return ", ".join(f"{one.start:%H:%M}–{f'{one.end:%H:%M}' if one.end else '24:00'}" for one in intervals) or "closed"


def week(calendar: Calendar) -> list[str]:
    """The week of a calendar, a line for each run of days with equal hours."""
    return [f"{_days(first, last)} {hours(worked)}" for first, last, worked in runs(calendar)]


def calendar_line(calendar: Calendar | None) -> str:
    """Working hours in one line: the worked days, and the time zone."""
    if calendar is None:
        return AROUND_THE_CLOCK
    worked = [f"{_days(first, last)} {hours(found)}" for first, last, found in runs(calendar) if found]
    return f"{', '.join(worked)} ({escape(zone_name(calendar))})"


def day(value: date) -> str:
    """A day: `Fri 25 Dec 2026`."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def days(first: date, last: date) -> str:
    """A day, or a range of days."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def clock(kind: ClockKind) -> str:
    """A timer's name."""
    return CLOCKS[kind]


def duration(length: Duration) -> str:
    """A target in words: `30 min`, `2 working days`, `1 day around the clock`."""
    unit = "day" if length.wall else "working day"
    parts = [phrases.counted(length.days, unit)] if length.days else []
    parts += [phrases.span(length.seconds)] if length.seconds else []
    return " ".join(parts) + (f" {AROUND_THE_CLOCK}" if length.wall else "")


def targets(by_priority: Mapping[Priority, Duration]) -> str:
    """The targets of a timer, the most urgent priority first; those without one of their own have that of Normal."""
    order = [priority for priority in reversed(Priority) if priority in by_priority]
    if order == [Priority.NORMAL]:
        return duration(by_priority[Priority.NORMAL])
    last = [Priority.NORMAL] if Priority.NORMAL in order else []
    named = [f"{PRIORITIES[one]} {duration(by_priority[one])}" for one in order if one not in last]
    return " · ".join([*named, *(f"others {duration(by_priority[one])}" for one in last)])


def due(level: Level) -> str:
    """When a level is due, in words: `at 50 % of the claim time`, `30 min after the claim deadline`."""
    name = clock(level.clock).lower()
    if level.percent == 0 and level.offset_s > 0:
        return f"{phrases.span(level.offset_s)} after the {name} timer starts"
    if level.percent == 100 and level.offset_s:  # noqa: PLR2004 - the whole target
        side = "before" if level.offset_s < 0 else "after"
        return f"{phrases.span(abs(level.offset_s))} {side} the {name} deadline"
    if level.percent == 100:  # noqa: PLR2004 - the whole target
        return f"at the {name} deadline"
    sign = "minus" if level.offset_s < 0 else "plus"
    later = f" {sign} {phrases.span(abs(level.offset_s))}" if level.offset_s else ""
    return f"at {level.percent}% of the {name} time{later}"


def told(level: Level, groups: Mapping[str, str]) -> str:
    """Whom a level notifies, for mrkdwn."""
    usual = [AUDIENCES[word] for word in level.tell if word in AUDIENCES]
    webhooks = [said(word, 75) for word in level.tell if word.startswith("webhook ")]
    named = [word for word in level.tell if word not in AUDIENCES and not word.startswith(("webhook ", "managers"))]
    chains = [said(word, 75) for word in level.tell if word not in AUDIENCES and word.startswith("managers")]
    return ", ".join([*usual, *chains, *([people(named, groups)] if named else []), *webhooks])


def recipient(word: str, groups: Mapping[str, str]) -> str:
    """Somebody whom a level may notify, as an option, in plain text: a role, a user group or a webhook."""
    words = AUDIENCES.get(word) or _group(word, groups) or word
    return f"{words[:1].upper()}{words[1:]}"


def action(choice: LevelActionChoice) -> str:
    """What a level does besides notifying people, in plain text."""
    if choice.do is None:
        return "Nothing else"
    to = "the first available manager" if choice.to == "managers" else "the person named in the policy"
    words = _ACTIONS[choice.do].format(to=to)
    return f"{words} ({phrases.span(choice.within_s)} to answer)" if choice.within_s else words


def sender(name: str, groups: Mapping[str, str], company: Company | None = None) -> str:
    """Somebody who may hand off to a team, in plain text: a team, a user group, or a person."""
    queue = company.queue(name) if company else None
    if queue is not None:
        return queue.name
    return _group(name, groups) or ("A person" if name[:1] in {"U", "W"} else name)


def _group(ref: str, groups: Mapping[str, str]) -> str:
    """A user group by its handle; an empty string for a person."""
    if not ref.startswith("S"):
        return ""
    return f"@{said(groups[ref], 75)}" if groups.get(ref) else "a user group"


def _days(first: int, last: int) -> str:
    names = [WEEKDAYS[n].capitalize() for n in (first, last)]
    return names[0] if first == last else "–".join(names)
