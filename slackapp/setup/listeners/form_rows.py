"""The forms of set-up as rows: what each edits, how it is drawn and parsed, and the page that shows the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from slackapp.company.model import ADMINS, EMOJI, PersonSettings
from slackapp.company.rules.labels import name_of_key
from slackapp.setup.listeners import parse_forms
from slackapp.setup.listeners.parse_forms import Parsed
from slackapp.setup.model import FormSubject, SetupState
from slackapp.setup.rules import pages, week
from slackapp.setup.rules.pages import PageAddress
from slackapp.setup.views import hours, people, policies, teams
from slackapp.slack.conversation import View
from slackapp.slack.ids import SetupAction
from storage.clocks.model import Calendar, Policy
from storage.company.model import ObjectKind, ObjectRef, Queue


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A form that edits one object of the configuration."""

    kind: ObjectKind
    new: Callable[[SetupState], Any]
    """The record that a form for a new object begins with."""
    draw: Callable[[SetupState, Any, FormSubject], View]
    parse: Callable[[Any, FormSubject, Mapping[str, Any]], Parsed[Any]]
    page: str
    """The page that shows the object; of objects without one of their own, the list."""
    inputs: Mapping[str, str]
    """The inputs that show the problems of the file's fields, by the field's key."""
    names_itself: str = ""
    """The input from which the key of a new object is made."""
    setting: ObjectRef = ADMINS
    """The setting of the workspace that it edits, if it edits one."""

    def ref(self, subject: FormSubject) -> ObjectRef:
        """The object that a form is about."""
        return self.setting if self.kind is ObjectKind.SETTING else ObjectRef(self.kind, subject.key)

    def stored(self, state: SetupState, subject: FormSubject) -> Any | None:
        """The object as stored, the beginning of a new one, or None if it is gone."""
        if self.kind is ObjectKind.SETTING:
            return state.company.records().get(self.setting, self.new(state))
        if not subject.key:
            return self.new(state)
        if self.kind is ObjectKind.PERSON:
            return state.company.settings_of(subject.key)
        return state.company.records().get(ObjectRef(self.kind, subject.key))

    def address(self, key: str) -> PageAddress:
        """The page that shows what was saved."""
        is_list = self.page in {pages.PEOPLE, pages.ADMINS, pages.HOME}
        return PageAddress(page=self.page) if is_list else PageAddress(page=self.page, key=key)


def _new_team(state: SetupState) -> Queue:
    """A new team uses the only policy there is. The first one is in a channel that has Baton, with the admin on it."""
    only = state.company.policies[0].key if len(state.company.policies) == 1 else None
    blank = Queue(workspace="", key="", name="", channel="", policy=only)
    if state.company.queues:
        return blank
    first = replace(blank, members=(state.user,), managers=(state.user,))
    channel = state.first_channel
    return replace(first, name=name_of_key(channel.name)[:75], channel=channel.id) if channel else first


def _new_calendar(state: SetupState) -> Calendar:
    blank = Calendar(workspace="", key="office hours", timezone=state.zone, hours=((),) * 7)
    return week.with_days(blank, week.USUAL_DAYS, week.USUAL_HOURS)


def _new_policy(_state: SetupState) -> Policy:
    return Policy(workspace="", key="")


def _new_person(_state: SetupState) -> PersonSettings:
    return PersonSettings()


def _no_admins(_state: SetupState) -> tuple[str, ...]:
    return ()


def _no_emoji(_state: SetupState) -> str:
    return ""


_QUEUE: Final = {"name": "name", "channel": "channel", "members": "members", "managers": "managers"}
_HANDLING: Final = {"templates": "templates", "calendar": "calendar", "policy": "policy"}
_HOURS: Final = {"key": "name", "timezone": "time_zone", "hours": "days"}
_OWN_DAY: Final = {"days": "first", "holidays": "first"}
_HOLIDAYS: Final = {"holidays": "country"}

ROWS: Final[Mapping[SetupAction, FormRow]] = {
    SetupAction.TEAM: FormRow(
        kind=ObjectKind.QUEUE, new=_new_team, draw=teams.team_form, parse=parse_forms.team, page=pages.TEAM,
        inputs=_QUEUE, names_itself="name",
    ),
    SetupAction.HANDLING: FormRow(
        kind=ObjectKind.QUEUE, new=_new_team, draw=teams.handling_form, parse=parse_forms.handling, page=pages.TEAM,
        inputs=_HANDLING,
    ),
    SetupAction.HOURS: FormRow(
        kind=ObjectKind.CALENDAR, new=_new_calendar, draw=hours.hours_form, parse=parse_forms.hours,
        page=pages.CALENDAR, inputs=_HOURS, names_itself="name",
    ),
    SetupAction.DAYS: FormRow(
        kind=ObjectKind.CALENDAR, new=_new_calendar, draw=hours.days_form, parse=parse_forms.hours_of_days,
        page=pages.CALENDAR, inputs=_HOURS,
    ),
    SetupAction.HOLIDAYS: FormRow(
        kind=ObjectKind.CALENDAR, new=_new_calendar, draw=hours.holidays_form, parse=parse_forms.public_holidays,
        page=pages.CALENDAR, inputs=_HOLIDAYS,
    ),
    SetupAction.OWN_DAY: FormRow(
        kind=ObjectKind.CALENDAR, new=_new_calendar, draw=hours.own_day_form, parse=parse_forms.own_day,
        page=pages.CALENDAR, inputs=_OWN_DAY,
    ),
    SetupAction.POLICY: FormRow(
        kind=ObjectKind.POLICY, new=_new_policy, draw=policies.policy_form, parse=parse_forms.policy,
        page=pages.POLICY, inputs={"key": "name", "targets": "claim"}, names_itself="name",
    ),
    SetupAction.TARGETS: FormRow(
        kind=ObjectKind.POLICY, new=_new_policy, draw=policies.targets_form, parse=parse_forms.targets,
        page=pages.POLICY, inputs={"targets": "normal"},
    ),
    SetupAction.LEVEL: FormRow(
        kind=ObjectKind.POLICY, new=_new_policy, draw=policies.level_form, parse=parse_forms.level,
        page=pages.POLICY, inputs={"tell": "tell", "within": "do", "to": "do", "do": "do", "at": "at"},
    ),
    SetupAction.PERSON: FormRow(
        kind=ObjectKind.PERSON, new=_new_person, draw=people.person_form, parse=parse_forms.person,
        page=pages.PEOPLE, inputs={"manager": "manager", "calendar": "calendar"}, names_itself="person",
    ),
    SetupAction.ADMINS: FormRow(
        kind=ObjectKind.SETTING, new=_no_admins, draw=people.admins_form, parse=parse_forms.admins,
        page=pages.ADMINS, inputs={"admins": "admins"},
    ),
    SetupAction.EMOJI: FormRow(
        kind=ObjectKind.SETTING, setting=EMOJI, new=_no_emoji, draw=teams.emoji_form, parse=parse_forms.emoji,
        page=pages.HOME, inputs={"emoji": "emoji"},
    ),
}  # fmt: skip
