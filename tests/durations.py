"""Measured seconds per test file, which `make durations` writes and every run begins its longest files by.

A process takes whole files (`--dist loadfile`), so the order decides whether one of them ends long after the others.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Final

import pytest

FILE: Final = Path(__file__).with_name("durations.json")
_ROOT: Final = FILE.parents[1]


def measured() -> Mapping[str, float]:
    """Seconds per test file, by its path from the root of the repository."""
    read: Mapping[str, float] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def longest_first(items: Iterable[pytest.Item], seconds: Mapping[str, float]) -> list[pytest.Item]:
    """Return the tests ordered by the seconds that their whole file needs, each file's tests by their database.

    A file that nobody has measured is taken to need as long as the others of its folder do. A Baton that runs on one
    database for several stories need not stop for one on another in between.
    """
    files = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        files[_path(item)].append(item)
    expected = {path: seconds[path] if path in seconds else _usual(PurePath(path).parent, seconds) for path in files}
    order = sorted(files, key=expected.__getitem__, reverse=True)
    return [item for path in order for item in sorted(files[path], key=_database)]


class Stopwatch:
    """Adds up what each test file takes, and writes it into the committed file at the end of the run."""

    def __init__(self) -> None:
        self._seconds = defaultdict[str, float](float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count set-up, test and tear-down."""
        self._seconds[report.nodeid.partition("::")[0]] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Replace what was measured for these files; files that are gone go."""
        known = {path: seconds for path, seconds in measured().items() if (_ROOT / path).exists()}
        found = known | {path: round(seconds, 1) for path, seconds in self._seconds.items()}
        FILE.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", encoding="utf-8")


def _usual(folder: PurePath, seconds: Mapping[str, float]) -> float:
    """Return the mean of the measured files in a folder, or of all where it has none."""
    near = [found for path, found in seconds.items() if PurePath(path).parent == folder] or list(seconds.values())
    return sum(near) / len(near) if near else 0.0


def _path(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _database(item: pytest.Item) -> str:
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return str(parameters.get("dialect", ""))
