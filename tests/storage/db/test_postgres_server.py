"""The PostgreSQL of the tests ends with the run, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.stories.processes import ROOT
from tests.waiting import until

RUN = """
from pathlib import Path
from time import sleep

import pytest
import sqlalchemy


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_that_is_killed(database_url):
    engine = sqlalchemy.create_engine(database_url)
    with engine.connect() as connection:
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
    engine.dispose()
    server = Path(folder, "postmaster.pid").read_text().split()[0]
    Path(__file__).with_name("server.new").write_text(f"{server} {folder}")
    Path(__file__).with_name("server.new").rename(Path(__file__).with_name("server"))
    sleep(600)
"""


def _runs(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended between opening and reading
        return False


def test_a_run_that_is_killed_leaves_no_server_and_no_files_behind(tmp_path: Path) -> None:
    file, told = tmp_path / "test_killed.py", tmp_path / "server"
    file.write_text(RUN, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
    ]
    with subprocess.Popen([*command, str(file)], cwd=ROOT, stdout=subprocess.DEVNULL) as run:
        try:
            until(lambda: told.exists() or run.poll() is not None, within_s=100)
            server, folder = told.read_text(encoding="utf-8").split()
            assert _runs(int(server))
        finally:
            os.kill(run.pid, signal.SIGKILL)

    until(lambda: not _runs(int(server)) and not Path(folder).exists(), within_s=60)
