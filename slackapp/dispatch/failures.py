"""Failures of a listener: whatever goes wrong, the person gets a sentence that says what to do."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

import structlog

from slackapp.slack import conversation
from slackapp.slack.inbound import MalformedPayload
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

T = TypeVar("T")
_log = structlog.get_logger(__name__)


def run_or_apologise(work: Callable[[], T], apologise: Callable[[str], T], **about: str) -> T:
    """Return what `work` returns, or on any exception what `apologise` returns for a sentence that says what to do.

    `about` names the payload in the log (its kind and id, never typed text).

    Raises:
        MalformedPayload: the payload lacks what its form has.
    """
    try:
        return work()
    except MalformedPayload:
        raise
    except DatabaseBusy:
        _log.warning("database_busy", **about)
        return apologise(conversation.BUSY)
    except DatabaseUnavailable:  # logged once by the database itself
        _log.debug("database_away", **about)
        return apologise(conversation.BUSY)
    except Exception:  # noqa: BLE001 - the only place that catches everything: the person gets an answer
        return apologise(unexpected(**about))


def unexpected(**about: str) -> str:
    """Log the present exception under a short reference, and return the sentence that tells the person of it."""
    reference = secrets.token_hex(3)
    _log.exception("unexpected", reference=reference, **about)
    return conversation.unexpected_error(reference)
