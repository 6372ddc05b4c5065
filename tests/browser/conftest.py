"""The real demo, as `make demo` starts it, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stage import Stage
from tests.chromium import chromium, find_chromium, open_context
from tests.cli.demos import running_demo
from tests.local.page.browser_page import control

WAITS_MS: Final = 60_000
"""How long something that must happen may take; it is gone on with as soon as it has."""
expect.set_options(timeout=WAITS_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")  # while Playwright runs, nothing else of this thread may have an event loop
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The page's address of one demo for a file of tests, whichever file comes first: its scenes share one world."""
    find_chromium()
    with running_demo() as address:
        control(address, "clock", {"to": next_morning(datetime.now(UTC)).isoformat()})
        control(address, "settle", {})
        yield address


def next_morning(now: datetime) -> datetime:
    """Ten o'clock where the demo's people are: at nine a channel is told what waits, in the middle of a scene."""
    there = now.astimezone(ZoneInfo("Europe/Berlin"))
    return there.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=there.hour >= 10)


@pytest.fixture
def view() -> dict[str, Any]:
    """How the browser shows things; tests override it with `pytest.mark.parametrize`."""
    return {}


@pytest.fixture
def stage(browser: Browser, demo: str, view: dict[str, Any]) -> Iterator[Stage]:
    how = {"viewport": {"width": 1280, "height": 800}, "timezone_id": "Europe/Berlin", "locale": "en-GB", **view}
    context = open_context(browser, **how)
    stage = Stage(context.new_page(), demo)
    yield stage
    context.close()
    assert stage.wrong == []  # no console errors, no requests to elsewhere
