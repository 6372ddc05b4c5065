"""Several ticks at once and people acting at the same moment: each step fires once, and never a stopped clock's."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from slackapp.escalation.actions.tick import _batch, tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.runtime.baton import Baton
from storage.clocks import timers
from storage.clocks.model import ClockKind, Timer
from storage.clocks.tables import notices
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.acts import Claim
from storage.handoffs.audit import list_for_handoff
from storage.handoffs.lifecycle import Moved, State, Verb
from storage.handoffs.tables import audit
from tests.batons import a_baton
from tests.builders import NOW, TEAM
from tests.databases import POSTGRESQL, SQLITE
from tests.escalation.tick_room import TARGET, Room, level
from tests.manual_clock import ManualClock
from tests.storage.examples import MINUTE, at_once

DUE = NOW + TARGET


@pytest.fixture
def room(database: Database) -> Room:
    room = Room(database)
    room.policy(
        level("nudge", "channel", percent=50),
        level("late", "managers", "EVA"),
        level("later", "ADA", offset_s=600),
    )
    return room


@pytest.fixture
def others(room: Room, database_url: str) -> Iterator[list[Baton]]:
    """Four processes' worth of Baton, each with connections of its own."""
    room.clock.set(DUE)
    opened = [Database.open(database_url, pool_size=2) for _ in range(4)]
    yield [a_baton(one, ManualClock(DUE)) for one in opened]
    for one in opened:
        one.close()


def steps(room: Room) -> Counter[tuple[str, str]]:
    with room.db.reading() as tx:
        rows = tx.execute(select(audit.c.handoff_id, audit.c.facts).where(audit.c.verb == "escalate"))
        return Counter((row.handoff_id, row.facts["level"]) for row in rows)


def heard(room: Room) -> Counter[tuple[str, str, str]]:
    with room.db.reading() as tx:
        columns = notices.c
        rows = tx.execute(select(columns.handoff_id, columns.level, columns.recipient))
        return Counter((row.handoff_id, row.level, row.recipient) for row in rows)


def test_of_four_ticks_at_once_each_step_speaks_once(room: Room, others: list[Baton], long: bool) -> None:
    count = 2000 if long else 300
    for number in range(1, count + 1):
        room.open(number, since=NOW)

    looked_at = at_once(4, lambda n: tick(others[n]))

    assert sum(looked_at) == count
    assert steps(room) == Counter({(f"h{n}", "late"): 1 for n in range(1, count + 1)})
    assert set(heard(room).values()) == {1}
    assert len(heard(room)) == 3 * count, "the manager, Eva and the sender, of each handoff"
    with room.db.reading() as tx:
        assert all(timers.list_live_for_handoff(tx, f"h{n}")[0].next_level == "later" for n in range(1, count + 1))


@POSTGRESQL
def test_work_that_is_claimed_in_the_moment_it_is_due_is_either_late_or_claimed_never_spoken_of_afterwards(
    room: Room, others: list[Baton]
) -> None:
    count = 60
    for number in range(1, count + 1):
        room.open(number, since=NOW)

    def race(n: int) -> list[bool]:
        if n < 2:
            return [bool(tick(others[n])) for _ in range(3)]
        mine = range(n - 1, count + 1, 2)
        wanted = [Request(workspace=TEAM, handoff_id=f"h{number}", act=Claim(), user="EVA") for number in mine]
        return [isinstance(carry_out(others[n], one), Moved) for one in wanted]

    results = at_once(4, race)

    assert all(results[2] + results[3])
    with room.db.reading() as tx:
        for number in range(1, count + 1):
            stored = handoffs.get(tx, TEAM, f"h{number}")
            assert stored is not None
            assert (stored.state, stored.version) == (State.CLAIMED, 2)
            assert (
                timers.list_live_for_handoff(tx, stored.id) == []
                or timers.list_live_for_handoff(tx, stored.id)[0].clock is not ClockKind.CLAIM
            )
            done = [entry.verb for entry in list_for_handoff(tx, stored.id)]
            assert done in ([Verb.CLAIM], [Verb.ESCALATE, Verb.CLAIM]), "nothing is said of it after the claim"


@POSTGRESQL
def test_a_tick_leaves_out_what_somebody_is_claiming_and_finds_nothing_due_afterwards(
    room: Room, others: list[Baton]
) -> None:
    room.open(1, since=NOW)
    room.open(2, since=NOW)

    with room.db.transaction() as tx:
        tx.execute(text("UPDATE handoffs SET title = title WHERE id = 'h1'"))  # a claim begins with this row
        assert tick(others[0]) == 1
        (timer,) = timers.list_live_for_handoff(tx, "h1")
        timers.put(tx, _stopped(timer))

    assert tick(others[0]) == 0
    assert steps(room) == Counter({("h2", "late"): 1})


@POSTGRESQL
def test_whoever_claims_while_the_tick_speaks_waits_for_it_and_finds_the_clock_as_it_left_it(
    room: Room, others: list[Baton]
) -> None:
    room.open(1, since=NOW)
    held, go_on = threading.Event(), threading.Event()

    def slow_tick() -> None:
        with others[0].db.transaction() as tx:
            taken = timers.lock_due_handoffs(tx, DUE, 10)
            held.set()
            go_on.wait(60)
            (timer,) = timers.list_due(tx, [one.id for one in taken], DUE)
            timers.put_many_fired(tx, [_fired(timer)])

    def claim() -> None:
        held.wait(60)
        threading.Timer(0.3, go_on.set).start()
        request = Request(workspace=TEAM, handoff_id="h1", act=Claim(), user="EVA")
        assert isinstance(carry_out(others[1], request), Moved)

    at_once(2, lambda n: (slow_tick, claim)[n]())

    with room.db.reading() as tx:
        first, *_ = timers.list_for_handoff(tx, "h1")
    assert (first.fired, first.due_at, first.stopped_at) == (("late",), None, DUE)


@SQLITE
def test_a_tick_that_is_undone_has_said_nothing_and_the_next_one_says_it_once(room: Room) -> None:
    room.open(1, since=NOW)
    room.clock.set(DUE)

    class Killed(Exception):  # noqa: N818
        """The process is gone."""

    def killed_before_the_commit() -> None:
        with room.db.transaction() as tx:
            assert _batch(tx, DUE, room.baton.effects, 10) == (1, 1)
            raise Killed

    with pytest.raises(Killed):
        killed_before_the_commit()

    assert steps(room) == Counter()
    assert room.waiting() == {}
    assert [tick(room.baton), tick(room.baton)] == [1, 0]
    assert steps(room) == Counter({("h1", "late"): 1})


@SQLITE
def test_more_than_a_batch_is_done_in_one_tick_and_what_is_not_due_is_left_alone(room: Room) -> None:
    for number in range(1, 251):
        room.open(number, since=NOW)
    room.open(251, since=NOW + 20 * MINUTE)
    room.clock.set(DUE)

    assert tick(room.baton) == 250

    assert len(steps(room)) == 250
    assert room.facts(251) == []


def _stopped(timer: Timer) -> Timer:
    return replace(timer, stopped_at=DUE, running_since=None, due_at=None, met=True)


def _fired(timer: Timer) -> Timer:
    return replace(timer, fired=("late",), due_at=DUE + 10 * MINUTE, next_level="later")
