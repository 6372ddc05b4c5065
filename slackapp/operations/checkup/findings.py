"""Findings of a check-up, and the conversion of a probe's errors into findings instead of tracebacks."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError

from slackapp.slack import objects
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

_log = logging.getLogger(__name__)

T = TypeVar("T")

NOT_ANSWERED: Final = (OSError, http.client.HTTPException, SlackClientError)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A checked thing. `what` describes it; `remedy` says how to fix it, empty if nothing is wrong.

    A finding may be fine and still carry a remedy: something that works, and could work better.
    """

    ok: bool
    what: str
    remedy: str = ""


_REINSTALL: Final = "Copy it again from your app's page (OAuth & Permissions), or install the app again."
_TOKEN: Final = {
    "invalid_auth": ("Slack does not know this token.", _REINSTALL),
    "not_authed": ("No token was sent.", _REINSTALL),
    "account_inactive": ("The token belongs to an app or a workspace that is no longer active.", _REINSTALL),
    "token_revoked": ("The token was revoked.", _REINSTALL),
    "token_expired": (
        "The token has expired.",
        "Switch token rotation off in the app's settings, or install it again.",
    ),
    "not_allowed_token_type": ("This is another kind of token.", _REINSTALL),
    "missing_scope": ("The scope for it was not granted.", "Add it on the app's page and install the app again."),
    "ratelimited": ("Slack wants fewer questions for now.", "Wait a minute and check again."),
    "plan_upgrade_required": ("This Slack plan does not have it.", "Do without it, or change the plan."),
}
_AWAY: Final = "Check the network and https://slack-status.com, then try again."


def good(what: str, remedy: str = "") -> Finding:
    """A finding about something that is in order."""
    return Finding(ok=True, what=what, remedy=remedy)


def bad(what: str, remedy: str) -> Finding:
    """A finding about something that is wrong, with its remedy."""
    return Finding(ok=False, what=what, remedy=remedy)


def attempt(subject: str, look: Callable[[], T]) -> T | Finding:
    """Run a probe; an error that prevents it becomes a finding.

    Args:
        subject: what is looked at, as the beginning of a sentence: "The bot token".
        look: does it.
    """
    try:
        return look()
    except SlackApiError as refused:
        return refusal(subject, objects.error_code(refused))
    except (DatabaseUnavailable, DatabaseBusy) as away:
        return bad(f"{subject} could not be checked: {away}", "Start the database, or correct BATON_DATABASE_URL.")
    except NOT_ANSWERED as away:
        return bad(f"{subject} could not be checked: Slack cannot be reached ({away}).", _AWAY)
    except Exception as unknown:  # noqa: BLE001 - the other probes still matter, a traceback would hide them
        _log.debug("A probe failed", exc_info=True)
        reason = f"{type(unknown).__name__}: {unknown}"
        return bad(f"{subject} could not be checked: {reason}", "This is a fault of Baton; please report it.")


def probe(subject: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Run a probe that yields findings; an error that prevents it becomes one, as in `attempt`."""
    found = attempt(subject, lambda: list(look()))
    return [found] if isinstance(found, Finding) else found


def refusal(subject: str, code: str) -> Finding:
    """A finding about Slack's refusal with this error code."""
    what, remedy = _TOKEN.get(code, (f"Slack says {code}.", _AWAY))
    return bad(f"{subject}: {what}", remedy)
