"""Answer `/handoff context` with the verdicts on received context, per team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.capability import Subcommand, any_text
from slackapp.handoffs.listeners.commands import find_team
from slackapp.reports import queries, views
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import Context, PrivateMessage, Reply
from slackapp.slack.payloads import Command


def reply_with_context_report(context: Context, command: Command, name: CommandText) -> Reply:
    """Reply with the verdicts of the team called `name`, or of the person's teams, and on their own."""
    queue = find_team(context, name, command.who.user) if name else None
    if isinstance(queue, PrivateMessage):
        return queue
    found = queries.load_context_report(context.baton, workspace=context.workspace, user=command.who.user, queue=queue)
    if queue and found.hidden:
        return PrivateMessage(post=views.hidden(queue))
    teams = [(one.queue, one.by_template) for one in found.teams]
    return PrivateMessage(post=views.context_report(teams, found.own))


WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "context": Subcommand(
        handle=reply_with_context_report,
        parse=any_text,
        usage="`{command} context` shows whether receivers had what they needed; add a team to see only theirs",
    ),
}
