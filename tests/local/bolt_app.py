"""A small app of one test, on real Bolt and real Socket Mode."""

import socket
from typing import Any

import pytest
from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack_client import Json, Workspace

BOT_TOKEN = "xoxb-local-bot"
APP_TOKEN = "xapp-local-app"


class BoltApp:
    """An app of one test: `bolt` takes its listeners, `connect` opens the socket, `heard` keeps payloads."""

    def __init__(self, slack: Workspace) -> None:
        client = WebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
        self.bolt = App(
            client=client,
            token_verification_enabled=False,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
        )
        self.bolt.error(_acknowledge_unheard_events)
        self.heard: list[Json] = []
        self._handlers: list[SocketModeHandler] = []

    def connect(self) -> SocketModeHandler:
        web = WebClient(base_url=self.bolt.client.base_url)
        handler = SocketModeHandler(self.bolt, APP_TOKEN, web_client=web)
        handler.client.connect_to_new_endpoint()
        self._handlers.append(handler)
        return handler

    def forget(self) -> None:
        self.bolt._listeners.clear()
        self.heard.clear()

    def keep(self, ack: Any, body: Json) -> None:
        """A listener that acknowledges and keeps the payload."""
        ack()
        self.heard.append(body)

    def close(self) -> None:
        for handler in self._handlers:
            session = handler.client.current_session
            handler.client.auto_reconnect_enabled = False
            if session is not None and session.sock is not None:
                session.sock.shutdown(socket.SHUT_RDWR)  # wakes the reader, which else sleeps up to three seconds
            handler.client.close()


def _acknowledge_unheard_events(error: Exception, body: Json) -> BoltResponse:
    """Acknowledge events that no listener of the test wants, so that they do not come again; nothing else."""
    unheard = isinstance(error, BoltUnhandledRequestError) and "event" in body
    return BoltResponse(status=200 if unheard else 500)


def error_of(call: object, **arguments: object) -> str:
    """Make a call that has to fail and return Slack's word for it."""
    assert callable(call)
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])
