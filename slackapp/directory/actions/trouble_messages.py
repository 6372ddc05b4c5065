"""Report a problem of a team to the people who can fix it, each once, and take the report back once it is fixed.

A report that is taken back stays as a line that says so. The same problem again is a new message, which notifies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import count

from storage.company.model import Queue
from storage.db.database import Tx
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage

FIXED = "fixed"
"""The fact in the payload of a report that was taken back."""


def report(tx: Tx, queue: Queue, code: str, users: Iterable[str], now: datetime, **facts: str) -> None:
    """Report a problem to people, once each until it is taken back."""
    wanted = []
    for user in dict.fromkeys(users):
        message, is_posted = _newest(tx, queue, code, user)
        if not is_posted or _is_pending(tx, message):  # else they have it, and nothing is about to take it back
            wanted.append(replace(message, payload={**_facts(queue, code), **facts}))
    outbox.put(tx, wanted, now)


def take_back(tx: Tx, queue: Queue, code: str, users: Iterable[str], now: datetime) -> None:
    """Say in the report of each of these people that the problem is fixed; a report that is not posted is withdrawn."""
    known = [_newest(tx, queue, code, user) for user in dict.fromkeys(users)]
    told = [message for message, is_posted in known if is_posted or _is_pending(tx, message)]
    outbox.put(tx, [replace(one, payload={**one.payload, FIXED: True}) for one in told], now)


def reported(tx: Tx, queue: Queue, codes: Iterable[str], users: Collection[str]) -> list[str]:
    """Return those of the codes that one of these people has had a report of; two statements for all."""
    keys = {_base(queue, code, user): code for code in codes for user in users}
    had = (
        outbox.get_pending_keys(tx, queue.workspace, keys)
        | posted_messages.get_posted_at(tx, queue.workspace, keys).keys()
    )
    return sorted({keys[key] for key in had})


def _base(queue: Queue, code: str, user: str) -> str:
    """The key of the first report; later ones count up behind it."""
    return f"trouble:{queue.key}:{code}:{user}"


def _newest(tx: Tx, queue: Queue, code: str, user: str) -> tuple[OutboxMessage, bool]:
    """Return the report that stands, or the next one, and whether Slack has it."""
    base = _base(queue, code, user)
    for number in count(1):
        key = base if number == 1 else f"{base}:{number}"
        posted = posted_messages.get(tx, queue.workspace, key)
        if posted is None:
            return _message(queue, code, user, key), False
        if not posted.payload.get(FIXED):
            return posted.to_outbox_message(), True
    raise AssertionError("unreachable: the numbers never end")


def _is_pending(tx: Tx, message: OutboxMessage) -> bool:
    return bool(outbox.get_pending_keys(tx, message.workspace, [message.key]))


def _message(queue: Queue, code: str, user: str, key: str) -> OutboxMessage:
    return OutboxMessage(
        workspace=queue.workspace,
        key=key,
        kind="trouble",
        handoff_id=None,
        to=Destination(user=user),
        payload=_facts(queue, code),
    )


def _facts(queue: Queue, code: str) -> dict[str, str]:
    return {"queue": queue.key, "channel": queue.channel, "code": code}
