"""Send one leased message (post, update or delete) and return its result. Slack's errors are results, never raised.

Only a first post must not be repeated blindly; updating and deleting are idempotent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog

from slackapp.delivery import recovery
from slackapp.delivery.gateway import Gateway, Message, Spot
from slackapp.delivery.model import (
    ChannelRefused,
    Deleted,
    Delivered,
    Erased,
    Forbidden,
    Limited,
    NoLongerNeeded,
    Outcome,
    PersonUnreachable,
    ResolvedDestination,
    Result,
    RetryLater,
    SendJob,
    ThreadGone,
    TokenRefused,
)
from slackapp.delivery.slack_errors import NotReachedError, SlackRefusedError, UnknownOutcomeError
from slackapp.runtime import counters
from slackapp.slack.block_kit.blocks import clip
from slackapp.slack.error_codes import ErrorClass

LONGEST_PLAIN: Final = 3_000
"""Characters of a message that fell back to plain text; chat.update refuses more than 4,000."""
_LIMIT_WAIT_S: Final = 60.0
_CONTENT_WAIT_S: Final = 300.0
_UNSHOWABLE: Final = frozenset({ErrorClass.CONTENT, ErrorClass.MISTAKE})
_WORKSPACE_LIMIT: Final = "message_limit_exceeded"
"""The one limit of posting that names the workspace instead of a channel."""
_SHUT_CONVERSATION: Final = frozenset({"channel_not_found", "not_in_channel", "is_archived", "is_inactive"})
"""Errors of a direct message whose person has left the conversation; others are about what may be posted."""
_log = structlog.get_logger(__name__)


class LeaseOverError(Exception):
    """The lease ended before the call, so another process may have the message; this try sent nothing."""


@dataclass(kw_only=True)
class _Try:
    """The state of sending a message. `unsure`: an earlier try may have been posted."""

    unsure: bool
    is_ours: Callable[[], bool]
    opened: str | None = None

    def check_lease(self) -> None:
        """Check, right before a call that shows something, that the lease still holds.

        Raises:
            LeaseOverError: The lease is over.
        """
        if not self.is_ours():
            raise LeaseOverError


async def deliver(gateway: Gateway, job: SendJob, is_ours: Callable[[], bool] = lambda: True) -> Result:
    """Send a message and return its result. `is_ours` tells whether the lease leaves time for a call to Slack."""
    attempt = _Try(unsure=job.row.first_leased_at is not None and job.row.posted is None, is_ours=is_ours)
    try:
        outcome = await _send(gateway, job, attempt)
    except LeaseOverError:
        outcome = RetryLater(code="lease_over", known=not attempt.unsure, wait_s=0.0, refused=False)
    except SlackRefusedError as error:
        counters.FAILED.labels(error.method, error.code).inc()
        outcome = _refused(job, error, known=not attempt.unsure)
    except UnknownOutcomeError as error:
        counters.FAILED.labels(error.method, error.code).inc()
        posting = error.method == "chat.postMessage"
        outcome = RetryLater(code=error.code, known=not (posting or attempt.unsure), in_order=True)
    except NotReachedError as error:
        counters.FAILED.labels(error.method, error.code).inc()
        outcome = RetryLater(code=error.code, known=not attempt.unsure, in_order=True)
    return Result(row=job.row, outcome=outcome, dm_channel=attempt.opened, settled=job.settled)


async def _send(gateway: Gateway, job: SendJob, attempt: _Try) -> Outcome:
    if job.message is None:
        return await _erase(gateway, job, attempt)
    if job.spot is not None:
        return await _update(gateway, job, job.spot, job.message, attempt)
    return await _post(gateway, job, job.message, attempt)


async def _update(gateway: Gateway, job: SendJob, spot: Spot, message: Message, attempt: _Try) -> Outcome:
    async def send(shown: Message) -> Spot:
        attempt.check_lease()
        await gateway.update(spot, shown)
        return spot

    await _with_plain_text_fallback(job, message, send)
    counters.SENT.labels("chat.update").inc()
    known_link = job.row.posted.permalink if job.row.posted else None
    return Delivered(spot=spot, permalink=known_link or await _permalink(gateway, job, spot))


async def _erase(gateway: Gateway, job: SendJob, attempt: _Try) -> Outcome:
    spot = job.spot
    if spot is None and attempt.unsure:
        spot = await _find_earlier_post(gateway, job, await _opened(gateway, job.place, attempt))
    if spot is None:
        return NoLongerNeeded(reason=None)
    try:
        await gateway.delete(spot)
    except SlackRefusedError as error:
        if error.meaning is not ErrorClass.GONE:
            raise
    counters.SENT.labels("chat.delete").inc()
    return Erased()


async def _find_earlier_post(gateway: Gateway, job: SendJob, place: ResolvedDestination) -> Spot | None:
    try:
        return await recovery.find(gateway, job, place)
    except recovery.ForbiddenError:
        return None


async def _post(gateway: Gateway, job: SendJob, message: Message, attempt: _Try) -> Outcome:
    place = await _opened(gateway, job.place, attempt)
    blind = False
    if attempt.unsure:
        try:
            found = await recovery.find(gateway, job, place)
        except recovery.ForbiddenError:
            wait_s = recovery.repost_in_s(job)
            if wait_s > 0:
                return RetryLater(code="unknown_outcome", known=False, wait_s=wait_s, in_order=True)
            blind = True
        else:
            if found is not None:
                return Delivered(spot=found, permalink=await _permalink(gateway, job, found), found=True)
            attempt.unsure = False

    async def send(shown: Message) -> Spot:
        return await _post_once(gateway, place, shown, attempt)

    spot = await _with_plain_text_fallback(job, message, send)
    counters.SENT.labels("chat.postMessage").inc()
    return Delivered(spot=spot, permalink=await _permalink(gateway, job, spot), maybe_double=blind)


async def _opened(gateway: Gateway, place: ResolvedDestination, attempt: _Try) -> ResolvedDestination:
    """Open the DM channel of a destination, if needed. Without im:write Slack takes the person's id as channel."""
    if place.user is None or place.channel is not None:
        return place
    try:
        attempt.opened = await gateway.open_dm(place.user)
    except SlackRefusedError as error:
        if error.meaning is not ErrorClass.SCOPE:
            raise
        return place
    return replace(place, channel=attempt.opened)


