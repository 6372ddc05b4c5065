"""Which reminders of a person are sent alone and which as a batch; the same choice in every process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.escalation.rules.batching import (
    BATCH_FROM,
    BATCH_WINDOW,
    Placement,
    RecentReminders,
    Reminder,
    candidate_keys,
    choose_messages,
    is_batch_key,
)

NINE = datetime(2026, 11, 23, 9, 7, 30, tzinfo=UTC)
NOTHING = RecentReminders(batches={}, heard=0)
MINUTE = timedelta(minutes=1)


def reminders(count: int, at: datetime = NINE, *, wake: bool = False) -> list[Reminder]:
    return [Reminder(f"level:h{n}", at, wake) for n in range(count)]


def keys(found: list[Placement]) -> list[str]:
    return [place.key for place in found]


@pytest.mark.parametrize(
    ("count", "heard", "together"),
    [(1, 0, False), (2, 0, False), (3, 0, True), (1, 1, False), (1, 2, True), (2, 1, True)],
)
def test_the_third_reminder_within_a_quarter_of_an_hour_makes_it_many(count: int, heard: int, together: bool) -> None:
    found = choose_messages("DAN", reminders(count), RecentReminders(batches={}, heard=heard), NINE)

    assert {is_batch_key(key) for key in keys(found)} == {together}
    assert not any(place.joined for place in found)


def test_a_bundle_is_called_by_its_person_and_the_quarter_of_an_hour() -> None:
    assert keys(choose_messages("DAN", reminders(3), NOTHING, NINE)) == ["bundle:DAN:2026-11-23T09:00"] * 3
    assert candidate_keys("DAN", NINE) == ("bundle:DAN:2026-11-23T09:00", "bundle:DAN:2026-11-23T08:45")


@pytest.mark.parametrize(
    ("said_at", "joins"),
    [
        (None, True),
        (NINE - MINUTE, True),
        (NINE - BATCH_WINDOW + timedelta(seconds=1), True),
        (NINE - BATCH_WINDOW, False),
    ],
)
def test_one_more_joins_a_bundle_that_is_younger_than_a_quarter_of_an_hour(
    said_at: datetime | None, joins: bool
) -> None:
    earlier = "bundle:DAN:2026-11-23T08:45"

    (found,) = choose_messages("DAN", reminders(1), RecentReminders(batches={earlier: said_at}, heard=0), NINE)

    assert found == (Placement(earlier, joined=True) if joins else Placement("level:h0"))


def test_what_is_held_waits_in_the_bundle_of_its_own_quarter_and_counts_for_nothing_now() -> None:
    tomorrow = NINE + timedelta(hours=24)

    found = choose_messages("DAN", [*reminders(5, tomorrow), *reminders(2)], NOTHING, NINE)

    assert keys(found) == ["bundle:DAN:2026-11-24T09:00"] * 5 + ["level:h0", "level:h1"]


def test_what_wakes_people_neither_joins_nor_makes_it_many() -> None:
    found = choose_messages("DAN", [*reminders(4, wake=True), *reminders(2)], NOTHING, NINE)

    assert not any(is_batch_key(key) for key in keys(found))
    young = RecentReminders(batches={"bundle:DAN:2026-11-23T09:00": None}, heard=9)
    assert keys(choose_messages("DAN", reminders(1, wake=True), young, NINE)) == ["level:h0"]


@given(
    st.lists(st.integers(0, 4 * 60 * 60), min_size=1, max_size=60),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - the zone follows
)
def test_however_reminders_come_a_person_is_pinged_by_at_most_one_bundle_in_a_quarter_of_an_hour(
    seconds: list[int], start: datetime
) -> None:
    posted: dict[str, datetime] = {}
    heard: list[datetime] = []
    for at in sorted(start.replace(tzinfo=UTC) + timedelta(seconds=second) for second in seconds):
        recent = RecentReminders(
            batches={key: posted[key] for key in candidate_keys("DAN", at) if key in posted},
            heard=sum(at - BATCH_WINDOW < one for one in heard),
        )
        (place,) = choose_messages("DAN", [Reminder(f"alone:{len(heard)}", at, wake=False)], recent, at)
        heard.append(at)
        if is_batch_key(place.key):
            assert place.joined == (place.key in posted)
            posted.setdefault(place.key, at)

    pings = sorted(posted.values())
    assert all(later - earlier >= BATCH_WINDOW for earlier, later in pairwise(pings))
    assert (
        len(posted) > 0
        or len(heard) < BATCH_FROM
        or min(b - a for a, b in zip(heard, heard[2:], strict=False)) >= BATCH_WINDOW
    )
