"""Takes the pictures of the documentation: `make pictures`. Starts the demo, plays a scene, photographs the page.

A picture is what the program shows at that moment; nothing in it is drawn by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.slack_client import Message, Workspace

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def demo() -> Iterator[Workspace]:
    """Run the demo on a free port until the block ends."""
    command = [sys.executable, "-m", "slackapp", "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("Open "))
        try:
            yield Workspace(address.split()[1].partition("/?")[0])
        finally:
            process.terminate()


def hand_off(slack: Workspace) -> Message:
    """Ben hands the Acme renewal to Customer Success."""
    slack.command("U0BEN")
    slack.modal("U0BEN").submit(
        {
            "title": "Acme renewal",
            "queue": "success",
            "next_step": "Call Mara about the price",
            "note": "They asked for 10 % off and want an answer by Friday. Their sponsor is new.",
            "priority": "high",
            "link": "https://crm.example.com/acme",
        }
    )
    slack.settle()
    return slack.find("U0BEN", "C0SUCCESS", "Acme renewal")


def open_channel(page: Page, user: str, channel: str) -> None:
    """Have a person look at a channel; in narrow columns the list hides behind its button."""
    column = page.locator(f".column[data-user={user}]")
    menu = column.get_by_role("button", name="Channels", exact=True)
    if menu.is_visible():
        menu.click()
    column.locator("button.channel", has_text=channel).first.click()


def two_people(page: Page, slack: Workspace) -> None:
    """Eva has just claimed what Ben handed over, and Ben is told."""
    card = hand_off(slack)
    page.goto(f"{slack.base_url}/?as=U0BEN,U0EVA")
    page.wait_for_selector(".column[data-user=U0EVA]")
    card.click("Claim", by="U0EVA")
    open_channel(page, "U0BEN", "Baton")
    open_channel(page, "U0EVA", "success")


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with demo() as slack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        page = browser.new_page(viewport={"width": 1240, "height": 560}, color_scheme="light")
        two_people(page, slack)
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / "two-people.png")
        browser.close()


if __name__ == "__main__":
    main()
