"""Run a local Slack workspace as a child process. Baton talks to it over HTTP only, as it does to Slack."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from slackapp.cli.console import FailedError
from slackapp.cli.manifest import MANIFEST

BOT_TOKEN: Final = "xoxb-local-bot"  # noqa: S105 - opens nothing but a workspace on this machine
APP_TOKEN: Final = "xapp-local-app"  # noqa: S105 - as above
_READY_S: Final = 30.0
_END_S: Final = 5.0
_SOURCE: Final = Path(__file__).parents[2]
_LAST_LINES: Final = 15


@dataclass(frozen=True, kw_only=True)
class LocalWorkspace:
    """A running workspace; `address` is its base URL, such as `http://127.0.0.1:4000`."""

    address: str
    process: subprocess.Popen[str]

    @property
    def alive(self) -> bool:
        """Whether the workspace's process still runs."""
        return self.process.poll() is None


@contextmanager
def local_workspace(port: int, log: Path, guide: Path | None = None) -> Iterator[LocalWorkspace]:
    """Start a workspace, wait until it serves, and end it with the block.

    Args:
        port: the port number; 0 takes a free one.
        log: the file for the workspace's stderr.
        guide: a file of scenes through which the page leads its visitor.

    Raises:
        FailedError: The workspace did not start; the message ends with the last lines of its log.
    """
    command = [sys.executable, "-m", "slackapp.local", "--port", str(port), "--manifest", str(MANIFEST)]
    command += ["--guide", str(guide)] if guide else []
    command.append("--until-stdin-closes")  # it ends with us, even if we are killed
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            env=_environment(os.environ),
            start_new_session=True,  # Ctrl-C is for Baton, which ends the workspace last
        )
    try:
        address = _address(process)
        if address is None:
            last = "\n".join(log.read_text(encoding="utf-8").splitlines()[-_LAST_LINES:])
            raise FailedError("The local workspace did not start.", *([last] if last else []))
        yield LocalWorkspace(address=address, process=process)
    finally:
        _end(process)


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Environment of the child: without Baton's settings and tokens, and with the same code on its path."""
    kept = {name: value for name, value in given.items() if not name.startswith(("SLACK_", "BATON_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(_SOURCE), *filter(None, [kept.get("PYTHONPATH")])])}


def _address(process: subprocess.Popen[str]) -> str | None:
    """The base URL that the child prints as its first line; None if it prints none in time."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in process.stdout or ():  # to its end: a full pipe would stop the child
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True, name="local workspace's output").start()
    try:
        return str(json.loads(lines.get(timeout=_READY_S))["ready"])
    except (queue.Empty, ValueError, KeyError, TypeError):
        return None


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
