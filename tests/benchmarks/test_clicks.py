"""What a claim and a page of a form cost: all of Baton (signed HTTP, Bolt, commit, answer) against a mere Bolt."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from slackapp.slack import ids
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State, Verb
from tests.slack_client import Workspace
from tests.stories.company import Change, offering, write
from tests.stories.forms.test_template_forms import SOLD
from tests.stories.processes import ROOT, Baton, Door, Json, free_port
from tests.stories.taken_over import takes_over
from tests.waiting import until

BOUND = 10.0
"""Times a bare acknowledgement: generous, because the disk's flush is in it and machines differ."""
READ_BACK_BOUND = 16.0
"""The same for a claim whose read-back form opens: Slack is called before the answer, because its trigger dies soon."""
PAGE_BOUND = 16.0
"""The same for a page that is sent or changed: it is read, kept as a draft, and the next one is drawn."""
SHORT, LONG = 40, 1000
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
def change() -> Change:
    """What differs from the stories' company; tests override it with `pytest.mark.parametrize`."""
    return lambda _: None


@pytest.fixture
def config(tmp_path: Path, change: Change) -> Path:
    return write(tmp_path / "company.yml", change)


@pytest.fixture
def baton(database_url: str, config: Path) -> Iterator[Baton]:
    with Workspace.start() as slack:
        slack.rate_limits(enabled=False)
        with Baton.start(slack, database_url, port=free_port(), config=config) as started:
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
        "blocks": [
            {"type": "input", "block_id": field, "element": {"type": value["type"], "action_id": ids.VALUE}}
            for field, value in entered.items()
        ],
    }
    return _BY | {"type": "view_submission", "trigger_id": "1.2.3", "view": view}


def stored(url: str, state: State) -> list[str]:
    """The ids of all handoffs in a state."""
    with closing(Database.open(url)) as database, database.reading() as tx:
        found: list[str] = []
        number = 1
        while (one := handoffs.get_by_number(tx, "T0LOCAL", number)) is not None:
            found += [one.id] * (one.state is state)
            number += 1
        return found


def took_ms(door: Door, line: HTTPConnection, payload: Json) -> float:
    """How long something that somebody does takes."""
    heard = door.interact(payload, over=line)
    assert heard.status == 200
    return heard.took_s * 1000


def side_by_side(baton: Baton, bare: Door, payloads: Iterable[Json]) -> tuple[list[float], list[float]]:
    """Milliseconds of each in Baton, and of an acknowledgement alone: in turns, so that both meet the same machine."""
    whole: list[float] = []
    only: list[float] = []
    with closing(baton.door.line()) as ours, closing(bare.line()) as theirs:
        for payload in payloads:
            only.append(took_ms(bare, theirs, click("h_nobody")))
            whole.append(took_ms(baton.door, ours, payload))
    return whole, only


def tell(capsys: pytest.CaptureFixture[str], what: str, whole: list[float], only: list[float]) -> float:
    """Say what was measured, and return the ratio."""
    ratio = statistics.median(whole) / statistics.median(only)
    with capsys.disabled():
        print(  # noqa: T201 - the benchmark's result
            f"\n{what}: {_summary(whole)}; an acknowledgement alone: {_summary(only)}; ratio {ratio:.1f}"
        )
    return ratio


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

    whole, only = side_by_side(baton, bare, map(click, waiting))

    assert len(stored(database_url, State.CLAIMED)) == count, "each of them was a claim"
    assert tell(capsys, "a claim", whole, only) < BOUND


@pytest.mark.slow
@pytest.mark.parametrize("change", [takes_over("soft")], ids=["soft"])
def test_a_claim_that_opens_its_read_back_form_costs_one_call_of_slack_more(
    baton: Baton, bare: Door, database_url: str, *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    count = LONG if long else SHORT
    with closing(baton.door.line()) as line:
        for number in range(count):
            view = baton.door.interact(form(number), over=line).body["view"]
            sent = baton.door.interact(page(number, view, {"contract": "C-17"}), over=line)
            assert sent.body == {"response_action": "clear"}
    waiting = stored(database_url, State.OPEN)
    assert len(waiting) == count

    whole, only = side_by_side(baton, bare, map(click, waiting))

    assert len(stored(database_url, State.CLAIMED)) == count
    assert tell(capsys, "a claim that opens its read-back", whole, only) < READ_BACK_BOUND


@pytest.mark.slow
@pytest.mark.parametrize("change", [offering(success=["ae_csm"])], ids=["ae_csm"])
def test_a_page_of_a_template_costs_little_more_than_an_acknowledgement(
    baton: Baton, bare: Door, *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    count = LONG if long else SHORT
    with closing(baton.door.line()) as line:
        second = [baton.door.interact(form(number), over=line).body["view"] for number in range(count)]

    filled = [page(number, view, SOLD) for number, view in enumerate(second)]
    whole, only = side_by_side(baton, bare, filled)
    ratio = tell(capsys, "a page that is sent", whole, only)
    whole, only = side_by_side(baton, bare, map(chosen, filled))
    assert tell(capsys, "a choice that changes a page", whole, only) < PAGE_BOUND
    assert ratio < PAGE_BOUND


def page(number: int, view: Json, answers: Mapping[str, str]) -> Json:
    """Eva sends the page that Baton has drawn, with words in its fields (docs.slack.dev, view_submission)."""
    state = {key: {"value": {"type": "plain_text_input", "value": words}} for key, words in answers.items()}
    shown = {**view, "id": f"V{number}", "hash": "1.a", "state": {"values": state}}
    return _BY | {"type": "view_submission", "trigger_id": "1.2.3", "view": shown}


def chosen(sent: Json) -> Json:
    """The same page, on which she chooses something that Baton hears of at once (docs.slack.dev, block_actions)."""
    action = {
        "type": "static_select",
        "action_id": ids.VALUE,
        "block_id": "risk",
        "selected_option": {"value": "watch"},
    }
    container = {"type": "view", "view_id": sent["view"]["id"]}
    return {**sent, "type": "block_actions", "container": container, "actions": [action]}


def _summary(times_ms: list[float]) -> str:
    slow = statistics.quantiles(times_ms, n=20)[-1]
    return f"median {statistics.median(times_ms):.1f} ms, 95 % within {slow:.1f} ms"
