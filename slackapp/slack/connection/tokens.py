"""Both Slack tokens: what a refusal says about one, whether waiting can help, and which app each belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.slack import objects

_REINSTALL: Final = "Copy it again from your app's page (OAuth & Permissions), or install the app again."
_ASK_AN_ADMIN: Final = "Ask an admin of the Slack workspace."
BOT_TOKEN_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "invalid_auth": ("Slack doesn't know this token.", _REINSTALL),
    "not_authed": ("No token was sent.", _REINSTALL),
    "account_inactive": ("The token belongs to an app or a workspace that is no longer active.", _REINSTALL),
    "token_revoked": ("The token was revoked.", _REINSTALL),
    "token_expired": (
        "The token has expired.",
        "Switch token rotation off in the app's settings, or install it again.",
    ),
    "not_allowed_token_type": ("This is another kind of token.", _REINSTALL),
    "missing_scope": ("The scope for it was not granted.", "Add it on the app's page and install the app again."),
    "no_permission": ("The app may not do this.", _REINSTALL),
    "plan_upgrade_required": ("This Slack plan does not have it.", "Work without it, or change the plan."),
    "access_denied": ("The workspace doesn't allow the app.", _ASK_AN_ADMIN),
    "ekm_access_denied": ("An admin has suspended access to the workspace's messages.", _ASK_AN_ADMIN),
    "enterprise_is_restricted": ("The organisation restricts this app.", _ASK_AN_ADMIN),
    "org_login_required": ("The workspace is being moved to an organisation.", "Wait until Slack has finished."),
    "team_access_not_granted": ("The app was not granted this workspace.", _ASK_AN_ADMIN),
    "two_factor_setup_required": ("The workspace asks for two-factor authentication.", _ASK_AN_ADMIN),
}
"""What Slack's error code says about a bot token, and what to do."""

APP_TOKEN_FAULTS: Final[Mapping[str, str]] = {
    "invalid_auth": "is not known to Slack",
    "not_authed": "is empty",
    "account_inactive": "belongs to an app that is no longer active",
    "token_revoked": "was revoked",
    "not_allowed_token_type": "is another kind of token; it begins with xapp-",
    "missing_scope": "may not open connections",
    "no_permission": "may not open connections",
    "forbidden_team": "belongs to an app that may not use this workspace",
}
"""What Slack's error code says about an app-level token, as the end of a sentence."""
MAKE_AN_APP_TOKEN: Final = (
    "Make one on the app's page (Basic Information, App-Level Tokens) with the scope connections:write."  # noqa: S105
)
TAKE_BOTH_FROM_ONE_APP: Final = (
    "Take both from the pages of one app: OAuth & Permissions has the bot token, Basic Information the app-level token."
)

_PASSING: Final = frozenset(
    {
        *("ratelimited", "rate_limited", "accesslimited", "fatal_error", "internal_error", "service_unavailable"),
        *("request_timeout", "team_added_to_org"),
    }
)
_PASSING_STATUS: Final = re.compile(r"http_(429|5\d\d)")
_APP_IN_TOKEN: Final = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")


def is_passing(code: str) -> bool:
    """Return whether Slack's error code reports a state of Slack's that passes, not something wrong with a token."""
    return code in _PASSING or _PASSING_STATUS.fullmatch(code) is not None


def other_app(client: WebClient, bot_id: str | None, app_token: str) -> tuple[str, str] | None:
    """Return the ids of the bot token's and the app-level token's app if they differ; None if not, or not known.

    Raises:
        OSError: Slack cannot be reached.
    """
    bots, tokens = _app_of_bot(client, bot_id), _app_of_token(client, app_token)
    return (bots, tokens) if bots and tokens and bots != tokens else None


def _app_of_bot(client: WebClient, bot_id: str | None) -> str | None:
    if bot_id is None:
        return None
    with suppress(SlackApiError):  # the scope may be missing: that is said elsewhere
        bot = objects.body(client.bots_info(bot=bot_id)).get("bot") or {}
        return bot.get("app_id")
    return None


def _app_of_token(client: WebClient, app_token: str) -> str | None:
    """Ask Slack; if it does not say, the token does: its third part is the app's id."""
    named = None
    with suppress(SlackApiError):
        named = objects.body(client.auth_test(token=app_token)).get("app_id")
    found = _APP_IN_TOKEN.match(app_token)
    return named or (found[1] if found else None)
