"""Stories: people in the local workspace, and the very Baton that meets real Slack, over Socket Mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from slackapp.app import Running, build
from slackapp.config import Settings
from slackapp.delivery import pacing
from tests.slack_client import Message, Workspace
from tests.stories.company import COMPANY, Change, write
from tests.stories.northwind import HandOff, send

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    with Workspace.start(manifest=ROOT / "manifest.yml") as started:
        yield started


@pytest.fixture
def slack(workspace: Workspace) -> Workspace:
    """Northwind's Slack, as it was in the beginning: nothing left of the story before, and no limits on posting."""
    workspace.reset()
    workspace.rate_limits(enabled=False)
    return workspace


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Stories run on SQLite; those that are about the database parametrise `dialect` themselves."""
    return str(request.param)


def settings_for(slack: Workspace, database_url: str, **more: Any) -> Settings:
    """Settings of a Baton that works in this workspace by Socket Mode."""
    given: dict[str, Any] = {
        "bot_token": SecretStr("xoxb-local-bot"),
        "app_token": SecretStr("xapp-local-app"),
        "api_url": slack.api_url,
        "database_url": database_url,
        "config": COMPANY,
        "admin_port": 0,
        "port": 0,
        "clock_url": slack.clock_url,
    }
    return Settings(**{**given, **more})


@pytest.fixture
def start(slack: Workspace, database_url: str) -> Iterator[Callable[..., Running]]:
    """Start a Baton, and stop it at the end of the story. Without `rates` it sends as fast as it can."""
    started: list[Running] = []

    def begin(*, rates: pacing.Rates = pacing.UNPACED, **more: Any) -> Running:
        running = build(settings_for(slack, database_url, **more), rates=rates)
        started.append(running)
        running.start()
        wait_connected = getattr(running.door, "wait_connected", None)
        assert wait_connected is None or wait_connected(10)
        slack.settle()
        return running

    yield begin
    for running in started:
        running.stop()


@pytest.fixture
def company(tmp_path: Path) -> Callable[..., Path]:
    """Write the stories' company with something changed."""

    def written(*changes: Change) -> Path:
        return write(tmp_path / "company.yml", *changes)

    return written


@pytest.fixture
def running(start: Callable[..., Running]) -> Running:
    """One Baton at work."""
    return start()


@pytest.fixture
def hand_off(slack: Workspace, running: Running) -> HandOff:
    """Fill in the form as somebody and return the card, as they see it in the team's channel."""

    def hand_off(user: str = "U0BEN", *, channel: str = "C0SUCCESS", **answers: Any) -> Message:
        return send(slack, user, channel=channel, **answers)

    return hand_off
