"""`/handoff 42`, `/handoff mine` and `/handoff open`: one handoff, a person's own, and the unclaimed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp.capability import Subcommand, any_text, handoff_number, nothing_more
from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries import find
from slackapp.handoffs.views import lists
from slackapp.slack.block_kit.blocks import Post
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import Context, PrivateMessage, Reply
from slackapp.slack.payloads import Command, Requester
from storage.company.model import Queue


def show_handoff(context: Context, command: Command, number: int) -> Reply:
    """Reply with the handoff that has this number."""
    seen = find.find_by_number(context.baton, workspace=context.workspace, number=number, user=command.who.user)
    if isinstance(seen, Missing) or not seen.visible:
        return PrivateMessage(post=lists.not_found(str(number)))
    return PrivateMessage(post=lists.one_handoff(seen.details, seen.may, seen.now))


def list_own(context: Context, command: Command, _nothing: CommandText) -> Reply:
    """Reply with the handoffs that this person owns, is offered, or has sent."""
    return PrivateMessage(post=_own_list(context, command.who.user))


def list_to_writer(context: Context, who: Requester, usage: Sequence[str]) -> Reply:
    """Reply to a message to Baton: the writer's open handoffs and the `usage` of `/handoff`. Its text is not read."""
    return PrivateMessage(post=lists.to_writer(_own_list(context, who.user), usage))


def _own_list(context: Context, user: str) -> Post:
    own = find.list_own(context.baton, workspace=context.workspace, user=user)
    lonely = None if own.owned or own.sent or own.offered else without_teams(context, user)
    return lonely or lists.own_list(own.owned, own.sent, own.now, offered=own.offered)


def list_waiting(context: Context, command: Command, name: CommandText) -> Reply:
    """Reply with the unclaimed handoffs of the team called `name`, or of every team that this person may see."""
    user = command.who.user
    queue = find_team(context, name, user) if name else None
    if isinstance(queue, PrivateMessage):
        return queue
    found = find.list_waiting(context.baton, workspace=context.workspace, user=user, queue=queue)
    lonely = without_teams(context, user) if not found.total and queue is None else None
    post = lists.waiting_list(found.shown, found.now, queue=queue, total=found.total, claimable=found.claimable)
    return PrivateMessage(post=lonely or post)


def find_team(context: Context, name: CommandText, user: str) -> Queue | PrivateMessage:
    """The team whose name was typed, or whose channel, group or member was mentioned; else a reply that says why none.

    A team that the person may not see is answered like one that does not exist.
    """
    found = _find_teams(context, name, user)
    exact = [queue for queue in found if name.casefold().lstrip("#@") in {queue.key.casefold(), queue.name.casefold()}]
    if len(exact or found) > 1:
        return PrivateMessage(post=lists.several_queues(name, exact or found))
    if not found:
        known = find.find_queues(context.baton, workspace=context.workspace, text="", limit=find.SEARCHED, user=user)
        lonely = None if known else without_teams(context, user)
        return PrivateMessage(post=lonely or lists.no_such_queue(name, known))
    return (exact or found)[0]


def without_teams(context: Context, user: str) -> Post | None:
    """What a person is told instead of an empty list while no team is set up: what to do; None if there is a team."""
    if find.has_teams(context.baton, workspace=context.workspace):
        return None
    return lists.no_teams(find.find_admins_to_ask(context.baton, workspace=context.workspace, user=user))


def _find_teams(context: Context, name: CommandText, user: str) -> Sequence[Queue]:
    token = name.words[0].token if len(name.words) == 1 else None
    if token is not None:
        return find.find_queues_of(context.baton, workspace=context.workspace, token=token, user=user)
    text = " ".join(name.split()).lstrip("#@")
    return find.find_queues(context.baton, workspace=context.workspace, text=text, limit=find.SEARCHED, user=user)


WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "mine": Subcommand(
        handle=list_own, parse=nothing_more, usage="`{command} mine` lists your handoffs: owned, offered and sent"
    ),
    "open": Subcommand(
        handle=list_waiting,
        parse=any_text,
        usage="`{command} open` lists unassigned handoffs; add a team to see only theirs",
    ),
    "42": Subcommand(
        handle=show_handoff, parse=handoff_number, is_example=True, usage="`{command} 42` shows handoff #42"
    ),
}
