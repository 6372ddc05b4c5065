"""What Slack refuses again and again: what it means for the message and the others, and who learns of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from slackapp.operations.checkup.database import refusal_findings
from slackapp.operations.metrics import DatabaseMetrics
from storage.company import queues
from storage.db.database import Database
from storage.handoffs.model import Handoff
from storage.outbox import outbox
from storage.outbox.model import PendingMessage
from tests.databases import ONE_ELSE_BOTH
from tests.delivery.delivery_room import SUCCESS, Room, direct
from tests.slack_client import Workspace

MUCH = 100


@pytest.fixture
def room(database: Database, slack: Workspace) -> Iterator[Room]:
    room = Room(database, slack)
    yield room
    room.close()


def tried(room: Room, channel: str) -> int:
    return len([call for call in room.slack.calls("chat.postMessage") if call["args"]["channel"] == channel])


def pass_minutes(room: Room, minutes: int) -> None:
    """Let time pass minute by minute, and the pump do what it does."""
    for _ in range(minutes):
        room.clock.advance(minutes=1)
        room.settle()


def waiting(room: Room, handoff: Handoff) -> list[PendingMessage]:
    with room.db.reading() as tx:
        return outbox.list_for_handoff(tx, handoff.id)


@pytest.fixture
def handoff(room: Room) -> Handoff:
    """A handoff whose card is posted, and of which Ben and Dan were told."""
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.settle()
    room.put(direct(handoff, "U0BEN"), direct(handoff, "U0DAN"))
    room.settle()
    return handoff


@ONE_ELSE_BOTH
def test_where_direct_messages_are_turned_off_they_wait_are_hardly_tried_and_come_later(
    room: Room, handoff: Handoff
) -> None:
    ben, dan = room.dm_channel("U0BEN"), room.dm_channel("U0DAN")
    before = tried(room, ben) + tried(room, dan)
    for channel in (ben, dan):
        room.slack.fault("chat.postMessage", {"error": "messages_tab_disabled", "channel": channel}, times=MUCH)
    room.put(direct(handoff, "U0BEN", kind="dm", key="dm"))
    room.until(lambda: tried(room, ben) + tried(room, dan) > before)
    room.put(direct(handoff, "U0DAN", kind="dm", key="dm"))
    room.hand_off("Globex onboarding")
    pass_minutes(room, 30)

    assert len(room.shown("card Globex")) == 1
    assert tried(room, ben) + tried(room, dan) - before <= 8
    room.slack.clear_faults()
    pass_minutes(room, 11)
    assert (len(room.dms("U0BEN")), len(room.dms("U0DAN"))) == (2, 2)


@ONE_ELSE_BOTH
def test_a_message_that_is_refused_again_and_again_shows_in_the_metrics_and_the_check_up(
    room: Room, handoff: Handoff
) -> None:
    room.slack.fault("chat.postMessage", {"error": "messages_tab_disabled"}, times=MUCH)
    room.put(direct(handoff, "U0BEN", kind="dm", key="dm"))
    room.until(lambda: any(one.refused_since for one in waiting(room, handoff)))
    assert refused(room) == {}
    assert all(finding.ok for finding in refusal_findings(room.db, room.clock.now()))

    pass_minutes(room, 12)

    assert refused(room) == {"messages_tab_disabled": 1.0}
    (finding,) = refusal_findings(room.db, room.clock.now())
    assert not finding.ok
    assert "messages_tab_disabled" in finding.what
    assert "Messages tab" in (finding.remedy or "")


def refused(room: Room) -> dict[str, float]:
    """The metric of what is refused again and again, by code."""
    (metric,) = [one for one in DatabaseMetrics(room.db, room.clock).collect() if one.name == "baton_messages_refused"]
    return {sample.labels["code"]: sample.value for sample in metric.samples}


@ONE_ELSE_BOTH
def test_what_waits_for_its_turn_is_not_called_refused(room: Room, handoff: Handoff) -> None:
    room.slack.fault("chat.postMessage", {"error": "ratelimited", "retry_after": 60}, times=MUCH)
    room.put(direct(handoff, "U0BEN", kind="dm", key="dm"))

    pass_minutes(room, 8)

    assert len(waiting(room, handoff)) == 1
    assert refused(room) == {}


@pytest.mark.parametrize("code", ["no_permission", "ekm_access_denied", "restricted_action"])
@ONE_ELSE_BOTH
def test_a_channel_that_refuses_does_not_stop_the_workspace(room: Room, code: str) -> None:
    support = replace(SUCCESS, key="support", name="Support", channel="C0SUPPORT")
    room.db.run_transaction(lambda tx: queues.put(tx, support))
    room.slack.fault("chat.postMessage", {"error": code, "channel": "C0SUCCESS"}, times=MUCH)
    room.pump()
    room.hand_off("Acme renewal")
    room.until(lambda: room.queue().trouble)

    room.hand_off("Globex onboarding", queue=support)
    room.settle()

    assert len(room.shown("Globex onboarding", channel="support")) == 1
    assert room.queue().trouble == code


@ONE_ELSE_BOTH
def test_a_direct_message_that_a_setting_forbids_is_kept_and_the_others_go(room: Room, handoff: Handoff) -> None:
    room.slack.fault("chat.postMessage", {"error": "restricted_action", "channel": room.dm_channel("U0BEN")})
    room.put(direct(handoff, "U0BEN", kind="dm", key="dm"))
    room.put(direct(handoff, "U0DAN", kind="dm", key="dm"))
    room.until(lambda: len(room.dms("U0DAN")) == 2)
    assert len(room.dms("U0BEN")) == 1

    pass_minutes(room, 11)

    assert len(room.dms("U0BEN")) == 2


@pytest.mark.parametrize("code", ["metadata_too_large", "invalid_metadata_schema", "invalid_arg_name"])
@ONE_ELSE_BOTH
def test_what_slack_refuses_as_it_is_comes_in_a_plainer_form(room: Room, code: str) -> None:
    room.slack.fault("chat.postMessage", {"error": code})
    room.pump()

    room.hand_off("Acme renewal")
    room.settle()

    assert len(room.shown("Acme renewal")) == 1
    sent = room.slack.calls("chat.postMessage")[-1]["args"]
    assert ("metadata" in code) is (not sent.get("metadata"))
