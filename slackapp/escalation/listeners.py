"""Answer `/handoff why 42` with the notification log of a handoff and the state of its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.capability import Subcommand, handoff_number
from slackapp.escalation.queries import notification_log
from slackapp.escalation.views import notification_report
from slackapp.handoffs.model import Missing
from slackapp.handoffs.views import lists
from slackapp.slack.conversation import Context, PrivateMessage, Reply
from slackapp.slack.payloads import Command


def reply_with_notification_log(context: Context, command: Command, number: int) -> Reply:
    """Reply with the notification log of the handoff with this number, if this person may see it."""
    found = notification_log.load_notification_log(
        context.baton, workspace=context.workspace, number=number, user=command.who.user
    )
    return PrivateMessage(
        post=lists.not_found(str(number)) if isinstance(found, Missing) else notification_report.report(found)
    )


WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "why": Subcommand(
        handle=reply_with_notification_log,
        parse=handoff_number,
        asks="Which handoff? Add its number: `{command} why 42`.",
        usage="`{command} why 42` shows who was notified about #42 and when, and its timers",
    ),
}
