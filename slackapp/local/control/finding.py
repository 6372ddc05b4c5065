"""Finds what an act names, and says in a sentence what is missing."""

from typing import Any

from slackapp.local.records import Channel, Message, User, View
from slackapp.local.wire import BadRequestError, Json
from slackapp.local.workspace import Workspace


def needed(body: Json, name: str) -> Any:
    """Return a field of the request that has to be there."""
    if name not in body:
        raise BadRequestError(f"{name} is missing")
    return body[name]


def person(workspace: Workspace, body: Json) -> User:
    """Return the person who acts; somebody deactivated cannot."""
    user = workspace.world.users.get(needed(body, "user"))
    if user is None:
        raise BadRequestError(f"there is no user {body['user']}")
    if user.deleted:
        raise BadRequestError(f"{user.real_name} is deactivated and cannot do anything")
    return user


def channel_of(workspace: Workspace, body: Json, user: User) -> Channel:
    """Return the channel named, by id or name; the person has to be a member."""
    wanted = needed(body, "channel")
    channels = workspace.world.channels
    channel = channels.get(wanted) or next(
        (c for c in channels.values() if not c.is_im and c.name == wanted.lstrip("#")), None
    )
    if channel is None:
        raise BadRequestError(f"there is no channel {wanted}")
    if user.id not in channel.members:
        raise BadRequestError(f"{user.real_name} is not in {channel.name}")
    return channel


def message_in(workspace: Workspace, body: Json, channel: Channel, user: User) -> Message:
    """Return the message named by ts, if the person sees it."""
    message = channel.messages.get(needed(body, "ts"))
    if message is None or not workspace.world.sees(user.id, message):
        raise BadRequestError(f"{user.real_name} sees no message {body['ts']} in {channel.name}")
    return message


def view_of(workspace: Workspace, body: Json, user: User) -> View:
    """Return the modal or Home tab named by view_id, if the person has it open."""
    wanted = needed(body, "view_id")
    home = workspace.world.homes.get(user.id)
    views = [*workspace.world.stack(user.id), *([home] if home else [])]
    view = next((v for v in views if v.id == wanted), None)
    if view is None:
        raise BadRequestError(f"{user.real_name} has no view {wanted} open")
    return view


def insider(workspace: Workspace, user: User) -> bool:
    """Say whether a person belongs to the team the app is installed in (commands and shortcuts need that)."""
    return user.team_id == workspace.world.team.id and not user.is_stranger
