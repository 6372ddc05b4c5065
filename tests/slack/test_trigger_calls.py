"""Calls that open a view: few at a time, each over in time, whatever the other side does."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from slackapp.slack.connection.trigger_calls import AT_ONCE, NotOpened, Opened, TriggerCall, TriggerCalls
from tests.waiting import until

OK = {"ok": True, "view": {"id": "V1", "hash": "h"}}


class Slack(ThreadingHTTPServer):
    """Slack's end: answers each call as it is told to, and counts how many are in progress."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.answer: Callable[[Call], None] = lambda call: call.send(OK)
        self.lock = threading.Lock()
        self.now = 0
        self.most = 0
        self.heard: list[Any] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/"


class Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        slack = self.server
        assert isinstance(slack, Slack)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with slack.lock:
            slack.heard.append((self.path, body))
            slack.now += 1
            slack.most = max(slack.most, slack.now)
        try:
            with suppress(ConnectionError):
                slack.answer(self)
        finally:
            with slack.lock:
                slack.now -= 1

    def send(self, answer: dict[str, Any], status: int = 200) -> None:
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def call(calls: TriggerCalls, times: int = 1) -> list[tuple[Opened, float]]:
    """Make so many calls at once; return what came of each, and after how many seconds."""
    began, found = time.monotonic(), []
    wanted = TriggerCall(method="views.open", trigger_id="1.2", view={"type": "modal"})
    for _ in range(times):
        calls.call(wanted, lambda opened: found.append((opened, time.monotonic() - began)))
    until(lambda: len(found) == times)
    return found


@pytest.fixture
def calls(slack: Slack) -> Iterator[TriggerCalls]:
    made = TriggerCalls(token="xoxb-1", base_url=slack.url, wait_s=1.0)
    yield made
    made.stop()


def test_the_view_that_slack_opened_comes_back(slack: Slack, calls: TriggerCalls) -> None:
    assert call(calls)[0][0] == OK["view"]
    assert slack.heard == [("/api/views.open", {"trigger_id": "1.2", "view": {"type": "modal"}})]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda call: call.send({"ok": False, "error": "expired_trigger_id"}), "expired_trigger_id"),
        (lambda call: call.send({}, 500), "http_500"),
        (lambda call: call.connection.shutdown(socket.SHUT_RDWR), "not_reached"),
    ],
)
def test_why_a_view_was_not_opened(
    slack: Slack, calls: TriggerCalls, answer: Callable[[Call], None], code: str
) -> None:
    slack.answer = answer

    assert call(calls)[0][0] == NotOpened(code=code)


def test_a_slack_that_is_not_there() -> None:
    calls = TriggerCalls(token="xoxb-1", base_url="http://127.0.0.1:9/api/")

    assert call(calls)[0][0] == NotOpened(code="not_reached")
    calls.stop()


def test_an_answer_that_trickles_in_has_no_longer_than_one_that_does_not_come(
    slack: Slack, calls: TriggerCalls
) -> None:
    def trickle(made: Call) -> None:
        made.send_response(200)
        made.send_header("Content-Length", "1000")
        made.end_headers()
        for _ in range(100):
            made.wfile.write(b"{")
            time.sleep(0.05)

    slack.answer = trickle
    opened, took_s = call(calls)[0]

    assert opened == NotOpened(code="timeout")
    assert took_s < 4


@pytest.fixture
def released(slack: Slack) -> Iterator[threading.Event]:
    """Slack answers nobody until this is set."""
    released = threading.Event()

    def wait(made: Call) -> None:
        released.wait(60)
        made.send(OK)

    slack.answer = wait
    yield released
    released.set()


def test_few_go_at_a_time(slack: Slack, released: threading.Event) -> None:
    calls = TriggerCalls(token="xoxb-1", base_url=slack.url, wait_s=60)
    found = list[Opened]()
    for _ in range(40):
        calls.call(TriggerCall(method="views.open", trigger_id="1.2", view={"type": "modal"}), found.append)
    until(lambda: slack.now == AT_ONCE)
    released.set()
    until(lambda: len(found) == 40)
    calls.stop()

    assert found == [OK["view"]] * 40
    assert slack.most == AT_ONCE


@pytest.mark.usefixtures("released")
def test_those_that_wait_for_their_turn_are_over_in_time_as_well(calls: TriggerCalls) -> None:
    found = call(calls, times=40)

    assert [opened for opened, _ in found] == [NotOpened(code="timeout")] * 40
    assert max(took_s for _, took_s in found) < 5, "one after the other it would be five seconds and more"


def test_a_kept_connection_that_slack_has_closed_costs_no_form(slack: Slack, calls: TriggerCalls) -> None:
    def answer_and_hang_up(made: Call) -> None:
        made.send(OK)
        made.close_connection = True  # without saying so

    slack.answer = answer_and_hang_up
    for _ in range(5):
        assert call(calls)[0][0] == OK["view"]


def test_it_can_be_stopped_twice_and_without_ever_being_used(slack: Slack) -> None:
    calls = TriggerCalls(token="xoxb-1", base_url=slack.url)
    calls.stop()
    call(calls)
    calls.stop()
    calls.stop()
