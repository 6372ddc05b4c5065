"""Webhook calls of levels: signed, retried, given up after a day, and independent of messages to Slack."""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from slackapp.delivery.gateway import Gateway
from slackapp.delivery.pump import Pump
from slackapp.delivery.webhooks import Webhooks
from storage.clocks import notices, timers
from storage.clocks.model import ClockKind, Notice
from storage.company import webhooks
from storage.company.model import Webhook
from storage.db.database import Database, Tx
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff
from storage.outbox import outbox, pacing
from storage.outbox.model import Destination, OutboxMessage
from tests.databases import EITHER, SQLITE
from tests.delivery.delivery_room import TEAM, TOKEN, Room, claim_clock, draw
from tests.delivery.outside import Outside
from tests.handoffs.views.drawing import drawn_by
from tests.slack_client import Workspace
from tests.waiting import until

SECRET = "whsec_" + "QmF0b24ncyB3ZWJob29rIHNlY3JldCwgMzIgYnl0ZXM="


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.stop()


@pytest.fixture
def room(database: Database, server: Workspace, outside: Outside) -> Iterator[Room]:
    server.reset()
    server.rate_limits(enabled=False)
    room = Room(database, server)
    with database.transaction() as tx:
        webhooks.put(tx, Webhook(workspace=TEAM, key="pager", url=outside.url))
    yield room
    room.close()


def pump(room: Room, *, secret: str | None = SECRET, timeout_s: float = 10.0) -> None:
    started = Pump(
        room.baton,
        Gateway(token=TOKEN, base_url=room.slack.api_url),
        drawn_by(draw),
        webhooks=Webhooks(secret=secret, timeout_s=timeout_s),
        rates=room.rates,
    )
    room.pumps.append(started)
    started.start()


def escalate(room: Room, handoff: Handoff, key: str = "pager") -> OutboxMessage:
    """What the tick does when a level of the claim clock tells a webhook."""
    now = room.clock.now()
    wanted = OutboxMessage(
        workspace=TEAM,
        key=f"webhook:{handoff.id}:claim:1:late:{key}",
        kind="webhook",
        handoff_id=None,
        to=Destination(),
        payload={
            "webhook": key,
            "handoff": handoff.id,
            "clock": "claim",
            "run": 1,
            "level": "late",
            "deadline_at": now.isoformat(),
        },
    )
    notice = Notice(
        workspace=TEAM,
        handoff_id=handoff.id,
        recipient=f"webhook:{key}",
        clock=ClockKind.CLAIM,
        level="late",
        run=1,
        put_at=now,
        hear_at=now,
        message=wanted.key,
    )

    def work(tx: Tx) -> None:
        timers.put(tx, claim_clock(handoff.id, now))
        notices.add_many(tx, [notice])
        outbox.put(tx, [wanted], now)

    room.db.run_transaction(work)
    room.wake()
    return wanted


def kept(room: Room, handoff: Handoff) -> Notice:
    with room.db.reading() as tx:
        (notice,) = notices.list_for_handoff(tx, handoff.id)
    return notice


def held(room: Room, handoff: Handoff) -> list[dict[str, Any]]:
    return [dict(entry.facts) for entry in room.audited(handoff) if entry.verb == "held"]


def waiting(room: Room) -> int:
    with room.db.reading() as tx:
        return outbox.count_due_and_oldest(tx, room.clock.now() + timedelta(days=9))[0]


@EITHER
def test_an_address_outside_slack_is_told_once_what_is_late(room: Room, outside: Outside) -> None:
    handoff = room.hand_off("Acme <renewal> & more")
    escalate(room, handoff)

    pump(room)
    room.settle()

    (told,) = outside.received
    assert told.headers["content-type"] == "application/json"
    assert told.event["type"] == "handoff.escalated"
    assert told.event["data"] | {"permalink": None} == {
        "id": handoff.id,
        "number": handoff.number,
        "title": "Acme <renewal> & more",
        "queue": "success",
        "state": "open",
        "priority": "normal",
        "owner": None,
        "sender": "U0BEN",
        "clock": "claim",
        "level": "late",
        "deadline_at": told.event["data"]["deadline_at"],
        "permalink": None,
    }
    assert kept(room, handoff).heard_at is not None
    assert waiting(room) == 0


