"""Stories: people in the local workspace, and the very Baton that meets real Slack, over Socket Mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from slackapp.app import Running, build
from slackapp.delivery import rate_limits
from slackapp.runtime.settings import Settings
from storage.db.database import Database
from storage.db.engines import Engines, engines_of
from tests.databases import Server
from tests.slack_client import Message, Workspace
from tests.stories.company import COMPANY, Change, write
from tests.stories.northwind import HandOff, send
from tests.stories.shared import Shared

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def shared(servers: Callable[[str], Server]) -> Iterator[Shared]:
    """Run one Baton for the stories of a module that need none of their own."""
    one = Shared(servers)
    yield one
    one.close()


@pytest.fixture
def slack(workspace: Workspace, shared: Shared, request: pytest.FixtureRequest) -> Workspace:
    """Northwind's Slack, as it was in the beginning: nothing left of the story before, and no limits on posting."""
    if "share" not in request.fixturenames:
        shared.stop()  # it would hear all that happens in this story
    workspace.reset()
    workspace.rate_limits(enabled=False)
    return workspace


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Stories run on SQLite; those that are about the database parametrise `dialect` themselves."""
    return str(request.param)


@pytest.fixture
def database_url(
    dialect: str, servers: Callable[[str], Server], shared: Shared, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The URL of the database that the story's Baton uses: the module's, or a fresh one for a Baton of its own."""
    if "share" in request.fixturenames:
        yield shared.url(dialect)
        return
    url = servers(dialect).migrated()
    yield url
    servers(dialect).give_back(url)


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


def begun(slack: Workspace, running: Running) -> Running:
    """Start a Baton and return it when it has nothing more to do."""
    running.start()
    wait_connected = getattr(running.slack_server, "wait_connected", None)
    assert wait_connected is None or wait_connected(30)
    slack.settle()
    return running


@pytest.fixture(scope="session")
def kept_engines() -> Callable[[str], Engines]:
    """Give the engines of the module's Baton, which have compiled what earlier ones ran: only one of them runs."""
    return cache(engines_of)


@pytest.fixture
def start(slack: Workspace, database_url: str) -> Iterator[Callable[..., Running]]:
    """Start a Baton, and stop it at the end of the story. Without `rates` it sends as fast as it can."""
    started: list[Running] = []

    def begin(*, rates: rate_limits.Rates = rate_limits.UNPACED, **more: Any) -> Running:
        running = build(settings_for(slack, database_url, **more), rates=rates)
        started.append(running)
        return begun(slack, running)

    yield begin
    for running in started:
        running.stop()


@pytest.fixture
def share(
    slack: Workspace, shared: Shared, dialect: str, kept_engines: Callable[[str], Engines]
) -> Iterator[Callable[..., Running]]:
    """Give the module's Baton with a company: as if it had just started. It goes on running when the story ends."""

    def begin(url: str, config: Path) -> Running:
        settings = settings_for(slack, url, config=config)
        opened = Database(kept_engines(url))
        return begun(slack, build(settings, rates=rate_limits.UNPACED, open_database=lambda _url: opened))

    def share(config: Path = COMPANY) -> Running:
        return shared.begin(slack, dialect, config, begin)

    yield share
    shared.rest()


@pytest.fixture
def company(tmp_path: Path) -> Callable[..., Path]:
    """Write the stories' company with something changed."""

    def written(*changes: Change) -> Path:
        return write(tmp_path / "company.yml", *changes)

    return written


@pytest.fixture
def running(share: Callable[..., Running]) -> Running:
    """One Baton at work, the module's."""
    return share()


@pytest.fixture
def hand_off(slack: Workspace, running: Running) -> HandOff:
    """Fill in the form as somebody and return the card, as they see it in the team's channel."""

    def hand_off(user: str = "U0BEN", *, channel: str = "C0SUCCESS", **answers: Any) -> Message:
        return send(slack, user, channel=channel, **answers)

    return hand_off
