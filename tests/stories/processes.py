"""Baton as it runs in earnest: `baton run` in processes of their own, which a story may kill, freeze and start again.

    with Baton.start(slack, database_url) as baton:
        ...
        baton.kill()                                  # as `kill -9`

In HTTP mode a story can also be Slack itself and post signed requests to one process or several (`Door`).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from slackapp.slack.connection.manifest import PATH
from tests.cli import forked
from tests.slack_client import Workspace
from tests.stories.company import COMPANY
from tests.waiting import until

ROOT: Final = Path(__file__).parent.parent.parent

SIGNING_SECRET: Final = "local-signing-secret"
STARTS_WITHIN_S: Final = 60.0
STOPS_WITHIN_S: Final = 60.0
_OURS: Final = ("SLACK_", "BATON_")

Json = dict[str, Any]


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Baton:
    """One process of ours. `stop` asks it to end, `kill` does not ask; only this very process is ever signalled."""

    def __init__(self, process: ForkServerProcess, log: IO[bytes], *, port: int, admin_port: int) -> None:
        self._process = process
        self._log = log
        self.door = Door(port)
        self._admin_port = admin_port

    @classmethod
    def start(cls, slack: Workspace, database_url: str, *, port: int | None = None, config: Path = COMPANY) -> Self:
        """Start `baton run` and return when it is ready: by HTTP on `port`, or without one by Socket Mode."""
        admin_port = free_port()
        way_in = {"SLACK_APP_TOKEN": "xapp-local-app"} if port is None else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
        ours = {
            "SLACK_BOT_TOKEN": "xoxb-local-bot",
            "SLACK_API_URL": slack.api_url,
            "BATON_CLOCK_URL": slack.clock_url,
            "BATON_DATABASE_URL": database_url,
            "BATON_CONFIG": str(config),
            "BATON_PORT": str(port or 0),
            "BATON_ADMIN_PORT": str(admin_port),
            **way_in,
        }
        around = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        log = tempfile.NamedTemporaryFile()  # noqa: SIM115 - it lives as long as the process
        process = forked.start(["run"], {**around, **ours}, Path(log.name))
        baton = cls(process, log, port=port or 0, admin_port=admin_port)
        try:
            until(baton._is_up, within_s=STARTS_WITHIN_S, every_s=0.05)
        except BaseException:
            baton.kill()
            log.close()
            raise
        return baton

    def ready(self) -> tuple[int, Json]:
        """What /readyz answers: its status and its reasons."""
        connection = HTTPConnection("127.0.0.1", self._admin_port, timeout=30)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def metric(self, name: str) -> float:
        """The sum of a counter or gauge over its labels; 0 if it was never touched."""
        connection = HTTPConnection("127.0.0.1", self._admin_port, timeout=30)
        try:
            connection.request("GET", "/metrics")
            lines = connection.getresponse().read().decode().splitlines()
        finally:
            connection.close()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))

    def kill(self) -> None:
        """End the process at once, as a power cut would. Returns when it is gone."""
        self._process.kill()
        self._process.join(STOPS_WITHIN_S)
        assert self._process.exitcode is not None

    def freeze(self) -> None:
        """Let the process stand still, as a machine does that is suspended."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        os.kill(self._pid, signal.SIGCONT)

    def stop(self) -> None:
        """Ask the process to end, and wait until it has."""
        self._process.terminate()
        self._process.join(STOPS_WITHIN_S)
        assert self._process.exitcode is not None, f"Baton did not end within {STOPS_WITHIN_S} s"

    def said(self) -> str:
        """All that it has logged."""
        return os.pread(self._log.fileno(), 10_000_000, 0).decode(errors="replace")

    def bugs(self) -> list[str]:
        """Logged lines that tell of something nobody expected."""
        return [line for line in self.said().splitlines() if "Traceback" in line or '"unexpected"' in line]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if error is not None:
            sys.stdout.write(self.said()[-8000:])
        self.kill()
        self._log.close()

    @property
    def _pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def _is_up(self) -> bool:
        assert self._process.is_alive(), f"Baton ended at its start:\n{self.said()}"
        try:
            return self.ready()[0] == 200
        except (OSError, HTTPException):
            return False


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the app answered to one request, and after how many seconds."""

    status: int
    body: Json
    took_s: float


class Door:
    """Where Slack posts to in HTTP mode. A test that uses it is Slack."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._verifier = SignatureVerifier(SIGNING_SECRET)

    def line(self) -> HTTPConnection:
        """A connection to keep, for whoever posts many times."""
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def interact(self, payload: Mapping[str, Any], *, over: HTTPConnection | None = None) -> Heard:
        """Post a click or a form, over a connection that is kept if one is given."""
        body = urlencode({"payload": json.dumps(payload)})
        headers = self._signed(body)
        if over is not None:
            return _posted(over, body, headers)
        with closing(self.line()) as line:
            return _posted(line, body, headers)

    def _signed(self, body: str) -> dict[str, str]:
        stamp = str(int(time.time()))
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(self._verifier.generate_signature(timestamp=stamp, body=body)),
        }


def _posted(line: HTTPConnection, body: str, headers: Mapping[str, str]) -> Heard:
    began = time.perf_counter()
    line.request("POST", PATH, body.encode(), dict(headers))
    answer = line.getresponse()
    text = answer.read()
    took_s = time.perf_counter() - began
    return Heard(status=answer.status, body=json.loads(text) if text.strip() else {}, took_s=took_s)
