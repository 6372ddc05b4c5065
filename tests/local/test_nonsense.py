"""Nonsense is answered with one of Slack's errors, never with a broken server."""

import json
from http.client import HTTPConnection
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest

from slackapp.local.web_api.methods import METHODS
from tests.slack_client import Json, Workspace

STRANGE: tuple[Any, ...] = (
    None,
    0,
    -1,
    "x",
    "",
    [],
    {},
    [1],
    [None],
    {"a": [{}]},
    "[",
    True,
    1e9,
    "C0SUCCESS",
    "U0EVA",
)
NAMES = (
    *("channel", "user", "users", "ts", "text", "blocks", "attachments", "metadata", "view", "trigger_id", "view_id"),
    *("external_id", "hash", "user_id", "limit", "cursor", "oldest", "latest", "types", "thread_ts", "usergroup"),
)


def ask(connection: HTTPConnection, method: str, arguments: Json) -> tuple[int, Json]:
    headers = {"Authorization": "Bearer xoxb-local-bot", "Content-Type": "application/json"}
    connection.request("POST", f"/api/{method}", json.dumps(arguments), headers)
    answer = connection.getresponse()
    raw = answer.read()
    return answer.status, json.loads(raw) if raw.startswith(b"{") else {"not": raw.decode()}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_answers_nonsense_in_json(slack: Workspace, method: str) -> None:
    slack.rate_limits(enabled=False)
    connection = HTTPConnection("127.0.0.1", urlsplit(slack.base_url).port)
    for shift in range(len(STRANGE)):
        values = cycle(STRANGE[shift:] + STRANGE[:shift])
        arguments = {name: next(values) for name in NAMES}
        for channel in ("C0SUCCESS", arguments["channel"]):
            status, answer = ask(connection, method, {**arguments, "channel": channel})
            assert "ok" in answer, (status, answer, arguments)
    connection.close()


@pytest.mark.parametrize("view_type", ["modal", "home"])
def test_strange_views_are_refused_in_json(slack: Workspace, view_type: str) -> None:
    slack.rate_limits(enabled=False)
    connection = HTTPConnection("127.0.0.1", urlsplit(slack.base_url).port)
    for strange in STRANGE:
        for view in (strange, {"type": view_type, "blocks": strange}, {"type": view_type, "blocks": [strange]}):
            for method in ("views.publish", "views.open"):
                arguments: Json = {"user_id": "U0EVA", "trigger_id": "x", "view": view}
                status, answer = ask(connection, method, arguments)
                assert answer.get("ok") is False, (status, answer, view)
    connection.close()
