"""The one place that catches what nobody expected, so that every person gets an answer and every log a reference."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from slackapp.slack import conversation
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

T = TypeVar("T")

NOT_SHOWN: Final = "Slack closed the form before it was there, so nothing was changed. Please try again."
"""Its trigger lives for three seconds and opens one form; a slow moment or a second press is enough."""

_log = structlog.get_logger(__name__)


def answered(work: Callable[[], T], apologise: Callable[[str], T], **about: str) -> T:
    """Do `work`; if it cannot be done, apologise with a sentence that says what to do next.

    `about` names the payload in the log (its kind and id, never what somebody typed).
    """
    try:
        return work()
    except (DatabaseBusy, DatabaseUnavailable) as trouble:
        _log.warning("database_away", trouble=type(trouble).__name__, **about)
        return apologise(conversation.BUSY)
    except Exception:  # noqa: BLE001 - the error edge: whatever went wrong, the person hears of it
        reference = secrets.token_hex(3)
        _log.exception("unexpected", reference=reference, **about)
        return apologise(conversation.broken(reference))


def shown(open_view: Callable[[], SlackResponse], then: Callable[[str], None] | None = None) -> str:
    """Have Slack open a form. Return an apology if it did not, otherwise nothing (an empty string).

    `then` is told the form's id. What it keeps for the form is a help: the form is there without it.
    """
    try:
        opened = open_view()
    except SlackApiError as error:
        _log.warning("form_not_shown", error=error.response.get("error"))
        return NOT_SHOWN
    except OSError as error:
        _log.warning("form_not_shown", error=str(error))
        return NOT_SHOWN
    if then is not None:
        answered(partial(then, opened["view"]["id"]), lambda _: None, kind="shown")
    return ""
