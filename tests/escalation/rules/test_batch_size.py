"""How many due clocks share a transaction: as many as fit into the time that a person may wait for it."""

from __future__ import annotations

from itertools import accumulate, repeat

import pytest

from slackapp.escalation.rules.batch_size import BATCH_S, FIRST, MOST, next_size


def sizes(a_clock_s: float, fixed_s: float = 0.0, count: int = 12) -> list[int]:
    """The batches of a tick in which every clock costs the same."""
    return list(accumulate(repeat(FIRST, count), lambda size, _: next_size(size, fixed_s + size * a_clock_s)))


@pytest.mark.parametrize("a_clock_s", [0.0001, 0.0003, 0.001, 0.009, 0.05])
def test_after_the_first_no_batch_takes_longer_than_it_may(a_clock_s: float) -> None:
    later = sizes(a_clock_s)[1:]
    assert max(later) * a_clock_s <= BATCH_S
    assert max(later) == MOST or max(later) * a_clock_s > BATCH_S / 2, "and none is needlessly small"


def test_a_batch_grows_twofold_at_most_and_has_a_largest_size() -> None:
    assert sizes(1e-9, count=9) == [16, 32, 64, 128, 256, 512, 1024, 1024, 1024]


def test_a_batch_that_took_too_long_is_followed_by_one_that_fits_at_once() -> None:
    assert next_size(512, took_s=16 * BATCH_S) == 32


def test_a_clock_that_takes_longer_than_a_batch_may_is_fired_all_the_same() -> None:
    assert next_size(1, took_s=60) == 1


def test_few_sizes_occur_because_each_is_a_statement_of_its_own() -> None:
    assert {next_size(size, took_s / 1000) for size in (16, 64, 1024) for took_s in range(1, 3000)} <= {
        2**n for n in range(11)
    }
