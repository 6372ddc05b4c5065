"""Cost follows what is due and what people do, not how much is open: the same work in a small and in a big ledger."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from slackapp.escalation.actions.clock_sweep import examine
from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.home import queries, views
from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.queries import load_page
from slackapp.runtime.baton import Baton
from storage.clocks import timers
from storage.db.database import Database
from storage.handoffs.acts import Claim
from storage.handoffs.lifecycle import Moved
from storage.outbox.model import home_of
from tests.batons import a_baton
from tests.benchmarks.busy import BUSY, add_busy_person, plans_of
from tests.benchmarks.filling import NOW, QUEUES, fill, make_due, settle
from tests.builders import TEAM
from tests.databases import Server
from tests.manual_clock import ManualClock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

DUE = 100
_DRAWN = 20
MOST_CPU_MS = 40
"""What a Home tab with two hundred open handoffs and thirty teams may cost."""
SHORT, LONG = (1_000, 40_000), (10_000, 1_000_000)
LISTS: Final = {
    "mine": ListQuery(kind=ListKind.MINE),
    "sent": ListQuery(kind=ListKind.SENT),
    "what needs me": ListQuery(kind=ListKind.NEEDS_ME),
    "my teams": ListQuery(kind=ListKind.TEAMS),
    "late work of a team": ListQuery(kind=ListKind.TEAM, team="busy7", is_late=True),
}
_READS_ALL: Final = re.compile(r"^SCAN (handoffs|timers)\b(?!.*USING.*INDEX)|Seq Scan on (handoffs|timers)\b")
"""A step of a query plan that reads a whole table, as SQLite and PostgreSQL call it."""
BOUND_SHORT, BOUND_LONG = 1.6, 1.2
"""The short form runs beside other work and takes milliseconds, so that its bound is wider."""


@dataclass(frozen=True)
class Ledger:
    """A ledger of some size and the Baton that works on it."""

    size: int
    baton: Baton


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What the same work costs in a small and in a big ledger."""

    small_ms: float
    big_ms: float
    ratio: float


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ledgers(
    request: pytest.FixtureRequest, servers: Callable[[str], Server], *, long: bool
) -> Iterator[tuple[Ledger, Ledger]]:
    """A small and a big ledger, on the same database server."""
    server = servers(request.param)
    urls = [server.migrated() for _ in range(2)]
    found = []
    for url, size in zip(urls, LONG if long else SHORT, strict=True):
        database = Database.open(url)
        began = time.perf_counter()
        fill(database, size)
        print(f"\n{database.dialect}: filled with {size:,} in {time.perf_counter() - began:.1f} s")  # noqa: T201 - a result
        found.append(Ledger(size, a_baton(database, ManualClock(NOW))))
    yield found[0], found[1]
    for ledger, url in zip(found, urls, strict=True):
        ledger.baton.db.close()
        server.remove(url)


def compared(
    ledgers: tuple[Ledger, Ledger],
    times: int,
    prepare: Callable[[Ledger, int], object],
    work: Callable[[Ledger, int], object],
) -> Compared:
    """The median milliseconds of the work in the small and in the big ledger, in turns, and their ratio.

    The ratio is the median of the ratios of neighbours, so that what slows the machine for a while is in both.
    """
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(times + 1):
        for ledger, mine in zip(ledgers, took, strict=True):
            prepare(ledger, turn)
            began = time.perf_counter()
            work(ledger, turn)
            mine.append((time.perf_counter() - began) * 1000)
    small, big = took[0][1:], took[1][1:]  # the first warms up
    ratio = statistics.median(much / little for little, much in zip(small, big, strict=True))
    return Compared(small_ms=statistics.median(small), big_ms=statistics.median(big), ratio=ratio)


