"""Replies in a card's thread: the owner's count as updates, and other messages leave no trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as on
from sqlalchemy.engine import Engine

from slackapp.handoffs.listeners.thread_replies import FRESH_S, QueueChannels, handle_message
from slackapp.runtime.baton import Baton
from slackapp.slack import payloads
from storage.clocks import timers
from storage.clocks.model import ClockKind
from storage.company import queues
from storage.company.model import Queue
from storage.db import receipts
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import State, Verb
from storage.outbox import posted_messages
from storage.outbox.model import Destination
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff, a_queue, a_timer
from tests.manual_clock import ManualClock
from tests.storage.examples import MINUTE, a_message, as_posted

CARD = "1772442000.000100"
"""The ts of the card in #C1; it was posted at NOW."""


@pytest.fixture
def baton(database: Database) -> Baton:
    """OWNER has the handoff, its card is in C1, and its first-action clock runs."""
    queue = a_queue(members=("OWNER", "EVA"))
    card = a_message("card:h1:1", handoff_id="h1", payload={"hop": 1}, to=Destination(channel="C1"))
    with database.transaction() as tx:
        queues.put(tx, queue)
        handoffs.add(tx, a_handoff(state=State.CLAIMED))
        posted_messages.put(tx, as_posted(card, CARD))
        timers.put(tx, a_timer(clock=ClockKind.FIRST_ACTION, due_at=NOW + timedelta(hours=1)))
    return a_baton(database, ManualClock(NOW + MINUTE))


@pytest.fixture
def channels(baton: Baton) -> QueueChannels:
    return QueueChannels(baton)


def said(**changes: Any) -> dict[str, Any]:
    """Slack's event of the owner's reply in the card's thread, a minute after the claim."""
    plain = {
        "type": "message",
        "user": "OWNER",
        "text": "I have called them.",
        "channel": "C1",
        "channel_type": "channel",
        "thread_ts": CARD,
        "ts": f"{(NOW + MINUTE).timestamp():.6f}",
    }
    event = plain | changes
    return {name: value for name, value in event.items() if value is not None}


def signs(baton: Baton) -> list[tuple[str, object]]:
    """Every update in the handoff's history: the person, and the way it was given."""
    with baton.db.reading() as tx:
        return [
            (entry.actor, entry.facts.get("by"))
            for entry in audit.list_for_handoff(tx, "h1")
            if entry.verb == Verb.CONTINUE
        ]


