"""JSON of the workspace as a whole, and of what one person sees."""

from slackapp.local.operations import files
from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.state.views import SlackView
from slackapp.local.web_api.conversations import message_as_slack
from slackapp.local.workspace.workspace import SlackWorkspace


def overview(workspace: SlackWorkspace) -> Json:
    """Return everything that exists, for a page or test that starts."""
    state, manifest = workspace.state, workspace.manifest
    app = state.app
    return {
        "team": {"id": state.team.id, "name": state.team.name, "domain": state.team.domain},
        "app": {
            "id": app.id,
            "name": app.name,
            "bot_user": app.bot_user,
            "bot_id": app.bot_id,
            "home_tab": manifest.home_tab,
        },
        "users": [user.summary(workspace.clock.now()) for user in state.users.values()],
        "channels": [_channel(channel) for channel in state.channels.values()],
        "usergroups": [
            {"id": g.id, "handle": g.handle, "name": g.name, "users": g.users} for g in state.usergroups.values()
        ],
        "commands": [
            {name: command.get(name, "") for name in ("command", "description", "usage_hint")}
            for command in manifest.commands
        ],
        "shortcuts": [{name: s[name] for name in ("name", "type", "callback_id")} for s in manifest.shortcuts],
        "clock": clock(workspace),
        "connections": workspace.transport.sockets.count,
        "granted": sorted(app.granted),
        "processes": sorted(workspace.clock.living()),
    }


def clock(workspace: SlackWorkspace) -> Json:
    """Return the workspace's time, and how many calls and deliveries are on the wire."""
    return {
        "now": workspace.clock.now(),
        "offset_s": workspace.clock.offset_s,
        "in_flight": workspace.in_flight.count,
    }


def visible_to(workspace: SlackWorkspace, user_id: str) -> Json:
    """Return all that a person can see: their channels with messages, modals, Home tab and alerts."""
    state = workspace.state
    if user_id not in state.users:
        raise BadRequestError(f"there is no user {user_id}")
    home = state.homes.get(user_id)
    return {
        "channels": [_seen_channel(workspace, c, user_id) for c in state.channels.values() if user_id in c.members],
        "views": [_view(workspace, view) for view in state.stack(user_id)],
        "home": _view(workspace, home) if home else None,
        "alerts": state.alerts.get(user_id, []),
        "files": [files.as_slack(workspace, file) for file in state.files.values() if file.user == user_id],
    }


def _channel(channel: SlackChannel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_im": channel.is_im,
        "members": list(channel.members),
    }


def _seen_channel(workspace: SlackWorkspace, channel: SlackChannel, user_id: str) -> Json:
    state = workspace.state
    seen = [message for message in channel.messages.values() if state.sees(user_id, message)]
    shown = _channel(channel)
    if channel.is_im:
        shown["name"] = state.other_side(channel, user_id).name
    read = channel.read.get(user_id, "0")
    fresh = [m for m in seen if m.ts > read and m.user != user_id and m.thread_ts in {None, m.ts}]
    return shown | {"unread": len(fresh), "messages": [_message(workspace, channel, message) for message in seen]}


def _message(workspace: SlackWorkspace, channel: SlackChannel, message: SlackMessage) -> Json:
    shown = message_as_slack(channel, message, with_metadata=True)
    shown["username"] = workspace.state.users[message.user].real_name
    shown.setdefault("blocks", [])
    return shown | {"ephemeral": True} if message.ephemeral_to else shown


def _view(workspace: SlackWorkspace, view: SlackView) -> Json:
    return view.as_slack(workspace.state.team, workspace.state.app) | {"errors": view.errors}
