"""The company model: queues, policies, calendars, reporting lines, and Baton's admins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from storage.clocks.model import Calendar, Policy
from storage.company.model import ObjectKind, ObjectOwner, ObjectRecord, ObjectRef, Queue, Webhook
from storage.templates.model import Template

LISTS: Final[Mapping[ObjectKind, str]] = {
    ObjectKind.CALENDAR: "calendars",
    ObjectKind.POLICY: "policies",
    ObjectKind.QUEUE: "queues",
    ObjectKind.WEBHOOK: "webhooks",
    ObjectKind.TEMPLATE: "templates",
}
"""The lists of the file, by the kind of object in them."""


class WorkspaceSetting(StrEnum):
    """Values of the whole workspace, each under its own key of the file."""

    CALENDAR = "calendar"
    ADMINS = "admins"
    SLACK_ADMINS = "slack_admins"
    EMOJI = "emoji"


HOURS: Final = ObjectRef(ObjectKind.SETTING, WorkspaceSetting.CALENDAR.value)
"""The calendar of queues that have none of their own."""
ADMINS: Final = ObjectRef(ObjectKind.SETTING, WorkspaceSetting.ADMINS.value)
SLACK_ADMINS: Final = ObjectRef(ObjectKind.SETTING, WorkspaceSetting.SLACK_ADMINS.value)
"""Whether the admins and owners of the Slack workspace are Baton's admins too. Only a no is said."""
EMOJI: Final = ObjectRef(ObjectKind.SETTING, WorkspaceSetting.EMOJI.value)


@dataclass(frozen=True, kw_only=True)
class PersonSettings:
    """What the configuration says of a person: their manager, and the key of their own calendar."""

    manager: str | None = None
    calendar: str | None = None


