"""The pump between a database and the local workspace: each message is sent once, drawn from the present state."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from slackapp.delivery import rate_limits
from slackapp.handoffs.model import HandoffScene
from slackapp.slack.block_kit.blocks import Post
from storage.db.database import Database
from storage.handoffs.lifecycle import State
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage
from tests.databases import ONE_ELSE_BOTH
from tests.delivery.delivery_room import TEAM, Room, card_key, direct, draw, pump_process, reply
from tests.handoffs.views.drawing import Scene
from tests.slack_client import Workspace


@pytest.fixture
def room(database: Database, slack: Workspace) -> Iterator[Room]:
    room = Room(database, slack)
    yield room
    room.close()


def test_a_card_is_posted_once_and_its_address_is_kept(room: Room) -> None:
    room.pump()

    handoff = room.hand_off("Acme renewal")
    room.settle()

    (card,) = room.shown("Acme renewal")
    posted = room.posted(card_key(handoff))
    assert posted is not None
    assert (posted.channel, posted.ts) == ("C0SUCCESS", card["ts"])
    assert posted.permalink is not None
    assert len(room.slack.calls("chat.postMessage")) == 1


def test_ten_changes_between_two_looks_cost_one_update(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.settle()
    room.close()

    for _ in range(10):
        handoff = room.change(handoff)
    room.pump()
    room.settle()

    (card,) = room.shown("Acme renewal")
    assert "v11" in card["text"]
    assert len(room.slack.calls("chat.update")) == 1


def test_a_change_made_while_the_pump_draws_is_not_lost(room: Room) -> None:
    drawing, changed = threading.Event(), threading.Event()

    def slow(kind: str, scene: Scene, now: datetime) -> Post | None:
        drawn = draw(kind, scene, now)
        drawing.set()
        changed.wait(60)
        return drawn

    room.pump(slow)
    handoff = room.hand_off("Acme renewal")
    drawing.wait(60)
    room.change(handoff)
    changed.set()
    room.settle()

    (card,) = room.shown("Acme renewal")
    assert "v2" in card["text"]


def test_a_reply_waits_for_its_card_and_stands_in_its_thread(room: Room) -> None:
    handoff = room.hand_off("Acme renewal", cards=False)
    room.put(reply(handoff))
    room.change(handoff)

    room.pump()
    room.settle()

    (card,) = room.shown("card Acme")
    (answer,) = room.shown("reply Acme")
    assert answer["thread_ts"] == card["ts"]


def test_a_reminder_is_not_sent_when_the_claim_came_before_it_was_drawn(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    room.put(direct(handoff, "U0DAN", kind="level", key="level"))
    room.change(handoff, state=State.CLAIMED, owner="U0EVA", accountable="U0EVA")

    room.pump()
    room.settle()

    assert room.dms("U0DAN") == []
    (held,) = [entry for entry in room.audited(handoff) if entry.verb == "held"]
    assert held.facts["reason"] == "moved on"


def test_what_the_sender_is_told_links_to_the_card(room: Room) -> None:
    room.pump()

    handoff = room.hand_off("Acme renewal", cards=False)
    room.put(direct(handoff, "U0BEN"))
    room.change(handoff)
    room.settle()

    posted = room.posted(card_key(handoff))
    assert posted is not None
    (told,) = room.dms("U0BEN")
    assert f"link={posted.permalink}" in told


def test_a_message_that_is_erased_goes_from_slack_and_from_memory(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.put(direct(handoff, "U0BEN"))
    room.settle()
    assert len(room.dms("U0BEN")) == 1

    gone = direct(handoff, "U0BEN")
    room.put(OutboxMessage(workspace=TEAM, key=gone.key, kind="sent", handoff_id=handoff.id, to=gone.to, erase=True))
    room.settle()

    assert room.dms("U0BEN") == []
    assert room.posted(gone.key) is None


@ONE_ELSE_BOTH
def test_two_processes_send_many_messages_each_exactly_once(room: Room, database_url: str, *, long: bool) -> None:
    count = 150 if long else 60
    other = pump_process(database_url, room.slack)
    room.pump()

    try:
        for n in range(count):
            handoff = room.hand_off(f"Case {n}.", cards=False)
            room.put(direct(handoff, "U0BEN"))
            room.change(handoff)
        room.settle(90)
    finally:
        other.terminate()
        other.wait()

    assert len(room.shown("card Case")) == count
    assert len(room.dms("U0BEN")) == count
    assert len(room.slack.calls("chat.postMessage")) == 2 * count


def test_a_paced_pump_never_meets_slacks_limits(database: Database, slack: Workspace) -> None:
    slack.rate_limits(enabled=True)
    room = Room(database, slack, rates=rate_limits.SLACK)
    room.pump()

    for n in range(6):
        room.hand_off(f"Case {n}.")
    room.settle()
    room.close()

    assert len(room.shown("Case")) == 6
    assert {call["status"] for call in slack.calls("chat.postMessage")} == {200}


@pytest.mark.alone
def test_a_crowded_channel_does_not_hold_up_the_others(database: Database, slack: Workspace) -> None:
    room = Room(database, slack, rates=rate_limits.SLACK)
    for n in range(70):
        room.hand_off(f"Case {n}.")
    handoff = room.hand_off("Acme renewal")
    room.put(direct(handoff, "U0BEN", kind="dm", key="dm"))
    room.clock.advance(minutes=1)
    began = time.monotonic()

    room.pump()
    room.until(lambda: room.dms("U0BEN"))
    room.close()

    assert time.monotonic() - began < 3
    assert len(room.shown("Case")) < 10


def test_after_a_transfer_the_old_card_links_to_the_new_one(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.settle()
    first = card_key(handoff)

    handoff = room.change(handoff, hop=2)
    room.settle()

    new, old = room.posted(card_key(handoff)), room.posted(first)
    assert new is not None
    assert old is not None
    assert any(f"link={new.permalink}" in card["text"] and card["ts"] == old.ts for card in room.shown("card"))


def test_the_channel_of_a_conversation_is_opened_once(room: Room) -> None:
    room.pump()

    for title in ("Acme renewal", "Globex onboarding"):
        handoff = room.hand_off(title)
        room.put(direct(handoff, "U0BEN"))
        room.settle()

    assert len(room.dms("U0BEN")) == 2
    assert len(room.slack.calls("conversations.open")) == 1


def test_a_stopped_pump_leaves_what_it_did_not_begin_to_the_next(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"delay_s": 1})
    first = room.pump()
    room.hand_off("Acme renewal")
    room.until(lambda: first._sending)
    first.stop()
    room.hand_off("Globex onboarding")

    room.pump()
    room.settle()

    assert len(room.shown("Acme renewal")) == 1
    assert len(room.shown("Globex onboarding")) == 1


def test_a_drawing_that_fails_neither_stops_the_others_nor_is_lost(room: Room) -> None:
    broken = True

    def fragile(kind: str, scene: Scene, now: datetime) -> Post | None:
        if broken and isinstance(scene, HandoffScene) and scene.details.handoff.title == "Acme renewal":
            raise ZeroDivisionError
        return draw(kind, scene, now)

    pump = room.pump(fragile)
    room.hand_off("Acme renewal")
    room.hand_off("Globex onboarding")
    room.until(lambda: room.shown("Globex onboarding"))
    assert room.shown("Acme renewal") == []

    broken = False
    room.clock.advance(minutes=5)
    pump.wake()
    room.until(lambda: room.shown("Acme renewal"))


def test_nobody_is_busy_after_a_quiet_pump(room: Room) -> None:
    pump = room.pump()
    room.hand_off("Acme renewal")
    room.settle()

    with room.db.reading() as tx:
        assert outbox.count_unsent(tx, room.clock.now()) == 0
    room.until(pump.quiet)


def test_a_source_message_outside_our_channels_is_let_go_with_a_reason(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    source = OutboxMessage(
        workspace=TEAM,
        key=f"source:{handoff.id}",
        kind="source",
        handoff_id=handoff.id,
        to=Destination(channel="C0LEADS", thread_ts="1.000001"),
    )
    room.put(source)
    room.settle()

    (held,) = [entry for entry in room.audited(handoff) if entry.verb == "held"]
    assert held.facts["code"] == "channel_not_found"
    assert room.queue().trouble is None
