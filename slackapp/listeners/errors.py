"""The one place that catches what nobody expected, so that every person gets an answer and every log a reference."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

import structlog

from slackapp.views import refusals
from storage.database import Busy, Unavailable

T = TypeVar("T")

_log = structlog.get_logger(__name__)


def answered(work: Callable[[], T], apologise: Callable[[str], T], **about: str) -> T:
    """Do `work`; if it cannot be done, apologise with a sentence that says what to do next.

    `about` names the payload in the log (its kind and id, never what somebody typed).
    """
    try:
        return work()
    except (Busy, Unavailable) as trouble:
        _log.warning("database_away", trouble=type(trouble).__name__, **about)
        return apologise(refusals.BUSY)
    except Exception:  # noqa: BLE001 - the error edge: whatever went wrong, the person hears of it
        reference = secrets.token_hex(3)
        _log.exception("unexpected", reference=reference, **about)
        return apologise(refusals.broken(reference))
