"""Findings of a check-up, and the conversion of a probe's errors into findings instead of tracebacks."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError

from slackapp.slack import objects
from slackapp.slack.connection.tokens import BOT_TOKEN_FAULTS, is_passing
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


_LATER: Final = "Wait a minute and check again. See https://slack-status.com for outages."
_LOOK_UP: Final = "Look the code up on the method's page at https://docs.slack.dev, or ask an admin of the workspace."
_BUSY: Final = "Something else holds the database's locks. Wait a minute and check again."
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
    except DatabaseUnavailable as away:
        return bad(f"{subject} could not be checked: {away.what}", away.remedy)
    except DatabaseBusy as busy:
        return bad(f"{subject} could not be checked: {busy}.", _BUSY)
    except NOT_ANSWERED as away:
        return bad(f"{subject} could not be checked: Slack can't be reached ({away}).", _AWAY)
    except Exception as unknown:  # noqa: BLE001 - the other probes still matter, a traceback would hide them
        _log.debug("A probe failed", exc_info=True)
        reason = f"{type(unknown).__name__}: {unknown}"
        return bad(f"{subject} could not be checked: {reason}", "This is a bug in Baton. Please report it.")


def probe(subject: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Run a probe that yields findings; an error that prevents it becomes one, as in `attempt`."""
    found = attempt(subject, lambda: list(look()))
    return [found] if isinstance(found, Finding) else found


def refusal(subject: str, code: str) -> Finding:
    """A finding about Slack's refusal with this error code."""
    if is_passing(code):
        return bad(f"{subject} could not be checked: Slack says {code}.", _LATER)
    what, remedy = BOT_TOKEN_FAULTS.get(code, (f"Slack says {code}.", _LOOK_UP))
    return bad(f"{subject}: {what}", remedy)
