"""The company that a parsed configuration describes."""

from __future__ import annotations

from slackapp.company.model import Company
from slackapp.company.rules.schema import CompanyPart


def company_of(part: CompanyPart) -> Company:
    """The company that a parsed file describes."""
    return Company(
        calendars=tuple(calendar.record() for calendar in part.calendars),
        queues=tuple(queue.record() for queue in part.queues),
        policies=tuple(policy.record() for policy in part.policies),
        managers={person: entry.manager for person, entry in part.people.items() if entry.manager},
        calendars_of={person: entry.calendar for person, entry in part.people.items() if entry.calendar},
        workspace_calendar=part.calendar,
        admins=tuple(dict.fromkeys(part.admins)),
        slack_admins=part.slack_admins,
        emoji=part.emoji,
        webhooks=tuple(webhook.record() for webhook in part.webhooks),
        templates=tuple(template.record() for template in part.templates),
        in_slack=part.in_slack.refs(),
    )
