"""The helper that checks many rows in one test."""

import pytest

from tests.tables import check_rows


def test_rows_that_hold_pass() -> None:
    seen: list[int] = []
    check_rows([1, 2, 3], seen.append)
    assert seen == [1, 2, 3]


def test_every_row_that_fails_is_reported_with_its_reason() -> None:
    def check(row: int) -> None:
        if row == 2:
            pytest.fail("two is too few")
        assert row != 3, "three is too many"
        if row == 4:
            raise KeyError("four")

    with pytest.raises(AssertionError) as failed:
        check_rows([1, 2, 3, 4, 5], check)
    assert str(failed.value).splitlines()[0] == "3 of 5 rows failed:"
    for said in ("2: Failed: two is too few", "3: AssertionError: three is too many", "4: KeyError: 'four'"):
        assert said in str(failed.value)


def test_a_table_without_rows_fails() -> None:
    with pytest.raises(AssertionError, match="no rows"):
        check_rows([], print)
