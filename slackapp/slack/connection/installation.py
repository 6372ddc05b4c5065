"""Baton's identity in Slack (workspace, bot user, scopes), read once at start, when both tokens are tried."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from slackapp.runtime.baton import Baton
from slackapp.runtime.settings import APP_TOKEN, BOT_TOKEN
from slackapp.slack import objects
from slackapp.slack.connection import tokens
from storage.company import workspaces
from storage.company.model import Workspace

_log = structlog.get_logger(__name__)
_FIRST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 30.0


class SlackRefusedUs(Exception):  # noqa: N818 - reads as the sentence it is
    """Slack does not accept a token, or the tokens belong to two apps; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Baton's installation in a workspace. `url` is the workspace's base URL, as in permalinks."""

    workspace: str
    url: str
    authorized: AuthorizeResult


def identify(baton: Baton, client: WebClient, app_token: str | None = None) -> Installation:
    """Return Baton's installation from auth.test, waiting while Slack is not available, and store the workspace.

    Args:
        baton: the process's dependencies.
        client: has the bot token.
        app_token: the app-level token, in Socket Mode: it is tried as well, and has to be of the bot's app.

    Raises:
        SlackRefusedUs: a token is not accepted, or they belong to two apps.
    """
    said = _ask(client.auth_test, _bot_token_refused)
    if app_token is not None:
        _ask(lambda: client.apps_connections_open(app_token=app_token), _app_token_refused)
        _belong_together(client, said.get("bot_id"), app_token)
    token = client.token or ""
    workspace = str(said["team_id"])
    scopes = tuple(sorted(_header(said, "x-oauth-scopes").replace(",", " ").split()))
    installed = Workspace(
        id=workspace,
        name=str(said.get("team", "")),
        bot_user=str(said["user_id"]),
        bot_id=said.get("bot_id"),
        scopes=scopes,
    )
    baton.db.run_transaction(lambda tx: workspaces.put(tx, installed))
    authorized = AuthorizeResult(
        enterprise_id=said.get("enterprise_id"),
        team_id=workspace,
        bot_user_id=str(said["user_id"]),
        bot_id=said.get("bot_id"),
        bot_token=token,
        bot_scopes=list(scopes),
    )
    return Installation(workspace=workspace, url=str(said["url"]), authorized=authorized)


def _ask(ask: Callable[[], SlackResponse], refused: Callable[[str], str]) -> SlackResponse:
    """Ask Slack until it answers; an error that waiting does not fix ends it with the sentence of `refused`."""
    wait_s = _FIRST_WAIT_S
    while True:
        try:
            return ask()
        except SlackApiError as error:
            code = objects.error_code(error)
            if not tokens.is_passing(code):
                raise SlackRefusedUs(refused(code)) from error
            _log.warning("slack_away", error=code)
        except (OSError, HTTPException) as error:
            _log.warning("slack_away", error=str(error))
        time.sleep(wait_s)
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def _bot_token_refused(code: str) -> str:
    unknown = ("", "Copy the Bot User OAuth Token again from your app's page, or reinstall the app.")
    what, remedy = tokens.BOT_TOKEN_FAULTS.get(code, unknown)
    return " ".join(filter(None, (f"Slack doesn't accept {BOT_TOKEN} ({code}).", what, remedy)))


def _app_token_refused(code: str) -> str:
    why = tokens.APP_TOKEN_FAULTS.get(code)
    what = f"The app-level token {why}." if why else ""
    return " ".join(filter(None, (f"Slack doesn't accept {APP_TOKEN} ({code}).", what, tokens.MAKE_AN_APP_TOKEN)))


def _belong_together(client: WebClient, bot_id: str | None, app_token: str) -> None:
    """Refuse tokens of two apps. What Slack does not say cannot be compared, and keeps nothing from starting."""
    try:
        apps = tokens.other_app(client, bot_id, app_token)
    except (OSError, HTTPException):
        return
    if apps is not None:
        raise SlackRefusedUs(
            f"{BOT_TOKEN} and {APP_TOKEN} belong to two apps ({apps[0]} and {apps[1]}), so events from Slack would "
            f"go to the other app. {tokens.TAKE_BOTH_FROM_ONE_APP}"
        )


def _header(said: SlackResponse, name: str) -> str:
    return next((value for key, value in said.headers.items() if key.lower() == name), "")
