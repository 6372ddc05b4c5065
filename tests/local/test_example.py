"""The example in docs/examples/lunch, as docs/local-workspace.md tells people to run it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.slack_client import Message, Workspace

LUNCH: Final = Path(__file__).parents[2] / "docs" / "examples" / "lunch"
LONGEST_S: Final = 20


@pytest.fixture(scope="module")
def lunching() -> Iterator[Workspace]:
    """A workspace with the lunch app's manifest, and the app as a process of its own in it."""
    with Workspace.start(manifest=LUNCH / "manifest.yml") as slack:
        settings = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": "xoxb-local-bot",
            "SLACK_APP_TOKEN": "xapp-local-app",
        }
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        with subprocess.Popen([sys.executable, LUNCH / "lunch.py"], env={**kept, **settings}) as app:
            try:
                until = time.monotonic() + LONGEST_S
                while not slack.overview()["connections"]:
                    assert app.poll() is None, "the example ended"
                    assert time.monotonic() < until, "the example does not connect"
                    time.sleep(0.05)
                yield slack
            finally:
                app.terminate()


def seen(slack: Workspace, words: str) -> Message:
    """The message with these words, once it is there."""
    until = time.monotonic() + LONGEST_S
    while True:
        try:
            return slack.find("U0BEN", "sales", words)
        except AssertionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_people_join_for_lunch(lunching: Workspace) -> None:
    lunching.command("U0BEN", "pizza", channel="C0SALES")
    asked = seen(lunching, "Joining: nobody yet")

    asked.click("Join", by="U0CLARA")
    seen(lunching, "Joining: <@U0CLARA>.")
    asked.click("Join", by="U0ANA")

    assert seen(lunching, "Joining: <@U0CLARA>, <@U0ANA>.").ts == asked.ts
    assert lunching.problems() == []


def test_without_a_dish_the_person_alone_is_told_how(lunching: Workspace) -> None:
    lunching.command("U0BEN", "", channel="C0SALES")

    assert seen(lunching, "Say what there is").raw["ephemeral"]
