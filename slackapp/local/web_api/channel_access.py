"""Access rules of channel methods: which channels the app sees, reads and writes, and the scopes that needs."""

from typing import Final

from slackapp.local.protocol.errors import SlackError
from slackapp.local.state.channels import SlackChannel
from slackapp.local.state.workspace_state import WorkspaceState
from slackapp.local.web_api.method_call import MethodCall

READ_SCOPE: Final = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}
HISTORY_SCOPE: Final = {"public_channel": "channels:history", "private_channel": "groups:history", "im": "im:history"}


def require(state: WorkspaceState, *any_of: str) -> None:
    """Raise `missing_scope` unless one of the scopes was granted."""
    if any_of and not state.app.granted & set(any_of):
        provided = ",".join(sorted(state.app.granted))
        raise SlackError("missing_scope", extra={"needed": ",".join(any_of), "provided": provided})


def visible_channel(call: MethodCall, channel_id: str) -> SlackChannel:
    """Return a channel the app may know of: not private channels and direct messages without it."""
    state = call.workspace.state
    channel = state.channels.get(channel_id)
    if channel is None or (channel.kind != "public_channel" and not state.has_bot(channel)):
        raise SlackError("channel_not_found")
    return channel


def readable_history(call: MethodCall) -> SlackChannel:
    """Return the channel whose messages are asked for, if membership and scopes allow reading them."""
    channel = visible_channel(call, call.text("channel"))
    require(call.workspace.state, HISTORY_SCOPE[channel.kind])
    if not call.workspace.state.has_bot(channel):
        raise SlackError("not_in_channel")
    return channel


def writable_channel(call: MethodCall, *, open_im: bool = False) -> SlackChannel:
    """Return the channel to post into: by id, by name, or, if `open_im`, by the id of a person.

    Public channels without the bot need chat:write.public; private ones do not exist for it.
    """
    state = call.workspace.state
    wanted = call.text("channel")
    if open_im and wanted in state.users and wanted != state.app.bot_user:
        channel = state.open_im(wanted)
    else:
        named = next((c.id for c in state.channels.values() if not c.is_im and c.name == wanted.lstrip("#")), wanted)
        channel = visible_channel(call, named)
    refuse_disabled_person(call, channel)
    if channel.is_im and not call.workspace.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    if not state.has_bot(channel) and "chat:write.public" not in state.app.granted:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def refuse_disabled_person(call: MethodCall, channel: SlackChannel) -> None:
    """Raise `user_disabled` for a direct message with somebody who is deactivated."""
    state = call.workspace.state
    if channel.is_im and state.other_side(channel, state.app.bot_user).deleted:
        raise SlackError("user_disabled")
