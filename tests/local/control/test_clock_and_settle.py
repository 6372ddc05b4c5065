"""The lent clock, and settle, which waits until every process that follows the clock is quiet."""

import asyncio
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from slackapp.local.clock.shared_clock import LONGEST_WAIT_S, SharedClock
from tests.local.conftest import HERE
from tests.slack_client import WAIT_S, Json, RefusedError, Workspace

SLOW_S = 1.5
"""How long an answer is held back: long enough to do something meanwhile on a busy machine."""


@pytest.fixture
def slack() -> Iterator[Workspace]:
    """A workspace of its own for every test, so that no process of another test is known to it."""
    with Workspace.start(manifest=HERE / "manifest.yml") as workspace:
        yield workspace


def wait_for_process(slack: Workspace, name: str) -> None:
    while name not in slack.overview()["processes"]:
        time.sleep(0.01)


def poll(slack: Workspace, process: str, after: int | None = None, wait: float = 0) -> Json:
    known = {} if after is None else {"after": after}
    return slack.get("/clock", process=process, wait=wait, **known)


def follow(slack: Workspace, process: str, answers: list[bool], stop: Event) -> None:
    """Poll as an app does, and report to each settle round until quiet: from the list, the last answer for ever."""
    revision, told = None, 0
    while not stop.is_set():
        seen = poll(slack, process, revision, wait=1)
        revision = seen["revision"]
        while seen["settle"] != told:
            quiet = answers.pop(0) if len(answers) > 1 else answers[0]
            slack.post("/clock/quiet", {"process": process, "settle": seen["settle"], "quiet": quiet})
            told = seen["settle"] if quiet else told


def test_a_poll_without_a_revision_answers_at_once(slack: Workspace) -> None:
    seen = poll(slack, "p1")
    assert seen["offset_s"] == 0
    assert isinstance(seen["revision"], int)


