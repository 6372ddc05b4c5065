"""The local workspace behind the tests of delivery, of the directory and of the checkup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.slack_client import Workspace


@pytest.fixture(scope="module")
def server() -> Iterator[Workspace]:
    """A workspace of the file's own, in which nobody waits for Baton to settle."""
    with Workspace.start() as running:
        running.settle_after_acts = False
        yield running


@pytest.fixture
def slack(server: Workspace) -> Workspace:
    """The workspace as it was in the beginning, which takes any number of calls."""
    server.reset()
    server.rate_limits(enabled=False)
    return server
