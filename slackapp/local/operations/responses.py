"""Messages that the app sends in answer to one interaction, by response_url or in its acknowledgement."""

from dataclasses import replace

from slackapp.local.blockkit.payload_checks import checked_blocks
from slackapp.local.limits.response_urls import ResponseUrl
from slackapp.local.operations import messages
from slackapp.local.operations.messages import read_app_message
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.workspace.workspace import SlackWorkspace


def answer_interaction(workspace: SlackWorkspace, url: ResponseUrl, body: Json) -> None:
    """Carry out what the app answered: replace or delete the original, or say something new."""
    channel = workspace.state.channels.get(url.channel)
    if channel is None:
        raise SlackError("channel_not_found")
    original = channel.messages.get(url.original or "")
    if body.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found", status=404)
        messages.delete(workspace, channel, original)
    elif body.get("replace_original") and original is not None:
        _replace(workspace, channel, original, body)
    else:
        post_response(workspace, channel, url.user, body)


def post_response(workspace: SlackWorkspace, channel: SlackChannel, user: str, body: Json) -> SlackMessage:
    """Show a new message: to the person alone, or in the channel if the app says so."""
    draft = read_app_message(workspace, body)
    if body.get("response_type") != "in_channel":
        draft = replace(draft, ephemeral_to=user, metadata=None)
    return messages.post(workspace, channel, draft)


def _replace(workspace: SlackWorkspace, channel: SlackChannel, original: SlackMessage, body: Json) -> None:
    checked_blocks(body.get("blocks"))
    sent = {name: body.get(name, messages.UNSET) for name in ("text", "blocks", "attachments", "metadata")}
    messages.update(workspace, channel, original, **sent)