@EITHER
def test_it_is_signed_so_that_the_receiver_can_tell_who_speaks(room: Room, outside: Outside) -> None:
    escalate(room, room.hand_off("Acme"))

    pump(room)
    room.settle()

    (told,) = outside.received
    assert told.is_signed_with(SECRET)
    assert not replace(told, body=told.body.replace(b"Acme", b"Beta")).is_signed_with(SECRET)
    assert abs(int(told.headers["webhook-timestamp"]) - room.clock.now().timestamp()) < 60


@EITHER
def test_without_a_secret_nothing_is_signed(room: Room, outside: Outside) -> None:
    escalate(room, room.hand_off("Acme"))

    pump(room, secret=None)
    room.settle()

    (told,) = outside.received
    assert "webhook-signature" not in told.headers
    assert told.headers["webhook-id"].startswith("msg_")


@EITHER
@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_taken_is_tried_again_under_the_same_id(room: Room, outside: Outside, status: int) -> None:
    outside.statuses = [status, 204]
    handoff = room.hand_off("Acme")
    escalate(room, handoff)

    pump(room)
    room.until(lambda: len(outside.received) == 1)
    room.settle()
    room.clock.advance(minutes=6)
    room.wake()
    room.until(lambda: len(outside.received) == 2)
    room.settle()

    assert len({told.headers["webhook-id"] for told in outside.received}) == 1
    assert kept(room, handoff).heard_at is not None


@EITHER
def test_an_answer_that_never_comes_is_tried_again(room: Room, outside: Outside) -> None:
    outside.answers_after_s = 1.0
    handoff = room.hand_off("Acme")
    escalate(room, handoff)

    pump(room, timeout_s=0.2)
    room.until(lambda: outside.received)
    room.settle()

    assert waiting(room) == 1
    assert kept(room, handoff).heard_at is None


@EITHER
def test_an_address_that_fails_is_left_in_peace_by_everything_that_waits_for_it(room: Room, outside: Outside) -> None:
    outside.statuses = [500]
    escalate(room, room.hand_off("Acme"))
    pump(room)
    room.until(lambda: outside.received)
    for _ in range(4):
        room.settle()
        room.clock.advance(minutes=6)
        room.wake()
        room.settle()

    escalate(room, room.hand_off("Beta"))
    room.settle()

    assert {told.event["data"]["title"] for told in outside.received} == {"Acme"}


@EITHER
def test_what_nobody_takes_for_a_day_is_given_up_and_the_audit_says_so(room: Room, outside: Outside) -> None:
    outside.statuses = [500]
    handoff = room.hand_off("Acme")
    wanted = escalate(room, handoff)
    pump(room)
    room.until(lambda: outside.received)
    room.settle()

    room.clock.advance(days=1, minutes=6)
    room.wake()
    room.settle()

    assert held(room, handoff) == [
        {"message": wanted.key, "kind": "webhook", "reason": "webhook_silent", "code": "http_500", "webhook": "pager"}
    ]
    assert (kept(room, handoff).hear_at, kept(room, handoff).why) == (None, "failed")
    assert waiting(room) == 0


@EITHER
def test_an_address_that_is_gone_is_given_up_at_once(room: Room, outside: Outside) -> None:
    outside.statuses = [410]
    handoff = room.hand_off("Acme")
    escalate(room, handoff)

    pump(room)
    room.settle()

    assert [facts["reason"] for facts in held(room, handoff)] == ["webhook_gone"]
    assert len(outside.received) == 1


@EITHER
def test_nobody_is_called_once_the_clock_was_answered(room: Room, outside: Outside) -> None:
    handoff = room.hand_off("Acme")
    escalate(room, handoff)

    def claim(tx: Tx) -> None:
        (timer,) = timers.list_live_for_handoff(tx, handoff.id)
        timers.put(tx, replace(timer, running_since=None, stopped_at=room.clock.now(), met=False))

    room.db.run_transaction(claim)
    pump(room)
    room.settle()

    assert outside.received == []
    assert kept(room, handoff).why == "moot"


@EITHER
def test_an_address_that_left_the_configuration_is_not_called(room: Room, outside: Outside) -> None:
    handoff = room.hand_off("Acme")
    escalate(room, handoff, "siren")

    pump(room)
    room.settle()

    assert outside.received == []
    assert [facts["reason"] for facts in held(room, handoff)] == ["webhook_removed"]


