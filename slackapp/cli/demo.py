"""`baton demo`: run Baton for an example company against a local Slack workspace."""

from __future__ import annotations

import http.client
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr

from slackapp.cli.console import FailedError, print_lines
from slackapp.cli.local_workspace import APP_TOKEN, BOT_TOKEN, LocalWorkspace, local_workspace
from slackapp.cli.run import ending_on_signals, ignoring_signals, running
from slackapp.runtime import logs
from slackapp.runtime.settings import Settings

if TYPE_CHECKING:
    from slackapp.app import Running


_COMPANY: Final = Path(__file__).parent / "demo.yml"
_STORY: Final = Path(__file__).parent / "story.yml"
_READY_S: Final = 30.0
_LOOK_S: Final = 0.2
_WATCH_S: Final = 1.0
_SCENE: Final = "lead"
"""The scene of the story that the page begins with."""


def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the database and print where it is.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The page's port; 0 takes a free one.")] = 0,
    until_stdin_closes: Annotated[
        bool,
        typer.Option("--until-stdin-closes", help="End with the process that holds the other end of stdin."),
    ] = False,
) -> None:
    """Try Baton in the browser, on this machine.

    Starts a Slack workspace of its own with teams, people and a clock you can move, and Baton in it. Needs no account.
    """
    with ending_on_signals(), _folder(keep=keep) as folder, ExitStack() as parts:
        logs.configure(level=logging.WARNING)
        if until_stdin_closes:
            Thread(target=_end_with_stdin, daemon=True, name="end of stdin").start()
        print_lines("Starting a Slack workspace on this machine, and Baton in it ...")
        workspace = parts.enter_context(local_workspace(port, folder / "workspace.log", _STORY))
        baton = parts.enter_context(running(_settings(workspace, folder)))
        _wait_until_ready(baton)
        print_lines(
            "",
            f"Open {workspace.address}/?scene={_SCENE}",
            "A story of seven short scenes shows what to press. Close it to explore on your own.",
            "",
            "Press Ctrl-C to stop." if keep else "Press Ctrl-C to stop. Nothing is kept.",
        )
        _watch(workspace)


def _end_with_stdin() -> None:
    while os.read(sys.stdin.fileno(), 1024):  # not sys.stdin.read: its lock would abort the interpreter's end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="baton-demo-"))
    try:
        yield folder
    finally:
        with ignoring_signals():
            if keep:
                print_lines(f"The database is kept: {_database(folder)}")
            else:
                shutil.rmtree(folder, ignore_errors=True)


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'baton.db'}"


def _settings(workspace: LocalWorkspace, folder: Path) -> Settings:
    """Settings for the demo. The environment is ignored, so that nothing can reach a real Slack."""
    return Settings(
        bot_token=SecretStr(BOT_TOKEN),
        app_token=SecretStr(APP_TOKEN),
        api_url=f"{workspace.address}/api/",
        database_url=_database(folder),
        config=_COMPANY,
        admin_port=0,
        clock_url=f"{workspace.address}/clock",
    )


def _wait_until_ready(baton: Running) -> None:
    """Wait until `/readyz` answers 200.

    Raises:
        FailedError: Baton was not ready within `_READY_S` seconds.
    """
    address = urlsplit(baton.admin.address)
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_READY_S)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            pass  # it is about to listen
        finally:
            connection.close()
        time.sleep(_LOOK_S)
    raise FailedError("Baton did not start in time. The lines above say why.")


def _watch(workspace: LocalWorkspace) -> None:
    """Block while the workspace lives; a signal ends the block from outside.

    Raises:
        FailedError: The workspace has ended.
    """
    while workspace.alive:
        time.sleep(_WATCH_S)
    raise FailedError("The local workspace has ended unexpectedly. Start the demo again.")
