"""`/handoff why 42`: who was told what about a handoff and when, and how its clocks stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.capability import Word, number
from slackapp.escalation.queries import notification_log
from slackapp.escalation.views import notification_report
from slackapp.handoffs.model import Missing
from slackapp.handoffs.views import lists
from slackapp.slack.conversation import Context, Reply, Tell
from slackapp.slack.payloads import Command


def why(desk: Context, said: Command, number: int) -> Reply:
    """The log of notifications of the handoff with this number."""
    found = notification_log.why(desk.baton, workspace=desk.workspace, number=number, user=said.who.user)
    return Tell(post=lists.not_found(str(number)) if isinstance(found, Missing) else notification_report.why(found))


WORDS: Final[Mapping[str, Word[Any]]] = {
    "why": Word(
        talk=why,
        reads=number,
        usage="`{command} why 42` tells who was told of #42 and when, and how its clocks stand",
    ),
}