@dataclass(frozen=True, kw_only=True)
class Company:
    """A configuration as stored records: a file's, or all that is stored. `workspace` is empty until it is applied."""

    calendars: tuple[Calendar, ...] = ()
    queues: tuple[Queue, ...] = ()
    policies: tuple[Policy, ...] = ()
    managers: Mapping[str, str] = field(default_factory=dict)
    """Reporting lines: person → manager (user ids)."""
    calendars_of: Mapping[str, str] = field(default_factory=dict)
    """People's own calendars: person → calendar key. They decide when a message may reach the person."""
    workspace_calendar: str | None = None
    """The key of the calendar for queues that have none of their own."""
    admins: tuple[str, ...] = ()
    emoji: str | None = None
    """The name of the emoji that begins a handoff when somebody reacts with it to a message; None for none."""
    slack_admins: bool = True
    """Whether the admins and owners of the Slack workspace are Baton's admins too."""
    webhooks: tuple[Webhook, ...] = ()
    templates: tuple[Template, ...] = ()
    """The company's own templates; those that come with Baton are in `templates.rules.shipped`."""
    in_slack: frozenset[ObjectRef] = frozenset()
    """The objects that belong to Slack; the others are the file's. A file may name some that it does not contain."""

    @staticmethod
    def of(records: Mapping[ObjectRef, Any], in_slack: Collection[ObjectRef]) -> Company:
        """The company with these records, as `records` returns them."""
        listed: dict[ObjectKind, list[Any]] = {kind: [] for kind in ObjectKind}
        for ref, record in records.items():
            listed[ref.kind].append(record)
        people = {ref.key: record for ref, record in records.items() if ref.kind is ObjectKind.PERSON}
        return Company(
            calendars=tuple(listed[ObjectKind.CALENDAR]),
            queues=tuple(listed[ObjectKind.QUEUE]),
            policies=tuple(listed[ObjectKind.POLICY]),
            webhooks=tuple(listed[ObjectKind.WEBHOOK]),
            templates=tuple(listed[ObjectKind.TEMPLATE]),
            managers={person: record.manager for person, record in people.items() if record.manager},
            calendars_of={person: record.calendar for person, record in people.items() if record.calendar},
            admins=records.get(ADMINS, ()),
            workspace_calendar=records.get(HOURS),
            slack_admins=SLACK_ADMINS not in records,
            emoji=records.get(EMOJI),
            in_slack=frozenset(in_slack),
        )

    def records(self) -> dict[ObjectRef, Any]:
        """Every object by its name, in the order in which people read them. A setting that says nothing is left out."""
        settings = {
            ADMINS: self.admins,
            HOURS: self.workspace_calendar,
            SLACK_ADMINS: not self.slack_admins,
            EMOJI: self.emoji,
        }
        return {
            **{ObjectRef(ObjectKind.CALENDAR, one.key): one for one in self.calendars},
            **{ObjectRef(ObjectKind.POLICY, one.key): one for one in self.policies},
            **{ObjectRef(ObjectKind.QUEUE, one.key): one for one in self.queues},
            **{ObjectRef(ObjectKind.WEBHOOK, one.key): one for one in self.webhooks},
            **{ObjectRef(ObjectKind.TEMPLATE, one.key): one for one in self.templates},
            **{ObjectRef(ObjectKind.PERSON, person): self.settings_of(person) for person in self.people},
            **{ref: value for ref, value in settings.items() if value},
        }

    @property
    def people(self) -> list[str]:
        """The people of whom the configuration says something, by id."""
        return sorted({*self.managers, *self.calendars_of})

    def settings_of(self, person: str) -> PersonSettings:
        """What the configuration says of a person."""
        return PersonSettings(manager=self.managers.get(person), calendar=self.calendars_of.get(person))

    def within(self, workspace: str) -> Company:
        """The same company in a workspace."""
        return replace(
            self,
            calendars=tuple(replace(calendar, workspace=workspace) for calendar in self.calendars),
            queues=tuple(replace(queue, workspace=workspace) for queue in self.queues),
            policies=tuple(replace(policy, workspace=workspace) for policy in self.policies),
            webhooks=tuple(replace(webhook, workspace=workspace) for webhook in self.webhooks),
            templates=tuple(replace(template, workspace=workspace) for template in self.templates),
        )

    def calendar(self, key: str | None) -> Calendar | None:
        """The calendar with this key; None, which means around the clock, if there is none."""
        return next((calendar for calendar in self.calendars if calendar.key == key), None)

    def hours_of(self, queue: Queue) -> Calendar | None:
        """The calendar of a queue's clocks: its own, else the workspace's, else None: around the clock."""
        return self.calendar(queue.calendar or self.workspace_calendar)

    def queue(self, key: str) -> Queue | None:
        """The queue with this key; None if there is none."""
        return next((queue for queue in self.queues if queue.key == key), None)

    def policy(self, key: str | None) -> Policy | None:
        """The policy with this key; None if there is none."""
        return next((policy for policy in self.policies if policy.key == key), None)


@dataclass(frozen=True, kw_only=True)
class StoredCompany:
    """All that is stored of a workspace's configuration, and who owns and last changed each object."""

    company: Company
    records: Mapping[ObjectRef, ObjectRecord]
    """Those of removed objects too. An object without one was stored before there were records: it is the file's."""

    def version(self, ref: ObjectRef) -> int:
        """The number of changes of an object so far."""
        return self.records[ref].version if ref in self.records else 0

    def removed_in_slack(self) -> frozenset[ObjectRef]:
        """The objects that belonged to Slack and were removed there."""
        return frozenset(
            ref for ref, record in self.records.items() if record.owner is ObjectOwner.SLACK and record.removed
        )


@dataclass(frozen=True, kw_only=True)
class ConfigurationChange:
    """A change of one object of the configuration, as the history shows it."""

    id: int
    at: datetime
    by: str
    """A user id, or `baton` for a change by the file or by Baton itself."""
    by_name: str
    file: str | None
    """The name of the file that was applied; None for a change in Slack."""
    operator: str | None = None
    """The user of the operating system who ran the command that made it, if one was run and its name is known."""
    ref: ObjectRef
    sentences: tuple[str, ...]
    owner: ObjectOwner
    """Who owns the object since then."""
