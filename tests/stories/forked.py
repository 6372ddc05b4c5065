"""`baton` in a process of its own that need not read its modules first: it is forked from one that has them.

Reading them takes longer than anything else at a start, and stories start a hundred processes. Each of them can be
killed, frozen and asked to end like any other; it shares nothing with its siblings.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from slackapp.__main__ import main

_STDOUT, _STDERR = 1, 2
_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["slackapp.app", "slackapp.cli.run", __name__])


def start(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """Start `baton` with these arguments and no other environment; what it says is appended to a file."""
    process = _CONTEXT.Process(target=_baton, args=(list(arguments), dict(environment), str(log)))
    process.start()
    return process


def _baton(arguments: list[str], environment: dict[str, str], log: str) -> None:
    said = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (_STDOUT, _STDERR):
        os.dup2(said, stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["baton", *arguments]
    main()
