"""Benchmarks commit to a real disk, as an installation does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.databases import Server, each_once


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Give the server of a dialect."""
    with each_once(tmp_path_factory.mktemp("sqlite")) as server:
        yield server
