"""Slack's patience: how long it waits for an app, and the factor that stretches it for busy machines."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_sdk import WebClient

from slackapp.local.limits.patience import ACK_WITHIN_S, TRIGGER_LIFE_S, Patience, read_factor
from tests.local.bolt_app import error_of
from tests.local.conftest import HERE
from tests.local.raw_socket import dial
from tests.local.sample_blocks import modal
from tests.slack_client import WAIT_S, RefusedError, Workspace
from tests.tables import check_rows

MANIFEST = HERE / "manifest.yml"


@pytest.fixture(scope="module")
def hurried() -> Iterator[Workspace]:
    """A workspace that waits a tenth as long as Slack, as its starter said."""
    with Workspace.start(manifest=MANIFEST, patience=0.1) as workspace:
        workspace.settle_after_acts = False
        yield workspace


def test_slacks_own_patience_is_three_seconds() -> None:
    usual, stretched = Patience(), Patience(factor=10)
    assert (usual.ack_s, usual.trigger_life_s) == (ACK_WITHIN_S, TRIGGER_LIFE_S) == (3, 3)
    assert (stretched.ack_s, stretched.trigger_life_s, stretched.inspection_s) == (30, 30, 50)


def test_a_factor_is_a_number_above_zero() -> None:
    assert read_factor("2.5") == 2.5

    def refused(text: str) -> None:
        with pytest.raises(ValueError, match=text):
            read_factor(text)

    check_rows(["0", "-1", "nan", "inf", "ten"], refused)


def test_an_acknowledgement_is_awaited_as_long_as_the_starter_said(hurried: Workspace) -> None:
    with dial(hurried):
        answer = hurried.command("U0BEN", channel="sales")

    assert answer.error == "operation_timeout"
    assert 290 < answer.took_ms < ACK_WITHIN_S * 1000


def test_a_trigger_lives_as_long_as_the_starter_said(hurried: Workspace) -> None:
    with dial(hurried) as socket:
        hurried.command("U0BEN", channel="sales")
        trigger = json.loads(socket.recv(timeout=WAIT_S))["payload"]["trigger_id"]
    time.sleep(0.35)

    web = WebClient(token="xoxb-local-bot", base_url=hurried.api_url, retry_handlers=[])
    assert error_of(web.views_open, trigger_id=trigger, view=modal()) == "expired_trigger_id"


def test_the_environment_says_it_where_the_starter_says_nothing() -> None:
    command = [sys.executable, "-m", "slackapp.local", "--until-stdin-closes", "--manifest", str(MANIFEST)]
    with subprocess.Popen(
        command,
        env={**os.environ, "LOCAL_SLACK_PATIENCE": "0.1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        workspace = Workspace(json.loads(process.stdout.readline())["ready"], settle_after_acts=False)
        with dial(workspace):
            answer = workspace.command("U0BEN", channel="sales")
        assert process.stdin is not None
        process.stdin.close()

    assert answer.error == "operation_timeout"
    assert answer.took_ms < ACK_WITHIN_S * 1000


def test_a_factor_that_is_none_is_refused_at_the_start() -> None:
    command = [sys.executable, "-m", "slackapp.local", "--manifest", str(MANIFEST), "--patience", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert ended.stderr == "The local workspace cannot start: patience has to be a number above 0, not 0\n"


def test_it_can_be_changed_until_the_next_reset(hurried: Workspace) -> None:
    hurried.patience(10)
    with dial(hurried) as socket, ThreadPoolExecutor() as pool:
        acting = pool.submit(hurried.command, "U0BEN", channel="sales")
        envelope = json.loads(socket.recv(timeout=WAIT_S))
        time.sleep(0.35)
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        assert acting.result().ok

    hurried.reset()
    with dial(hurried):
        assert hurried.command("U0BEN", channel="sales").error == "operation_timeout"
    with pytest.raises(RefusedError, match="above 0"):
        hurried.patience(0)


def test_what_a_closed_socket_cannot_acknowledge_any_more_is_not_awaited_longer_than_slack_does(
    hurried: Workspace,
) -> None:
    hurried.patience(30)
    with ThreadPoolExecutor() as pool:
        with dial(hurried) as socket:
            acting = pool.submit(hurried.command, "U0BEN", channel="sales")
            socket.recv(timeout=WAIT_S)
        answer = acting.result()
    hurried.reset()

    assert answer.error == "operation_timeout"
    assert ACK_WITHIN_S * 1000 - 100 < answer.took_ms < 10 * ACK_WITHIN_S * 1000
