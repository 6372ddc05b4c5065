"""Combinations of several factors' values: every pair of values in a few rows, or every row there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, product
from typing import Any, TypeAlias

Combine: TypeAlias = Callable[..., list[tuple[Any, ...]]]
"""Takes the values of each factor and returns rows with one of each."""
_Cell: TypeAlias = tuple[int, int]
"""A factor and one of its values, both by position."""


def all_pairs(*factors: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return few rows, a value per factor, in which each pair of values of two factors occurs; always the same.

    A defect that needs three particular values at once may escape; the long form of a test runs `every`.
    """
    if not all(factors):
        return []
    missing = dict.fromkeys(
        pair
        for (one, ones), (other, others) in combinations(enumerate(factors), 2)
        for pair in product(((one, n) for n in range(len(ones))), ((other, n) for n in range(len(others))))
    )
    rows = []
    while missing:
        row = _row([len(factor) for factor in factors], missing)
        for pair in combinations(sorted(row.items()), 2):
            missing.pop(pair, None)
        rows.append(tuple(factor[row[number]] for number, factor in enumerate(factors)))
    return rows


def every(*factors: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return every combination of the factors' values."""
    return list(product(*factors))


def _row(sizes: Sequence[int], missing: dict[tuple[_Cell, _Cell], None]) -> dict[int, int]:
    """Begin with the first missing pair, and take for each other factor the value that brings the most missing ones."""
    row = dict(next(iter(missing)))
    for factor, size in enumerate(sizes):
        if factor not in row:
            row[factor] = max(range(size), key=lambda value: _brings(row, (factor, value), missing))
    return row


def _brings(row: dict[int, int], cell: _Cell, missing: dict[tuple[_Cell, _Cell], None]) -> int:
    found = 0
    for one in row.items():
        first, second = sorted((one, cell))
        found += (first, second) in missing
    return found
