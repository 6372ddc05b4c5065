"""What every test may ask for: a database, and whether the long forms run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from storage.database import Database
from tests.databases import DIALECTS, PostgresServer, Server, SqliteFiles

# How long an example takes says more about the machine's load than about the code.
settings.register_profile("baton", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("baton")


LONGEST: Final = "tests/test_pictures.py"
"""One test that takes minutes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run slow tests in their long form")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the test that takes longest, then with the largest files: no process ends long after the others."""
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (LONGEST not in item.nodeid, -sizes[item.path]))


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether slow tests run in their long form."""
    return bool(request.config.getoption("--long"))


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
