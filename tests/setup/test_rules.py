"""What set-up makes of levels and of what an open form is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from slackapp.company.model import Company
from slackapp.setup.model import FormSubject, SetupState
from slackapp.setup.rules import levels, week
from slackapp.setup.views import hours
from storage.clocks.model import Calendar, ClockKind, Level, Policy
from tests.builders import NOW, a_queue
from tests.handoffs.views.view_checks import words_of

POLICY = Policy(
    workspace="T1", key="p", levels=tuple(Level(key=key, clock=ClockKind.CLAIM, tell=("owner",)) for key in "abc")
)


@pytest.mark.parametrize(
    ("key", "by", "order"),
    [
        ("a", 1, "bac"),
        ("a", -1, "abc"),
        ("b", -1, "bac"),
        ("b", 1, "acb"),
        ("c", -1, "acb"),
        ("c", 1, "abc"),
        ("x", 1, "abc"),
        ("x", -1, "abc"),
    ],
)
def test_a_level_moves_by_one_and_stays_at_either_end(key: str, by: int, order: str) -> None:
    assert "".join(level.key for level in levels.moved(POLICY, key, by).levels) == order


@pytest.mark.parametrize(
    ("meta", "subject"),
    [
        ({}, FormSubject()),
        ({"key": None, "version": "3", "again": None}, FormSubject()),
        ({"key": "a", "part": "b", "version": 3, "again": 2}, FormSubject(key="a", part="b", version=3, again=2)),
    ],
)
def test_what_a_form_does_not_say_of_its_object_counts_as_not_said(meta: dict[str, Any], subject: FormSubject) -> None:
    assert FormSubject.of(meta) == subject


def test_a_calendars_page_names_three_public_holidays_and_says_that_there_are_more() -> None:
    calendar = Calendar(workspace="T1", key="office", timezone="Europe/Berlin", hours=((),) * 7, country="DE")
    state = SetupState(now=datetime(2026, 12, 1, 12, tzinfo=UTC), company=Company(calendars=(calendar,)))
    text = words_of(hours.calendar_page(state, calendar)["blocks"])

    coming = week.coming_holidays(calendar, date(2026, 12, 1), 4)
    assert [name in text for _, name in coming] == [True, True, True, False]
    assert "\n…" in text
    worked = words_of(hours.calendar_page(state, replace(calendar, country=None))["blocks"])
    assert "Public holidays: worked." in worked


@pytest.mark.parametrize("key", ["", "office"])
@pytest.mark.parametrize("has_teams", [True, False])
def test_only_the_form_of_new_hours_asks_for_which_teams_they_are(key: str, *, has_teams: bool) -> None:
    calendar = Calendar(workspace="T1", key="office", timezone="Europe/Berlin", hours=((),) * 7)
    queues = (a_queue(),) if has_teams else ()
    company = Company(calendars=(calendar,), queues=queues)
    state = SetupState(now=NOW, company=replace(company, in_slack=frozenset(company.records())))
    form = hours.hours_form(state, calendar, FormSubject(key=key))

    asks = any(block.get("block_id", "").startswith("teams") for block in form["blocks"])
    assert asks == (has_teams and not key)
