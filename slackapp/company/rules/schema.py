"""The schema of the configuration file: its keys and the values each may have.

Unknown keys are refused. Forms that edit the configuration use the same models.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from slackapp.clocks.rules import calendars
from slackapp.company.model import LISTS, WorkspaceSetting
from slackapp.company.rules import days, values
from slackapp.company.rules.policy_schema import PARTS, PolicyPart
from slackapp.templates.rules import schema
from slackapp.templates.rules.schema import TemplatePart
from slackapp.yaml_files import scalars
from slackapp.yaml_files.problems import WrongValueError
from slackapp.yaml_files.schema import FilePart, is_in_part, optional, with_places
from storage.clocks.model import WEEKDAYS, Calendar, Interval, SpecialDays
from storage.company.model import Claimers, ObjectKind, ObjectRef, Queue, Webhook

Key = Annotated[str, BeforeValidator(scalars.key)]
Name = Annotated[str, BeforeValidator(scalars.name)]
ChannelId = Annotated[str, BeforeValidator(scalars.channel)]
PersonId = Annotated[str, BeforeValidator(scalars.person)]
MemberId = Annotated[str, BeforeValidator(scalars.person_or_group)]
SenderName = Annotated[str, BeforeValidator(values.sender)]
SettingName = Annotated[WorkspaceSetting, BeforeValidator(scalars.one_of("setting of the workspace", WorkspaceSetting))]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(scalars.weekdays)]
Hours = Annotated[Interval, BeforeValidator(scalars.interval)]
Days = Annotated[tuple[date, date], BeforeValidator(days.days)]
OwnHours = Annotated[tuple[Hours, ...], AfterValidator(days.worked_hours)]
Week = Annotated[dict[Weekdays, tuple[Hours, ...]], BeforeValidator(scalars.each_weekday_once)]
SpecialHours = Annotated[dict[Days, OwnHours], BeforeValidator(days.each_day_once)]


class HolidaysPart(FilePart):
    """Days on which a calendar is closed."""

    country: Annotated[str, BeforeValidator(scalars.country)] | None = None
    subdivision: Annotated[str, BeforeValidator(scalars.text)] | None = None
    categories: Annotated[tuple[str, ...], BeforeValidator(values.words)] = ()
    dates: tuple[Days, ...] = ()


class CalendarPart(FilePart):
    """A team's working hours."""

    key: Key
    timezone: Annotated[str, BeforeValidator(scalars.timezone)]
    hours: Week
    holidays: HolidaysPart = HolidaysPart()
    days: SpecialHours = Field(default_factory=dict)

    def record(self) -> Calendar:
        """The stored record."""
        week = {day: hours for days, hours in self.hours.items() for day in days}
        return Calendar(
            workspace="",
            key=self.key,
            timezone=self.timezone,
            hours=tuple(
                tuple(sorted(week.get(day, ()), key=lambda hours: hours.start)) for day in range(len(WEEKDAYS))
            ),
            country=self.holidays.country,
            subdivision=self.holidays.subdivision,
            categories=tuple(sorted(set(self.holidays.categories))),
            closed=days.dates(self.holidays.dates),
            special=tuple(
                SpecialDays(first=first, last=last, hours=hours) for (first, last), hours in sorted(self.days.items())
            ),
        )

    @model_validator(mode="after")
    def _is_open_or_closed(self, info: ValidationInfo) -> CalendarPart:
        if is_in_part(info):
            return self
        for first, last in sorted(self.days):
            if first == last and (first, last) in self.holidays.dates:
                raise WrongValueError(
                    f"has hours on {first} and is closed on the same day.",
                    "Remove it from days or from holidays.dates.",
                )
        return self

    @model_validator(mode="after")
    def _opens_without_overlap(self, info: ValidationInfo) -> CalendarPart:
        if is_in_part(info):
            return self
        for name, day in zip(WEEKDAYS, self.record().hours, strict=True):
            if calendars.overlap(day):
                raise WrongValueError(f"has hours on {name} that overlap.", "Write them one after the other.")
        if not any(self.record().hours):
            raise WrongValueError(
                "is never open.",
                'Give it hours, such as {mon-fri: ["09:00-17:00"]}; a queue without calendar is open around the clock.',
            )
        return self


