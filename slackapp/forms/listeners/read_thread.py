"""Read the thread of a message for a person who can see its channel now: the only way to show what a channel says.

Whoever had a channel's button, or a form that did not open, may have left the channel since, and Baton may still be in
it. So Slack is asked each time, before the thread is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.people.rules.standing import Standing, standing
from slackapp.runtime.baton import PATIENCE_S
from slackapp.slack import payloads
from slackapp.slack.conversation import Context
from slackapp.slack.payloads import SourceMessage
from storage.company import people
from storage.company.model import Person

PAGE: Final = 15
"""Messages of a thread that are read."""
NOT_SEEN: Final = "not_seen"
"""Our own code beside Slack's: the person cannot see the channel."""
_CHANNELS_A_PAGE: Final = 200
_DIRECT: Final = "D"
"""What the ids of direct messages begin with; those that Baton is told of have one person beside it."""


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The first messages of a thread, root first; `more` if there are further ones."""

    messages: tuple[SourceMessage, ...]
    more: bool = False


def read_thread(context: Context, client: WebClient, user: str, channel: str, root: str | None) -> Thread | str:
    """Return the thread of a message as this person may read it.

    Args:
        context: Baton in the workspace.
        client: a client with the bot token.
        user: the id of the person.
        channel: the channel of the message.
        root: the ts of the thread's first message; None reads no message, and only asks who sees the channel.

    Returns:
        The thread, `NOT_SEEN`, or Slack's error code if it cannot be read.
    """
    with context.baton.db.reading(wait_s=PATIENCE_S) as tx:
        reader = people.get(tx, context.workspace, user)
    try:
        if not _sees(client, channel, user, reader):
            return NOT_SEEN
        if root is None:
            return Thread(messages=())
        answer = client.conversations_replies(channel=channel, ts=root, limit=PAGE)
    except SlackApiError as error:
        return str(error.response.get("error") or "refused")
    except (OSError, HTTPException):
        return "not_reached"
    found = tuple(payloads.parse_message(message, channel) for message in answer.get("messages") or ())
    return Thread(messages=found, more=bool(answer.get("has_more")))


def _sees(client: WebClient, channel: str, user: str, reader: Person | None) -> bool:
    """Ask Slack whether the person can open the channel: a member can, and every colleague a public one."""
    if channel.startswith(_DIRECT):
        return reader is None or reader.dm_channel in {None, channel}
    is_private = bool(client.conversations_info(channel=channel)["channel"].get("is_private"))
    is_colleague = reader is not None and standing(reader) is Standing.COLLEAGUE
    return (is_colleague and not is_private) or _is_member(client, channel, user, is_private=is_private)


def _is_member(client: WebClient, channel: str, user: str, *, is_private: bool) -> bool:
    """Look for the channel among those of its kind that the person is in and Baton knows of."""
    kind, cursor = "private_channel" if is_private else "public_channel", ""
    while True:
        answer = client.users_conversations(user=user, types=kind, limit=_CHANNELS_A_PAGE, cursor=cursor)
        if any(one.get("id") == channel for one in answer.get("channels") or ()):
            return True
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return False
