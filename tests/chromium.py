"""The system's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

FLAGS: Final = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there is taken. The shell draws the same without the window around it, and needs half the time."""
WAIT_MS: Final = 30_000
"""How long a page may take for anything a test waits for: a busy machine takes its time."""
expect.set_options(timeout=WAIT_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give the browser; without one, skip loudly, or fail where CI is set."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def open_context(browser: Browser, **how: Any) -> BrowserContext:
    """Open a window of its own, in which everything may take WAIT_MS; `how` is Playwright's."""
    context = browser.new_context(**how)
    context.set_default_timeout(WAIT_MS)
    return context


def find_chromium() -> str:
    """Where it is; skip or fail where it is not."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium, and here the page has to be tested.")
        pytest.skip("THE PAGE IS NOT TESTED: there is no Chromium on this machine.")
    return found
