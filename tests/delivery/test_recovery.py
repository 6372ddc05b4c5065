"""When a message may be searched for in Slack, and how long it waits where searching is not allowed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from slackapp.delivery import recovery
from slackapp.delivery.gateway import Gateway
from slackapp.delivery.model import ResolvedDestination, SendJob
from storage.outbox.model import Destination, LeasedMessage, OutboxMessage
from tests.manual_clock import MONDAY_9

HERE = ResolvedDestination(channel="C0SUCCESS")
NOWHERE = ResolvedDestination(user="U0BEN")


def a_job(*, tried_at: datetime | None, at: datetime = MONDAY_9, place: ResolvedDestination = HERE) -> SendJob:
    wanted = OutboxMessage(
        workspace="T1", key="card:h1:1", kind="card", handoff_id="h1", to=Destination(channel=place.channel)
    )
    row = LeasedMessage(
        id=1, wanted=wanted, put_at=MONDAY_9, attempts=1, lease_until=MONDAY_9, first_leased_at=tried_at, posted=None
    )
    return SendJob(row=row, place=place, message=None, at=at)


def unopened() -> Gateway:
    """A gateway that fails loudly as soon as it is asked anything."""
    return Gateway(token="xoxb-local-bot", base_url="http://127.0.0.1:9/api/", timeout_s=1)


@pytest.mark.parametrize(("tried_at", "place"), [(None, HERE), (MONDAY_9, NOWHERE), (None, NOWHERE)])
def test_nothing_is_looked_for_without_an_earlier_try_and_a_channel(
    tried_at: datetime | None, place: ResolvedDestination
) -> None:
    with pytest.raises(recovery.ForbiddenError):
        asyncio.run(recovery.find(unopened(), a_job(tried_at=tried_at, place=place), place))


def test_with_an_earlier_try_and_a_channel_slack_is_asked() -> None:
    with pytest.raises(RuntimeError, match="not opened"):
        asyncio.run(recovery.find(unopened(), a_job(tried_at=MONDAY_9), HERE))


@pytest.mark.parametrize(("waited_s", "left_s"), [(0, 60.0), (59, 1.0), (60, 0.0), (61, -1.0)])
def test_a_message_that_cannot_be_looked_up_waits_for_a_minute_from_its_first_try(waited_s: int, left_s: float) -> None:
    job = a_job(tried_at=MONDAY_9, at=MONDAY_9 + timedelta(seconds=waited_s))

    assert recovery.repost_in_s(job) == left_s


def test_a_message_without_an_earlier_try_waits_for_nothing() -> None:
    assert recovery.repost_in_s(a_job(tried_at=None)) == 0.0
