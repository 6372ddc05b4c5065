"""Nonsense is answered with one of Slack's errors, never with a broken server."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from itertools import cycle, product
from typing import Any
from urllib.parse import urlsplit

import pytest

from slackapp.local.web_api.methods import METHODS
from tests.slack_client import Json, Workspace
from tests.tables import check_rows

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


@pytest.fixture
def connection(slack: Workspace) -> Iterator[HTTPConnection]:
    """A connection to the workspace, which takes as many calls as come."""
    slack.rate_limits(enabled=False)
    with closing(HTTPConnection("127.0.0.1", urlsplit(slack.base_url).port)) as connection:
        yield connection


def test_a_method_answers_nonsense_in_json(connection: HTTPConnection) -> None:
    def check(method: str) -> None:
        for shift in range(len(STRANGE)):
            values = cycle(STRANGE[shift:] + STRANGE[:shift])
            arguments = {name: next(values) for name in NAMES}
            for channel in ("C0SUCCESS", arguments["channel"]):
                status, answer = ask(connection, method, {**arguments, "channel": channel})
                assert "ok" in answer, (status, answer, arguments)

    check_rows(sorted(METHODS), check)


def test_strange_views_are_refused_in_json(connection: HTTPConnection) -> None:
    def check(row: tuple[str, str, Any]) -> None:
        method, view_type, strange = row
        for view in (strange, {"type": view_type, "blocks": strange}, {"type": view_type, "blocks": [strange]}):
            status, answer = ask(connection, method, {"user_id": "U0EVA", "trigger_id": "x", "view": view})
            assert answer.get("ok") is False, (status, answer, view)

    check_rows(product(("views.publish", "views.open"), ("modal", "home"), STRANGE), check)
