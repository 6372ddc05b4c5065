"""Ask Slack about a channel that an admin has just chosen: whether it is there and Baton may post in it."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPException
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.directory.actions import people_and_channels
from slackapp.setup.listeners.show import load
from slackapp.setup.model import FormSubject, SetupState
from slackapp.slack import objects
from slackapp.slack.conversation import Context, View
from slackapp.slack.payloads import Click
from storage.company.model import Channel

_HIDDEN: Final = "channel_not_found"


def look(
    context: Context, click: Click, redraw: Callable[[SetupState], View | None], client: WebClient, _opened: View
) -> View | None:
    """Read the channel from Slack, store it, and return the form that says what is missing there."""
    workspace, channel_id = context.workspace, click.value
    try:
        answer = client.conversations_info(channel=channel_id)
    except SlackApiError as refused:
        if objects.error_code(refused) != _HIDDEN:
            return None
        found = Channel(workspace=workspace, id=channel_id, name=channel_id, is_private=True)
    except (OSError, HTTPException):
        return None
    else:
        found = objects.channel(objects.body(answer)["channel"], workspace)
    people_and_channels.store_channel(context.baton, found)
    key = FormSubject.of(click.sheet.meta).key if click.sheet else ""
    state = load(context, click.who.user, team=key, channel=channel_id)
    return redraw(state) if isinstance(state, SetupState) else None
