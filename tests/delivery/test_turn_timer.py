"""A burst of wakes shares the pump's turns, by the loop's time and no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing

import pytest

from slackapp.delivery.pump import TurnTimer


class ManualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time stands still until a test moves it."""

    now_ms = 0

    def time(self) -> float:
        """The loop's time in seconds."""
        return self.now_ms / 1000

    def catch_up(self) -> None:
        """Run what is due by now, and what that makes ready."""
        for _ in range(2):
            self.run_until_complete(asyncio.sleep(0))


@pytest.fixture
def loop() -> Iterator[ManualLoop]:
    with closing(ManualLoop()) as found:
        yield found


def begun(loop: ManualLoop, due: asyncio.Event, turns: TurnTimer, asked_at_ms: range, until_ms: int) -> list[int]:
    """The milliseconds at which turns begin when somebody asks at each of these."""
    found = []
    for ms in range(until_ms):
        loop.now_ms = ms
        if ms in asked_at_ms:
            turns.ask()
        loop.catch_up()
        if due.is_set():
            due.clear()
            turns.begin()
            found.append(ms)
    return found


def test_whoever_asks_answers_first_and_a_burst_has_a_turn_every_fifty_milliseconds(loop: ManualLoop) -> None:
    due = asyncio.Event()
    assert begun(loop, due, TurnTimer(loop, due), range(100, 300), 400) == [110, 160, 210, 260, 310]


def test_one_who_asks_when_nobody_has_for_long_waits_ten_milliseconds(loop: ManualLoop) -> None:
    due = asyncio.Event()
    assert begun(loop, due, TurnTimer(loop, due), range(100, 101), 400) == [110]


def test_a_turn_that_begins_for_another_reason_sees_what_was_asked_for(loop: ManualLoop) -> None:
    loop.now_ms, due = 100, asyncio.Event()
    turns = TurnTimer(loop, due)
    turns.ask()

    turns.begin()

    loop.now_ms = 500
    loop.catch_up()
    assert not due.is_set()


def test_whether_a_turn_is_to_come_is_known_until_one_begins(loop: ManualLoop) -> None:
    turns = TurnTimer(loop, asyncio.Event())
    known = [turns.is_asked]

    turns.ask()
    known.append(turns.is_asked)
    turns.begin()
    known.append(turns.is_asked)

    assert known == [False, True, False]
