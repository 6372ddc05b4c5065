"""How a company works: its queues, policies, calendars, who reports to whom, and who may administer Baton."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from storage.clocks.model import Calendar, Policy
from storage.company.model import Queue, Webhook
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class Company:
    """Everything a configuration file says, as the ledger's records. `workspace` is empty until it is applied."""

    calendars: tuple[Calendar, ...] = ()
    queues: tuple[Queue, ...] = ()
    policies: tuple[Policy, ...] = ()
    managers: Mapping[str, str] = field(default_factory=dict)
    """Who reports to whom: person → manager (user ids)."""
    calendars_of: Mapping[str, str] = field(default_factory=dict)
    """Whose own calendar says when a message may reach them: person → calendar's key."""
    workspace_calendar: str | None = None
    """The key of the calendar of queues that have none of their own."""
    admins: tuple[str, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    templates: tuple[Template, ...] = ()
    """Those of the company itself; what comes with Baton is in `shipped`."""

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
        """The calendar with this key; None, which is around the clock, if there is none."""
        return next((calendar for calendar in self.calendars if calendar.key == key), None)

    def hours_of(self, queue: Queue) -> Calendar | None:
        """The calendar that a queue's clocks go by: its own, else the workspace's, else None: around the clock."""
        return self.calendar(queue.calendar or self.workspace_calendar)

    def queue(self, key: str) -> Queue | None:
        """The queue with this key."""
        return next((queue for queue in self.queues if queue.key == key), None)

    def policy(self, key: str | None) -> Policy | None:
        """The policy with this key."""
        return next((policy for policy in self.policies if policy.key == key), None)
