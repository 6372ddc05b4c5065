"""The sweep finds, repairs and reports exactly the clocks that were broken by hand in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import event, text

from slackapp.clocks.queries import CONFIGURED
from slackapp.clocks.rules.durations import parse
from slackapp.clocks.rules.invariants import FaultKind
from slackapp.escalation.actions import clock_sweep
from slackapp.escalation.actions.clock_sweep import SweepReport, examine, sweep, sweep_in_turn
from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from slackapp.runtime.baton import Baton
from storage.clocks import policies, timers
from storage.clocks.model import POLICY_CLOCKS, ClockKind, Level, Policy, Timer
from storage.company import queues
from storage.db.database import Database
from storage.handoffs import audit
from storage.handoffs.acts import Act, AddNote, Ask, Cancel, Claim, Complete, Release, Return, Snooze
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Handoff, Priority, Text
from tests.batons import a_baton
from tests.builders import TEAM, a_queue
from tests.manual_clock import MONDAY_9, ManualClock

MINUTE = timedelta(minutes=1)
TARGETS = {
    ClockKind.CLAIM: "30m",
    ClockKind.FIRST_ACTION: "40m",
    ClockKind.UPDATE: "50m",
    ClockKind.FINISH: "4h",
    ClockKind.RESPOND: "2h",
}
EVERY_CLOCK = Policy(
    workspace=TEAM,
    key="standard",
    targets={clock: {Priority.NORMAL: parse(target)} for clock, target in TARGETS.items()},
    levels=tuple(
        Level(key=f"{clock}-{percent}", clock=clock, percent=percent, tell=("DAN",))
        for clock in POLICY_CLOCKS
        for percent in (50, 100)
    ),
)
SUCCESS = a_queue(members=("ANA",), managers=("DAN",), policy="standard")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    with database.transaction() as tx:
        policies.put_policy(tx, EVERY_CLOCK)
        queues.put(tx, SUCCESS)
    configured(database, MONDAY_9)
    clock.advance(MINUTE)
    return a_baton(database, clock)


def configured(database: Database, at: datetime) -> None:
    """The company's file was applied."""
    with database.transaction() as tx:
        audit.add(tx, handoff=None, workspace=TEAM, at=at, verb=CONFIGURED, actor="baton", before=None, after=None)


def opened(baton: Baton, form: str = "f1") -> Handoff:
    draft = NewHandoff(title="Acme renewal", queue="success", next_step="Call Mara", note=Text(plain="They wait."))
    outcome = open_handoff(baton, workspace=TEAM, user="SENDER", draft=draft, form=form)
    assert isinstance(outcome, Opened)
    return outcome.handoff


def do(baton: Baton, handoff: Handoff, act: Act, user: str = "ANA") -> None:
    outcome = carry_out(baton, Request(workspace=TEAM, handoff_id=handoff.id, act=act, user=user))
    assert isinstance(outcome, Moved), outcome


def handoff_after(baton: Baton, clock: ManualClock, *acts: tuple[Act, str]) -> Handoff:
    """A handoff to which people did this, a minute apart."""
    handoff = opened(baton)
    for act, user in acts:
        clock.advance(MINUTE)
        do(baton, handoff, act, user)
    clock.advance(MINUTE)
    return handoff


def live(database: Database, handoff: Handoff) -> dict[ClockKind, Timer]:
    with database.reading() as tx:
        return {timer.clock: timer for timer in timers.list_live_for_handoff(tx, handoff.id)}


def without_identity(found: Mapping[ClockKind, Timer]) -> dict[ClockKind, Timer]:
    """Clocks without what a clock that was started again has anew."""
    return {clock: replace(timer, id="", run=0) for clock, timer in found.items()}


def execute_sql(database: Database, sql: str, **parameters: Any) -> None:
    with database.transaction() as tx:
        tx.execute(text(sql), parameters)


