"""The demo of tests and pictures ends with the run, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.processes import ROOT
from tests.waiting import until

RUN = """
import sys, time
from pathlib import Path
from tests.cli.demos import running_demo

with running_demo() as address:
    Path(sys.argv[1] + ".new").write_text(address)
    Path(sys.argv[1] + ".new").rename(sys.argv[1])
    time.sleep(600)
"""


def _started_in(folder: Path) -> set[int]:
    """The processes whose temporary files are in a folder: the demo and its workspace."""
    mark, found = f"TMPDIR={folder}".encode(), set()
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found.add(int(process.name))
            except OSError:
                continue  # somebody else's, or it has just ended
    return found


def _left_in(folder: Path) -> list[Path]:
    """The files of the demo and its workspace: not the socket by which the run's own processes are forked."""
    return [path for path in folder.iterdir() if not path.name.startswith("pymp-")]


@pytest.fixture
def folder() -> Iterator[Path]:
    """One with a short path: that of a socket in it may have 107 characters."""
    with tempfile.TemporaryDirectory(prefix="killed-") as made:
        yield Path(made)


def test_a_run_that_is_killed_leaves_no_demo_and_no_files_behind(folder: Path, tmp_path: Path) -> None:
    told = tmp_path / "address"
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen([sys.executable, "-c", RUN, str(told)], cwd=ROOT, env=environment) as run:
        try:
            until(lambda: told.exists() or run.poll() is not None, within_s=60)
            assert told.exists()
            assert len(_started_in(folder)) >= 4, "the run, what it forks, the demo and its workspace"
        finally:
            os.kill(run.pid, signal.SIGKILL)

    until(lambda: not _started_in(folder) and not _left_in(folder), within_s=60)
