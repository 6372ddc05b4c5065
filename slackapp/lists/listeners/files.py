"""Take a list away as a CSV file: in a direct message, or as text to copy where Baton may not send files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from http.client import HTTPException
from typing import Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from slackapp.lists.listeners.browse import query_of
from slackapp.lists.model import ListQuery
from slackapp.lists.queries import MOST_ROWS, load_page, may_upload
from slackapp.lists.views import csv_file
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, Reply, View, tell
from slackapp.slack.error_codes import Meaning, meaning
from slackapp.slack.ids import ListAction
from slackapp.slack.payloads import Click

_log = structlog.get_logger(__name__)


def download(context: Context, click: Click) -> Reply:
    """Open a view that says where the file is once it has been sent."""
    query = query_of(click)
    if query is None:
        return tell(UNKNOWN_ID)
    load = partial(_send, context, click.who.user, replace(query, page=0))
    return OpenModal(view=csv_file.wait_view(), load_later=load)


def _send(context: Context, user: str, query: ListQuery, client: WebClient, _opened: View) -> View:
    """Send the file, and return the view that says so."""
    page = load_page(context.baton, workspace=context.workspace, user=user, query=query, most=MOST_ROWS)
    text = csv_file.csv_file(page)
    if not may_upload(context.baton, context.workspace):
        return csv_file.copied_view(text)
    try:
        channel = client.conversations_open(users=user)["channel"]["id"]
        client.files_upload_v2(channel=channel, content=text, filename=csv_file.file_name(page.now), title="Handoffs")
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if meaning(code) is Meaning.ADMIN:  # the scope was taken away since Baton started, or a setting forbids files
            return csv_file.copied_view(text, code)
        _log.warning("file_not_sent", error=str(error))
        return csv_file.failed_view()
    except (SlackClientError, OSError, HTTPException) as error:
        _log.warning("file_not_sent", error=str(error))
        return csv_file.failed_view()
    return csv_file.sent_view(page)


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ListAction.CSV: download}
