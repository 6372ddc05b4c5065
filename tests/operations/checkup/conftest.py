"""A check-up of the local workspace, the stories' team and a fresh database."""

from __future__ import annotations

from typing import Any

import pytest

from slackapp.operations.checkup.examine import examine
from slackapp.operations.checkup.findings import Finding
from tests import slack_client
from tests.manual_clock import ManualClock
from tests.operations.checkup.examples import APP, BOT, Examine, named


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def check(slack: slack_client.Workspace, database_url: str, clock: ManualClock) -> Examine:
    def check(**changed: Any) -> list[Finding]:
        given = {
            "bot_token": BOT,
            "app_token": APP,
            "api_url": slack.api_url,
            "database_url": database_url,
            "clock": clock,
            "named": named(),
        }
        return examine(**{**given, **changed})

    return check
