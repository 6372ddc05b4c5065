"""A workspace of its own, an app with a form in it, and a browser."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from playwright.sync_api import Browser, Page, ViewportSize

from tests.chromium import chromium, open_context
from tests.local.page.browser_page import BrowserPage, control, serving
from tests.local.page.form_app import MANIFEST, FormApp

VIEWPORT: Final[ViewportSize] = {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "manifest.yml"
    path.write_text(yaml.safe_dump(MANIFEST), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def address(manifest: Path) -> Iterator[str]:
    with serving(manifest) as address:
        yield address


@pytest.fixture(scope="module")
def app(address: str) -> Iterator[FormApp]:
    app = FormApp(address)
    app.connect()
    yield app
    app.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """The page that one test after the other uses: to open one takes three times as long as to load it again."""
    with open_context(browser, viewport=VIEWPORT, timezone_id="Europe/Berlin", locale="en-GB") as context:
        yield context.new_page()


@pytest.fixture
def seat(window: Page, address: str, app: FormApp) -> Iterator[BrowserPage]:
    control(address, "world/reset", {})
    app.got, app.errors, app.broken = [], {}, False
    app.answers.set()
    seat = BrowserPage(window, address)
    yield seat
    seat.leave()
    window.set_viewport_size(VIEWPORT)
    assert seat.wrong == []


@pytest.fixture
def picture(seat: BrowserPage, tmp_path: Path) -> Iterator[Any]:
    """Keep a picture of the page beside the test's other files."""

    def take(name: str) -> None:
        seat.page.screenshot(path=tmp_path / f"{name}.png")

    yield take
    with contextlib.suppress(Exception):
        take("end")
