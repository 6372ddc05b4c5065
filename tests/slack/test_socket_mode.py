"""Socket Mode against the local workspace: connecting, being told why not, and stopping without losing an answer."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from slackapp.slack.connection.socket_mode import PING_S, SocketMode
from tests.slack_client import Workspace
from tests.waiting import until


@pytest.fixture
def slack(server: Workspace) -> Workspace:
    server.reset()
    return server


@pytest.fixture
def bolt(slack: Workspace) -> App:
    def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0LOCAL", bot_token="xoxb-local-bot", bot_user_id="U0BATON")

    return App(
        client=WebClient(token="xoxb-local-bot", base_url=slack.api_url),
        process_before_response=True,
        authorize=authorize,
    )


@pytest.fixture
def connect(bolt: App) -> Iterator[Callable[[str], SocketMode]]:
    opened: list[SocketMode] = []

    def connect(app_token: str) -> SocketMode:
        connection = SocketMode(bolt, app_token)
        opened.append(connection)
        connection.start()
        return connection

    yield connect
    for connection in opened:
        connection.stop()


def eventually(test: Callable[[], bool], wait_s: float = 10) -> bool:
    pause = threading.Event()
    return any(test() or pause.wait(0.02) for _ in range(int(wait_s / 0.02)))


def mine() -> dict[str, str]:
    return {"user": "U0BEN", "channel": "C0SALES", "text": "mine"}


def test_a_command_arrives_and_its_answer_goes_back(
    slack: Workspace, bolt: App, connect: Callable[[str], SocketMode]
) -> None:
    @bolt.command("/handoff")
    def handoff(ack: Ack, command: dict[str, str]) -> None:
        ack(f"heard {command['text']} with payload")

    connection = connect("xapp-local-app")
    assert connection.wait_connected(60)

    outcome = slack.act("command", **{**mine(), "text": "mine payload"})

    assert outcome.ok, outcome.raw
    assert connection.why_not_ready() is None


def test_a_wrong_token_is_said_in_words_and_nothing_crashes(
    connect: Callable[[str], SocketMode], caplog: pytest.LogCaptureFixture
) -> None:
    connection = connect("xapp-wrong")

    assert not connection.wait_connected(0.5)
    assert connection.why_not_ready() == "Not connected to Slack: Slack says invalid_auth."
    assert "xapp-wrong" not in caplog.text


def test_a_slack_that_is_away_at_the_start_is_tried_again(
    slack: Workspace, connect: Callable[[str], SocketMode]
) -> None:
    slack.fault("apps.connections.open", {"status": 500})

    assert connect("xapp-local-app").wait_connected(60)


def test_it_is_connected_again_after_slack_asked_to_refresh(
    slack: Workspace, bolt: App, connect: Callable[[str], SocketMode]
) -> None:
    @bolt.command("/handoff")
    def handoff(ack: Ack) -> None:
        ack("here")

    assert connect("xapp-local-app").wait_connected(60)
    opened = len(slack.calls("apps.connections.open"))
    slack.fault("socket", {"disconnect": "refresh_requested"})

    assert eventually(lambda: len(slack.calls("apps.connections.open")) > opened)
    assert eventually(lambda: slack.act("command", **mine()).ok)


def test_a_connection_on_which_slack_falls_silent_is_not_ready_until_it_answers_again(bolt: App) -> None:
    with Workspace.start() as slack:
        silent = App(
            client=WebClient(token="xoxb-local-bot", base_url=slack.api_url, timeout=1),
            process_before_response=True,
            token_verification_enabled=False,
        )
        connection = SocketMode(silent, "xapp-local-app", ping_s=0.5)
        connection.start()
        assert connection.wait_connected(60)
        until(connection.is_alive)
        assert slack._process is not None

        slack._process.send_signal(signal.SIGSTOP)  # the connection stays open, and nothing comes
        try:
            until(lambda: not connection.is_alive(), within_s=15)
            assert str(connection.why_not_ready()).startswith(("Slack has not answered a ping", "Not connected"))
        finally:
            slack._process.send_signal(signal.SIGCONT)

        until(connection.is_alive)
        connection.stop()


def test_a_dead_connection_is_noticed_within_fifteen_seconds(bolt: App) -> None:
    assert SocketMode(bolt, "xapp-local-app")._stale_s + PING_S / 2 < 15


def test_stopping_lets_a_listener_in_flight_answer_first(
    slack: Workspace, bolt: App, connect: Callable[[str], SocketMode]
) -> None:
    begun, released = threading.Event(), threading.Event()

    @bolt.command("/handoff")
    def handoff(ack: Ack) -> None:
        begun.set()
        assert released.wait(60)
        ack("done after all")

    connection = connect("xapp-local-app")
    assert connection.wait_connected(60)
    with ThreadPoolExecutor(2) as people:
        outcome = people.submit(slack.act, "command", **mine())
        assert begun.wait(60)
        stopping = people.submit(connection.stop)
        assert eventually(lambda: connection.why_not_ready() == "The connection to Slack was closed.")
        released.set()
        stopping.result()

        assert outcome.result().ok


def test_stopping_survives_that_the_sdk_closes_the_socket_in_between(connect: Callable[[str], SocketMode]) -> None:
    connection = connect("xapp-local-app")
    assert connection.wait_connected(60)
    session = connection._client.current_session
    assert session is not None
    assert session.sock is not None
    with ThreadPoolExecutor(1) as people:
        with session.sock_send_lock:  # as the SDK's own thread holds it while it closes
            stopping = people.submit(connection.stop)
            assert eventually(lambda: connection._client.closed)
            session.sock.close()
            session.sock = None
        stopping.result(60)


@pytest.mark.alone
def test_stopping_takes_a_moment(connect: Callable[[str], SocketMode]) -> None:
    took = 0.0
    for _ in range(3):
        connection = connect("xapp-local-app")
        assert connection.wait_connected(60)
        began = time.monotonic()
        connection.stop()
        took += time.monotonic() - began

    assert took < 1.5, "the SDK's threads sleep for up to a second at a time"


def test_stopping_in_the_middle_of_a_reconnection_leaves_no_connection_behind(
    slack: Workspace, connect: Callable[[str], SocketMode]
) -> None:
    connection = connect("xapp-local-app")
    assert connection.wait_connected(60)
    slack.fault("apps.connections.open", {"delay_s": 0.5})
    slack.fault("socket", {"disconnect": "refresh_requested"})

    connection.stop()

    assert eventually(lambda: slack.act("command", **mine()).error is not None, wait_s=1)


def test_a_connection_that_was_never_opened_can_be_stopped(bolt: App) -> None:
    SocketMode(bolt, "xapp-local-app").stop()
