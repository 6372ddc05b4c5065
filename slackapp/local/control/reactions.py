"""Reactions of people with an emoji. The workspace keeps none: it tells the app, and nothing more."""

from slackapp.local.control.action_results import ActionResult
from slackapp.local.control.lookups import acting_user, channel_of, message_in, required_field
from slackapp.local.payloads import events
from slackapp.local.protocol.types import Json
from slackapp.local.workspace.workspace import SlackWorkspace


async def react(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """React to a message with an `emoji`, by its name without colons; with `remove` take the reaction back."""
    user = acting_user(workspace, body)
    channel = channel_of(workspace, body, user)
    message = message_in(workspace, body, channel, user)
    event: Json = {
        "type": "reaction_removed" if body.get("remove") else "reaction_added",
        "user": user.id,
        "reaction": str(required_field(body, "emoji")),
        "item_user": message.user,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
    }
    if workspace.state.has_bot(channel):
        events.emit(workspace, event, channel)
    return ActionResult()
