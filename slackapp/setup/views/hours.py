"""Working hours in set-up: the calendars, a calendar's page, and its forms: week, holidays, days of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Final

from slackapp.company.rules.labels import name_of_key
from slackapp.setup.model import FormSubject, SetupState
from slackapp.setup.rules import pages, week
from slackapp.setup.rules.countries import countries, country_name, regions
from slackapp.setup.views import wording
from slackapp.setup.views.page import act, dispatching, form, one_of_pages, page, row, to_page
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, context, divider, escape, option, plain, said, section
from slackapp.slack.block_kit.modals import MOST_OPTIONS, ask, some_of, ticks, typed
from slackapp.slack.ids import SetupAction
from storage.clocks.model import Calendar, Interval
from storage.company.model import ObjectKind

ZONE: Final = "time_zone"
COUNTRY: Final = "country"
"""The keys of inputs that are searched by typing."""
DEFAULT: Final = {"default": "For all teams without hours of their own"}
SHOWN_HOLIDAYS: Final = 20
_OWN_DAYS: Final = 30
_MIDNIGHT: Final = time()


def calendar_list(state: SetupState, number: int, *, lead: str = "") -> Block:
    """A page of the list of calendars."""
    rows = [_entry(state, calendar) for calendar in state.company.calendars]
    empty = [] if rows else [section("No hours yet: deadlines run around the clock, at night and on Sundays too.")]
    add = actions(act("Add hours", SetupAction.HOURS, pages.of(pages.CALENDAR), "for teams", style="primary"))
    return page([*add, *empty, *one_of_pages(rows, pages.CALENDARS, number)], lead=lead)


def calendar_page(state: SetupState, calendar: Calendar, *, lead: str = "") -> Block:
    """The week, holidays and special days of a calendar, and the buttons that change them."""
    here = pages.of(pages.CALENDAR, calendar.key)
    mine = state.is_in_slack(ObjectKind.CALENDAR, calendar.key)
    name, about = f"*{wording.named(calendar.key)}*", f"of {name_of_key(calendar.key)}"
    change = [
        *actions(
            act("Edit week", SetupAction.HOURS, here, about),
            act("Other hours on some days", SetupAction.DAYS, here, about),
            act("Public holidays", SetupAction.HOLIDAYS, here, about),
            act("Days off and special hours", SetupAction.OWN_DAY, here, about),
        ),
        *actions(act("Remove…", SetupAction.REMOVE, here, name_of_key(calendar.key), style="danger")),
    ]
    blocks = [
        section("\n".join([name, *wording.week(calendar), f"Time zone: {escape(calendar.timezone)}"])),
        section(_holidays(calendar, state.now.date(), most=3)),
        *_own_days(calendar, here, mine=mine),
        *(change if mine else [context(wording.of_the_file("these hours"))]),
        *_used_by(state, calendar),
        context(wording.owner(state, ObjectKind.CALENDAR, calendar.key)),
    ]
    return page(blocks, lead=lead, back=pages.of(pages.CALENDARS))


def hours_form(state: SetupState, draft: Calendar, subject: FormSubject) -> Block:
    """The form of a calendar's time zone and the usual hours of its week; of a new one also its name."""
    days, usual = week.usual(draft)
    is_new = not subject.key
    teams = {queue.key: queue.name for queue in state.company.queues if state.is_in_slack(ObjectKind.QUEUE, queue.key)}
    zone = option(draft.timezone, draft.timezone)
    blocks = [
        *([ask("name", "Name", typed(name_of_key(draft.key), most=50), optional=False)] if is_new else []),
        ask(ZONE, "Time zone", inputs.search(zone), hint="Type a city, such as Berlin.", optional=False),
        ask("days", "Working days", ticks(wording.DAYS, days), optional=False),
        *_from_to(usual[0] if usual else None, "start", "end", "From", "Until"),
        *([ask("teams", "Teams", some_of(teams), hint=_ALL_TEAMS)] if is_new and teams else []),
    ]
    title, submit = ("Add hours", "Add hours") if is_new else ("Edit week", "Save")
    notes = [] if is_new or _is_simple(draft) else [_REPLACES]
    return form(title, SetupAction.HOURS, blocks, subject, submit=submit, notes=notes)


_ALL_TEAMS: Final = "Leave it empty to use these hours for all teams without hours of their own."
_REPLACES: Final = "Saving gives all chosen days the same hours, and makes the others days off."


def days_form(_state: SetupState, draft: Calendar, subject: FormSubject) -> Block:
    """The form of hours on some weekdays only, with a break if there is one."""
    _, usual = week.usual(draft)
    second = usual[1] if len(usual) > 1 else None
    blocks = [
        ask("days", "Days", ticks(wording.DAYS), optional=False),
        *_from_to(usual[0] if usual else None, "start", "end", "From", "Until", optional=True),
        *_from_to(second, "start_2", "end_2", "After a break, from", "Until", optional=True),
    ]
    notes = ["Leave the times empty to make the chosen days days off."]
    return form("Other hours", SetupAction.DAYS, blocks, subject, notes=notes)


def holidays_form(state: SetupState, draft: Calendar, subject: FormSubject) -> Block:
    """The form of a calendar's public holidays, which are listed before it is saved."""
    chosen = option(country_name(draft.country), draft.country) if draft.country else None
    asked = ask(COUNTRY, "Country", inputs.search(chosen), hint="Leave it empty to work on public holidays.")
    places = regions(draft.country)
    blocks = [
        dispatching(asked, SetupAction.COUNTRY),
        *([dispatching(_region(places, draft.subdivision), SetupAction.COUNTRY)] if places else []),
        divider(),
        section(_holidays(draft, state.now.date(), most=SHOWN_HOLIDAYS)),
    ]
    return form("Public holidays", SetupAction.HOLIDAYS, blocks, subject)


