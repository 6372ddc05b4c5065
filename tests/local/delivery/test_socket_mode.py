"""Socket Mode on the wire: hello, envelopes, acknowledgements, reconnecting."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.local.bolt_app import BoltApp
from tests.local.conftest import HERE
from tests.local.raw_socket import dial, socket_url
from tests.slack_client import WAIT_S, Answer, Json, Workspace
from tests.waiting import until


@pytest.fixture(scope="module")
def lonely() -> Iterator[Workspace]:
    """A workspace of its own, to which only the test's raw sockets connect."""
    with Workspace.start(manifest=HERE / "manifest.yml") as workspace:
        workspace.settle_after_acts = False
        yield workspace


@pytest.fixture
def opening(lonely: Workspace) -> Iterator[ExitStack]:
    lonely.reset()
    with ExitStack() as stack:
        yield stack


def acknowledge(socket: ClientConnection, payload: Json | None = None) -> Json:
    """Read one envelope and acknowledge it."""
    envelope: Json = json.loads(socket.recv(timeout=WAIT_S))
    socket.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": payload or {}}))
    return envelope


def test_a_command_comes_as_an_envelope_and_its_acknowledgement_is_shown(lonely: Workspace, opening: ExitStack) -> None:
    socket = opening.enter_context(dial(lonely))
    with ThreadPoolExecutor() as pool:
        acting = pool.submit(lonely.command, "U0BEN", "help", channel="sales")
        envelope = acknowledge(socket, {"text": "Usage"})
        answer: Answer = acting.result()

    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert envelope["payload"]["text"] == "help"
    assert answer.ack == {"text": "Usage"}
    assert [note.text for note in lonely.ephemerals("U0BEN", "sales")] == ["Usage"]


def test_each_envelope_goes_to_one_connection_in_turn(lonely: Workspace, opening: ExitStack) -> None:
    sockets = [opening.enter_context(dial(lonely)), opening.enter_context(dial(lonely))]
    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(acknowledge, socket) for socket in sockets]
        for _ in range(2):
            assert lonely.command("U0BEN", channel="sales").ok
        seen = [reader.result()["envelope_id"] for reader in readers]

    assert len(set(seen)) == 2


def test_a_ticket_opens_one_connection_only(lonely: Workspace, opening: ExitStack) -> None:
    url = socket_url(lonely)
    opening.enter_context(connect(url, proxy=None))
    with pytest.raises(InvalidStatus), connect(url, proxy=None):
        pass


def test_an_eleventh_connection_is_refused(lonely: Workspace, opening: ExitStack) -> None:
    for _ in range(10):
        opening.enter_context(dial(lonely))
    with pytest.raises(InvalidStatus), connect(socket_url(lonely), proxy=None):
        pass


def test_events_carry_their_attempt_and_come_again_until_acknowledged(lonely: Workspace, opening: ExitStack) -> None:
    socket = opening.enter_context(dial(lonely))
    lonely.patience(1)
    lonely.change("user", id="U0EVA", deleted=True)
    first = json.loads(socket.recv(timeout=WAIT_S))
    again = acknowledge_late(socket)

    assert (first["type"], first["retry_attempt"], first["retry_reason"]) == ("events_api", 0, "")
    assert first["accepts_response_payload"] is False
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert again["envelope_id"] != first["envelope_id"]


def acknowledge_late(socket: ClientConnection) -> Json:
    envelope: Json = json.loads(socket.recv(timeout=WAIT_S))
    socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
    return envelope


def test_with_nobody_connected_a_person_sees_a_failure_and_events_wait(lonely: Workspace, opening: ExitStack) -> None:
    assert lonely.command("U0BEN", channel="sales").error == "dispatch_failed"
    lonely.change("user", id="U0EVA", deleted=True)
    lonely.settle()
    socket = opening.enter_context(dial(lonely))
    lonely.advance(61)
    envelope = acknowledge_late(socket)

    assert envelope["payload"]["event"]["user"]["id"] == "U0EVA"
    assert envelope["retry_attempt"] in {1, 2}


def test_an_ordered_redelivery_brings_the_same_payload_twice(lonely: Workspace, opening: ExitStack) -> None:
    socket = opening.enter_context(dial(lonely))
    lonely.fault("socket", {"redeliver": True})
    with ThreadPoolExecutor() as pool:
        acting = pool.submit(lonely.command, "U0BEN", "once", channel="sales")
        twice = [acknowledge(socket), acknowledge(socket)]
        assert acting.result().ok

    assert twice[0]["payload"] == twice[1]["payload"]
    assert twice[0]["envelope_id"] != twice[1]["envelope_id"]


def test_a_refresh_says_so_and_hangs_up(lonely: Workspace, opening: ExitStack) -> None:
    socket = opening.enter_context(dial(lonely))
    lonely.fault("socket", {"disconnect": "refresh_requested"})

    message = json.loads(socket.recv(timeout=WAIT_S))
    assert (message["type"], message["reason"]) == ("disconnect", "refresh_requested")
    with pytest.raises(ConnectionClosed):
        socket.recv(timeout=WAIT_S)
    assert lonely.overview()["connections"] == 0


def test_bolt_reconnects_after_a_refresh(slack: Workspace) -> None:
    throwaway = BoltApp(slack)
    throwaway.bolt.command("/handoff")(throwaway.keep)
    handler = throwaway.connect()
    opened = len(slack.calls("apps.connections.open"))
    slack.fault("socket", {"disconnect": "refresh_requested"})

    until(lambda: len(slack.calls("apps.connections.open")) > opened and handler.client.is_connected())
    throwaway.close()
