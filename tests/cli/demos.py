"""The demo, as `make demo` starts it, for tests and pictures."""

from __future__ import annotations

import multiprocessing
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from tests.cli import forked
from tests.waiting import until

COMMAND: Final = ("demo", "--port", "0", "--until-stdin-closes")
_OPENED: Final = re.compile(r"Open (\S+)/\?scene=")
_STARTS_WITHIN_S: Final = 120.0


@contextmanager
def running_demo() -> Iterator[str]:
    """Run the demo on a free port until the block ends; gives the address of its page.

    Only this process holds the other end of its standard input, so that it ends with us, even if we are killed.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BATON_"))}
    its_end, our_end = multiprocessing.Pipe(duplex=False)
    with its_end, our_end, tempfile.NamedTemporaryFile() as log:
        process = forked.start(COMMAND, environment, Path(log.name), stdin=its_end)
        try:
            address = _address(process, Path(log.name))
            log.close()  # if we are killed from now on, nobody would remove it
            yield address
        finally:
            process.terminate()
            process.join()


def _address(process: ForkServerProcess, log: Path) -> str:
    """Wait until the demo has said where its page is."""
    until(lambda: process.exitcode is not None or _OPENED.search(log.read_text("utf-8")), within_s=_STARTS_WITHIN_S)
    opened = _OPENED.search(log.read_text("utf-8"))
    assert opened, f"the demo did not start: {log.read_text('utf-8')}"
    return opened[1]
