"""Retention: set when the work ends, cleared when it is reopened, erased once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from slackapp.escalation.actions.tick import next_due, tick
from slackapp.handoffs.rules.privacy import kept_until
from slackapp.runtime.baton import Baton
from storage.company import queues
from storage.db.database import Database
from storage.handoffs import audit, handoffs, verdicts
from storage.handoffs.acts import AddNote, Complete, Delete, Reopen, Verdict
from storage.handoffs.lifecycle import Actor, Moved, Role, Situation, State, Verb, decide
from storage.handoffs.model import ContextVerdict, Handoff, Text
from storage.templates.model import Template
from tests.batons import a_baton
from tests.builders import a_handoff, a_queue
from tests.handoffs import samples
from tests.handoffs.samples import BEN, MONDAY_9
from tests.manual_clock import ManualClock

WEEK = Template(key="brief", name="Brief", retention_days=7)
EVERYBODY = Actor(user=BEN, roles=frozenset(Role))
TEAM = "T1"


def moved(handoff: Handoff, act: Any) -> Moved:
    outcome = decide(handoff, act, EVERYBODY, MONDAY_9)
    assert isinstance(outcome, Moved)
    return outcome


def test_the_end_of_the_work_starts_the_time_and_a_note_afterwards_leaves_it() -> None:
    done = kept_until(moved(samples.a_handoff(Situation.CLAIMED), Complete()), WEEK)
    assert done.erase_at == MONDAY_9 + timedelta(days=7)

    later = replace(moved(done, AddNote(text=Text(plain="x"))), at=MONDAY_9 + timedelta(days=1))
    assert kept_until(later, WEEK).erase_at == done.erase_at
    assert kept_until(moved(done, Reopen()), None).erase_at is None
    assert kept_until(moved(done, Delete()), WEEK).erase_at is None


def test_without_a_template_or_a_time_in_it_nothing_ever_goes() -> None:
    ended = moved(samples.a_handoff(Situation.CLAIMED), Complete())

    assert [kept_until(ended, template).erase_at for template in (None, replace(WEEK, retention_days=None))] == [
        None
    ] * 2
    assert kept_until(moved(samples.a_handoff(Situation.OPEN), AddNote(text=Text(plain="x"))), WEEK).erase_at is None


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    with database.transaction() as tx:
        queues.put(tx, a_queue())
    return a_baton(database, clock)


def put(baton: Baton, number: int, **more: Any) -> None:
    with baton.db.transaction() as tx:
        handoffs.add(tx, a_handoff(number=number, state=State.DONE, **more))


def states(baton: Baton) -> list[State]:
    with baton.db.reading() as tx:
        found = (handoffs.get_by_number(tx, TEAM, number) for number in range(1, 100))
        return [one.state for one in found if one]


def test_the_tick_knows_when_and_takes_what_is_due_and_nothing_else(baton: Baton, clock: ManualClock) -> None:
    at = clock.now() + timedelta(days=1)
    put(baton, 1, erase_at=at)
    put(baton, 2, erase_at=at + timedelta(days=1))
    put(baton, 3)
    assert next_due(baton) == at
    assert tick(baton) == 0

    clock.advance(timedelta(days=1))
    assert tick(baton) == 1
    assert states(baton) == [State.DELETED, State.DONE, State.DONE]
    assert next_due(baton) == at + timedelta(days=1)
    assert tick(baton) == 0
    with baton.db.reading() as tx:
        (entry,) = audit.list_for_handoff(tx, "h1")
    assert (entry.verb, entry.actor, entry.before, entry.after) == (Verb.DELETE, "clock", State.DONE, State.DELETED)


def test_what_was_said_about_the_context_goes_with_it(baton: Baton, clock: ManualClock) -> None:
    put(baton, 1, erase_at=clock.now())
    said = ContextVerdict(
        workspace=TEAM, handoff_id="h1", at=clock.now(), queue="success", template=None, template_version=None,
        sender="SENDER", judge=BEN, verdict=Verdict.ASKED, line="Nobody named the buyer",
    )  # fmt: skip
    with baton.db.transaction() as tx:
        verdicts.add(tx, said)

    tick(baton)
    with baton.db.reading() as tx:
        assert verdicts.list_for_handoff(tx, "h1") == [replace(said, line="")]


def test_more_than_one_batch_goes_in_one_tick_even_where_the_queue_is_gone(baton: Baton, clock: ManualClock) -> None:
    for number in range(1, 71):
        put(baton, number, erase_at=clock.now(), queue="success" if number % 2 else "gone")

    assert tick(baton) == 70
    assert set(states(baton)) == {State.DELETED}
    assert next_due(baton) is None
