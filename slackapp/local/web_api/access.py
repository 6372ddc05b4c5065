"""Which channels the app may read and write, and with which scope: the privacy rules of every channel method."""

from typing import Final

from slackapp.local.records import Channel
from slackapp.local.web_api.call import Call
from slackapp.local.wire import SlackError
from slackapp.local.world import World

READ_SCOPE: Final = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}
HISTORY_SCOPE: Final = {"public_channel": "channels:history", "private_channel": "groups:history", "im": "im:history"}


def require(world: World, *any_of: str) -> None:
    """Raise `missing_scope` unless one of the scopes was granted."""
    if any_of and not world.app.granted & set(any_of):
        provided = ",".join(sorted(world.app.granted))
        raise SlackError("missing_scope", extra={"needed": ",".join(any_of), "provided": provided})


def visible_channel(call: Call, channel_id: str) -> Channel:
    """Return a channel the app may know of: not private channels and direct messages without it."""
    world = call.workspace.world
    channel = world.channels.get(channel_id)
    if channel is None or (channel.kind != "public_channel" and not world.bot_in(channel)):
        raise SlackError("channel_not_found")
    return channel


def readable_history(call: Call) -> Channel:
    """Return the channel whose messages are asked for, if membership and scopes allow reading them."""
    channel = visible_channel(call, call.text("channel"))
    require(call.workspace.world, HISTORY_SCOPE[channel.kind])
    if not call.workspace.world.bot_in(channel):
        raise SlackError("not_in_channel")
    return channel


def writable_channel(call: Call, *, open_im: bool = False) -> Channel:
    """Return the channel to post into: by id, by name, or, if `open_im`, by the id of a person.

    Public channels without the bot need chat:write.public; private ones do not exist for it.
    """
    world = call.workspace.world
    wanted = call.text("channel")
    if open_im and wanted in world.users and wanted != world.app.bot_user:
        channel = world.open_im(wanted)
    else:
        named = next((c.id for c in world.channels.values() if not c.is_im and c.name == wanted.lstrip("#")), wanted)
        channel = visible_channel(call, named)
    refuse_disabled_person(call, channel)
    if channel.is_im and not call.workspace.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    if not world.bot_in(channel) and "chat:write.public" not in world.app.granted:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def refuse_disabled_person(call: Call, channel: Channel) -> None:
    """Raise `user_disabled` for a direct message with somebody who is deactivated."""
    world = call.workspace.world
    if channel.is_im and world.other_side(channel, world.app.bot_user).deleted:
        raise SlackError("user_disabled")
