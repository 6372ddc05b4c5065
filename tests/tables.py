"""Checks a table of many rows in one test and reports every row that fails."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

_Row = TypeVar("_Row")


def check_rows(rows: Iterable[_Row], check: Callable[[_Row], object], *, name: Callable[[_Row], str] = repr) -> None:
    """Call `check` with every row; raise one AssertionError that names each row that failed and says why.

    Args:
        rows: what is checked; no rows at all are a failure too, since nothing would have been checked.
        check: asserts what holds for one row.
        name: how a row is named in the report.
    """
    failures: list[tuple[str, BaseException]] = []
    checked = 0
    for row in rows:
        checked += 1
        try:
            check(row)
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  # reported below, with its row
            failures.append((name(row), error))
    if not checked:
        raise AssertionError("the table has no rows")
    if failures:
        report = "\n".join(f"{row}: {type(error).__name__}: {error}" for row, error in failures)
        raise AssertionError(f"{len(failures)} of {checked} rows failed:\n{report}") from failures[0][1]
