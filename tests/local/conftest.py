"""One workspace for the whole session, with a manifest of its own; every test begins with a reset one.

The app under it is a throwaway Bolt app over real Socket Mode.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from tests.local.bolt_app import BOT_TOKEN, BoltApp
from tests.slack_client import Workspace

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def running() -> Iterator[Workspace]:
    with Workspace.start(manifest=HERE / "manifest.yml") as workspace:
        yield workspace


@pytest.fixture
def slack(running: Workspace) -> Workspace:
    running.reset()
    return running


@pytest.fixture
def web(slack: Workspace) -> WebClient:
    """The app's own client, without any retries."""
    return WebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture(scope="session")
def connected(running: Workspace) -> Iterator[BoltApp]:
    throwaway = BoltApp(running)
    throwaway.connect()
    yield throwaway
    throwaway.close()


@pytest.fixture
def app(slack: Workspace, connected: BoltApp) -> BoltApp:
    """The connected app, without the listeners of the test before."""
    connected.forget()
    return connected