def test_a_waiting_poll_wakes_when_the_clock_is_moved(slack: Workspace) -> None:
    revision = poll(slack, "p1")["revision"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(poll, slack, "p1", revision, LONGEST_WAIT_S)
        time.sleep(0.1)
        slack.advance(3600)
        woken = waiting.result(timeout=LONGEST_WAIT_S - 5)  # not by the end of the wait

    assert woken["offset_s"] == 3600
    assert woken["revision"] > revision


def test_a_poll_ends_with_the_same_revision_when_nothing_happens(slack: Workspace) -> None:
    revision = poll(slack, "p1")["revision"]
    begun = time.monotonic()
    assert poll(slack, "p1", revision, 0.3)["revision"] == revision
    assert 0.25 < time.monotonic() - begun < LONGEST_WAIT_S - 5


def test_the_clock_can_be_set_to_an_instant(slack: Workspace) -> None:
    moment = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    slack.post("/control/clock", {"to": moment.isoformat()})
    assert 0 <= slack.now() - moment.timestamp() < WAIT_S
    with pytest.raises(RefusedError, match="needs an offset"):
        slack.post("/control/clock", {"to": "2027-01-04T09:00:00"})


def test_a_step_that_is_none_or_leaves_the_years_2000_to_2200_is_refused(slack: Workspace, web: WebClient) -> None:
    steps: list[Any] = [1e18, -1e18, 1e308, "inf", "-inf", "nan", 175 * 366 * 86_400, "soon", None, [], {}]
    for step in steps:
        with pytest.raises(RefusedError):
            slack.post("/control/clock", {"advance_s": step})

    assert poll(slack, "p1")["offset_s"] == 0
    assert abs(float(web.chat_postMessage(channel="C0SUCCESS", text="now")["ts"]) - time.time()) < WAIT_S


def test_the_clock_cannot_be_set_to_an_instant_out_of_its_years(slack: Workspace) -> None:
    for moment in ("1999-12-31T23:59:59+00:00", "2200-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"):
        with pytest.raises(RefusedError, match="between the years 2000 and 2200"):
            slack.post("/control/clock", {"to": moment})
    slack.post("/control/clock", {"to": "2199-12-30T00:00:00+00:00"})
    slack.advance(86_400)
    with pytest.raises(RefusedError, match="between the years 2000 and 2200"):
        slack.advance(2 * 86_400)
    slack.post("/control/clock", {"to": "2000-01-02T00:00:00+00:00"})


def test_messages_carry_the_moved_time(slack: Workspace, web: WebClient) -> None:
    slack.advance(86_400)
    ts = web.chat_postMessage(channel="C0SUCCESS", text="tomorrow")["ts"]
    assert abs(float(ts) - time.time() - 86_400) < WAIT_S


def test_with_no_process_settle_returns_at_once(slack: Workspace) -> None:
    assert slack.post("/control/settle", {"timeout_s": WAIT_S}) == {"ok": True, "rounds": 1}


def test_settle_goes_on_until_a_process_is_quiet(slack: Workspace) -> None:
    stop = Event()
    with ThreadPoolExecutor() as pool:
        process = pool.submit(follow, slack, "busy", [False, False, True], stop)
        wait_for_process(slack, "busy")
        answer = slack.post("/control/settle", {"timeout_s": WAIT_S})
        stop.set()
        process.result()

    assert answer["ok"], answer


def test_settle_names_who_is_not_quiet(slack: Workspace) -> None:
    poll(slack, "stuck")
    with pytest.raises(AssertionError, match="process stuck is not quiet"):
        slack.settle(timeout_s=0.3)


def test_a_round_in_which_the_app_called_slack_does_not_count(slack: Workspace, web: WebClient) -> None:
    stop = Event()
    with ThreadPoolExecutor() as pool:
        process = pool.submit(follow, slack, "talker", [True], stop)
        wait_for_process(slack, "talker")
        slack.fault("auth.test", {"delay_s": SLOW_S})
        talking = pool.submit(web.auth_test)
        while not slack.calls("auth.test"):
            time.sleep(0.01)  # the call is recorded when its effect happens, before the delay
        begun = time.monotonic()
        slack.settle()
        took = time.monotonic() - begun
        stop.set()
        process.result()

    assert talking.result()["ok"]
    assert took > 0.3


def test_no_round_begins_while_something_is_on_its_way(slack: Workspace, web: WebClient) -> None:
    before = poll(slack, "gone")["settle"]
    slack.fault("auth.test", {"delay_s": SLOW_S})
    with ThreadPoolExecutor() as pool:
        talking = pool.submit(web.auth_test)
        while not slack.calls("auth.test"):
            time.sleep(0.01)
        settling = pool.submit(slack.settle)
        time.sleep(0.2)
        meanwhile = poll(slack, "gone")["settle"]
        assert talking.result()["ok"]
        while poll(slack, "gone")["settle"] == before:
            time.sleep(0.01)
        asked = poll(slack, "gone")["settle"]
        slack.post("/clock/quiet", {"process": "gone", "settle": asked, "quiet": True})
        settling.result()

    assert meanwhile == before
    assert asked == before + 1


def drop(slack: Workspace, process: str) -> None:
    """Poll, and close the connection before the answer."""
    revision = poll(slack, process)["revision"]
    connection = HTTPConnection("127.0.0.1", urlsplit(slack.base_url).port)
    connection.request("GET", f"/clock?process={process}&after={revision}&wait=20")
    time.sleep(0.1)
    connection.close()


def test_a_process_whose_connection_dropped_is_forgotten_after_two_seconds(slack: Workspace) -> None:
    drop(slack, "killed")
    slack.settle()
    assert slack.overview()["processes"] == []


def test_a_reset_forgets_it_at_once(slack: Workspace) -> None:
    drop(slack, "killed")
    for _ in range(100):  # the workspace has to notice first; after two seconds it would forget without a reset
        slack.reset()
        if not slack.overview()["processes"]:
            return
        time.sleep(0.01)
    pytest.fail("the process is still known")


def test_the_clock_can_be_moved_however_many_polls_end_at_that_moment() -> None:
    async def poll_and_leave(clock: SharedClock, name: str) -> None:
        while True:
            gone = asyncio.get_running_loop().create_future()
            polling = asyncio.ensure_future(clock.poll(name, clock.revision, random.random() * 0.003, gone))
            await asyncio.sleep(random.random() * 0.003)
            if random.random() < 0.5:
                gone.set_result(None)
            if random.random() < 0.5:
                polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling

    async def move_often() -> None:
        clock = SharedClock()
        polls = [asyncio.ensure_future(poll_and_leave(clock, str(number))) for number in range(8)]
        for number in range(6000):
            await asyncio.wait_for(clock.move_by(1), 5)
            if number % 3 == 0:
                await asyncio.sleep(random.random() * 0.001)
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)

    asyncio.run(move_often())
