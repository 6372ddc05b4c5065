"""A workspace of its own, the tryout app in it, and a browser."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, sync_playwright

from tests.local.page.seat import Seat, control, serving
from tests.local.page.tryout import MANIFEST, Tryout

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


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
def app(address: str) -> Iterator[Tryout]:
    app = Tryout(address)
    app.connect()
    yield app
    app.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium, and here the page has to be tested.")
        pytest.skip("THE PAGE IS NOT TESTED: there is no Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def seat(browser: Browser, address: str, app: Tryout) -> Iterator[Seat]:
    control(address, "world/reset", {})
    app.got, app.errors, app.broken = [], {}, False
    context = browser.new_context(viewport={"width": 1280, "height": 860}, timezone_id="Europe/Berlin", locale="en-GB")
    context.set_default_timeout(5000)
    seat = Seat(context.new_page(), address)
    yield seat
    context.close()
    assert seat.wrong == []


@pytest.fixture
def picture(seat: Seat, tmp_path: Path) -> Iterator[Any]:
    """Keep a picture of the page beside the test's other files."""

    def take(name: str) -> None:
        seat.page.screenshot(path=tmp_path / f"{name}.png")

    yield take
    with contextlib.suppress(Exception):
        take("end")
