"""Baton's clock, real and borrowed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from slackapp.runtime.borrowed_clock import BorrowedClock
from slackapp.runtime.clock import Clock, SystemClock
from tests.runtime.lending import Lender, lending

SECOND = timedelta(seconds=1)


@contextmanager
def borrowed(url: str) -> Iterator[BorrowedClock]:
    clock = BorrowedClock(url, "test-process")
    try:
        yield clock
    finally:
        clock.stop()


def is_near(instant: datetime, wanted: datetime) -> bool:
    return abs(instant - wanted) < SECOND


def test_the_systems_clock_answers_in_aware_utc() -> None:
    clock: Clock = SystemClock()

    assert clock.now().tzinfo is UTC


def test_a_program_that_borrows_no_clock_does_not_load_the_code_for_it() -> None:
    loaded = "import sys, slackapp.app; print('slackapp.runtime.borrowed_clock' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/clock",
        "https://127.0.0.1/clock",
        "http://10.0.0.1:80/clock",
        "/clock",
        "http://127.evil.io/",
    ],
)
def test_a_clock_is_never_borrowed_from_another_machine(url: str) -> None:
    with pytest.raises(ValueError, match="only borrowed from this machine"):
        BorrowedClock(url, "test-process")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/clock", "http://localhost:1/clock", "http://[::1]:1/clock"])
def test_every_name_of_this_machine_will_do(url: str) -> None:
    BorrowedClock(url, "test-process")


def test_a_missing_workspace_is_a_sentence_that_says_what_to_do() -> None:
    with borrowed("http://127.0.0.1:9/clock") as clock, pytest.raises(ConnectionError, match="unset BATON_CLOCK_URL"):
        clock.start(wait_s=0)


def test_the_offset_is_known_before_start_returns() -> None:
    lender = Lender()
    lender.move(3600)
    with lending(lender) as url, borrowed(url) as clock:
        clock.start()

        assert is_near(clock.now(), datetime.now(UTC) + timedelta(hours=1))


def test_moving_the_clock_wakes_whoever_listens_and_they_see_the_new_time() -> None:
    lender, woken, seen = Lender(), threading.Event(), list[datetime]()
    with lending(lender) as url, borrowed(url) as clock:
        clock.start()
        clock.on_change(lambda: seen.append(clock.now()))
        clock.on_change(woken.set)

        lender.move(1800)

        assert woken.wait(60)
        assert is_near(seen[0], datetime.now(UTC) + timedelta(minutes=30))


def test_a_settle_round_wakes_everybody_and_hears_of_the_process_once_and_only_when_all_are_quiet() -> None:
    lender, woken, busy = Lender(), threading.Event(), threading.Event()
    busy.set()
    with lending(lender) as url, borrowed(url) as clock:
        clock.on_change(woken.set)
        clock.quiet_when(lambda: True)
        clock.quiet_when(lambda: not busy.is_set())
        clock.start()
        woken.clear()

        settle = lender.begin_settle()

        assert woken.wait(60)
        assert not lender.reported(settle, wait_s=0.3)
        busy.clear()
        assert lender.reported(settle)
        said = {"process": "test-process", "settle": settle, "quiet": True}
        assert [report for report in lender.reports if report["settle"] == settle] == [said]


def test_each_new_round_is_answered() -> None:
    lender = Lender()
    with lending(lender) as url, borrowed(url) as clock:
        clock.start()
        for _ in range(3):
            assert lender.reported(lender.begin_settle())


def test_work_that_moves_on_between_two_checks_is_not_missed() -> None:
    """A part that was asked first may be given work by a part that is asked after it."""
    lender = Lender()
    inbox: list[str] = []
    outbox: list[str] = []

    def receiver_is_quiet() -> bool:
        return not inbox

    def giver_is_quiet() -> bool:
        while outbox:
            inbox.append(outbox.pop())
        return True

    with lending(lender) as url, borrowed(url) as clock:
        clock.quiet_when(receiver_is_quiet)
        clock.quiet_when(giver_is_quiet)
        clock.start()
        assert lender.reported(0)
        outbox.append("something")
        settle = lender.begin_settle()

        assert not lender.reported(settle, wait_s=0.3)
        inbox.clear()
        assert lender.reported(settle)


def test_a_part_that_cannot_say_is_not_quiet_and_the_next_answer_counts() -> None:
    lender, broken = Lender(), threading.Event()
    broken.set()

    def check() -> bool:
        if broken.is_set():
            raise RuntimeError("the database is away")
        return True

    with lending(lender) as url, borrowed(url) as clock:
        clock.quiet_when(check)
        clock.start()
        settle = lender.begin_settle()

        assert not lender.reported(settle, wait_s=0.2)
        broken.clear()
        assert lender.reported(settle)


def test_the_clock_survives_a_restart_of_the_workspace_that_counts_from_the_start_again() -> None:
    first, second = Lender(), Lender()
    moved = threading.Event()
    with lending(first) as url:
        clock = BorrowedClock(url, "test-process")
        clock.start()
        assert first.reported(first.begin_settle())
    clock.on_change(moved.set)
    second.move(7200)
    settle = second.begin_settle()  # The same number as before the restart, and another round.
    with lending(second, port=urlsplit(url).port or 0):
        assert moved.wait(60)
        assert is_near(clock.now(), datetime.now(UTC) + timedelta(hours=2))
        assert second.reported(settle)
        clock.stop()


def test_stopping_does_not_wait_for_the_poll_to_end() -> None:
    lender = Lender()
    with lending(lender) as url:
        clock = BorrowedClock(url, "test-process")
        clock.start()
        assert lender.reported(lender.begin_settle())
        before = datetime.now(UTC)

        clock.stop()

        assert datetime.now(UTC) - before < 2 * SECOND
