"""`/handoff context`: how receivers found the context they were given, per team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.capability import Word, text
from slackapp.handoffs.listeners.commands import find_team
from slackapp.reports import queries, views
from slackapp.slack.conversation import Context, Reply, Tell
from slackapp.slack.payloads import Command


def contexts(desk: Context, said: Command, name: str) -> Reply:
    """The numbers of the team called `name`, or of all that this person may see, and their own."""
    queue = find_team(desk, name) if name else None
    if isinstance(queue, Tell):
        return queue
    found = queries.contexts(desk.baton, workspace=desk.workspace, user=said.who.user, queue=queue)
    if queue and found.hidden:
        return Tell(post=views.hidden(queue))
    teams = [(one.queue, one.by_template) for one in found.teams]
    return Tell(post=views.contexts(teams, found.own))


WORDS: Final[Mapping[str, Word[Any]]] = {
    "context": Word(
        talk=contexts,
        reads=text,
        usage="`{command} context` tells how receivers found the context they were given; "
        "add a team to see only theirs",
    ),
}
