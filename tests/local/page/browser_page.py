"""A browser page as a test uses it, and the control API beside it."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, expect


def control(address: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/control/{path}", data=data)  # noqa: S310  # our own loopback server
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # as above
        return json.load(answer)


@contextlib.contextmanager
def serving(manifest: Path, port: int = 0, *options: str) -> Iterator[str]:
    """Run a local workspace; gives its address."""
    command = [sys.executable, "-m", "slackapp.local", "--port", str(port), "--manifest", str(manifest), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())["ready"]
        finally:
            server.terminate()


class BrowserPage:
    """A browser page that remembers what must not happen: console errors and requests to elsewhere."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.wrong: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)

    def leave(self) -> None:
        """Leave the page as a new one is: nothing is kept, nothing allowed, and the pointer is in the corner."""
        for event, listener in (("console", self._console), ("pageerror", self._error), ("request", self._request)):
            self.page.remove_listener(event, listener)
        if self.page.url.startswith(self.address):
            self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        self.page.emulate_media(color_scheme="light")
        self.page.context.clear_permissions()
        self.page.context.clear_cookies()

    def _error(self, error: Error) -> None:
        self.wrong.append(f"error: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.wrong.append(f"request: {request.url}")

    def open(self, *people: str) -> None:
        self.page.goto(f"{self.address}/?as={','.join(people)}")
        expect(self.page.locator(".column").first.locator(".message").first).to_be_attached()

    def column(self, user: str) -> Locator:
        return self.page.locator(f'.column[data-user="{user}"]')

    def go(self, user: str, channel: str) -> Locator:
        column = self.column(user)
        if column.get_by_role("button", name="Channels", exact=True).is_visible():
            column.get_by_role("button", name="Channels", exact=True).click()
        column.locator(".sidebar").get_by_role("button", name=channel).click()
        return column

    def say(self, user: str, text: str) -> None:
        field = self.column(user).locator(".main .composer textarea")
        field.fill(text)
        field.press("Enter")
