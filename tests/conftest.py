"""What every test may ask for: a database, and whether the long forms run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from storage.database import Database
from tests.databases import DIALECTS, PostgresServer, Server, SqliteFiles
from tests.pairs import Combine, all_pairs, every

# How long an example takes says more about the machine's load than about the code.
settings.register_profile("baton", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("baton")


SECONDS: Final = {
    "tests/test_pictures.py": 150.0,
    "tests/stories/test_kills": 7.0,
    "tests/stories/test_races": 6.0,
    "tests/stories/test_outages": 5.0,
    "tests/stories/": 1.3,
    "tests/browser/": 5.0,
    "tests/local/page/test_page_text": 0.3,
    "tests/local/page/": 2.0,
    "tests/edge/test_demo": 4.0,
    "tests/edge/test_webhooks": 1.8,
    "tests/edge/test_command_line": 1.2,
    "tests/edge/test_delivery": 0.9,
    "tests/edge/test_shipped_templates_kept": 0.25,
    "tests/lifecycle/": 0.01,
    "": 0.1,
}
"""About how long a test takes, by how its path begins; the first that fits counts."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run slow tests in their long form")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: no process ends long after the others."""
    sizes = Counter(item.path for item in items)

    def takes(item: pytest.Item) -> float:
        return sizes[item.path] * next(each for start, each in SECONDS.items() if item.nodeid.startswith(start))

    items.sort(key=takes, reverse=True)


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether slow tests run in their long form."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def combine(*, long: bool) -> Combine:
    """Return rows of several factors' values: in the short form every two values meet, in the long form all do."""
    return every if long else all_pairs


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Give the server of a dialect; PostgreSQL starts when it is first asked for and ends with the session."""
    started: dict[str, Server] = {}

    def server(dialect: str) -> Server:
        if dialect not in started:
            sqlite = dialect == "sqlite"
            started[dialect] = SqliteFiles(tmp_path_factory.mktemp("sqlite")) if sqlite else PostgresServer()
        return started[dialect]

    yield server
    for one in started.values():
        one.stop()


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


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database, opened."""
    opened = Database.open(database_url)
    yield opened
    opened.close()
