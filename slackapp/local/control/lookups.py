"""Looks up the person, channel, message or view that a request names; raises BadRequestError if there is none."""

from typing import Any

from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.state.people import SlackUser
from slackapp.local.state.views import SlackView
from slackapp.local.workspace.workspace import SlackWorkspace


def required_field(body: Json, name: str) -> Any:
    """Return a field of the request that has to be there."""
    if name not in body:
        raise BadRequestError(f"{name} is missing")
    return body[name]


def acting_user(workspace: SlackWorkspace, body: Json) -> SlackUser:
    """Return the person who acts; somebody deactivated cannot."""
    user = workspace.state.users.get(required_field(body, "user"))
    if user is None:
        raise BadRequestError(f"there is no user {body['user']}")
    if user.deleted:
        raise BadRequestError(f"{user.real_name} is deactivated and cannot do anything")
    return user


def channel_of(workspace: SlackWorkspace, body: Json, user: SlackUser) -> SlackChannel:
    """Return the channel named, by id or name; the person has to be a member."""
    wanted = required_field(body, "channel")
    channels = workspace.state.channels
    channel = channels.get(wanted) or next(
        (c for c in channels.values() if not c.is_im and c.name == wanted.lstrip("#")), None
    )
    if channel is None:
        raise BadRequestError(f"there is no channel {wanted}")
    if user.id not in channel.members:
        raise BadRequestError(f"{user.real_name} is not in {channel.name}")
    return channel


def message_in(workspace: SlackWorkspace, body: Json, channel: SlackChannel, user: SlackUser) -> SlackMessage:
    """Return the message named by ts, if the person sees it."""
    message = channel.messages.get(required_field(body, "ts"))
    if message is None or not workspace.state.sees(user.id, message):
        raise BadRequestError(f"{user.real_name} sees no message {body['ts']} in {channel.name}")
    return message


def view_of(workspace: SlackWorkspace, body: Json, user: SlackUser) -> SlackView:
    """Return the modal or Home tab named by view_id, if the person has it open."""
    wanted = required_field(body, "view_id")
    home = workspace.state.homes.get(user.id)
    views = [*workspace.state.stack(user.id), *([home] if home else [])]
    view = next((v for v in views if v.id == wanted), None)
    if view is None:
        raise BadRequestError(f"{user.real_name} has no view {wanted} open")
    return view


def is_team_member(workspace: SlackWorkspace, user: SlackUser) -> bool:
    """Say whether a person belongs to the team the app is installed in (commands and shortcuts need that)."""
    return user.is_member_of(workspace.state.team.id)
