"""Who Baton is in Slack, asked at start: a token that cannot work ends the start, a Slack that is away does not."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from slackapp.runtime.clock import SystemClock
from slackapp.slack.connection.installation import SlackRefusedUs, identify
from storage.company import workspaces
from storage.db.database import Database
from tests.batons import a_baton
from tests.databases import SQLITE
from tests.slack_client import Workspace

pytestmark = SQLITE
BOT, APP, OTHER_APP = "xoxb-local-bot", "xapp-local-app", "xapp-other-app"


def start(slack: Workspace, database: Database, *, bot: str = BOT, app: str | None = APP) -> str:
    client = WebClient(token=bot, base_url=slack.api_url, retry_handlers=[])
    return identify(a_baton(database, SystemClock()), client, app).workspace


@pytest.mark.parametrize("app", [APP, None], ids=["socket", "http"])
def test_the_workspace_is_asked_for_and_kept(slack: Workspace, database: Database, app: str | None) -> None:
    assert start(slack, database, app=app) == "T0LOCAL"

    with database.reading() as tx:
        assert [workspace.id for workspace in workspaces.list_all(tx)] == ["T0LOCAL"]


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (
            {"bot": "xoxb-wrong"},
            "Slack doesn't accept SLACK_BOT_TOKEN (invalid_auth). Slack doesn't know this token.",
        ),
        (
            {"app": "xapp-wrong"},
            "Slack doesn't accept SLACK_APP_TOKEN (invalid_auth). The app-level token is not known",
        ),
        ({"app": BOT}, "SLACK_APP_TOKEN (not_allowed_token_type). The app-level token is another kind of token"),
        ({"app": OTHER_APP}, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN belong to two apps (A0BATON and A0OTHER)"),
    ],
)
def test_a_wrong_token_ends_the_start_and_nothing_is_kept(
    slack: Workspace, database: Database, tokens: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SlackRefusedUs) as refused:
        start(slack, database, **tokens)

    assert sentence in str(refused.value)
    with database.reading() as tx:
        assert workspaces.list_all(tx) == []


@pytest.mark.parametrize("code", ["token_revoked", "missing_scope", "no_permission", "something_new"])
@pytest.mark.parametrize(
    ("method", "name"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
def test_what_waiting_does_not_mend_ends_the_start(
    slack: Workspace, database: Database, method: str, name: str, code: str
) -> None:
    slack.fault(method, {"error": code})

    with pytest.raises(
        SlackRefusedUs, match=rf"^Slack doesn't accept {name} \({code}\)\. .*(Copy|Make|Add|app's page)"
    ):
        start(slack, database)


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("auth.test", {"error": "fatal_error"}),
        ("auth.test", {"status": 503}),
        ("apps.connections.open", {"error": "ratelimited"}),
        ("apps.connections.open", {"lose_answer": True}),
    ],
)
def test_a_slack_that_is_away_for_a_moment_is_waited_for(
    slack: Workspace, database: Database, method: str, fault: dict[str, Any]
) -> None:
    slack.fault(method, fault)

    assert start(slack, database) == "T0LOCAL"


@pytest.mark.parametrize("fault", [{"error": "missing_scope"}, {"lose_answer": True}])
def test_apps_that_slack_does_not_name_are_not_compared(
    slack: Workspace, database: Database, fault: dict[str, Any]
) -> None:
    slack.fault("bots.info", fault)

    assert start(slack, database, app=OTHER_APP) == "T0LOCAL"
