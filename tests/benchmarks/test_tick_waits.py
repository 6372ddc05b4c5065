"""What somebody who claims waits for while very much is due: a batch of the tick, and never the whole tick."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from slackapp.escalation.actions.tick import tick
from slackapp.escalation.rules.batch_size import BATCH_S, FIRST
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.registers import REGISTERS
from slackapp.runtime.baton import Baton
from storage.clocks.model import LevelAction
from storage.db.database import Database
from storage.handoffs.acts import Claim
from storage.handoffs.lifecycle import Moved
from tests.batons import a_baton
from tests.benchmarks.filling import LEVELS, NOW, POLICY, QUEUES, fill, make_due
from tests.builders import TEAM
from tests.manual_clock import ManualClock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ALONE: Final = 10
"""Claims while nothing is due: the floor."""
MOST_TIMES: Final = 1.5
"""Of the longest a batch may take, or the first batch and a claim do take: 0.3 s on a machine that is fast enough."""
_EVERY_S: Final = 0.02
_RAISES: Final = replace(POLICY, levels=(replace(LEVELS[0], do=LevelAction.RAISE), LEVELS[1]))


def claim_s(baton: Baton, n: int) -> float:
    """Claim handoff `n`; return how long that took."""
    began = time.perf_counter()
    request = Request(workspace=TEAM, handoff_id=f"h{n}", act=Claim(), user=f"UMEMBER{n % QUEUES}")
    assert isinstance(carry_out(baton, request), Moved)
    return time.perf_counter() - began


def took_s(work: Callable[[], object]) -> float:
    """How long some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@pytest.mark.parametrize("acts", [False, True], ids=["told", "raised"])
def test_a_claim_waits_for_one_batch_of_the_tick_and_not_for_all_that_is_due(
    database: Database, *, acts: bool, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    due = 1_000 if long or not acts else 150
    first = due + ALONE + 1
    fill(database, first + FIRST, _RAISES if acts else POLICY)
    baton = replace(a_baton(database, ManualClock(NOW)), effects=tuple(REGISTERS.effects))
    alone_s = statistics.median(claim_s(baton, n) for n in range(due + 1, first))
    make_due(database, first, first + FIRST - 1)
    floor_s = alone_s + took_s(lambda: tick(baton))
    make_due(database, 1, due)
    whole: list[float] = []
    ticking = threading.Thread(target=lambda: whole.append(took_s(lambda: tick(baton))))

    ticking.start()
    waits = []
    for n in range(due, 0, -1):
        if not ticking.is_alive():
            break
        waits.append(claim_s(baton, n))
        time.sleep(_EVERY_S)
    ticking.join()

    ratio = max(waits) / max(BATCH_S, floor_s)
    with capsys.disabled():
        print(  # noqa: T201 - the benchmark's result
            f"\n{database.dialect}: {due:,} due fired in {whole[0] * 1000:.0f} ms; of {len(waits)} claims meanwhile the"
            f" longest took {max(waits) * 1000:.0f} ms, alone {alone_s * 1000:.1f} ms, with the smallest batch"
            f" {floor_s * 1000:.0f} ms, ratio {ratio:.2f}"
        )
    assert ratio <= MOST_TIMES
