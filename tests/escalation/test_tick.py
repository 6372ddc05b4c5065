"""The tick: recipients by policy, clocks that nobody is notified of, and the daily purge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.operations.purge import RECEIPTS_KEPT, purge
from slackapp.runtime.baton import Baton
from storage.clocks import policies, timers
from storage.clocks.model import ClockKind, Duration, Level, Policy
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db import receipts
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import Transfer
from storage.handoffs.lifecycle import Moved, State, Verb
from storage.handoffs.model import Priority
from storage.outbox import outbox, pacing
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff, a_queue, a_timer
from tests.databases import BOTH, SQLITE
from tests.manual_clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    level = Level(key="late", clock=ClockKind.CLAIM, tell=("DAN",))
    with database.transaction() as tx:
        policies.put_policy(tx, Policy(workspace=TEAM, key="standard", levels=(level,)))
    return a_baton(database, clock)


def add_queue(baton: Baton) -> None:
    queue = a_queue(managers=("DAN",))
    baton.db.run_transaction(lambda tx: queues.put(tx, queue))


def add_due(baton: Baton, state: State) -> None:
    """A handoff with an armed claim clock whose target is over, whatever state it is in."""
    with baton.db.transaction() as tx:
        handoffs.add(tx, a_handoff(state=state))
        timers.put(tx, a_timer(started_at=NOW - timedelta(hours=1), running_since=NOW - timedelta(hours=1)))


def the_clock(baton: Baton) -> tuple[bool, bool | None]:
    """Whether it is armed, and whether it counts as met or missed."""
    with baton.db.reading() as tx:
        (timer,) = timers.list_for_handoff(tx, "h1")
    return timer.due_at is not None, timer.met


def said(baton: Baton) -> list[str]:
    with baton.db.reading() as tx:
        return sorted(key.partition(":")[0] for key in outbox.list_keys_for_handoff(tx, "h1"))


def told(baton: Baton) -> list[tuple[str, ...]]:
    """Whom each escalation told, in the order of the audit."""
    with baton.db.reading() as tx:
        return [tuple(entry.facts["told"]) for entry in audit.list_for_handoff(tx, "h1") if entry.verb == Verb.ESCALATE]


@SQLITE
@pytest.mark.parametrize("state", [State.DONE, State.CANCELLED, State.DELETED])
def test_a_clock_that_outlived_its_handoff_is_stopped_in_silence(baton: Baton, state: State) -> None:
    add_queue(baton)
    add_due(baton, state)

    assert tick(baton) == 1

    assert the_clock(baton) == (False, None)
    assert said(baton) == []
    with baton.db.reading() as tx:
        assert timers.list_live_for_handoff(tx, "h1") == []
    assert tick(baton) == 0


@BOTH
def test_the_clocks_of_a_handoff_without_a_queue_do_not_keep_the_tick_busy_for_ever(baton: Baton) -> None:
    add_due(baton, State.OPEN)

    assert tick(baton) == 1

    assert the_clock(baton) == (False, None)
    assert tick(baton) == 0


@SQLITE
def test_a_level_speaks_once(baton: Baton) -> None:
    add_queue(baton)
    add_due(baton, State.OPEN)

    assert [tick(baton), tick(baton)] == [1, 0]

    assert said(baton) == ["card", "level", "level"], "the manager, and the sender because it is late"


@SQLITE
def test_two_levels_at_one_height_both_speak_and_the_sender_hears_once(baton: Baton) -> None:
    levels = tuple(Level(key=key, clock=ClockKind.CLAIM, tell=(key.upper(),)) for key in ("dan", "kim"))
    baton.db.run_transaction(lambda tx: policies.put_policy(tx, Policy(workspace=TEAM, key="standard", levels=levels)))
    with baton.db.transaction() as tx:
        newest = policies.get_policy(tx, TEAM, "standard")
        handoffs.add(tx, a_handoff())
        hour_ago = NOW - timedelta(hours=1)
        assert newest is not None
        timers.put(tx, a_timer(started_at=hour_ago, running_since=hour_ago, policy_version=newest.version))
    add_queue(baton)

    tick(baton)

    assert told(baton) == [("DAN", "SENDER"), ("KIM",)]


@SQLITE
@pytest.mark.parametrize(
    "change", [{"deleted": True}, {"is_bot": True}, {"team": "T2"}], ids=["deactivated", "a bot", "an outsider"]
)
def test_a_level_leaves_out_whoever_cannot_be_told(baton: Baton, change: dict[str, Any]) -> None:
    add_queue(baton)
    add_due(baton, State.OPEN)
    baton.db.run_transaction(
        lambda tx: people.put(tx, Person(**{"workspace": TEAM, "id": "DAN", "name": "Dan", **change}))
    )

    tick(baton)

    assert told(baton) == [("SENDER",)]


@SQLITE
def test_a_clock_goes_by_the_policy_that_it_started_with(baton: Baton) -> None:
    add_queue(baton)
    add_due(baton, State.OPEN)
    newer = Policy(workspace=TEAM, key="standard", levels=(Level(key="new", clock=ClockKind.CLAIM, tell=("KIM",)),))
    baton.db.run_transaction(lambda tx: policies.put_policy(tx, newer))

    tick(baton)

    assert told(baton) == [("DAN", "SENDER")]


@SQLITE
def test_passed_on_to_another_queue_it_goes_by_that_queues_policy(baton: Baton) -> None:
    quick = Policy(workspace=TEAM, key="quick", targets={ClockKind.CLAIM: {Priority.NORMAL: Duration(seconds=60)}})
    add_queue(baton)
    with baton.db.transaction() as tx:
        policies.put_policy(tx, quick)
        queues.put(tx, Queue(workspace=TEAM, key="support", name="Support", channel="C2", policy="quick"))
        handoffs.add(tx, a_handoff())

    act = Transfer(queue="support")
    outcome = carry_out(baton, Request(workspace=TEAM, handoff_id="h1", act=act, user="SENDER"))

    assert isinstance(outcome, Moved)
    with baton.db.reading() as tx:
        assert [(timer.policy, timer.target_s) for timer in timers.list_live_for_handoff(tx, "h1")] == [("quick", 60)]


@SQLITE
def test_the_purge_forgets_what_nobody_asks_for_any_more_and_nothing_else(baton: Baton, clock: ManualClock) -> None:
    with baton.db.transaction() as tx:
        receipts.take_or_get(tx, TEAM, "event:old", NOW)
        pacing.block(tx, "old", NOW)
    clock.advance(RECEIPTS_KEPT + timedelta(seconds=1))
    with baton.db.transaction() as tx:
        receipts.take_or_get(tx, TEAM, "event:new", clock.now())
        pacing.block(tx, "new", clock.now() + timedelta(minutes=1))

    purge(baton, 90)

    with baton.db.reading() as tx:
        assert receipts.get(tx, TEAM, "event:old") is None
        assert receipts.get(tx, TEAM, "event:new") is not None
        assert set(pacing.get_blocked_until(tx, ["old", "new"])) == {"new"}
