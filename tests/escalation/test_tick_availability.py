"""Who is notified of a level now or later, and that everybody left out has a recorded reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from slackapp.directory.actions.presence import store_dnd
from storage.clocks.model import ClockKind, LevelAction
from storage.db.database import Database
from storage.handoffs.acts import Claim
from storage.handoffs.model import Priority
from tests.builders import NOW, TEAM
from tests.databases import SQLITE
from tests.escalation.tick_room import HOUR, TARGET, Room, level
from tests.storage.examples import MINUTE

DUE = NOW + TARGET
EVENING = NOW + 8 * HOUR
"""17:00, when most have gone home."""


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def test_whoever_can_hear_hears_at_once_and_it_is_written_down(room: Room) -> None:
    room.policy(level("late", "managers", "channel"))
    room.open()

    room.tick_at(DUE)

    (said,) = room.facts()
    assert said["told"] == ["DAN", "channel", "SENDER"]
    assert (said["due_at"], said["deadline_at"]) == (DUE.isoformat(), DUE.isoformat())
    assert not {"held", "skipped", "climbed"} & set(said)
    dan = room.notices()["DAN"]
    assert (dan.hear_at, dan.why, dan.message, dan.heard_at) == (DUE, None, "level:h1:claim:1:late:DAN", None)
    assert room.notices()["channel"].message == "level:h1:claim:1:late:channel"
    assert room.waiting()["level:h1:claim:1:late:DAN"] == DUE


@pytest.mark.parametrize(
    ("ends", "heard"), [(None, DUE + MINUTE), (DUE + HOUR, DUE + HOUR), (DUE + 9 * HOUR, DUE + 9 * HOUR)]
)
def test_what_waits_comes_sooner_or_later_when_do_not_disturb_ends_sooner_or_later(
    room: Room, ends: datetime | None, heard: datetime
) -> None:
    was = DUE + 8 * HOUR
    room.policy(level("late", "managers"))
    room.person("DAN", dnd_until=was)
    room.open()
    room.tick_at(DUE)
    assert room.notices()["DAN"].hear_at == was
    room.clock.set(DUE + MINUTE)

    assert store_dnd(room.baton, TEAM, {"DAN": (None, ends)}) == 1

    dan = room.notices()["DAN"]
    assert dan.hear_at == heard
    assert {key: at for key, at in room.waiting().items() if "DAN" in key} == {dan.message: heard}


def test_outside_their_hours_it_waits_for_the_opening_and_somebody_above_hears_at_once(room: Room) -> None:
    room.policy(level("late", "managers"), level("later", "managers of managers", offset_s=3600))
    room.hours("DAN", 9, 17)
    room.open(since=EVENING)

    room.tick_at(EVENING + TARGET)

    morning = NOW + 24 * HOUR
    (said,) = room.facts()
    assert said["told"] == ["KIM", "SENDER"]
    assert said["held"] == [["DAN", "hours", morning.isoformat()]]
    assert said["climbed"] == ["later"]
    dan = room.notices()["DAN"]
    assert (dan.hear_at, dan.why, dan.level) == (morning, "hours", "late")
    assert dan.message == "bundle:DAN:2026-03-03T09:00"
    assert room.waiting()["bundle:DAN:2026-03-03T09:00"] == morning
    timer = room.timer(ClockKind.CLAIM)
    assert timer is not None
    assert (timer.fired, timer.quiet_until) == (("late",), None), "the level above still speaks in its own time"

    room.tick_at(EVENING + TARGET + HOUR)

    assert [(said["level"], said["told"]) for said in room.facts()] == [("late", ["KIM", "SENDER"]), ("later", ["KIM"])]


@SQLITE
def test_it_climbs_until_somebody_can_hear_and_no_further(room: Room) -> None:
    room.policy(
        level("late", "managers"),
        level("act", offset_s=300, do=LevelAction.RAISE),
        level("two", "managers of managers", offset_s=600),
        level("three", "admins", offset_s=1200),
        level("four", "EVA", offset_s=1800),
    )
    room.person("DAN", dnd_until=DUE + HOUR, manager="KIM")
    room.person("KIM", away_until=DUE + 2 * HOUR)
    room.open()

    room.tick_at(DUE)

    (said,) = room.facts()
    assert said["climbed"] == ["two", "three"]
    assert said["told"] == ["ADA", "SENDER"]
    assert said["held"] == [
        ["DAN", "dnd", (DUE + HOUR).isoformat()],
        ["KIM", "away", (DUE + 2 * HOUR).isoformat()],
    ]


@pytest.mark.parametrize("sender_sleeps", [True, False])
def test_when_nobody_of_the_levels_can_hear_repeats_count_from_when_somebody_can(
    room: Room, *, sender_sleeps: bool
) -> None:
    room.policy(level("late", "managers", repeat_times=2, repeat_every_s=600))
    room.person("DAN", dnd_until=DUE + HOUR)
    if sender_sleeps:
        room.person("SENDER", dnd_until=DUE + 3 * HOUR)
    room.open()

    room.tick_at(DUE)

    timer = room.timer(ClockKind.CLAIM)
    assert timer is not None
    assert timer.quiet_until == DUE + HOUR
    assert timer.due_at == DUE + HOUR + 10 * MINUTE
    for minutes in range(10, 70, 10):
        assert room.tick_at(DUE + minutes * MINUTE) == 0
    room.tick_at(DUE + HOUR + 10 * MINUTE)
    assert [said["level"] for said in room.facts()] == ["late", "late#2"]


@SQLITE
def test_the_channel_always_hears_so_nothing_climbs_and_repeats_go_on(room: Room) -> None:
    room.policy(level("late", "DAN", "channel", repeat_times=1, repeat_every_s=600), level("up", "ADA", offset_s=3600))
    room.person("DAN", dnd_until=DUE + HOUR)
    room.open()

    room.tick_at(DUE)

    assert room.facts()[0]["told"] == ["channel", "SENDER"]
    assert "climbed" not in room.facts()[0]
    assert room.tick_at(DUE + 10 * MINUTE) == 1


@SQLITE
def test_the_sender_can_hear_but_is_not_who_the_level_meant(room: Room) -> None:
    room.policy(level("late", "managers"), level("up", "ADA", offset_s=3600))
    room.person("DAN", dnd_until=DUE + HOUR)
    room.open()

    room.tick_at(DUE)

    assert room.facts()[0]["climbed"] == ["up"]


@SQLITE
def test_a_level_with_nobody_in_it_says_so_and_the_next_one_is_told_at_once(room: Room) -> None:
    room.policy(level("late", "owner", "S0EMPTY"), level("up", "managers", offset_s=3600))
    room.open()

    room.tick_at(DUE)

    (said,) = room.facts()
    assert (said["told"], said["climbed"]) == (["DAN", "SENDER"], ["up"])


@SQLITE
def test_with_nobody_in_any_level_the_words_are_written_down_as_skipped(room: Room) -> None:
    room.policy(level("nudge", "owner", "S0EMPTY", percent=50))
    room.open()

    room.tick_at(NOW + TARGET / 2)

    (said,) = room.facts()
    assert (said["told"], said["skipped"]) == ([], [["owner", "nobody"], ["S0EMPTY", "nobody"]])
    assert {(n.recipient, n.why, n.hear_at) for n in room.notices().values()} == {
        ("owner", "nobody", None),
        ("S0EMPTY", "nobody", None),
    }
    assert room.waiting() == {}


def test_whoever_has_left_is_skipped_for_good_and_the_next_level_hears(room: Room) -> None:
    room.policy(level("late", "managers"), level("up", "ADA", offset_s=3600))
    room.person("DAN", deleted=True)
    room.open()

    room.tick_at(DUE)

    (said,) = room.facts()
    assert (said["told"], said["skipped"]) == (["ADA", "SENDER"], [["DAN", "gone"]])
    assert (room.notices()["DAN"].hear_at, room.notices()["DAN"].why) == (None, "gone")
    assert not any(key.endswith("DAN") for key in room.waiting())


def test_what_is_critical_wakes_people_and_still_passes_on_to_those_who_are_awake(room: Room) -> None:
    room.policy(level("late", "managers"), level("up", "ADA", offset_s=3600))
    room.person("DAN", dnd_until=DUE + HOUR)
    room.open(priority=Priority.CRITICAL)

    room.tick_at(DUE)

    (said,) = room.facts()
    assert (said["told"], said["climbed"]) == (["DAN", "ADA", "SENDER"], ["up"])
    assert "held" not in said
    assert room.waiting()["level:h1:claim:1:late:DAN"] == DUE


@SQLITE
def test_which_priorities_wake_people_is_the_policys_choice(room: Room) -> None:
    room.policy(level("late", "managers"), wake=(Priority.HIGH,))
    room.person("DAN", dnd_until=DUE + HOUR)
    room.open(1, priority=Priority.HIGH)
    room.open(2, priority=Priority.CRITICAL)

    room.tick_at(DUE)

    assert room.notices(1)["DAN"].hear_at == DUE
    assert room.notices(2)["DAN"].hear_at == DUE + HOUR


@SQLITE
def test_a_webhook_hears_by_its_key_at_any_hour(room: Room) -> None:
    room.policy(level("late", "webhook pager"), level("up", "ADA", offset_s=3600))
    room.open()

    room.tick_at(DUE)

    assert room.facts()[0]["told"] == ["webhook:pager", "SENDER"]
    key = "webhook:h1:claim:1:late:pager"
    assert room.waiting()[key] == DUE
    assert room.notices()["webhook:pager"].message == key


@SQLITE
def test_what_was_held_through_the_night_is_not_said_once_somebody_has_claimed_it(room: Room) -> None:
    room.policy(level("late", "managers"))
    room.person("DAN", dnd_until=DUE + HOUR)
    room.open()
    room.tick_at(DUE)
    waits = room.waiting()["bundle:DAN:2026-03-02T10:30"]

    room.clock.set(DUE + MINUTE)
    room.act(Claim(), "EVA")

    assert room.waiting()["bundle:DAN:2026-03-02T10:30"] == waits == DUE + HOUR, "asked for again, yet not earlier"


@SQLITE
def test_a_catch_up_after_an_outage_tells_only_the_highest_level_and_both_instants(room: Room) -> None:
    room.policy(
        level("nudge", "channel", percent=50),
        level("late", "managers"),
        level("later", "ADA", offset_s=600, repeat_times=3, repeat_every_s=600),
    )
    room.open()
    back = DUE + 5 * HOUR

    room.tick_at(back)

    (said,) = room.facts()
    assert (said["level"], said["told"]) == ("later#4", ["ADA", "SENDER"])
    assert said["due_at"] == (DUE + 40 * MINUTE).isoformat()
    assert room.tick_at(back + timedelta(days=1)) == 0
