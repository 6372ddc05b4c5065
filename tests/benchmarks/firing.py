"""One process that fires all that is due: `python -m tests.benchmarks.firing URL`.

It says `ready`, begins at a line on its standard input, and prints as JSON how many handoffs it looked at, the seconds
of a core that it used, and the most memory it had.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from slackapp.escalation.actions.tick import tick
from storage.db.database import Database
from tests.batons import a_baton
from tests.benchmarks.filling import NOW
from tests.manual_clock import ManualClock


def main(url: str) -> None:
    """Tick until nothing is due."""
    database = Database.open(url)
    database.ping()
    baton = a_baton(database, ManualClock(NOW))
    print("ready", flush=True)  # noqa: T201 - how the benchmark hears of it
    sys.stdin.readline()
    before_s = time.process_time()
    done = tick(baton)
    cpu_s = time.process_time() - before_s
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"done": done, "cpu_s": cpu_s, "memory_mb": memory_mb}), flush=True)  # noqa: T201 - as above
    database.close()


if __name__ == "__main__":
    main(sys.argv[1])
