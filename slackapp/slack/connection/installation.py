"""Baton's identity in Slack (workspace, bot user, scopes), read once at start."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from slackapp.runtime.baton import Baton
from storage.company import workspaces
from storage.company.model import Workspace

_log = structlog.get_logger(__name__)
FINAL: Final = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
"""Errors of Slack that waiting does not fix."""
_FIRST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 30.0


class SlackRefusedUs(Exception):  # noqa: N818 - reads as the sentence it is
    """Slack does not accept the bot token; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Baton's installation in a workspace. `url` is the workspace's base URL, as in permalinks."""

    workspace: str
    url: str
    authorized: AuthorizeResult


def identify(baton: Baton, client: WebClient, *, stopped: threading.Event | None = None) -> Installation:
    """Return Baton's installation from auth.test, waiting while Slack is not available, and store the workspace.

    Raises:
        SlackRefusedUs: the token is not accepted.
    """
    said = _ask(client, stopped or threading.Event())
    token = client.token or ""
    workspace = str(said["team_id"])
    scopes = tuple(sorted(scope.strip() for scope in _header(said, "x-oauth-scopes").split(",") if scope.strip()))
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


def _ask(client: WebClient, stopped: threading.Event) -> SlackResponse:
    wait_s = _FIRST_WAIT_S
    while True:
        try:
            return client.auth_test()
        except SlackApiError as error:
            code = error.response.get("error", "")
            if code in FINAL or stopped.is_set():
                raise SlackRefusedUs(
                    f"Slack does not accept SLACK_BOT_TOKEN ({code}). Copy the Bot User OAuth Token again from your "
                    "app's page, or reinstall the app."
                ) from error
            _log.warning("slack_away", error=code)
        except OSError as error:
            if stopped.is_set():
                raise
            _log.warning("slack_away", error=str(error))
        stopped.wait(wait_s)
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def _header(said: SlackResponse, name: str) -> str:
    return next((value for key, value in said.headers.items() if key.lower() == name), "")
