"""The app's side of Socket Mode, without Slack's library: a socket that a test reads and writes itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk import WebClient
from websockets.sync.client import ClientConnection, connect

from tests.local.bolt_app import APP_TOKEN
from tests.slack_client import WAIT_S, Workspace


def socket_url(workspace: Workspace) -> str:
    """Return a fresh address for one connection."""
    return str(WebClient(base_url=workspace.api_url).apps_connections_open(app_token=APP_TOKEN)["url"])


@contextmanager
def dial(workspace: Workspace) -> Iterator[ClientConnection]:
    """Open one socket for as long as the block runs, and read its hello."""
    with connect(socket_url(workspace), proxy=None) as socket:
        hello = json.loads(socket.recv(timeout=WAIT_S))
        assert hello["type"] == "hello"
        assert hello["connection_info"] == {"app_id": "A0BATON"}
        yield socket
