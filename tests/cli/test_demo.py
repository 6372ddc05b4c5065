"""`baton demo`, as a person starts and leaves it: a real process, a real page, nothing left behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage.company import queues
from storage.db.database import Database

ROOT = Path(__file__).parents[2]
LONGEST_S = 60


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The demo as a child without a terminal, in a session of its own. It ends with us, even if we are killed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BATON_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "slackapp", "demo", "--until-stdin-closes", *options],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "SLACK_BOT_TOKEN": "xoxb-of-a-real-company"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def told_by(process: subprocess.Popen[str]) -> str:
    """Everything up to the line that says how to end it."""
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        if line.startswith("Press Ctrl-C"):
            return "".join(lines)
    raise AssertionError(f"it ended early: {lines} {process.stderr.read() if process.stderr else ''}")


def address_of(process: subprocess.Popen[str]) -> str:
    found = re.search(r"^Open (http://127\.0\.0\.1:\d+)/\?scene=", told_by(process), flags=re.MULTILINE)
    assert found
    return found[1]


def ask(address: str, path: str) -> int:
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def is_closed(address: str) -> bool:
    where = urlsplit(address)
    with socket.socket() as trial:
        return trial.connect_ex((where.hostname or "", where.port or 0)) != 0


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith("baton-demo")]


@pytest.mark.parametrize("ending", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)])
def test_the_demo_shows_its_page_and_leaves_nothing_behind(tmp_path: Path, ending: signal.Signals) -> None:
    with demo(tmp_path) as process:
        said = told_by(process)
        (address,) = re.findall(r"^Open (\S+)/\?scene=", said, flags=re.MULTILINE)
        assert ask(address, "/") == 200
        assert left_in(tmp_path)

        process.send_signal(ending)
        process.wait(LONGEST_S)
        _, complaints = process.communicate()

    assert process.returncode == 0
    assert "Traceback" not in complaints
    assert is_closed(address)
    assert left_in(tmp_path) == []


def test_a_demo_in_the_background_of_a_shell_can_be_ended_like_any_other(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what it starts with &
    try:
        background = demo(tmp_path)
        process = background.__enter__()
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        address_of(process)
        process.send_signal(signal.SIGINT)
        process.wait(LONGEST_S)
    finally:
        background.__exit__(None, None, None)

    assert process.returncode == 0


def test_a_demo_that_is_killed_takes_its_workspace_with_it(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        address = address_of(process)

        process.kill()
        process.wait(LONGEST_S)

        until = time.monotonic() + LONGEST_S
        while not is_closed(address):
            assert time.monotonic() < until
            time.sleep(0.1)


def test_the_database_is_kept_when_asked_for(tmp_path: Path) -> None:
    with demo(tmp_path, "--keep") as process:
        address_of(process)
        process.terminate()
        process.wait(LONGEST_S)
        said, _ = process.communicate()

    found = re.search(r"The database is kept: (sqlite:///\S+)", said)
    assert found
    database = Database.open(found[1])
    with database.reading() as tx:
        assert [queue.key for queue in queues.list_all(tx, "T0LOCAL")] == ["success", "sales", "support"]
    database.close()


def test_a_port_that_is_taken_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with demo(tmp_path, "--port", str(taken.getsockname()[1])) as process:
            process.wait(LONGEST_S)
            _, complaints = process.communicate()

    assert process.returncode == 1
    assert complaints.startswith("The local workspace did not start.\n")
    assert "in use" in complaints
    assert "Traceback" not in complaints
    assert left_in(tmp_path) == []