@EITHER
def test_an_address_that_is_not_encrypted_is_never_called(room: Room, outside: Outside) -> None:
    with room.db.transaction() as tx:
        webhooks.put(tx, Webhook(workspace=TEAM, key="pager", url="http://pager.example.com/hook"))
    handoff = room.hand_off("Acme")
    escalate(room, handoff)

    pump(room)
    room.settle()

    assert outside.received == []
    assert [facts["code"] for facts in held(room, handoff)] == ["not_https"]


@EITHER
def test_slack_shut_does_not_silence_the_pager(room: Room, outside: Outside) -> None:
    handoff = room.hand_off("Acme", cards=False)
    with room.db.transaction() as tx:
        pacing.block(tx, pacing.bucket_name(TEAM), room.clock.now() + timedelta(hours=1))
    escalate(room, handoff)

    pump(room)
    room.until(lambda: outside.received)

    assert outside.received[0].event["data"]["number"] == handoff.number


@EITHER
def test_a_deaf_address_holds_up_neither_slack_nor_other_addresses(room: Room, outside: Outside) -> None:
    outside.answers_after_s = 3.0
    other = Outside()
    with room.db.transaction() as tx:
        webhooks.put(tx, Webhook(workspace=TEAM, key="board", url=other.url))
    for n in range(30):
        escalate(room, room.hand_off(f"Deal {n}", cards=False))
    escalate(room, room.hand_off("Acme", cards=False), "board")
    pump(room)

    room.hand_off("Beta")
    room.until(lambda: room.shown("Beta") and other.received, 2.5)

    assert len(outside.received) <= 20
    other.stop()


@EITHER
def test_a_long_answer_is_not_read(room: Room, outside: Outside) -> None:
    outside.statuses, outside.says = [200], b"x" * 5_000_000
    handoff = room.hand_off("Acme")
    escalate(room, handoff)

    pump(room)
    room.settle()

    assert kept(room, handoff).heard_at is not None


@EITHER
def test_neither_the_secret_nor_the_address_is_logged(
    room: Room, outside: Outside, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    outside.statuses = [500, 410]
    escalate(room, room.hand_off("Acme"))
    pump(room)
    room.until(lambda: outside.received)
    room.settle()
    room.clock.advance(minutes=6)
    room.wake()
    room.until(lambda: len(outside.received) == 2)
    room.settle()

    logged = caplog.text + "".join(capsys.readouterr())
    assert "s3cr3t" not in logged
    assert SECRET not in logged
    assert logged.count("webhook not delivered") == 2
    for words in ("pager", "http_500", "http_410"):
        assert words in logged


@EITHER
def test_a_deleted_handoff_is_not_told(room: Room, outside: Outside) -> None:
    handoff = room.hand_off("Acme", cards=False)
    escalate(room, handoff)

    def delete(tx: Tx) -> None:
        (timer,) = timers.list_live_for_handoff(tx, handoff.id)
        timers.put(tx, replace(timer, running_since=None, stopped_at=room.clock.now()))

    room.db.run_transaction(delete)
    room.change(handoff, state=State.DELETED, title="")
    pump(room)
    room.settle()

    assert outside.received == []


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[str]:
    """The URL of the receiver that the operators' page shows, running."""
    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- receiver -->\n```python\n(.*?)```", page, re.DOTALL)
    assert shown
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = tmp_path / "receiver.py"
    program.write_text(shown[1].replace("8008", str(port)), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(program)], env={**os.environ, "BATON_WEBHOOK_SECRET": SECRET}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until(lambda: _listens(port))
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@SQLITE
@pytest.mark.parametrize(
    ("secret", "taken"),
    [(SECRET, True), ("whsec_" + "QW5vdGhlciBzZWNyZXQsIGFsc28gMzIgYnl0ZXMgbG9uZw==", False), (None, False)],
)
def test_the_receiver_that_operators_are_shown_takes_what_is_signed_and_nothing_else(
    room: Room, receiver: str, secret: str | None, taken: bool
) -> None:
    with room.baton.db.transaction() as tx:
        webhooks.put(tx, Webhook(workspace=TEAM, key="pager", url=receiver))
    handoff = room.hand_off("Acme", cards=False)
    escalate(room, handoff)

    pump(room, secret=secret)
    room.settle()

    assert (kept(room, handoff).heard_at is not None) is taken
