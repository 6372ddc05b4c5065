"""The shape of the configuration file: which keys it may have and what each of them holds.

Unknown keys are refused. Forms that edit the configuration use the same model.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from slackapp.configuration import days, values
from slackapp.configuration.problems import WrongValueError
from slackapp.policy import calendars
from storage.records import (
    WEEKDAYS,
    Calendar,
    Clock,
    Duration,
    Interval,
    Level,
    Policy,
    Priority,
    Queue,
    SpecialDays,
)

Key = Annotated[str, BeforeValidator(values.key)]
Name = Annotated[str, BeforeValidator(values.name)]
ChannelId = Annotated[str, BeforeValidator(values.channel)]
PersonId = Annotated[str, BeforeValidator(values.person)]
MemberId = Annotated[str, BeforeValidator(values.person_or_group)]
Audience = Annotated[str, BeforeValidator(values.audience)]
ClockName = Annotated[Clock, BeforeValidator(values.clock)]
PriorityName = Annotated[Priority, BeforeValidator(values.priority)]
Target = Annotated[Duration, BeforeValidator(values.target)]
Moment = Annotated[tuple[int, int], BeforeValidator(values.moment)]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(values.weekdays)]
Hours = Annotated[Interval, BeforeValidator(values.interval)]
Days = Annotated[tuple[date, date], BeforeValidator(days.days)]
OwnHours = Annotated[tuple[Hours, ...], AfterValidator(days.worked)]


class Part(BaseModel):
    """A mapping in the file. A key with nothing behind it counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


class HolidaysPart(Part):
    """Days on which a calendar is closed."""

    country: Annotated[str, BeforeValidator(values.country)] | None = None
    subdivision: Annotated[str, BeforeValidator(values.text)] | None = None
    dates: tuple[Days, ...] = ()


class CalendarPart(Part):
    """When a team works."""

    key: Key
    timezone: Annotated[str, BeforeValidator(values.timezone)]
    hours: dict[Weekdays, tuple[Hours, ...]]
    holidays: HolidaysPart = HolidaysPart()
    days: dict[Days, OwnHours] = Field(default_factory=dict)

    def record(self) -> Calendar:
        """The ledger's record of it."""
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
            closed=days.dates(self.holidays.dates),
            special=tuple(
                SpecialDays(first=first, last=last, hours=hours) for (first, last), hours in sorted(self.days.items())
            ),
        )

    @field_validator("hours", mode="before")
    @classmethod
    def _names_each_day_once(cls, written: Any) -> Any:
        named = [
            day
            for days in (written if isinstance(written, dict) else ())
            if values.is_weekdays(days)
            for day in values.weekdays(days)
        ]
        twice = sorted({day for day in named if named.count(day) > 1})
        if twice:
            days = ", ".join(WEEKDAYS[day] for day in twice)
            raise WrongValueError(f"names {days} twice.", "Name each weekday once.")
        return written

    @field_validator("days", mode="before")
    @classmethod
    def _names_each_date_once(cls, written: Any) -> Any:
        return days.once(written)

    @model_validator(mode="after")
    def _is_open_or_closed(self) -> CalendarPart:
        for first, last in sorted(self.days):
            if first == last and (first, last) in self.holidays.dates:
                raise WrongValueError(
                    f"has hours on {first} and is closed that day.", "Take it out of days or out of holidays.dates."
                )
        return self

    @model_validator(mode="after")
    def _opens_without_overlap(self) -> CalendarPart:
        for name, day in zip(WEEKDAYS, self.record().hours, strict=True):
            if calendars.overlap(day):
                raise WrongValueError(f"has hours on {name} that overlap.", "Write them one after the other.")
        if not any(self.record().hours):
            raise WrongValueError(
                "is never open.",
                'Give it hours, such as {mon-fri: ["09:00-17:00"]}; a queue without calendar is open around the clock.',
            )
        return self


class RepeatPart(Part):
    """How a level goes on until somebody acts."""

    times: Annotated[int, BeforeValidator(values.times)]
    every: Annotated[int, BeforeValidator(values.pause)]


class LevelPart(Part):
    """One step of an escalation."""

    key: Key
    clock: ClockName
    at: Moment
    tell: tuple[Audience, ...]
    repeat: RepeatPart | None = None

    def record(self) -> Level:
        """The ledger's record of it."""
        return Level(
            key=self.key,
            clock=self.clock,
            percent=self.at[0],
            offset_s=self.at[1],
            tell=tuple(dict.fromkeys(self.tell)),
            repeat_times=self.repeat.times if self.repeat else 0,
            repeat_every_s=self.repeat.every if self.repeat else 0,
        )


class PolicyPart(Part):
    """How long things may take, and who hears when they take longer."""

    key: Key
    targets: dict[ClockName, dict[PriorityName, Target]] = Field(default_factory=dict)
    levels: tuple[LevelPart, ...] = ()

    def record(self) -> Policy:
        """The ledger's record of it."""
        return Policy(
            workspace="",
            key=self.key,
            targets=self.targets,
            levels=tuple(level.record() for level in self.levels),
        )


class QueuePart(Part):
    """A receiving team."""

    key: Key
    name: Name
    channel: ChannelId
    members: tuple[MemberId, ...] = ()
    managers: tuple[MemberId, ...] = ()
    calendar: Key | None = None
    policy: Key | None = None
    templates: tuple[Key, ...] = ()

    def record(self) -> Queue:
        """The ledger's record of it."""
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
        )


class PersonPart(Part):
    """What the file says about a person: their manager, and the calendar that says when they may be told something."""

    manager: PersonId | None = None
    calendar: Key | None = None

    @model_validator(mode="after")
    def _says_something(self) -> PersonPart:
        if self.manager is None and self.calendar is None:
            raise WrongValueError("says nothing.", "Write manager: or calendar: for this person, or leave them out.")
        return self


class CompanyPart(Part):
    """The whole file."""

    version: Annotated[str, BeforeValidator(values.version)]
    calendars: tuple[CalendarPart, ...] = ()
    calendar: Key | None = None
    people: dict[PersonId, PersonPart] = Field(default_factory=dict)
    admins: tuple[PersonId, ...] = ()
    queues: tuple[QueuePart, ...] = ()
    policies: tuple[PolicyPart, ...] = ()


KNOWN_KEYS: Final = tuple(
    sorted(
        {
            name
            for part in (
                CompanyPart,
                CalendarPart,
                HolidaysPart,
                QueuePart,
                PolicyPart,
                LevelPart,
                RepeatPart,
                PersonPart,
            )
            for name in part.model_fields
        }
    )
)
"""Every key of the file, to guess what was meant."""
