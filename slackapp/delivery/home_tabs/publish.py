"""Publish a Home tab and return its result. Slack's errors are results, never raised.

To publish is idempotent: a call whose outcome is not known is repeated. One that comes late cannot overwrite a newer
view, because it names the view that it replaces by its hash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from slackapp.delivery.gateway import Gateway
from slackapp.delivery.model import (
    HomeNotShown,
    HomeShown,
    Limited,
    Outcome,
    PublishJob,
    Result,
    RetryLater,
    TokenRefused,
)
from slackapp.delivery.slack_errors import NotReachedError, SlackRefusedError, UnknownOutcomeError
from slackapp.runtime import counters
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import section
from slackapp.slack.error_codes import ErrorClass

_CONFLICT: Final = "hash_conflict"
_UNSHOWABLE: Final = frozenset({ErrorClass.CONTENT, ErrorClass.MISTAKE})
_NEVER: Final = frozenset({ErrorClass.PERSON, ErrorClass.SETTING})
_NO_ACCESS: Final = frozenset({ErrorClass.TOKEN, ErrorClass.SCOPE, ErrorClass.MOVING})
_LIMIT_WAIT_S: Final = 60.0
_INSTEAD: Final = (
    f"Baton couldn't show your work here. Type `{ids.COMMAND} mine` to see it, and tell the person who runs Baton."
)
_log = structlog.get_logger(__name__)


async def publish(gateway: Gateway, job: PublishJob, is_ours: Callable[[], bool] = lambda: True) -> Result:
    """Publish a Home tab. `is_ours` tells whether the lease leaves time for a call to Slack."""
    outcome: Outcome
    try:
        outcome = await _publish(gateway, job, is_ours)
    except SlackRefusedError as error:
        counters.FAILED.labels(error.method, error.code).inc()
        outcome = _refused(job, error)
    except (UnknownOutcomeError, NotReachedError) as error:
        counters.FAILED.labels(error.method, error.code).inc()
        outcome = RetryLater(code=error.code)
    return Result(row=job.row, outcome=outcome)


async def _publish(gateway: Gateway, job: PublishJob, is_ours: Callable[[], bool]) -> Outcome:
    """Publish it; if Slack refuses the view, publish a sentence instead, so that nobody sees a stale or empty tab."""
    if not is_ours():
        return RetryLater(code="lease_over", wait_s=0.0, refused=False)
    try:
        shown = await _call(gateway, job, job.drawn.view)
    except SlackRefusedError as error:
        if error.meaning not in _UNSHOWABLE:
            raise
        counters.FAILED.labels(error.method, error.code).inc()
        _log.error("home tab refused", user=job.drawn.home.user, code=error.code)
        shown = await _call(gateway, job, {"type": "home", "blocks": [section(_INSTEAD)]})
    counters.SENT.labels("views.publish").inc()
    return HomeShown(drawn=job.drawn, view_hash=shown, digest=job.digest)


async def _call(gateway: Gateway, job: PublishJob, view: Mapping[str, Any]) -> str:
    home = job.drawn.home
    return await gateway.publish(home.user, view, view_hash=home.view_hash)


def _refused(job: PublishJob, error: SlackRefusedError) -> Outcome:
    if error.code == _CONFLICT:  # somebody published a newer one: draw again, and replace whatever is shown
        return HomeShown(drawn=job.drawn, view_hash=None, digest=None)
    if error.meaning is ErrorClass.LIMITED:
        return Limited(method=error.method, wait_s=error.wait_s or _LIMIT_WAIT_S)
    if error.meaning in _NO_ACCESS:
        return TokenRefused(code=error.code)
    if error.meaning in _NEVER:
        return HomeNotShown()
    return RetryLater(code=error.code)
