"""Numbers already seen in Slack are not given again by a ledger that was restored from a backup.

Every message about a handoff carries its number as metadata. At the start the channels of the queues are read from the
last entry of the audit on: nearly always nothing is found. In a restored ledger, what was posted after the backup is
found, and its numbers go on above the highest of them, at the next hundred, which also covers those not seen.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.delivery.gateway import EVENT_TYPE
from slackapp.runtime.baton import Baton
from slackapp.slack import objects
from storage.company import queues
from storage.db.database import Tx
from storage.handoffs import audit, handoffs

NUMBER: Final = "number"
"""The key of a handoff's number in the metadata of messages about it."""
_MARGIN: Final = timedelta(minutes=10)
"""How far our clock may be ahead of Slack's."""
_PAGE: Final = 200
_PAGES: Final = 5
_LONGEST_S: Final = 20.0
"""Seconds after which the start goes on, whatever was not read yet."""
_STEP: Final = 100
_log = structlog.get_logger(__name__)


def continue_above_earlier(baton: Baton, client: WebClient, workspace: str) -> None:
    """Let new handoffs have higher numbers than any that Slack shows.

    A channel that cannot be read is passed over: Baton may not be in it, or may not read history.
    """
    with baton.db.reading() as tx:
        last = handoffs.last_number(tx, workspace)
        since = audit.last_written_at(tx)
        channels = sorted({queue.channel for queue in queues.list_all(tx, workspace)})
    highest = max(_numbers(client, channels, since), default=0)
    if highest <= last:
        return
    goes_on = -(-highest // _STEP) * _STEP

    def work(tx: Tx) -> None:
        handoffs.continue_above(tx, workspace, goes_on)

    baton.db.run_transaction(work)
    _log.warning("slack has messages that this database does not know: numbering continues above them", after=goes_on)


def _numbers(client: WebClient, channels: Iterable[str], since: datetime | None) -> Iterator[int]:
    """Yield the numbers of handoffs in messages that Baton has posted since an instant."""
    ends_at = time.monotonic() + _LONGEST_S
    oldest = f"{(since - _MARGIN).timestamp():.6f}" if since else "0"
    unread: dict[str, str] = {}
    for channel in channels:
        if time.monotonic() > ends_at:
            unread[channel] = "too_slow"
            continue
        try:
            yield from _numbers_in(client, channel, oldest)
        except SlackApiError as refused:
            unread[channel] = objects.error_code(refused)
        except OSError as away:
            unread[channel] = str(away)
    if unread:
        _log.info("channels whose earlier messages could not be read", channels=unread)


def _numbers_in(client: WebClient, channel: str, oldest: str) -> Iterator[int]:
    cursor = None
    for _ in range(_PAGES):
        answer = client.conversations_history(
            channel=channel, oldest=oldest, limit=_PAGE, cursor=cursor, include_all_metadata=True
        )
        body = objects.body(answer)
        for message in body.get("messages") or ():
            number = _number_of(message)
            if number is not None:
                yield number
        cursor = (body.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def _number_of(message: Mapping[str, Any]) -> int | None:
    metadata = message.get("metadata") or {}
    number = (metadata.get("event_payload") or {}).get(NUMBER)
    return number if metadata.get("event_type") == EVENT_TYPE and isinstance(number, int) else None
