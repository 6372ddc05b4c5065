"""Reads the thread of a message: one page, off the listener, and only where a scope allows it.

Slack lets some apps read one page of 15 messages a minute (docs.slack.dev, reference/methods/conversations.replies), so
nothing depends on it: a message's menu carries the message itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.slack import payloads
from slackapp.slack.payloads import Quoted

PAGE: Final = 15


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The first messages of a thread, its root first, and whether there are more."""

    messages: tuple[Quoted, ...]
    more: bool = False


def read(client: WebClient, channel: str, root: str) -> Thread | str:
    """The thread that begins with the message `root`; why not, in Slack's words, if it cannot be read."""
    try:
        answer = client.conversations_replies(channel=channel, ts=root, limit=PAGE)
    except SlackApiError as error:
        return str(error.response.get("error") or "refused")
    except (OSError, HTTPException):
        return "not_reached"
    found = tuple(payloads.quoted(message, channel) for message in answer.get("messages") or ())
    return Thread(messages=found, more=bool(answer.get("has_more")))
