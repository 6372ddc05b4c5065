"""chat.*: messages the app posts, changes and deletes."""

from dataclasses import replace

from slackapp.local import messages
from slackapp.local.messages import UNSET, app_draft
from slackapp.local.rate_limits import POSTING_PER_CHANNEL
from slackapp.local.records import Channel, Message
from slackapp.local.web_api.access import visible_channel, writable_channel
from slackapp.local.web_api.call import Call
from slackapp.local.wire import Json, SlackError


def post_message(call: Call) -> Json:
    """chat.postMessage. A person's id as channel opens the direct message with them."""
    workspace = call.workspace
    channel = writable_channel(call, open_im=True)
    draft = app_draft(workspace, call.arguments)
    workspace.rate_limits.spend(f"chat.postMessage {channel.id}", POSTING_PER_CHANNEL, workspace.clock.now())
    message = messages.post(workspace, channel, draft)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack(with_metadata=True)}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: only for somebody who is in the channel. Metadata is not kept."""
    workspace = call.workspace
    channel = writable_channel(call)
    user = call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    draft = replace(app_draft(workspace, call.arguments), metadata=None, ephemeral_to=user)
    return {"message_ts": messages.post(workspace, channel, draft).ts}


def update(call: Call) -> Json:
    """chat.update, for messages of the app itself."""
    workspace = call.workspace
    channel = visible_channel(call, call.text("channel"))
    message = _own_message(call, channel, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    sent = {name: call.raw(name, UNSET) for name in ("text", "blocks", "attachments", "metadata")}
    messages.update(workspace, channel, message, **sent)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.as_slack()}


def delete(call: Call) -> Json:
    """chat.delete, for messages of the app itself."""
    channel = visible_channel(call, call.text("channel"))
    message = _own_message(call, channel, "cant_delete_message")
    messages.delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink."""
    channel = visible_channel(call, call.text("channel"))
    message = messages.latest(channel, call.text("message_ts"))
    return {"channel": channel.id, "permalink": messages.permalink(call.workspace, channel, message)}


def _own_message(call: Call, channel: Channel, otherwise: str) -> Message:
    message = messages.latest(channel, call.text("ts"))
    if message.user != call.workspace.world.app.bot_user:
        raise SlackError(otherwise)
    return message