class WebhookPart(FilePart):
    """An address outside Slack that levels may notify: `webhook KEY`."""

    key: Key
    url: Annotated[str, BeforeValidator(values.url)]

    def record(self) -> Webhook:
        """The stored record."""
        return Webhook(workspace="", key=self.key, url=self.url)


class QueuePart(FilePart):
    """A queue: a receiving team."""

    key: Key
    name: Name
    channel: ChannelId
    members: tuple[MemberId, ...] = ()
    managers: tuple[MemberId, ...] = ()
    calendar: Key | None = None
    policy: Key | None = None
    templates: tuple[Key, ...] = ()
    digest: Annotated[bool, BeforeValidator(scalars.yes_or_no)] = True
    claimers: Annotated[Claimers, BeforeValidator(scalars.one_of("answer to who may claim", Claimers))] = (
        Claimers.MEMBERS
    )
    senders: tuple[SenderName, ...] = ()
    claim_by_reply: Annotated[bool, BeforeValidator(scalars.yes_or_no)] = False

    def record(self) -> Queue:
        """The stored record."""
        return Queue(
            workspace="",
            key=self.key,
            name=self.name,
            channel=self.channel,
            members=tuple(dict.fromkeys(self.members)),
            managers=tuple(dict.fromkeys(self.managers)),
            calendar=self.calendar,
            policy=self.policy,
            templates=tuple(dict.fromkeys(self.templates)),
            digest=self.digest,
            claimers=self.claimers,
            senders=tuple(dict.fromkeys(self.senders)),
            claim_by_reply=self.claim_by_reply,
        )


class PersonPart(FilePart):
    """A person's manager, and the calendar that says when they may be notified."""

    manager: PersonId | None = None
    calendar: Key | None = None

    @model_validator(mode="after")
    def _says_something(self, info: ValidationInfo) -> PersonPart:
        if not is_in_part(info) and self.manager is None and self.calendar is None:
            raise WrongValueError("is empty.", "Write manager: or calendar: for this person, or leave them out.")
        return self


class InSlackPart(FilePart):
    """The objects that belong to Slack: what the file contains of them is used only where there are none yet."""

    calendars: tuple[Key, ...] = ()
    policies: tuple[Key, ...] = ()
    queues: tuple[Key, ...] = ()
    webhooks: tuple[Key, ...] = ()
    templates: tuple[Key, ...] = ()
    people: tuple[PersonId, ...] = ()
    settings: tuple[SettingName, ...] = ()

    def refs(self) -> frozenset[ObjectRef]:
        """The names of the objects."""
        listed = {**LISTS, ObjectKind.PERSON: "people", ObjectKind.SETTING: "settings"}
        return frozenset(ObjectRef(kind, str(key)) for kind, name in listed.items() for key in getattr(self, name))


class CompanyPart(FilePart):
    """The whole file."""

    version: Annotated[str, BeforeValidator(scalars.version)]
    calendars: tuple[CalendarPart, ...] = ()
    calendar: Key | None = None
    people: dict[PersonId, PersonPart] = Field(default_factory=dict)
    admins: tuple[PersonId, ...] = ()
    slack_admins: Annotated[bool, BeforeValidator(scalars.yes_or_no)] = True
    emoji: Annotated[str, BeforeValidator(values.emoji)] | None = None
    webhooks: tuple[WebhookPart, ...] = ()
    queues: tuple[QueuePart, ...] = ()
    policies: tuple[PolicyPart, ...] = ()
    templates: tuple[TemplatePart, ...] = ()
    in_slack: InSlackPart = InSlackPart()


def known_keys(company: CompanyPart, kind: str) -> list[str]:
    """The keys that other parts of the file may refer to: of its own objects, and of those in Slack that it names."""
    written = [item.key for _, item in with_places(getattr(company, kind), (kind,)) if item.key]
    in_slack = optional(company.in_slack)
    return list(dict.fromkeys([*written, *(getattr(in_slack, kind) or () if in_slack else ())]))


_PARTS: Final[tuple[type[FilePart], ...]] = (
    CompanyPart,
    CalendarPart,
    HolidaysPart,
    InSlackPart,
    QueuePart,
    PersonPart,
    WebhookPart,
    *PARTS,
    *schema.PARTS,
)

KNOWN_KEYS: Final = tuple(sorted({name for part in _PARTS for name in part.model_fields}))
"""Every key of the file, for guesses at a misspelled one."""
