"""What every test may ask for: a database, and whether the long forms run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from storage.db.database import Database
from storage.db.engines import Engines, engines_of
from tests import durations, thoroughness
from tests.databases import DIALECTS, Server, each_once, in_memory, out_of_turn
from tests.pairs import Combine, all_pairs, every
from tests.slack_client import Workspace

# How long an example takes says more about the machine's load than about the code.
settings.register_profile("baton", deadline=None, suppress_health_check=[HealthCheck.too_slow])

# So does whether an app meets Slack's three seconds: a local workspace waits ten times as long, unless told otherwise.
os.environ.setdefault("LOCAL_SLACK_PATIENCE", "10")

_BENCHMARKS: Final = Path(__file__).with_name("benchmarks")
JUDGED_IN_SECONDS: Final = ("alone", "waiting")
"""Markers of tests that do not run together with all others."""


HERE: Final = Path(__file__).parent
PROCESSES: Final = frozenset({"benchmarks", "browser", "local", "pictures", "stories"})
"""Layers in which nearly every test starts a process."""


def _starts_a_process(item: pytest.Item) -> bool:
    """Whether a test needs PostgreSQL, the local workspace, or another process that its module can start."""
    assert isinstance(item, pytest.Function)
    given = item.callspec.params if hasattr(item, "callspec") else {}
    return given.get("dialect") == "postgresql" or "slack" in item.fixturenames or "subprocess" in vars(item.module)


def _has_none(path: Path, marker: str) -> bool:
    """Whether a file has no test with a marker. To read all of them takes longer than some tests that have one."""
    if path.suffix != ".py" or not path.name.startswith("test_"):
        return False
    text = path.read_text(encoding="utf-8")
    benchmark = _BENCHMARKS in path.parents and marker == "alone"
    return not benchmark and f"mark.{marker}" not in text


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run slow tests in their long form, and those for a soak")
    parser.addoption("--kills", type=int, default=1_000, help="how many kills the long soak has, with --long")
    parser.addoption("--quick", action="store_true", help="leave out what starts a process, PostgreSQL included")
    parser.addoption("--measure", action="store_true", help="write into tests/durations.json what each file takes")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out whole layers that start processes, where only the quick ones are to run; do not read what has none."""
    only = config.getoption("markexpr")
    if only in JUDGED_IN_SECONDS and _has_none(collection_path, only):
        return True
    layer = collection_path.parent == HERE and collection_path.name in PROCESSES
    if config.getoption("--quick") and (layer or collection_path.name == "test_pictures.py"):
        return True
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Let one process measure: with several, the one that hears of every test."""
    if config.getoption("--long"):
        os.environ[thoroughness.LONG] = "1"
    settings.register_profile("baton", parent=settings.get_profile("baton"), max_examples=thoroughness.examples(100))
    settings.load_profile("baton")
    if config.getoption("--measure") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(durations.Stopwatch())


def pytest_itemcollected(item: pytest.Item) -> None:
    """Benchmarks judge how fast things are."""
    if _BENCHMARKS in item.path.parents and not item.get_closest_marker("waiting"):
        item.add_marker(pytest.mark.alone)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is for a soak to one, and begin with the files that take longest: all processes end together."""
    if config.getoption("--quick"):
        config.hook.pytest_deselected(items=[item for item in items if _starts_a_process(item)])
        items[:] = [item for item in items if not _starts_a_process(item)]
    if not config.getoption("--long"):
        left_out = {item for item in items if item.get_closest_marker("soak")} | out_of_turn(items)
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    items[:] = durations.longest_first(items, durations.measured())


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether slow tests run in their long form."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """How many kills the long form of the soak has, over all kinds of installations."""
    return int(request.config.getoption("--kills"))


@pytest.fixture(scope="session")
def combine(*, long: bool) -> Combine:
    """Return rows of several factors' values: in the short form every two values meet, in the long form all do."""
    return every if long else all_pairs


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Give the server of a dialect; SQLite's files are in memory, where the machine has room for that."""
    folder = in_memory() or tmp_path_factory.mktemp("sqlite")
    with each_once(folder) as server:
        yield server


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Each database in turn. A test for one of them parametrises `dialect` itself."""
    return str(request.param)


@pytest.fixture
def database_url(dialect: str, servers: Callable[[str], Server]) -> Iterator[str]:
    """The URL of a fresh migrated database."""
    server = servers(dialect)
    url = server.migrated()
    yield url
    server.give_back(url)


@pytest.fixture
def empty_database_url(dialect: str, servers: Callable[[str], Server]) -> Iterator[str]:
    """The URL of a database without tables."""
    server = servers(dialect)
    url = server.empty()
    yield url
    server.remove(url)


@pytest.fixture(scope="session")
def engines() -> Callable[[str], Engines]:
    """Give the engines of a URL, which have compiled what earlier tests ran there: a seventh of a test's time."""
    return cache(engines_of)


@pytest.fixture
def database(database_url: str, engines: Callable[[str], Engines]) -> Iterator[Database]:
    """A fresh migrated database, opened."""
    opened = Database(engines(database_url))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    """Northwind's Slack, one for all tests of a process: each of them begins by resetting it."""
    with Workspace.start() as started:
        yield started


@pytest.fixture(scope="session")
def server(workspace: Workspace) -> Workspace:
    """The same workspace, for those who do not wait for Baton to settle."""
    return Workspace(workspace.base_url, settle_after_acts=False)


@pytest.fixture
def slack(server: Workspace) -> Workspace:
    """The workspace as it was in the beginning, which takes any number of calls."""
    server.reset()
    server.rate_limits(enabled=False)
    return server
