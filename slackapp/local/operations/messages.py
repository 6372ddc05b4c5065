"""Messages: posting, updating, deleting, and what that tells people and the app."""

from dataclasses import dataclass, field
from typing import Any, Final

from slackapp.local.blockkit.lengths import utf16_units
from slackapp.local.blockkit.payload_checks import LONGEST_TEXT, LONGEST_UPDATE, checked_blocks, checked_metadata
from slackapp.local.operations.mentions import mentioned, people_to_notify
from slackapp.local.payloads import events
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.workspace.workspace import SlackWorkspace

UNSET: Final[Any] = object()
"""A field of an update that was not sent, and so keeps what it has."""
ALERTS_KEPT: Final = 50
_EXCERPT: Final = 200


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A message before it is posted. `ephemeral_to` makes it visible to that person only."""

    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    ephemeral_to: str | None = None
    files: list[Json] = field(default_factory=list)


def read_app_message(workspace: SlackWorkspace, fields: Json) -> NewMessage:
    """Read a message the app sends; raise Slack's error for anything wrong with it."""
    text = str(fields.get("text") or "")[:LONGEST_TEXT]
    blocks = checked_blocks(fields.get("blocks"))
    attachments = fields.get("attachments") or []
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    return NewMessage(
        user=workspace.state.app.bot_user,
        text=text,
        blocks=blocks,
        attachments=attachments,
        thread_ts=fields.get("thread_ts") or None,
        metadata=checked_metadata(fields.get("metadata")),
    )


def post(workspace: SlackWorkspace, channel: SlackChannel, draft: NewMessage) -> SlackMessage:
    """Add a message to a channel, alert whom it mentions, tell the app if it subscribed to messages."""
    state = workspace.state
    parent = channel.messages.get(draft.thread_ts or "")
    by_app = draft.user == state.app.bot_user
    message = SlackMessage(
        ts=channel.next_ts(workspace.clock.now()),
        user=draft.user,
        text=draft.text,
        blocks=draft.blocks,
        attachments=draft.attachments,
        bot_id=state.app.bot_id if by_app else None,
        app_id=state.app.id if by_app else None,
        team=state.users[draft.user].team_id,
        thread_ts=(parent.thread_ts or parent.ts) if parent else draft.thread_ts,
        metadata=draft.metadata,
        ephemeral_to=draft.ephemeral_to,
        files=draft.files,
    )
    channel.messages[message.ts] = message
    if parent is not None and draft.ephemeral_to is None and parent.thread_ts is None:
        parent.thread_ts = parent.ts
    if message.thread_ts is None:
        channel.read[message.user] = message.ts
    _alert(workspace, channel, message)
    _tell(workspace, channel, message)
    if message.ephemeral_to is None:
        shared = {"subtype": "file_share"} if message.files else {}
        events.emit_message(workspace, channel, message.as_slack() | shared)
        if not by_app and state.app.bot_user in mentioned(message):
            events.emit_mention(workspace, channel, message.as_slack())
    return message


def update(
    workspace: SlackWorkspace,
    channel: SlackChannel,
    message: SlackMessage,
    *,
    text: Any,
    blocks: Any,
    attachments: Any,
    metadata: Any,
) -> None:
    """Change a message as chat.update does. Fields that are UNSET were not sent.

    docs.slack.dev, reference/methods/chat.update: text without blocks removes the blocks; blocks leave no
    "(edited)"; attachments and metadata stay unless they are sent.
    """
    new_text = message.text if text is UNSET else str(text or "")
    if utf16_units(new_text) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    new_blocks = [] if blocks is UNSET else checked_blocks(blocks)
    if blocks is UNSET and text is UNSET:
        new_blocks = message.blocks
    new_attachments = message.attachments if attachments is UNSET else attachments
    if not new_text and not new_blocks and not new_attachments:
        raise SlackError("no_text")
    new_metadata = message.metadata if metadata is UNSET else checked_metadata(metadata)
    before = message.as_slack()
    if not new_blocks and new_text != message.text:
        message.edited = {"user": message.user, "ts": f"{workspace.clock.now():.6f}"}
    message.text, message.blocks = new_text, new_blocks
    message.attachments, message.metadata = new_attachments, new_metadata
    _tell(workspace, channel, message)
    changed = {"type": "message", "subtype": "message_changed", "hidden": True, "previous_message": before}
    now = f"{workspace.clock.now():.6f}"
    events.emit_message(workspace, channel, changed | {"message": message.as_slack(), "ts": now})


def delete(workspace: SlackWorkspace, channel: SlackChannel, message: SlackMessage) -> None:
    """Take a message away; its replies stay."""
    del channel.messages[message.ts]
    parent = channel.messages.get(message.thread_ts or "")
    if parent is not None and not channel.replies(parent.ts):
        parent.thread_ts = None
    _tell(workspace, channel, message)
    if message.ephemeral_to is None:
        gone = {"type": "message", "subtype": "message_deleted", "deleted_ts": message.ts, "hidden": True}
        events.emit_message(workspace, channel, gone | {"previous_message": message.as_slack()})


def lasting_message(channel: SlackChannel, ts: str) -> SlackMessage:
    """Return a lasting message of a channel or raise `message_not_found`."""
    message = channel.messages.get(ts)
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    return message


def permalink(workspace: SlackWorkspace, channel: SlackChannel, message: SlackMessage) -> str:
    """Return the lasting address of a message; a reply names its thread."""
    link = f"{workspace.address}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return link


def _alert(workspace: SlackWorkspace, channel: SlackChannel, message: SlackMessage) -> None:
    now = workspace.clock.now()
    people = [
        user
        for user in people_to_notify(workspace.state, channel, message)
        if workspace.state.users[user].can_be_notified(now)
    ]
    for person in people:
        author = workspace.state.users[message.user].real_name
        where = "" if channel.is_im else f" in #{channel.name}"
        alert = {
            "text": f"{author}{where}: {message.text[:_EXCERPT]}",
            "at": now,
            "channel": channel.id,
            "ts": message.ts,
        }
        kept = workspace.state.alerts.get(person, [])[1 - ALERTS_KEPT :]
        workspace.state.alerts[person] = [*kept, alert]
    if people:
        workspace.change_feed.publish("alerts", people)


def _tell(workspace: SlackWorkspace, channel: SlackChannel, message: SlackMessage) -> None:
    readers = [message.ephemeral_to] if message.ephemeral_to else channel.members
    workspace.change_feed.publish(f"channel:{channel.id}", list(readers))
