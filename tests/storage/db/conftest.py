"""Tests of connections, which they change: nobody else goes on with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.db.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database with engines of its own."""
    opened = Database.open(database_url)
    yield opened
    opened.close()
