"""Rows of values in which every pair occurs."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from tests.pairs import all_pairs, every

FACTORS = ("abcdefg", range(7), [True, False], "xyz", range(5))


def test_every_two_values_of_two_factors_meet_in_a_row() -> None:
    rows = all_pairs(*FACTORS)

    for one, other in combinations(range(len(FACTORS)), 2):
        met = {(row[one], row[other]) for row in rows}
        assert met == set(product(FACTORS[one], FACTORS[other]))


def test_the_rows_are_few_and_always_the_same() -> None:
    rows = all_pairs(*FACTORS)

    assert rows == all_pairs(*FACTORS)
    assert len(rows) < 70, "the two largest factors alone need 49 rows; there are 1470 combinations"


@pytest.mark.parametrize("factors", [("ab", "cd"), ("ab", [])])
def test_of_two_factors_every_combination_is_needed(factors: tuple[str, str]) -> None:
    assert sorted(all_pairs(*factors)) == every(*factors)
