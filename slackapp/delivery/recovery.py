"""Recovery after an unknown outcome of a post: search for the message before posting it again.

A lost response, or a process that died between sending and recording, leaves a message that may or may not be in
Slack. Baton's messages carry their key as metadata, so the channel or thread can be searched for it. That needs a
history scope, which a company may decline: then the message is sent once more after a while, and the audit says that
it may be there twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from slackapp.delivery.gateway import Gateway, Spot
from slackapp.delivery.model import ResolvedDestination, SendJob
from slackapp.delivery.slack_errors import SlackRefusedError

MARGIN: Final = timedelta(minutes=2)
"""How far our clock may be ahead of Slack's: the search begins this long before the first try."""
REPOST_AFTER: Final = timedelta(seconds=60)
"""How long to wait before posting again if searching is not allowed."""
_NOWHERE: Final = frozenset({"thread_not_found", "message_not_found"})
_FORBIDDEN: Final = frozenset({"missing_scope", "not_allowed_token_type"})


class ForbiddenError(Exception):
    """Searching is not allowed: the history scope was not granted."""


async def find(gateway: Gateway, job: SendJob, place: ResolvedDestination) -> Spot | None:
    """Return where Slack has the message of an earlier try, None if it certainly has not.

    Raises:
        ForbiddenError: The history scope is missing.
        SlackRefusedError: Slack refused for another reason.
    """
    first = job.row.first_leased_at
    if first is None or place.channel is None:
        raise ForbiddenError
    oldest = (min(first, job.at) - MARGIN).timestamp()  # the clock may have stepped back since
    try:
        return await gateway.find(place.channel, job.row.wanted.key, oldest=oldest, thread_ts=place.thread_ts)
    except SlackRefusedError as error:
        if error.code in _FORBIDDEN:
            raise ForbiddenError from error
        if error.code in _NOWHERE:
            return None
        raise


def repost_in_s(job: SendJob) -> float:
    """Seconds until a message that cannot be looked up is sent once more; 0 or less when it is time."""
    first = job.row.first_leased_at
    if first is None or first > job.at:  # never tried, or the clock has stepped back since
        return 0.0
    return (first + REPOST_AFTER - job.at).total_seconds()
