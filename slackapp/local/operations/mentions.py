"""Mentions in text, mrkdwn and rich text, and the people a message notifies because of them."""

import re
from collections.abc import Iterator
from typing import Any, Final

from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.state.workspace_state import WorkspaceState

EVERYBODY: Final = "everybody"
_MENTION: Final = re.compile(
    r"<(?:@(?P<user>[UW][A-Z0-9]+)|!subteam\^(?P<group>S[A-Z0-9]+)|!(?P<all>channel|here|everyone))"
)
_WORD: Final = re.compile(r"(?<![\w&;])@(?:channel|here|everyone)\b")


def mentioned(message: SlackMessage) -> set[str]:
    """Return the ids a message mentions, and EVERYBODY if it addresses the whole channel.

    In blocks the words @channel, @here and @everyone count unless the text object says `verbatim: true`
    (docs.slack.dev, messaging/formatting-message-text).
    """
    return set(_in_text(message.text)) | set(_in_block_parts(message.blocks))


def _in_text(text: str) -> Iterator[str]:
    for match in _MENTION.finditer(text):
        yield match["user"] or match["group"] or EVERYBODY


def _in_block_parts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _in_block_parts(one)
    elif isinstance(part, dict):
        yield from _in_object(part)


def _in_object(part: Json) -> Iterator[str]:
    match part.get("type"):
        case "plain_text":
            return
        case "mrkdwn":
            yield from _in_text(part["text"])
            if not part.get("verbatim") and _WORD.search(part["text"]):
                yield EVERYBODY
        case "user" if "user_id" in part:
            yield part["user_id"]
        case "usergroup" if "usergroup_id" in part:
            yield part["usergroup_id"]
        case "broadcast":
            yield EVERYBODY
        case _:
            for key, value in part.items():
                if key not in {"value", "confirm", "options"}:
                    yield from _in_block_parts(value)


def people_to_notify(state: WorkspaceState, channel: SlackChannel, message: SlackMessage) -> list[str]:
    """Return the people a new message alerts: the other side of a direct message, or the mentioned members."""
    if message.ephemeral_to is not None:
        return []
    if channel.is_im:
        return [member for member in channel.members if member != message.user]
    ids = mentioned(message)
    members = set(channel.members) - {message.user}
    if EVERYBODY in ids:
        return sorted(members)
    for group in ids & set(state.usergroups):
        ids |= set(state.usergroups[group].users)
    return sorted(ids & members)