async def _post_once(gateway: Gateway, place: ResolvedDestination, message: Message, attempt: _Try) -> Spot:
    """Post; a stored DM channel that Slack does not know any more is opened again."""
    channel = place.channel or place.user
    if channel is None:
        raise ValueError("a message needs a channel or a person")
    attempt.check_lease()
    try:
        spot = await gateway.post(channel, message, thread_ts=place.thread_ts)
    except SlackRefusedError as error:
        if place.user is None or error.code != "channel_not_found" or attempt.opened:
            raise
        fresh = await _opened(gateway, replace(place, channel=None), attempt)
        attempt.check_lease()
        spot = await gateway.post(fresh.channel or place.user, message)
    if place.user is not None:
        attempt.opened = spot.channel
    return spot


async def _with_plain_text_fallback(job: SendJob, message: Message, send: Callable[[Message], Awaitable[Spot]]) -> Spot:
    """Send; if Slack refuses the blocks, send the text alone, so that no message is lost."""
    try:
        return await send(message)
    except SlackRefusedError as error:
        if error.meaning not in _UNSHOWABLE:
            raise
        counters.FAILED.labels(error.method, error.code).inc()
        _log.error("drawing refused", key=job.row.wanted.key, code=error.code, problems=_without_values(error.problems))
        facts = {} if "metadata" in error.code else message.facts
    return await send(replace(message, text=clip(message.text, LONGEST_PLAIN), blocks=[], facts=facts))


def _without_values(problems: tuple[str, ...]) -> list[str]:
    """Slack's validation errors up to the json-pointer: the rest may quote what a person typed."""
    return [problem.split("[json-pointer", maxsplit=1)[0][:120] for problem in problems[:5]]


async def _permalink(gateway: Gateway, job: SendJob, spot: Spot) -> str | None:
    """Permalink of a card; None for other messages, and if Slack does not return one (no reason to fail)."""
    if not job.is_card:
        return None
    try:
        return await gateway.permalink(spot)
    except (SlackRefusedError, UnknownOutcomeError, NotReachedError) as error:
        counters.FAILED.labels(error.method, error.code).inc()
        return None


def _refused(job: SendJob, error: SlackRefusedError, *, known: bool) -> Outcome:
    """Return what a refusal means for the message. Without a row of its own a class is tried again soon."""
    code, wait_s = error.code, error.wait_s or _LIMIT_WAIT_S
    unshowable = RetryLater(code=code, known=known, wait_s=_CONTENT_WAIT_S)
    answers: Mapping[ErrorClass, Outcome] = {
        ErrorClass.LIMITED: Limited(
            method=error.method, wait_s=wait_s, known=known, everywhere=code == _WORKSPACE_LIMIT
        ),
        ErrorClass.MOVING: TokenRefused(code=code, known=known),
        ErrorClass.CHANNEL: _refused_by_channel(job, code, known=known),
        ErrorClass.GONE: Deleted(),
        ErrorClass.THREAD: ThreadGone(),
        ErrorClass.PERSON: PersonUnreachable(code=code),
        ErrorClass.TOKEN: TokenRefused(code=code, known=known),
        ErrorClass.SCOPE: TokenRefused(code=code, known=known),
        ErrorClass.SETTING: Forbidden(code=code, known=known, all_direct=job.place.user is not None),
        ErrorClass.CONTENT: unshowable,
        ErrorClass.MISTAKE: unshowable,
    }
    return answers.get(error.meaning) or RetryLater(code=code, known=known, in_order=True)


def _refused_by_channel(job: SendJob, code: str, *, known: bool) -> Outcome:
    if job.place.user is None:
        return ChannelRefused(code=code, channel=_channel(job), known=known)
    return PersonUnreachable(code=code) if code in _SHUT_CONVERSATION else Forbidden(code=code, known=known)


def _channel(job: SendJob) -> str | None:
    return job.spot.channel if job.spot else job.place.channel
