"""What Slack limits waits and nothing else does; order survives whatever delays a message; a clock may step back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from slackapp.delivery import rate_limits
from storage.clocks import notices
from storage.clocks.model import ClockKind, Notice
from storage.company import queues
from storage.db.database import Database, Tx
from storage.handoffs.model import Handoff
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage
from tests.databases import ONE_ELSE_BOTH, in_turns
from tests.delivery.delivery_room import SUCCESS, TEAM, Room, direct, reply
from tests.slack_client import Workspace

CHANNELS = {"success": "C0SUCCESS", "support": "C0SUPPORT", "sales": "C0SALES"}
QUEUES = {key: replace(SUCCESS, key=key, name=key, channel=channel) for key, channel in CHANNELS.items()}


@pytest.fixture
def room(database: Database, slack: Workspace) -> Iterator[Room]:
    room = Room(database, slack)
    with database.transaction() as tx:
        for queue in QUEUES.values():
            queues.put(tx, queue)
    yield room
    room.close()


def limited(room: Room, channel: str | None = None, *, wait_s: int = 30, times: int = 1, **fault: Any) -> None:
    fault = {"error": "ratelimited", "retry_after": wait_s, **fault}
    room.slack.fault("chat.postMessage", fault | ({"channel": channel} if channel else {}), times=times)


def tried(room: Room, channel: str) -> int:
    return len([call for call in room.slack.calls("chat.postMessage") if call["args"]["channel"] == channel])


def in_channel(room: Room, words: str = "Case", channel: str = "success") -> list[str]:
    """The cases shown in a channel, in the order in which they stand there."""
    shown = sorted(room.shown(words, channel=channel), key=lambda message: message["ts"])
    return [message["text"].partition(words)[2].split()[0] for message in shown]


def passes(room: Room, seconds: float) -> bool:
    """Let time pass, and the pumps notice."""
    room.clock.advance(seconds=seconds)
    room.wake()
    return True


def all_in_order(room: Room, words: str, number: int, *, step_s: float = 2, channel: str = "success") -> None:
    """Let time pass until all are there, and look that none has overtaken another."""

    room.until(lambda: passes(room, step_s / 10) and len(in_channel(room, words, channel)) == number)
    assert in_channel(room, words, channel) == [str(n) for n in range(number)]


# What is limited


@ONE_ELSE_BOTH
def test_a_channel_that_slack_limits_holds_up_no_other_channel(room: Room) -> None:
    limited(room, "C0SUCCESS")
    room.pump()

    room.hand_off("Acme renewal")
    room.until(lambda: tried(room, "C0SUCCESS"))
    room.hand_off("Globex onboarding", queue=QUEUES["support"])
    room.hand_off("Initech move")
    room.settle()

    assert len(room.shown("Globex onboarding", channel="support")) == 1
    assert tried(room, "C0SUCCESS") == 1
    room.clock.advance(seconds=31)
    room.settle()
    assert len(room.shown("card")) == 2


@ONE_ELSE_BOTH
def test_a_person_whose_messages_slack_limits_holds_up_nobody_else(room: Room) -> None:
    room.pump()
    first, second = room.hand_off("Acme renewal"), room.hand_off("Globex onboarding")
    room.put(direct(first, "U0BEN"))
    room.settle()
    limited(room, room.dm_channel("U0BEN"))

    room.put(direct(first, "U0BEN", kind="dm", key="dm"))
    room.until(lambda: [call for call in room.slack.calls("chat.postMessage") if call["status"] == 429])
    room.put(direct(second, "U0BEN", kind="dm", key="dm"), direct(second, "U0DAN", kind="dm", key="dm"))
    room.settle()

    assert len(room.dms("U0DAN")) == 1
    assert len(room.dms("U0BEN")) == 1


@ONE_ELSE_BOTH
def test_once_a_second_channel_is_limited_too_the_workspace_waits(room: Room) -> None:
    limited(room, "C0SUCCESS")
    limited(room, "C0SUPPORT")
    room.pump()
    room.hand_off("Acme renewal")
    room.until(lambda: tried(room, "C0SUCCESS"))
    room.hand_off("Globex onboarding", queue=QUEUES["support"])
    room.until(lambda: tried(room, "C0SUPPORT"))
    room.settle()

    room.hand_off("Initech move", queue=QUEUES["sales"])
    room.settle()
    assert tried(room, "C0SALES") == 0

    room.clock.advance(seconds=31)
    room.settle()
    assert all(len(room.shown("card", channel=key, to="U0KIM")) == 1 for key in QUEUES)


@ONE_ELSE_BOTH
def test_a_limit_of_a_channel_that_is_over_is_no_evidence_against_the_workspace(room: Room) -> None:
    limited(room, "C0SUCCESS", wait_s=5)
    limited(room, "C0SUPPORT", wait_s=30)
    room.pump()
    room.hand_off("Acme renewal")
    room.until(lambda: tried(room, "C0SUCCESS"))
    room.settle()
    room.clock.advance(seconds=6)
    room.settle()

    room.hand_off("Globex onboarding", queue=QUEUES["support"])
    room.until(lambda: tried(room, "C0SUPPORT"))
    room.settle()
    room.hand_off("Initech move", queue=QUEUES["sales"])
    room.settle()

    assert len(room.shown("Initech move", channel="sales", to="U0KIM")) == 1


@ONE_ELSE_BOTH
def test_a_limit_that_names_the_workspace_stops_the_workspace(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"error": "message_limit_exceeded"})
    room.pump()
    room.hand_off("Acme renewal")
    room.until(lambda: tried(room, "C0SUCCESS"))
    room.settle()

    room.hand_off("Globex onboarding", queue=QUEUES["support"])
    room.settle()

    assert tried(room, "C0SUPPORT") == 0


@ONE_ELSE_BOTH
def test_a_limit_of_looking_up_a_thread_stops_only_that(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.settle()
    room.slack.fault("chat.postMessage", {"lose_answer": True})
    room.slack.fault("conversations.replies", {"error": "ratelimited", "retry_after": 30})
    room.put(reply(handoff))
    room.until(lambda: room.slack.calls("conversations.replies"))
    room.hand_off("Globex onboarding", queue=QUEUES["support"])
    room.settle()

    assert len(room.slack.calls("conversations.replies")) == 1
    assert len(room.shown("Globex onboarding", channel="support")) == 1
    room.clock.advance(seconds=31)
    room.settle()
    assert len(room.shown("reply Acme")) == 1


# Order


@in_turns(
    "fault",
    {
        "ratelimited": {"error": "ratelimited", "retry_after": 2},
        "503": {"status": 503},
        "internal_error": {"error": "internal_error"},
        "unknown": {"error": "never_heard_of"},
        "lost": {"lose_answer": True},
    },
)
def test_cards_come_in_their_order_whatever_slack_answers(room: Room, fault: dict[str, Any]) -> None:
    room.slack.fault("chat.postMessage", fault, times=3)
    for n in range(5):
        room.hand_off(f"Case {n} .")

    room.pump()

    all_in_order(room, "Case", 5)


def test_replies_come_in_their_order_under_a_card_that_came_late(room: Room) -> None:
    limited(room, wait_s=2, times=3)
    handoff = room.hand_off("Acme renewal", cards=False)
    told = [replace(reply(handoff), key=f"reply:{n}", payload={"n": n}) for n in range(4)]
    for one in told:
        room.put(one)
    room.change(handoff)

    room.pump()
    room.until(lambda: passes(room, 0.2) and all(room.posted(one.key) for one in told))

    stamps = [posted.ts for one in told if (posted := room.posted(one.key))]
    assert stamps == sorted(stamps)


def test_order_survives_that_the_pump_ends_and_another_goes_on(room: Room) -> None:
    limited(room, wait_s=2, times=2)
    for n in range(6):
        room.hand_off(f"Case {n} .")
    for before in (0, 1, 3):
        pump = room.pump()
        room.until(lambda before=before: passes(room, 0.2) and len(in_channel(room)) > before)  # type: ignore[misc]  # bound at once
        pump.stop()
        room.pumps.clear()

    room.pump()
    all_in_order(room, "Case", 6)


def test_a_change_while_slack_refuses_does_not_cost_a_card_its_place(room: Room) -> None:
    limited(room, wait_s=2, times=2)
    room.pump()
    first = room.hand_off("Case 0 .")
    room.until(lambda: tried(room, "C0SUCCESS"))
    room.hand_off("Case 1 .")
    first = room.change(first)
    room.hand_off("Case 2 .")
    room.change(first)

    all_in_order(room, "Case", 3)


def test_a_message_that_fails_again_and_again_does_not_hold_up_its_channel_for_ever(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"error": "never_heard_of"}, times=9)
    room.hand_off("Acme renewal")
    room.hand_off("Globex onboarding")
    room.pump()

    room.until(lambda: passes(room, 5) and room.shown("Globex"))

    assert room.shown("Acme") == []


# What goes first


def test_what_notifies_and_what_counts_goes_before_cards_that_are_drawn_again(
    database: Database, slack: Workspace
) -> None:
    room = Room(database, slack)
    room.pump()
    handoffs = [room.hand_off(f"Case {n} .") for n in range(24)]
    summarise(room, handoffs[0])
    room.settle()
    room.close()

    for one in handoffs:
        room.change(one)
    summarise(room, handoffs[1])
    room.put(direct(handoffs[-1], "U0BEN", kind="dm", key="dm"))
    room.rates = rate_limits.SLACK
    room.pump()
    room.until(lambda: room.dms("U0BEN") and any(text.startswith("bundle of 2") for text in room.dms("U0DAN")))
    room.close()

    redrawn = [call for call in slack.calls("chat.update") if call["args"]["channel"] == "C0SUCCESS"]
    assert len(redrawn) <= rate_limits.SLACK.methods["chat.update"].burst + 2


def summarise(room: Room, handoff: Handoff) -> None:
    """Dan is to be reminded of a handoff in a message about many."""
    message = OutboxMessage(
        workspace=TEAM,
        key="bundle:U0DAN:2026",
        kind="bundle",
        handoff_id=None,
        to=Destination(user="U0DAN"),
        payload={"user": "U0DAN"},
    )
    now = room.clock.now()
    notice = Notice(
        workspace=TEAM,
        handoff_id=handoff.id,
        recipient="U0DAN",
        clock=ClockKind.CLAIM,
        level="late",
        run=1,
        put_at=now,
        hear_at=now,
        why=None,
        message=message.key,
    )

    def work(tx: Tx) -> None:
        notices.add_many(tx, [notice])
        outbox.put(tx, [message], now)

    room.db.run_transaction(work)
    room.wake()


# The clock


def test_a_clock_that_steps_back_after_a_post_holds_up_nothing(database: Database, slack: Workspace) -> None:
    room = Room(database, slack, rates=rate_limits.SLACK)
    room.pump()
    for n in range(2):
        room.hand_off(f"Case {n} .")
    room.until(lambda: len(in_channel(room)) == 2)

    room.clock.advance(hours=-1)
    room.hand_off("Case 2 .")
    room.until(lambda: len(in_channel(room)) == 3)
    room.close()


@in_turns(
    "fault",
    {
        "ratelimited": {"error": "ratelimited", "retry_after": 300},
        "not_in_channel": {"error": "not_in_channel"},
        "invalid_auth": {"error": "invalid_auth"},
    },
)
def test_a_clock_that_steps_back_ends_every_pause_that_it_does_not_know(room: Room, fault: dict[str, Any]) -> None:
    room.slack.fault("chat.postMessage", fault)
    room.pump()
    room.hand_off("Case 0 .")
    room.until(lambda: tried(room, "C0SUCCESS"))
    room.settle()

    room.clock.advance(hours=-1)
    room.wake()
    room.until(lambda: len(in_channel(room)) == 1)


def test_a_message_that_a_dead_process_had_is_sent_though_the_clock_stepped_back(room: Room) -> None:
    room.hand_off("Case 0 .")
    room.db.run_transaction(lambda tx: outbox.lease(tx, room.clock.now(), 10, 60, "dead"))

    room.clock.advance(hours=-1)
    room.pump()

    all_in_order(room, "Case", 1, step_s=30)