@contextmanager
def writes(database: Database) -> Iterator[list[str]]:
    """Collect every statement that writes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(maxsplit=1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            seen.append(statement)

    engines = {database._writers, database._readers}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


CLAIMED: tuple[tuple[Act, str], ...] = ((Claim(), "ANA"),)
RETURNED: tuple[tuple[Act, str], ...] = (*CLAIMED, (Return(text=Text(plain="Whose?", reason="unclear")), "ANA"))
ASKED: tuple[tuple[Act, str], ...] = (*CLAIMED, (Ask(text=Text(plain="Whose?")), "ANA"))
UNARMED = "UPDATE timers SET due_at = NULL WHERE stopped_at IS NULL AND clock = :clock"
GONE = "DELETE FROM timers WHERE stopped_at IS NULL AND clock = :clock"
ENDED = "UPDATE timers SET due_at = NULL, stopped_at = started_at WHERE stopped_at IS NULL AND clock = :clock"
SHIFTED = "UPDATE timers SET due_at = deadline_at WHERE stopped_at IS NULL AND clock = :clock"
HALTED = "UPDATE timers SET due_at = NULL, running_since = NULL WHERE stopped_at IS NULL AND clock = :clock"


class Broken(NamedTuple):
    """What people did, what then happened to which clock in the database, and what the sweep calls it."""

    acts: tuple[tuple[Act, str], ...]
    sql: str
    which: ClockKind
    kind: FaultKind


BROKEN = [
    Broken((), UNARMED, ClockKind.CLAIM, FaultKind.MISARMED),
    Broken((), SHIFTED, ClockKind.CLAIM, FaultKind.MISARMED),
    Broken((), HALTED, ClockKind.CLAIM, FaultKind.NOT_RUNNING),
    Broken((), GONE, ClockKind.CLAIM, FaultKind.LOST),
    Broken((), ENDED, ClockKind.CLAIM, FaultKind.LOST),
    Broken(CLAIMED, UNARMED, ClockKind.FINISH, FaultKind.MISARMED),
    Broken(CLAIMED, GONE, ClockKind.FINISH, FaultKind.LOST),
    Broken(CLAIMED, GONE, ClockKind.FIRST_ACTION, FaultKind.LOST),
    Broken(CLAIMED, GONE, ClockKind.UPDATE, FaultKind.LOST),
    Broken(CLAIMED, UNARMED, ClockKind.UPDATE, FaultKind.MISARMED),
    Broken(RETURNED, GONE, ClockKind.RESPOND, FaultKind.LOST),
    Broken(ASKED, GONE, ClockKind.RESPOND, FaultKind.LOST),
    Broken(ASKED, UNARMED, ClockKind.RESPOND, FaultKind.MISARMED),
    Broken(ASKED, GONE, ClockKind.FINISH, FaultKind.LOST),
]


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{one.which} {one.kind} {n}" for n, one in enumerate(BROKEN)])
def test_a_clock_broken_by_hand_is_mended_and_reported(baton: Baton, clock: ManualClock, broken: Broken) -> None:
    acts, sql, which, kind = broken
    handoff = handoff_after(baton, clock, *acts)
    before = live(baton.db, handoff)
    execute_sql(baton.db, sql, clock=which)
    assert live(baton.db, handoff) != before

    assert examine(baton, most=100).faults == {(kind, which): 1}, "a look sees it and leaves it"
    assert sweep(baton) == SweepReport(handoffs=1, faults={(kind, which): 1})

    assert repaired_clocks(live(baton.db, handoff), which, kind) == repaired_clocks(before, which, kind)
    assert reported(baton, handoff) == [(kind, which)]
    assert sweep(baton) == SweepReport(handoffs=1, faults={})


def repaired_clocks(found: dict[ClockKind, Timer], which: ClockKind, kind: FaultKind) -> dict[ClockKind, Timer]:
    """What the clocks must be like again. What is lost with a clock is when it stood still or had a sign of life."""
    assert which in found
    if kind is FaultKind.NOT_RUNNING or which is ClockKind.UPDATE:
        return {clock: timer for clock, timer in without_identity(found).items() if clock is not which}
    return without_identity(found)


def reported(baton: Baton, handoff: Handoff) -> list[tuple[str, str]]:
    with baton.db.reading() as tx:
        entries = [entry for entry in audit.list_for_handoff(tx, handoff.id) if entry.verb == "repaired"]
    return [(entry.facts["reason"], entry.facts["clock"]) for entry in entries]


REVIVED = (
    "UPDATE timers SET stopped_at = NULL, met = NULL, running_since = started_at, due_at = :due WHERE clock = :clock"
)


@pytest.mark.parametrize("end", [(Complete(), "ANA"), (Cancel(), "SENDER")], ids=["done", "cancelled"])
def test_a_clock_that_outlived_its_handoff_is_stopped_before_it_speaks(
    baton: Baton, clock: ManualClock, end: tuple[Act, str]
) -> None:
    handoff = handoff_after(baton, clock, *CLAIMED, end)
    execute_sql(baton.db, REVIVED, clock=ClockKind.CLAIM, due=f"{clock.now():%Y-%m-%d %H:%M:%S.%f}")

    assert sweep(baton).faults == {(FaultKind.OUTLIVED, ClockKind.CLAIM): 1}

    assert live(baton.db, handoff) == {}
    assert tick(baton) == 0


def test_a_claim_clock_that_goes_on_after_the_claim_is_stopped(baton: Baton, clock: ManualClock) -> None:
    handoff = handoff_after(baton, clock, *CLAIMED)
    before = live(baton.db, handoff)
    execute_sql(baton.db, REVIVED, clock=ClockKind.CLAIM, due=f"{clock.now():%Y-%m-%d %H:%M:%S.%f}")

    assert sweep(baton).faults == {(FaultKind.STRAY, ClockKind.CLAIM): 1}

    assert live(baton.db, handoff) == before


def test_a_finish_clock_that_runs_on_while_the_sender_has_it_stands_still_again(
    baton: Baton, clock: ManualClock
) -> None:
    handoff = handoff_after(baton, clock, *RETURNED)
    execute_sql(baton.db, "UPDATE timers SET running_since = started_at WHERE clock = 'finish'")

    assert sweep(baton).faults == {(FaultKind.RUNS_ON, ClockKind.FINISH): 1}

    assert live(baton.db, handoff)[ClockKind.FINISH].running_since is None


def test_a_snooze_without_its_clock_ends_when_it_was_said_to(baton: Baton, clock: ManualClock) -> None:
    until = clock.now() + timedelta(hours=5)
    handoff = handoff_after(baton, clock, *CLAIMED, (Snooze(until=until), "ANA"))
    execute_sql(baton.db, GONE, clock=ClockKind.SNOOZE)

    assert sweep(baton).faults == {(FaultKind.LOST, ClockKind.SNOOZE): 1}

    assert live(baton.db, handoff)[ClockKind.SNOOZE].due_at == until


def test_a_lost_clock_that_is_late_by_now_speaks_at_the_next_tick(baton: Baton, clock: ManualClock) -> None:
    handoff = handoff_after(baton, clock)
    execute_sql(baton.db, GONE, clock=ClockKind.CLAIM)
    clock.advance(timedelta(hours=1))
    assert tick(baton) == 0

    sweep(baton)

    assert tick(baton) == 1
    with baton.db.reading() as tx:
        assert [
            entry.facts["level"] for entry in audit.list_for_handoff(tx, handoff.id) if entry.verb == "escalate"
        ] == ["claim-100"]


LIFE: list[Callable[[Baton, Handoff, ManualClock], None]] = [
    lambda baton, handoff, clock: do(baton, handoff, Claim()),
    lambda baton, handoff, clock: do(baton, handoff, AddNote(text=Text(plain="On it."))),
    lambda baton, handoff, clock: do(baton, handoff, Snooze(until=clock.now() + timedelta(minutes=90))),
    lambda baton, handoff, clock: clock.advance(timedelta(hours=2)),
    lambda baton, handoff, clock: do(baton, handoff, Release(text=Text(plain="Not mine."))),
    lambda baton, handoff, clock: do(baton, handoff, Return(text=Text(plain="Whose?", reason="unclear"))),
    lambda baton, handoff, clock: clock.advance(timedelta(hours=3)),
    lambda baton, handoff, clock: do(baton, handoff, Cancel(), "SENDER"),
]


def test_a_sound_ledger_is_only_read_whatever_happened_in_it(baton: Baton, clock: ManualClock) -> None:
    handoff = opened(baton)
    opened(baton, "f2")
    for step in LIFE:
        clock.advance(MINUTE)
        step(baton, handoff, clock)
        tick(baton)
        with writes(baton.db) as written:
            assert sweep(baton).faults == {}
        assert written == []


def test_what_is_sound_again_when_it_is_locked_is_left_alone(baton: Baton, clock: ManualClock) -> None:
    handoff = handoff_after(baton, clock)

    with writes(baton.db) as written:
        assert baton.db.run_transaction(lambda tx: clock_sweep._repair(tx, handoff.id, clock.now())) == []

    assert written == []


def test_every_handoff_is_looked_at_page_by_page(baton: Baton, clock: ManualClock) -> None:
    many = [opened(baton, f"f{n}") for n in range(7)]
    clock.advance(MINUTE)
    for one in many[:3]:
        do(baton, one, Cancel(), "SENDER")
    execute_sql(baton.db, REVIVED, clock=ClockKind.CLAIM, due=None)

    assert sweep(baton, page_of=2) == SweepReport(
        handoffs=4, faults={(FaultKind.OUTLIVED, ClockKind.CLAIM): 3, (FaultKind.MISARMED, ClockKind.CLAIM): 4}
    )
    assert sweep(baton, page_of=2) == SweepReport(handoffs=4, faults={})


def test_a_clock_that_had_no_target_when_its_state_began_is_not_missed(baton: Baton, clock: ManualClock) -> None:
    handoff = handoff_after(baton, clock)
    execute_sql(baton.db, GONE, clock=ClockKind.CLAIM)
    configured(baton.db, clock.now())

    assert sweep(baton).faults == {}
    assert live(baton.db, handoff) == {}


def test_one_process_an_hour_has_its_turn(baton: Baton, clock: ManualClock) -> None:
    opened(baton)
    other = a_baton(baton.db, clock)

    assert sweep_in_turn(baton) == SweepReport(handoffs=1, faults={})
    assert sweep_in_turn(other) is None

    clock.advance(timedelta(hours=1))
    assert sweep_in_turn(other) == SweepReport(handoffs=1, faults={})
    assert sweep_in_turn(baton) is None