def test_a_tick_costs_what_is_due_and_not_what_is_open(
    ledgers: tuple[Ledger, Ledger], *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    def due(ledger: Ledger, turn: int) -> None:
        make_due(ledger.baton.db, 1 + turn * DUE, (turn + 1) * DUE)

    def fire(ledger: Ledger, _turn: int) -> None:
        assert tick(ledger.baton) == DUE

    found = compared(ledgers, 15 if long else 7, due, fire)

    tell(capsys, ledgers, f"a tick with {DUE} due", found)
    assert found.ratio <= (BOUND_LONG if long else BOUND_SHORT)


def test_a_claim_disarms_and_arms_its_clocks_at_the_same_cost_however_many_run(
    ledgers: tuple[Ledger, Ledger], *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    times = 200 if long else 50

    def number(ledger: Ledger, turn: int) -> int:
        return ledger.size - turn

    def claim(ledger: Ledger, turn: int) -> None:
        n = number(ledger, turn)
        request = Request(workspace=TEAM, handoff_id=f"h{n}", act=Claim(), user=f"UMEMBER{n % QUEUES}")
        assert isinstance(carry_out(ledger.baton, request), Moved)

    found = compared(ledgers, times, lambda *_: None, claim)

    for ledger in ledgers:
        with ledger.baton.db.reading() as tx:
            assert timers.list_live_for_handoff(tx, f"h{number(ledger, 0)}") == [], "the claim stopped the claim clock"
    tell(capsys, ledgers, "a claim", found)
    assert found.ratio <= (BOUND_LONG if long else BOUND_SHORT)


def test_the_sweep_of_the_clocks_says_what_it_costs(
    ledgers: tuple[Ledger, Ledger], capsys: pytest.CaptureFixture[str]
) -> None:
    """The one cost that follows what is open, so it has no bound; what it must not do is find anything."""
    big = ledgers[1]
    began = time.perf_counter()
    seen = examine(big.baton, most=big.size)
    took_s = time.perf_counter() - began

    assert seen.handoffs == big.size
    assert seen.faults == {}
    with capsys.disabled():
        print(f"\n{big.baton.db.dialect}: a sweep of {big.size:,} open handoffs: {took_s:.1f} s")  # noqa: T201 - the result


@pytest.fixture(scope="module")
def busy(ledgers: tuple[Ledger, Ledger]) -> tuple[Ledger, Ledger]:
    """The ledgers with the person of thirty teams and two hundred open handoffs; for the last tests of the module."""
    for ledger in ledgers:
        add_busy_person(ledger.baton.db, above=ledger.size)
        settle(ledger.baton.db)
    return ledgers


def test_a_home_tab_costs_what_its_person_has(
    busy: tuple[Ledger, Ledger], *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thirty teams and two hundred open handoffs, all of the person's, in a small and in a big ledger."""

    def draw(ledger: Ledger, _turn: int) -> None:
        with ledger.baton.db.reading() as tx:
            scene = queries.scene(tx, home_of(TEAM, BUSY), NOW, ())
        assert scene is not None
        assert views.home(scene, NOW).view["blocks"]

    found = compared(busy, 60 if long else 20, lambda *_: None, draw)

    began = time.process_time()
    for turn in range(_DRAWN):
        draw(busy[1], turn)
    cpu_ms = (time.process_time() - began) * 1000 / _DRAWN
    tell(capsys, busy, f"a Home tab, read and drawn ({cpu_ms:.0f} ms of this process's CPU)", found)
    assert found.ratio <= (BOUND_LONG if long else BOUND_SHORT)
    assert cpu_ms <= MOST_CPU_MS
    scans = [line for line in plans_of(busy[1].baton.db, lambda: draw(busy[1], 0)) if _READS_ALL.search(line)]
    assert scans == []


@pytest.mark.parametrize("query", LISTS.values(), ids=LISTS)
def test_a_list_costs_what_is_in_it(
    busy: tuple[Ledger, Ledger], query: ListQuery, *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lists of the person with thirty teams and two hundred open handoffs."""

    def load(ledger: Ledger, _turn: int) -> None:
        assert load_page(ledger.baton, workspace=TEAM, user=BUSY, query=query).total

    found = compared(busy, 60 if long else 10, lambda *_: None, load)

    tell(capsys, busy, f"the list {query.kind}", found)
    assert found.ratio <= (BOUND_LONG if long else BOUND_SHORT)
    scans = [line for line in plans_of(busy[1].baton.db, lambda: load(busy[1], 0)) if _READS_ALL.search(line)]
    assert scans == []


def tell(capsys: pytest.CaptureFixture[str], ledgers: tuple[Ledger, Ledger], what: str, found: Compared) -> None:
    few, many = ledgers
    with capsys.disabled():
        print(  # noqa: T201 - the benchmark's result
            f"\n{few.baton.db.dialect}: {what}: {found.small_ms:.1f} ms with {few.size:,} open, "
            f"{found.big_ms:.1f} ms with {many.size:,} open, ratio {found.ratio:.2f}"
        )
