"""A local Slack workspace as a process of its own, and its control API."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from slack_sdk import WebClient

BOT_TOKEN = "xoxb-local-bot"
ROOT = Path(__file__).parents[2]


class LocalSlack:
    """The workspace that a test talks to, as its people and as its operator."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.clock_url = f"{address}/clock"

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = Request(  # noqa: S310 - the address is the process this test started
            f"{self.address}/control/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=40) as response:  # noqa: S310 - as above
            answer: dict[str, Any] = json.load(response)
            return answer

    def act(self, name: str, **body: Any) -> dict[str, Any]:
        return self.control("POST", f"act/{name}", body)

    def world(self, thing: str, **body: Any) -> dict[str, Any]:
        return self.control("POST", f"world/{thing}", body)

    def fault(self, method: str, fault: dict[str, Any], times: int = 1) -> None:
        self.control("POST", "faults", {"method": method, "times": times, "fault": fault})

    def reset(self) -> None:
        self.world("reset")

    def client(self, token: str = BOT_TOKEN) -> WebClient:
        return WebClient(token=token, base_url=f"{self.address}/api/", timeout=10, retry_handlers=[])

    def called(self, method: str) -> int:
        return sum(call["method"] == method for call in self.control("GET", "calls")["calls"])


@contextmanager
def local_slack() -> Iterator[LocalSlack]:
    """Start a workspace on a free port and end it after the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "slackapp.local", "--port", "0", "--manifest", str(ROOT / "manifest.yml")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield LocalSlack(json.loads(process.stdout.readline())["ready"])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
