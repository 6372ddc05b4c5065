"""Stories that are about something else than the database run on one each time, and on both in a soak."""

from __future__ import annotations

import pytest

from tests.databases import DIALECTS, EITHER


@EITHER
@pytest.mark.parametrize("story", range(8))
def test_each_story_has_one_database_and_not_all_have_the_same(
    request: pytest.FixtureRequest, dialect: str, story: int, *, long: bool
) -> None:
    here = [item for item in request.session.items if item.path == request.path and isinstance(item, pytest.Function)]
    told = [item.callspec.params for item in here]
    if len(told) > 1:  # somebody asked for more than this one
        there = ["sqlite"] if request.config.getoption("--quick") else list(DIALECTS)
        assert {one["dialect"] for one in told} == set(there)
        assert [one["dialect"] for one in told if one["story"] == story] == (there if long else [dialect])
