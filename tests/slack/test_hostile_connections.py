"""HTTP mode among connections that send nothing, half a head, half a body, or never read: Slack is still answered."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from slackapp.runtime.web_connections import MOST, most_connections
from slackapp.runtime.web_server import WebServer
from slackapp.slack.connection.http_events import slack_app
from slackapp.slack.connection.manifest import PATH
from tests.slack.test_web import SECRET, command, send_form
from tests.waiting import until

ROOT = Path(__file__).parents[2]
FILES = 256
HALF_OPEN = 2 * FILES
SERVER = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({FILES}, {FILES}))
from slackapp.runtime import logs
from tests.slack.test_hostile_connections import server
logs.configure(as_json=True)
running = server()
print(running.port, flush=True)
sys.stdin.read()
"""


def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_user_id="U0", bot_id="B0")


def server(request_s: float = 10.0) -> WebServer:
    """Return a started server that answers Slack's command."""
    app = App(signing_secret=SECRET, process_before_response=True, authorize=authorize)

    @app.command("/handoff")
    def echo(ack: Ack) -> None:
        ack("heard")

    started = WebServer(slack_app(app, SECRET), port=0, request_s=request_s)
    started.start()
    return started


@pytest.fixture
def serve() -> Iterator[Callable[[float], WebServer]]:
    servers: list[WebServer] = []

    def serve(request_s: float) -> WebServer:
        servers.append(server(request_s))
        return servers[-1]

    yield serve
    for one in servers:
        one.stop()


def connected(address: str, sent: bytes = b"") -> socket.socket:
    parts = urlsplit(address)
    line = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60)
    line.sendall(sent)
    return line


def is_ended(line: socket.socket) -> bool:
    """Whether the other side has ended the connection; what it sent before is read."""
    line.settimeout(0.01)
    with suppress(TimeoutError):
        try:
            while line.recv(65536):
                pass
        except ConnectionError:
            pass
        return True
    return False


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /slack/ev",
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Slow: ".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf".encode(),
        b"nonsense\r\n\r\n",
    ],
)
def test_a_request_that_does_not_arrive_whole_is_ended(serve: Callable[[float], WebServer], sent: bytes) -> None:
    with closing(connected(serve(0.3).address, sent)) as line:
        until(lambda: is_ended(line), within_s=20)


def test_a_head_or_body_that_trickles_in_has_no_longer_than_one_that_stops(serve: Callable[[float], WebServer]) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n".encode()
    for begun, drop in ((head, b"X: y\r\n"), (head + b"\r\n", b"x")):
        with closing(connected(serve(0.5).address, begun)) as line:
            ends_at = time.monotonic() + 20
            with pytest.raises(OSError, match=r"."):  # noqa: PT012 - the loop ends when the connection does
                while time.monotonic() < ends_at:
                    line.sendall(drop)
                    time.sleep(0.05)


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
def test_who_never_reads_an_answer_is_ended(more: bytes) -> None:
    def long(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("x" * 20_000_000)

    running = WebServer(Starlette(routes=[Route("/", long)]), port=0, request_s=0.3)
    running.start()
    try:
        with closing(connected(running.address, b"GET / HTTP/1.1\r\nHost: x\r\n" + more + b"\r\n")) as line:
            assert line.recv(10)
            until(lambda: not running._server.server_state.connections, within_s=20)
    finally:
        running.stop()


def test_a_connection_that_slack_keeps_serves_several_requests(serve: Callable[[float], WebServer]) -> None:
    asked = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode()
    with closing(connected(serve(0.3).address)) as line:
        for _ in range(2):
            line.sendall(asked)
            answer = b""
            while not answer.endswith(b"not signed by Slack"):
                answer += line.recv(65536)
            assert answer.startswith(b"HTTP/1.1 401")
            time.sleep(0.5)  # longer than a request may take: it has not begun


def test_slack_is_answered_while_more_connections_are_half_open_than_there_are_descriptors() -> None:
    sent = [
        b"",
        b"POST /slack/ev",
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx".encode(),
        b"no\r\n\r\n",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        address = f"http://127.0.0.1:{int(process.stdout.readline())}"
        lines = []
        try:
            for number in range(HALF_OPEN):
                with suppress(ConnectionError):
                    lines.append(connected(address, sent[number % len(sent)]))
                if number % 64 == 0:
                    assert send_form(address, command("mine")).text == "heard"
            assert send_form(address, command("mine")).text == "heard"
            for _ in range(HALF_OPEN):  # and now all at once
                line = socket.socket()
                lines.append(line)
                line.setblocking(False)
                line.connect_ex(("127.0.0.1", int(address.rpartition(":")[2])))
            assert send_form(address, command("mine")).text == "heard"
            files = len(list(Path(f"/proc/{process.pid}/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
        finally:
            for line in lines:
                line.close()
        _, said = process.communicate("", timeout=60)

    assert files < FILES * 3 / 4
    assert len(said.splitlines()) <= 4, said
    assert "connections closed" in said
    assert "Traceback" not in said


def test_bodies_that_nobody_signed_do_not_fill_the_memory() -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 50001\r\n\r\n".encode()
    app = App(signing_secret=SECRET, process_before_response=True, authorize=authorize)
    running = WebServer(slack_app(app, SECRET, unverified_limit=120_000), port=0)
    running.start()
    try:
        with ExitStack() as lines:
            for _ in range(2):
                lines.enter_context(closing(connected(running.address, head + b"x" * 50_000)))
            refused = lines.enter_context(closing(connected(running.address, head + b"x" * 50_000)))
            assert refused.recv(100).startswith(b"HTTP/1.1 503")
        until(lambda: send_form(running.address, {"x": "y" * 100_000}, secret="none").status == 401)
    finally:
        running.stop()


def test_the_cap_leaves_descriptors_for_the_database_and_slack() -> None:
    import resource  # noqa: PLC0415 - not everywhere

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert most_connections(0.5) == (min(MOST, files // 2) if files > 0 else MOST)
    assert most_connections(0.000_001) >= 1
