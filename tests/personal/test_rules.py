"""Until when somebody can be away, and how long daily quiet hours can be: to the minute."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from slackapp.personal import rules
from slackapp.personal.model import AwayProblem, SettingsProblem
from tests.builders import NOW

SECOND = timedelta(seconds=1)
YEAR = timedelta(days=366)


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        (NOW, AwayProblem.PAST),
        (NOW + SECOND, None),
        (NOW + YEAR, None),
        (NOW + YEAR + SECOND, AwayProblem.TOO_FAR),
    ],
)
def test_an_absence_ends_later_than_now_and_within_a_year(until: datetime, problem: AwayProblem | None) -> None:
    assert rules.until_problem(until, NOW) is problem


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        (None, None, None),
        (time(22), None, SettingsProblem.ONE_MISSING),
        (time(22), time(22), SettingsProblem.SAME),
        (time(22), time(6), None),
        (time(16), time(8), None),
        (time(16), time(8, 1), SettingsProblem.TOO_LONG),
        (time(0), time(16), None),
        (time(0), time(16, 1), SettingsProblem.TOO_LONG),
    ],
)
def test_quiet_hours_have_a_beginning_an_end_and_sixteen_hours_at_most(
    since: time | None, until: time | None, problem: SettingsProblem | None
) -> None:
    assert rules.quiet_problem(since, until) is problem
