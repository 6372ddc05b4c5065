"""The demo, as `make demo` starts it, for tests and pictures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_OPENED: Final = re.compile(r"Open (\S+)/\?scene=")


@contextmanager
def running_demo() -> Iterator[str]:
    """Run the demo on a free port until the block ends; gives the address of its page.

    Only this process holds the other end of its standard input, so that it ends with us, even if we are killed.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BATON_"))}
    command = [sys.executable, "-m", "slackapp", "demo", "--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            opened = next(filter(None, map(_OPENED.match, process.stdout)), None)
            assert opened, "the demo did not start; the lines above say why"
            yield opened[1]
        finally:
            process.terminate()