def own_day_form(_state: SetupState, _draft: Calendar, subject: FormSubject) -> Block:
    """The form of days off, or of days with hours of their own."""
    blocks = [
        ask("first", "Day", inputs.day(), optional=False),
        ask("last", "Last day", inputs.day(), hint="Leave it empty for a single day."),
        *_from_to(None, "start", "end", "From", "Until", optional=True),
    ]
    notes = ["Leave the times empty for days off."]
    return form("Days off", SetupAction.OWN_DAY, blocks, subject, submit="Add", notes=notes)


def remove_form(state: SetupState, calendar: Calendar, subject: FormSubject) -> Block:
    """The confirmation before a calendar is removed."""
    used = [said(queue.name, 75) for queue in state.teams_with(calendar=calendar.key)]
    lines = [f"*{wording.named(calendar.key)}* will be removed."]
    if used:
        lines.append(f"First give other hours to {', '.join(used[:10])}.")
    return form(
        "Remove hours", SetupAction.REMOVE, [section("\n".join(lines))], subject, submit="" if used else "Remove"
    )


def zone_options(zones: Sequence[str]) -> list[Block]:
    """Time zones as options."""
    return [option(zone, zone) for zone in zones]


def country_options(typed_text: str) -> list[Block]:
    """The countries whose name contains a text, as options; as many as Slack shows."""
    wanted = typed_text.strip().casefold()
    found = [(code, name) for code, name in countries().items() if wanted in name.casefold()]
    return [option(name, code) for code, name in found[:MOST_OPTIONS]]


def _region(places: Mapping[str, str], chosen: str | None) -> Block:
    """The regions of a country; in groups by letter if there are more than Slack shows in a list."""
    hint = "Some holidays apply only in some regions."
    if len(places) <= MOST_OPTIONS:
        return ask("region", "Region", inputs.choice(places, chosen), hint=hint)
    groups: dict[str, list[Block]] = {}
    for code, name in places.items():
        groups.setdefault(name[:1].upper(), []).append(option(name, code))
    listed = [{"label": plain(letter, 75), "options": options} for letter, options in groups.items()]
    element: Block = {"type": "static_select", "option_groups": listed}
    if chosen is not None and chosen in places:
        element["initial_option"] = option(places[chosen], chosen)
    return ask("region", "Region", element, hint=hint)


def _from_to(
    hours: Interval | None, start: str, end: str, from_label: str, to_label: str, *, optional: bool = False
) -> Iterator[Block]:
    first, last = (hours.start, hours.end or _MIDNIGHT) if hours else (None, None)
    yield ask(start, from_label, inputs.time_of_day(first), optional=optional)
    yield ask(end, to_label, inputs.time_of_day(last), hint="0:00 is the end of the day.", optional=optional)


def _is_simple(calendar: Calendar) -> bool:
    """Whether all working days have the same single interval."""
    return all(hours == week.usual(calendar)[1] and len(hours) == 1 for hours in calendar.hours if hours)


def _holidays(calendar: Calendar, today: date, *, most: int) -> str:
    if calendar.country is None:
        return "Public holidays: worked. Choose a country to take them off."
    place = country_name(calendar.country)
    region = regions(calendar.country).get(calendar.subdivision or "", "")
    where = said(f"{place}, {region}" if region else place, 150)
    found = week.coming_holidays(calendar, today, most + 1)
    lines = [f"• {wording.day(day)} {said(name, 75)}" for day, name in found[:most]]
    more = ["…"] if len(found) > most else []
    return "\n".join([f"*Public holidays in {where}*", *lines, *more])


def _own_days(calendar: Calendar, here: str, *, mine: bool) -> Iterator[Block]:
    listed = [(first, last, "day off" if first == last else "days off") for first, last in _closed(calendar)]
    listed += [(one.first, one.last, wording.hours(one.hours)) for one in calendar.special]
    for first, last, words in sorted(listed)[:_OWN_DAYS]:
        address = f"{here}/{first.isoformat()}..{last.isoformat()}"
        drop = act("Remove", SetupAction.OWN_DAY_REMOVE, address, wording.days(first, last)) if mine else None
        yield row(f"{wording.days(first, last)}: {words}", drop)
    if len(listed) > _OWN_DAYS:
        yield context(f"and {len(listed) - _OWN_DAYS} more")


def _closed(calendar: Calendar) -> list[tuple[date, date]]:
    """Closed days, with neighbouring ones as a range."""
    found: list[tuple[date, date]] = []
    for day in calendar.closed:
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _used_by(state: SetupState, calendar: Calendar) -> Iterator[Block]:
    used = [said(queue.name, 75) for queue in state.teams_with(calendar=calendar.key)]
    if used:
        yield context(f"Hours of {', '.join(used[:10])}{'…' if len(used) > 10 else ''}.")  # noqa: PLR2004 - as listed
    if state.company.workspace_calendar == calendar.key:
        yield context("For all teams without hours of their own.")
    else:
        label, here = "Use for all teams without their own", pages.of(pages.CALENDAR, calendar.key)
        yield from actions(act(label, SetupAction.DEFAULT_HOURS, here, name_of_key(calendar.key)))


def _entry(state: SetupState, calendar: Calendar) -> Block:
    usual = " · all teams without hours of their own" if state.company.workspace_calendar == calendar.key else ""
    text = f"*{wording.named(calendar.key)}*{usual}\n{wording.calendar_line(calendar)}"
    return row(text, to_page("Open", pages.of(pages.CALENDAR, calendar.key), name_of_key(calendar.key)))
