"""What the ledger costs, as ratios: seconds differ between machines, ratios hardly."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import bindparam, update

from storage.clocks import timers
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import Claim
from storage.handoffs.lifecycle import Actor, Moved, Role, decide
from storage.outbox import outbox
from storage.outbox.pacing import block
from storage.outbox.tables import pacing
from tests.builders import NOW, TEAM, a_handoff, a_timer
from tests.storage.examples import MINUTE, a_message, stored

pytestmark = pytest.mark.slow

_BARE = update(pacing).where(pacing.c.bucket == bindparam("of")).values(until=bindparam("until"))
MOST = 15.0
"""A claim is seven statements; far above this ratio something is built or fetched per call that should not be."""


def bare_update(tx: Tx, n: int) -> None:
    """One UPDATE of one row, the least that a transaction can do."""
    tx.execute(_BARE, {"of": "T1", "until": NOW + n * MINUTE})


def claim(tx: Tx, n: int) -> None:
    """What a claim writes: handoff, audit, a clock that stops, one that starts, card and notice."""
    handoff = handoffs.get(tx, TEAM, f"h{n}")
    assert handoff is not None
    outcome = decide(handoff, Claim(), Actor(user="ANA", roles=frozenset({Role.MEMBER})), NOW)
    assert isinstance(outcome, Moved)
    handoffs.save(tx, outcome.before, outcome.after)
    audit.add(
        tx, handoff=outcome.after, workspace=TEAM, at=NOW, verb=outcome.verb, actor="ANA",
        before=outcome.before.state, after=outcome.after.state,
    )  # fmt: skip
    (running,) = timers.list_live_for_handoff(tx, handoff.id)
    timers.put(tx, replace(running, stopped_at=NOW, due_at=None, running_since=None, met=True))
    card = a_message(f"card:{handoff.id}", handoff_id=handoff.id)
    outbox.put(tx, [card, replace(card, key=f"notice:{handoff.id}", kind="notice")], NOW)


def cost_ms(database: Database, times: int, *works: Callable[[Tx, int], None]) -> list[float]:
    """What one transaction of each kind costs, in milliseconds.

    They take turns, so that a busy machine slows all of them, and the lower quartile leaves its hiccups out.
    """
    took: list[list[float]] = [[] for _ in works]
    for n in range(1, times + 1):
        for work, mine in zip(works, took, strict=True):
            began = time.perf_counter()
            database.run_transaction(partial(_numbered, work, n))
            mine.append((time.perf_counter() - began) * 1000)
    return [statistics.quantiles(mine, n=4)[0] for mine in took]


def _numbered(work: Callable[[Tx, int], None], n: int, tx: Tx) -> None:
    work(tx, n)


def test_a_claim_costs_a_few_times_a_bare_update(
    database: Database,
    long: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    times = 2000 if long else 200
    stored(database, *(a_handoff(number=n) for n in range(1, times + 1)))

    def arm(tx: Tx) -> None:
        for n in range(1, times + 1):
            timers.put(tx, a_timer(id=f"t{n}", handoff_id=f"h{n}"))

    database.run_transaction(arm)
    database.run_transaction(lambda tx: block(tx, "T1", NOW))
    bare, whole = cost_ms(database, times, bare_update, claim)

    with capsys.disabled():
        print(f"\n{database.dialect}: claim {whole:.2f} ms, bare update {bare:.2f} ms, ratio {whole / bare:.1f}")  # noqa: T201 - the result
    assert whole / bare < MOST


def test_a_lease_does_not_cost_more_with_what_waits_for_later(
    database: Database,
    long: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Cost follows what is due, not what merely exists."""
    many = 50_000 if long else 2_000

    def lease(tx: Tx, n: int) -> None:
        outbox.put(tx, [a_message(f"now:{n}")], NOW)
        for row in outbox.lease(tx, NOW, 16, 30, "pump"):
            outbox.mark_sent(tx, row, None, NOW)

    (empty,) = cost_ms(database, 100, lease)
    later = NOW.replace(year=NOW.year + 1)
    database.run_transaction(lambda tx: outbox.put(tx, [a_message(f"later:{n}") for n in range(many)], NOW, later))
    (full,) = cost_ms(database, 100, lease)

    with capsys.disabled():
        print(f"\n{database.dialect}: lease {empty:.2f} ms, with {many} waiting for later {full:.2f} ms")  # noqa: T201 - the result
    assert full < empty * 3 + 2
