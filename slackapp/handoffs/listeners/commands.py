"""`/handoff 42`, `/handoff mine` and `/handoff open`: one handoff, one's own, and those that wait to be claimed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.capability import Subcommand, any_text, handoff_number
from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries import find
from slackapp.handoffs.views import lists
from slackapp.slack.conversation import Context, PrivateMessage, Reply
from slackapp.slack.payloads import Command
from storage.company.model import Queue

_SEARCHED: Final = 1000
"""Teams looked through for a name: the one called exactly so may come after many that only contain it."""


def one(context: Context, said: Command, number: int) -> Reply:
    """The handoff with this number."""
    seen = find.by_number(context.baton, workspace=context.workspace, number=number, user=said.who.user)
    if isinstance(seen, Missing) or not seen.visible:
        return PrivateMessage(post=lists.no_such(str(handoff_number)))
    return PrivateMessage(post=lists.one(seen.details, seen.may, seen.now))


def mine(context: Context, said: Command, _rest: str) -> Reply:
    """What this person has, what is offered to them, and what they have sent."""
    own = find.mine(context.baton, workspace=context.workspace, user=said.who.user)
    return PrivateMessage(post=lists.mine(own.owned, own.sent, own.now, offered=own.offered))


def waiting(context: Context, said: Command, name: str) -> Reply:
    """What waits to be claimed, in the team called `name` or in all that this person may see."""
    queue = team_named(context, name) if name else None
    if isinstance(queue, PrivateMessage):
        return queue
    found = find.waiting(context.baton, workspace=context.workspace, user=said.who.user, queue=queue)
    if queue and found.hidden:
        return PrivateMessage(post=lists.hidden(queue))
    return PrivateMessage(post=lists.open_list(found.shown, found.now, queue=queue, total=found.total))


def team_named(context: Context, name: str) -> Queue | PrivateMessage:
    """The team that somebody typed the name of, or what to say where it fits none or several."""
    found = find.find_queues(context.baton, workspace=context.workspace, text=name, limit=_SEARCHED)
    exact = [queue for queue in found if name.casefold() in {queue.key.casefold(), queue.name.casefold()}]
    if len(exact or found) > 1:
        return PrivateMessage(post=lists.several_queues(name, exact or found))
    if not found:
        known = find.find_queues(context.baton, workspace=context.workspace, text="", limit=_SEARCHED)
        return PrivateMessage(post=lists.no_queue(name, known))
    return (exact or found)[0]


WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "mine": Subcommand(
        handle=mine, parse=any_text, usage="`{command} mine` lists what you have and what you have sent"
    ),
    "open": Subcommand(
        handle=waiting,
        parse=any_text,
        usage="`{command} open` lists what waits for somebody; add a team to see only theirs",
    ),
    "42": Subcommand(handle=one, parse=handoff_number, is_example=True, usage="`{command} 42` shows handoff #42"),
}
