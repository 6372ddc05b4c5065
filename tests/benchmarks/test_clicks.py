"""What a claim costs: all of Baton (signed HTTP, Bolt, commit, answer) against a Bolt that only acknowledges."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest

from slackapp import ids
from storage import handoffs
from storage.database import Database
from storage.lifecycle import State, Verb
from tests.slack_client import Workspace
from tests.stories.processes import ROOT, Baton, Door, Json, free_port, until

BOUND = 10.0
"""Times a bare acknowledgement: generous, because the disk's flush is in it and machines differ."""
SHORT, LONG = 60, 1000
_BY: Json = {"team": {"id": "T0LOCAL"}, "user": {"id": "U0EVA", "team_id": "T0LOCAL"}, "api_app_id": "A0BATON"}


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def bare() -> Iterator[Door]:
    door = Door(free_port())
    command = [sys.executable, "-m", "tests.benchmarks.bare", str(door.port)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)
    try:
        until(lambda: _answers(door), within_s=20)
        yield door
    finally:
        process.communicate(timeout=20)


@pytest.fixture
def baton(database_url: str) -> Iterator[Baton]:
    with Workspace.start() as slack:
        slack.rate_limits(enabled=False)
        with Baton.start(slack, database_url, port=free_port()) as started:
            slack.settle()
            yield started


def _answers(door: Door) -> bool:
    try:
        return door.interact(click("h_nobody")).status == 200
    except OSError:
        return False


def click(handoff_id: str) -> Json:
    """Eva presses Claim (docs.slack.dev, block_actions)."""
    value = f"v1:{handoff_id}"
    return _BY | {
        "type": "block_actions",
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": "1.000100", "channel_id": "C0SUCCESS"},
        "channel": {"id": "C0SUCCESS", "name": "success"},
        "message": {"ts": "1.000100", "text": "Acme renewal"},
        "actions": [{"type": "button", "action_id": ids.action(Verb.CLAIM), "block_id": "acts", "value": value}],
    }


def form(number: int) -> Json:
    """Eva sends the form (docs.slack.dev, view_submission)."""
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": "They asked for 10 % off."}]}
    entered: Json = {
        "title": {"type": "plain_text_input", "value": f"Acme renewal {number}"},
        "queue": {"type": "static_select", "selected_option": {"value": "success"}},
        "next_step": {"type": "plain_text_input", "value": "Call Mara about the price"},
        "note": {"type": "rich_text_input", "rich_text_value": {"type": "rich_text", "elements": [words]}},
    }
    view = {
        "id": f"V{number}",
        "type": "modal",
        "callback_id": ids.action(Verb.OPEN),
        "state": {"values": {field: {"value": value} for field, value in entered.items()}},
        "blocks": [{"type": "input", "block_id": field} for field in entered],
    }
    return _BY | {"type": "view_submission", "trigger_id": "1.2.3", "view": view}


def stored(url: str, state: State) -> list[str]:
    """The ids of all handoffs in a state."""
    with closing(Database.open(url)) as database, database.reading() as tx:
        found: list[str] = []
        number = 1
        while (one := handoffs.by_number(tx, "T0LOCAL", number)) is not None:
            found += [one.id] * (one.state is state)
            number += 1
        return found


def took_ms(door: Door, line: HTTPConnection, handoff_id: str) -> float:
    """How long a click takes."""
    heard = door.interact(click(handoff_id), over=line)
    assert heard.status == 200
    return heard.took_s * 1000


@pytest.mark.slow
def test_a_claim_costs_little_more_than_an_acknowledgement(
    baton: Baton, bare: Door, database_url: str, *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    count = LONG if long else SHORT
    with closing(baton.door.line()) as line:
        for number in range(count):
            assert baton.door.interact(form(number), over=line).body == {"response_action": "clear"}
    waiting = stored(database_url, State.OPEN)
    assert len(waiting) == count

    whole: list[float] = []
    only: list[float] = []
    with closing(baton.door.line()) as ours, closing(bare.line()) as theirs:
        for handoff_id in waiting:  # one after the other, so that both meet the same machine
            only.append(took_ms(bare, theirs, handoff_id))
            whole.append(took_ms(baton.door, ours, handoff_id))

    assert len(stored(database_url, State.CLAIMED)) == count, "each of them was a claim"
    ratio = statistics.median(whole) / statistics.median(only)
    with capsys.disabled():
        print(  # noqa: T201 - the benchmark's result
            f"\na claim: {_summary(whole)}; an acknowledgement alone: {_summary(only)}; ratio {ratio:.1f}"
        )
    assert ratio < BOUND


def _summary(times_ms: list[float]) -> str:
    slow = statistics.quantiles(times_ms, n=20)[-1]
    return f"median {statistics.median(times_ms):.1f} ms, 95 % within {slow:.1f} ms"
