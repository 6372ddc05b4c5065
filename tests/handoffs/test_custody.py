"""The share of a clock that each holder used, by the team's hours, and the line on the card."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from slackapp.handoffs.queries.load import details
from slackapp.handoffs.rules.custody import measure, span_of
from slackapp.handoffs.views import clock_lines
from storage.clocks.model import Calendar, ClockKind, Interval, Timer
from storage.db.database import Database
from storage.handoffs.lifecycle import Situation
from storage.handoffs.model import Custody
from tests.builders import NOW, TEAM
from tests.escalation.tick_room import HOUR, TARGET, Room, level
from tests.handoffs.samples import ANA, BEN, MONDAY_9, TOM, a_timer, some_details

OFFICE = Calendar(
    workspace="T1", key="office", timezone="UTC",
    hours=((Interval(start=time(9), end=time(17)),),) * 7,
)  # fmt: skip
NOBODY = None


def at(hours: float) -> datetime:
    return MONDAY_9 + timedelta(hours=hours)


def held(user: str, owner: str | None, since: float, until: float | None) -> Custody:
    return Custody(accountable=user, owner=owner, since=at(since), until=None if until is None else at(until))


def ran(clock: ClockKind, since: float, until: float | None, target_h: float, **more: Any) -> Timer:
    """A clock that ran, or still runs, from one hour to another."""
    stopped = {} if until is None else {"stopped_at": at(until), "running_since": None}
    used = {} if until is None else {"consumed_s": int((until - since) * 3600)}
    began = {"started_at": at(since), "running_since": at(since)}
    return a_timer(clock, target_s=int(target_h * 3600), **{**began, **stopped, **used, **more})


def shares(stretches: list[Custody], timers: list[Timer], now: float, **calendars: Calendar) -> list[float | None]:
    found = [one.share for one in (measure(span_of(held), timers, calendars, at(now)) for held in stretches)]
    return [None if share is None else round(share, 3) for share in found]


def test_unclaimed_time_is_measured_by_the_claim_clock_and_owned_time_by_the_finish_clock() -> None:
    stretches = [held(ANA, NOBODY, 0, 1), held(BEN, BEN, 1, None)]
    timers = [ran(ClockKind.CLAIM, 0, 1, 2), ran(ClockKind.FINISH, 1, None, 4)]

    assert shares(stretches, timers, 2) == [0.5, 0.25]


def test_only_the_teams_open_time_counts() -> None:
    stretches = [held(ANA, NOBODY, 0, 25), held(BEN, BEN, 25, None)]  # Monday 9:00 to Tuesday 10:00: nine hours open
    timers = [
        ran(ClockKind.CLAIM, 0, 25, 18, calendar="office", consumed_s=9 * 3600),
        ran(ClockKind.FINISH, 25, None, 10, calendar="office", wall=True),
    ]

    assert shares(stretches, timers, 49, office=OFFICE) == [0.5, 2.4]


def test_a_clock_that_stood_still_counted_less_than_was_open() -> None:
    rested = ran(ClockKind.FINISH, 0, None, 4, consumed_s=3600, running_since=None, paused_at=at(1))

    assert shares([held(BEN, BEN, 0, None)], [rested], 3) == [0.25]


def test_a_finish_clock_that_runs_on_is_shared_by_those_who_had_the_work() -> None:
    stretches = [held(BEN, BEN, 0, 1), held(ANA, NOBODY, 1, 3), held(TOM, TOM, 3, None)]

    assert shares(stretches, [ran(ClockKind.FINISH, 0, None, 10)], 5) == [0.1, None, 0.2]


def test_without_a_clock_there_is_no_share() -> None:
    assert shares([held(ANA, NOBODY, 0, 1), held(BEN, BEN, 1, None)], [], 2) == [None, None]
    other = ran(ClockKind.CLAIM, 5, None, 2)
    assert shares([held(ANA, NOBODY, 0, 1)], [other], 6) == [None], "a clock of a later hop measures nothing before it"


def test_the_owner_has_it_while_the_sender_still_answers_for_it() -> None:
    stretches = [held(ANA, NOBODY, 0, 1), held(ANA, BEN, 1, 2), held(BEN, BEN, 2, None)]

    details = some_details(Situation.CLAIMED, custody=tuple(stretches), names={ANA: "Ana", BEN: "Ben"})
    lines = clock_lines.ownership_history(details, at(3))
    assert lines[1].startswith("Ana, while Ben owned it, ")
    assert lines[2].startswith("Ben as owner, ")


def test_everybody_whom_the_history_names_is_known_by_name(database: Database) -> None:
    room = Room(database)
    room.policy(level("late", "managers", "EVA"))
    room.person("DAN", name="Dan", away_until=NOW + 9 * HOUR)
    room.person("EVA", name="Eva")
    room.open()

    room.tick_at(NOW + TARGET)

    with database.reading() as tx:
        found = details(tx, TEAM, "h1", history=True)
    assert found is not None
    assert {"DAN": "Dan", "EVA": "Eva"}.items() <= found.names.items(), "of them only the audit's facts tell"
