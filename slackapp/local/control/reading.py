"""What the control API shows: the workspace as a whole, and what one person can see of it."""

from slackapp.local import files
from slackapp.local.records import Channel, Message, View
from slackapp.local.web_api.conversations import message_as_slack
from slackapp.local.wire import BadRequestError, Json
from slackapp.local.workspace import Workspace


def overview(workspace: Workspace) -> Json:
    """Return everything that exists, for a page or test that starts."""
    world, manifest = workspace.world, workspace.manifest
    app = world.app
    return {
        "team": {"id": world.team.id, "name": world.team.name, "domain": world.team.domain},
        "app": {
            "id": app.id,
            "name": app.name,
            "bot_user": app.bot_user,
            "bot_id": app.bot_id,
            "home_tab": manifest.home_tab,
        },
        "users": [user.brief(workspace.clock.now()) for user in world.users.values()],
        "channels": [_channel(channel) for channel in world.channels.values()],
        "usergroups": [
            {"id": g.id, "handle": g.handle, "name": g.name, "users": g.users} for g in world.usergroups.values()
        ],
        "commands": [
            {name: command.get(name, "") for name in ("command", "description", "usage_hint")}
            for command in manifest.commands
        ],
        "shortcuts": [{name: s[name] for name in ("name", "type", "callback_id")} for s in manifest.shortcuts],
        "clock": clock(workspace),
        "connections": workspace.courier.sockets.count,
        "granted": sorted(app.granted),
        "processes": sorted(workspace.clock.living()),
    }


def clock(workspace: Workspace) -> Json:
    """Return the workspace's time."""
    return {"now": workspace.clock.now(), "offset_s": workspace.clock.offset_s}


def seen_by(workspace: Workspace, user_id: str) -> Json:
    """Return all that a person can see: their channels with messages, modals, Home tab and alerts."""
    world = workspace.world
    if user_id not in world.users:
        raise BadRequestError(f"there is no user {user_id}")
    home = world.homes.get(user_id)
    return {
        "channels": [_seen_channel(workspace, c, user_id) for c in world.channels.values() if user_id in c.members],
        "views": [_view(workspace, view) for view in world.stack(user_id)],
        "home": _view(workspace, home) if home else None,
        "alerts": world.alerts.get(user_id, []),
        "files": [files.as_slack(workspace, file) for file in world.files.values() if file.user == user_id],
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_im": channel.is_im,
        "members": list(channel.members),
    }


def _seen_channel(workspace: Workspace, channel: Channel, user_id: str) -> Json:
    world = workspace.world
    seen = [message for message in channel.messages.values() if world.sees(user_id, message)]
    shown = _channel(channel)
    if channel.is_im:
        shown["name"] = world.other_side(channel, user_id).name
    read = channel.read.get(user_id, "0")
    fresh = [m for m in seen if m.ts > read and m.user != user_id and m.thread_ts in {None, m.ts}]
    return shown | {"unread": len(fresh), "messages": [_message(workspace, channel, message) for message in seen]}


def _message(workspace: Workspace, channel: Channel, message: Message) -> Json:
    shown = message_as_slack(channel, message, with_metadata=True)
    shown["username"] = workspace.world.users[message.user].real_name
    shown.setdefault("blocks", [])
    return shown | {"ephemeral": True} if message.ephemeral_to else shown


def _view(workspace: Workspace, view: View) -> Json:
    return view.as_slack(workspace.world.team, workspace.world.app) | {"errors": view.errors}
