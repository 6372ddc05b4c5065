"""The company model: queues, policies, calendars, reporting lines, and Baton's admins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from storage.clocks.model import Calendar, Policy
from storage.company.model import Queue, Webhook
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class Company:
    """The contents of a configuration file as stored records. `workspace` is empty until it is applied."""

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
    webhooks: tuple[Webhook, ...] = ()
    templates: tuple[Template, ...] = ()
    """The company's own templates; those that come with Baton are in `templates.rules.shipped`."""

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
