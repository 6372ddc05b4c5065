"""`baton` in a process of its own that need not read its modules first: it is forked from one that has them.

Reading them takes longer than anything else at a start, and tests start hundreds of processes. Each of them can be
killed, frozen and asked to end like any other; it shares nothing with its siblings.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

from slackapp.__main__ import main

ENDS_WITHIN_S: Final = 60.0
_STDOUT, _STDERR = 1, 2
_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["slackapp.app", "slackapp.cli.run", __name__])


def start(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path, *, stdin: Connection | None = None
) -> ForkServerProcess:
    """Start `baton` with these arguments and no other environment; what it says is appended to a file.

    Args:
        arguments: what stands after `baton`.
        environment: all of it.
        log: an existing file for what it says.
        stdin: the end of a pipe that becomes its standard input, which is empty by default.
    """
    return _started(arguments, environment, (log, log), Path.cwd(), stdin)


def run(
    arguments: Sequence[str], environment: Mapping[str, str], *, folder: Path | None = None
) -> CompletedProcess[str]:
    """Run `baton` in a folder with these arguments and no other environment, and return what it said when it ended."""
    with tempfile.NamedTemporaryFile() as said, tempfile.NamedTemporaryFile() as complained:
        out, err = Path(said.name), Path(complained.name)
        process = _started(arguments, environment, (out, err), folder or Path.cwd(), None)
        process.join(ENDS_WITHIN_S)
        if process.exitcode is None:
            process.kill()
            process.join()
        ended = CompletedProcess(list(arguments), process.exitcode or 0, out.read_text("utf-8"), err.read_text("utf-8"))
        process.close()
    return ended


def _started(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    logs: tuple[Path, Path],
    folder: Path,
    stdin: Connection | None,
) -> ForkServerProcess:
    given = (list(arguments), dict(environment), (str(logs[0]), str(logs[1])), str(folder), stdin)
    process = _CONTEXT.Process(target=_baton, args=given)
    process.start()
    return process


def _baton(
    arguments: list[str], environment: dict[str, str], logs: tuple[str, str], folder: str, stdin: Connection | None
) -> None:
    if stdin is not None:
        sys.stdin = open(os.dup(stdin.fileno()), encoding="utf-8")  # noqa: PTH123, SIM115 - it lives as long as we do
    for stream, log in zip((_STDOUT, _STDERR), logs, strict=True):
        os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND), stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # it is asked for anew, in this environment
    sys.argv = ["baton", *arguments]
    main()
