"""chat.*: messages the app posts, changes and deletes."""

from dataclasses import replace

from slackapp.local.limits.rate_limits import POSTING_PER_CHANNEL
from slackapp.local.operations import messages
from slackapp.local.operations.messages import UNSET, read_app_message
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.web_api.channel_access import visible_channel, writable_channel
from slackapp.local.web_api.method_call import MethodCall


def post_message(call: MethodCall) -> Json:
    """chat.postMessage. A person's id as channel opens the direct message with them."""
    workspace = call.workspace
    channel = writable_channel(call, open_im=True)
    draft = read_app_message(workspace, call.arguments)
    workspace.rate_limits.spend(f"chat.postMessage {channel.id}", POSTING_PER_CHANNEL, workspace.clock.now())
    message = messages.post(workspace, channel, draft)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack(with_metadata=True)}


def post_ephemeral(call: MethodCall) -> Json:
    """chat.postEphemeral: only for somebody who is in the channel. Metadata is not kept."""
    workspace = call.workspace
    channel = writable_channel(call)
    user = call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    draft = replace(read_app_message(workspace, call.arguments), metadata=None, ephemeral_to=user)
    return {"message_ts": messages.post(workspace, channel, draft).ts}


def update(call: MethodCall) -> Json:
    """chat.update, for messages of the app itself."""
    workspace = call.workspace
    channel = visible_channel(call, call.text("channel"))
    message = _own_message(call, channel, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    sent = {name: call.raw(name, UNSET) for name in ("text", "blocks", "attachments", "metadata")}
    messages.update(workspace, channel, message, **sent)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.as_slack()}


def delete(call: MethodCall) -> Json:
    """chat.delete, for messages of the app itself."""
    channel = visible_channel(call, call.text("channel"))
    message = _own_message(call, channel, "cant_delete_message")
    messages.delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: MethodCall) -> Json:
    """chat.getPermalink."""
    channel = visible_channel(call, call.text("channel"))
    message = messages.lasting_message(channel, call.text("message_ts"))
    return {"channel": channel.id, "permalink": messages.permalink(call.workspace, channel, message)}


def _own_message(call: MethodCall, channel: SlackChannel, otherwise: str) -> SlackMessage:
    message = messages.lasting_message(channel, call.text("ts"))
    if message.user != call.workspace.state.app.bot_user:
        raise SlackError(otherwise)
    return message