def waits(baton: Baton, clock: ClockKind, run: int) -> None:
    """Let only this clock of the handoff wait for an update."""
    with baton.db.transaction() as tx:
        for timer in timers.list_live_for_handoff(tx, "h1"):
            timers.put(tx, replace(timer, stopped_at=NOW, due_at=None))
        timers.put(tx, a_timer(id=f"t{run}", clock=clock, run=run))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every statement that reaches a database."""
    seen: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement.split(maxsplit=1)[0].upper())

    on.listen(Engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        on.remove(Engine, "before_cursor_execute", keep)


def written(seen: list[str]) -> list[str]:
    return [word for word in seen if word in {"INSERT", "UPDATE", "DELETE"}]


def test_the_owners_reply_is_a_sign_of_life(baton: Baton, channels: QueueChannels) -> None:
    assert handle_message(baton, channels, TEAM, said())
    assert signs(baton) == [("OWNER", "reply")]


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_so_is_one_with_a_file_and_one_that_is_also_sent_to_the_channel(
    baton: Baton, channels: QueueChannels, subtype: str
) -> None:
    assert handle_message(baton, channels, TEAM, said(subtype=subtype))


def test_its_words_are_kept_nowhere(baton: Baton, channels: QueueChannels) -> None:
    handle_message(baton, channels, TEAM, said())

    with baton.db.reading() as tx:
        assert "called them" not in repr(audit.list_for_handoff(tx, "h1"))
    reply = payloads.parse_thread_reply(said())
    assert "called them" not in repr(reply)


def test_a_reply_that_comes_twice_counts_once(baton: Baton, channels: QueueChannels) -> None:
    assert [handle_message(baton, channels, TEAM, said()) for _ in range(2)] == [True, False]
    assert signs(baton) == [("OWNER", "reply")]


def test_another_reply_is_another_sign(baton: Baton, channels: QueueChannels) -> None:
    for run in (2, 3):
        waits(baton, ClockKind.UPDATE, run)
        assert handle_message(baton, channels, TEAM, said(ts=f"{(NOW + run * MINUTE).timestamp():.6f}"))
    assert len(signs(baton)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"thread_ts": None},
        {"thread_ts": f"{(NOW + MINUTE).timestamp():.6f}"},  # the first message of a thread
        {"subtype": "message_changed", "message": {"user": "OWNER"}},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"bot_id": "B0BATON"},
        {"user": None},
        {"channel": None},
        {"ts": None},
        {"channel": "C9"},  # no queue posts there
    ],
)
def test_what_is_no_reply_of_a_person_in_a_queues_channel_is_dropped_in_memory(
    baton: Baton, channels: QueueChannels, changes: dict[str, Any]
) -> None:
    channels.has(TEAM, "C1")  # The queues are known by now.

    with statements() as seen:
        assert not handle_message(baton, channels, TEAM, said(**changes))

    assert seen == []


def test_a_reply_in_a_thread_that_is_not_ours_costs_one_read_and_writes_nothing(
    baton: Baton, channels: QueueChannels
) -> None:
    channels.has(TEAM, "C1")

    with statements() as seen:
        assert not handle_message(baton, channels, TEAM, said(thread_ts="1.000001"))

    assert seen.count("SELECT") == 1
    assert written(seen) == []


@pytest.mark.parametrize("user", ["SENDER", "EVA", "STRANGER"])
def test_what_others_write_in_the_thread_is_no_sign_of_life_and_writes_nothing(
    baton: Baton, channels: QueueChannels, user: str
) -> None:
    channels.has(TEAM, "C1")

    with statements() as seen:
        assert not handle_message(baton, channels, TEAM, said(user=user))

    assert written(seen) == []
    assert seen.count("SELECT") == 2, "the message and the handoff, and nobody's turn to write is taken"
    assert signs(baton) == []


@pytest.mark.parametrize("clock", [ClockKind.FIRST_ACTION, ClockKind.UPDATE, ClockKind.CHECK])
def test_each_clock_that_waits_for_life_hears_it(baton: Baton, channels: QueueChannels, clock: ClockKind) -> None:
    waits(baton, clock, 2)

    assert handle_message(baton, channels, TEAM, said())


@pytest.mark.parametrize(
    "changes",
    [{"clock": ClockKind.FINISH}, {"running_since": None}, {"stopped_at": NOW}],
    ids=["another clock", "paused", "stopped"],
)
def test_a_reply_that_no_clock_waits_for_writes_nothing(
    database: Database, baton: Baton, channels: QueueChannels, changes: dict[str, Any]
) -> None:
    with database.transaction() as tx:
        handoffs.add(tx, a_handoff(number=2, state=State.CLAIMED))
        card = a_message("card:h2:1", handoff_id="h2", payload={"hop": 1})
        posted_messages.put(tx, as_posted(card, "2.000001"))
        timer = a_timer(id="t2", handoff_id="h2", clock=ClockKind.UPDATE, due_at=None)
        timers.put(tx, replace(timer, **changes))

    with statements() as seen:
        assert not handle_message(baton, channels, TEAM, said(thread_ts="2.000001"))

    assert written(seen) == []


def test_a_reply_from_before_they_owned_it_is_no_sign_of_life(baton: Baton, channels: QueueChannels) -> None:
    early = f"{(NOW - MINUTE).timestamp():.6f}"
    assert not handle_message(baton, channels, TEAM, said(ts=early))


def test_a_reply_under_open_work_is_no_sign_of_life(database: Database, baton: Baton, channels: QueueChannels) -> None:
    with database.transaction() as tx:
        before = handoffs.get(tx, TEAM, "h1")
        assert before is not None
        handoffs.save(tx, before, replace(before, state=State.OPEN, owner=None, accountable="SENDER", version=2))

    assert not handle_message(baton, channels, TEAM, said())


def test_no_receipt_is_kept_of_what_is_not_ours_and_one_of_what_is(baton: Baton, channels: QueueChannels) -> None:
    handle_message(baton, channels, TEAM, said(user="EVA"))
    with baton.db.reading() as tx:
        key = f"form:reply:C1:{said()['ts']}"
        assert receipts.get(tx, TEAM, key) is None

    handle_message(baton, channels, TEAM, said())
    with baton.db.reading() as tx:
        assert receipts.get(tx, TEAM, key) is not None


def test_the_channels_of_queues_are_read_once_a_minute_at_most(baton: Baton) -> None:
    now = [0.0]
    channels = QueueChannels(baton, lambda: now[0])
    assert not channels.has(TEAM, "C2")
    baton.db.run_transaction(lambda tx: queues.put(tx, Queue(workspace=TEAM, key="new", name="New", channel="C2")))

    now[0] = FRESH_S - 1
    with statements() as seen:
        assert not channels.has(TEAM, "C2")
    assert seen == []

    now[0] = FRESH_S
    assert channels.has(TEAM, "C2")
