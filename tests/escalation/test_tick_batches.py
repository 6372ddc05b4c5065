"""Many reminders for one person at once are one message, and further ones join it for a quarter of an hour."""

from __future__ import annotations

from typing import Any

import pytest

from storage.db.database import Database
from storage.handoffs.acts import Claim, Transfer
from storage.handoffs.model import Priority
from tests.builders import NOW
from tests.databases import SQLITE
from tests.escalation.tick_room import HOUR, TARGET, Room, level
from tests.storage.examples import MINUTE, SECOND

DUE = NOW + TARGET
BUNDLE = "bundle:DAN:2026-03-02T09:30"


@pytest.fixture
def room(database: Database) -> Room:
    room = Room(database)
    room.policy(level("late", "managers"))
    return room


def many(room: Room, first: int, last: int, **facts: Any) -> None:
    for number in range(first, last + 1):
        room.open(number, sender=f"S{number}", **facts)


def for_dan(room: Room) -> list[str]:
    return sorted(key for key in room.waiting() if "DAN" in key)


def test_two_come_alone_and_three_are_one_message(room: Room) -> None:
    many(room, 1, 2)
    room.tick_at(DUE)
    assert for_dan(room) == ["level:h1:claim:1:late:DAN", "level:h2:claim:1:late:DAN"]


def test_three_at_once_are_one_message_with_nothing_about_one_handoff_in_its_address(room: Room) -> None:
    many(room, 1, 3)

    room.tick_at(DUE)

    assert for_dan(room) == [BUNDLE]
    assert {room.notices(n)["DAN"].message for n in (1, 2, 3)} == {BUNDLE}
    assert {room.notices(n)["DAN"].why for n in (1, 2, 3)} == {None}, "said at once, together"
    assert [said["told"] for said in room.facts(2)] == [["DAN", "S2"]]
    assert room.waiting()["level:h1:claim:1:late:S1"] == DUE, "who hears of one only is told of one"


def test_the_third_within_a_quarter_of_an_hour_begins_a_bundle_and_a_later_one_does_not(room: Room) -> None:
    many(room, 1, 2)
    room.tick_at(DUE)
    room.deliver()
    many(room, 3, 3, since=NOW + 14 * MINUTE)
    room.tick_at(DUE + 14 * MINUTE)
    assert room.notices(3)["DAN"].message == BUNDLE

    many(room, 4, 4, since=NOW + HOUR)
    room.tick_at(DUE + HOUR)
    assert room.notices(4)["DAN"].message == "level:h4:claim:1:late:DAN"


def test_what_follows_joins_a_bundle_while_it_is_young_without_another_ping(room: Room) -> None:
    room.clock.set(NOW + 10 * MINUTE)
    many(room, 1, 3)
    begun = DUE + 10 * MINUTE
    room.tick_at(begun)
    assert BUNDLE in room.deliver()

    many(room, 4, 4, since=NOW + 24 * MINUTE)
    room.tick_at(begun + 14 * MINUTE)

    joined = room.notices(4)["DAN"]
    assert (joined.message, joined.why) == (BUNDLE, "calm"), "theirs is not over yet"
    assert BUNDLE not in room.deliver(), "Slack has it: it is redrawn in place"

    many(room, 5, 5, since=NOW + 40 * MINUTE)
    room.tick_at(begun + 30 * MINUTE)
    assert room.notices(5)["DAN"].message != BUNDLE


def test_a_bundle_that_slack_does_not_have_yet_is_joined_too(room: Room) -> None:
    many(room, 1, 3)
    room.tick_at(DUE)
    many(room, 4, 4, since=NOW + SECOND)
    room.tick_at(DUE + SECOND)

    assert for_dan(room) == [BUNDLE]
    assert room.notices(4)["DAN"].message == BUNDLE


def test_what_is_critical_comes_alone_however_much_there_is(room: Room) -> None:
    many(room, 1, 4, priority=Priority.CRITICAL)
    many(room, 5, 7)

    room.tick_at(DUE)

    assert for_dan(room) == [BUNDLE, *(f"level:h{n}:claim:1:late:DAN" for n in range(1, 5))]


def test_what_was_held_comes_as_one_message_when_they_can_hear(room: Room) -> None:
    room.person("DAN", dnd_until=DUE + HOUR, manager="KIM")
    for number, minutes in ((1, 0), (2, 5), (3, 20)):
        room.open(number, since=NOW + minutes * MINUTE)
    for minutes in (0, 5, 20):
        room.tick_at(DUE + minutes * MINUTE)

    held = "bundle:DAN:2026-03-02T10:30"
    assert for_dan(room) == [held]
    assert room.waiting()[held] == DUE + HOUR
    assert {room.notices(n)["DAN"].why for n in (1, 2, 3)} == {"dnd"}

    many(room, 4, 4, since=NOW + HOUR + 5 * MINUTE)
    room.clock.set(DUE + HOUR)
    assert held in room.deliver()
    room.tick_at(DUE + HOUR + 5 * MINUTE)
    assert room.notices(4)["DAN"].message == held, "what follows within a quarter of an hour joins it"


def test_whatever_happens_to_a_handoff_redraws_the_bundle_it_stands_in(room: Room) -> None:
    many(room, 1, 3)
    room.tick_at(DUE)
    room.deliver()
    assert for_dan(room) == []

    room.clock.set(DUE + MINUTE)
    room.act(Claim(), "EVA", number=2)

    assert for_dan(room) == [BUNDLE]
    assert room.deliver() != [BUNDLE]


@SQLITE
def test_a_handoff_that_has_nothing_to_do_with_a_bundle_does_not_redraw_it(room: Room) -> None:
    many(room, 1, 3)
    room.tick_at(DUE)
    room.deliver()
    room.open(9)

    room.act(Claim(), "EVA", number=9)

    assert for_dan(room) == []


@SQLITE
def test_everybody_has_bundles_of_their_own(room: Room) -> None:
    room.policy(level("late", "managers", "ADA"))
    many(room, 1, 3)

    room.tick_at(DUE)

    assert sorted(key for key in room.waiting() if key.startswith("bundle:")) == [
        "bundle:ADA:2026-03-02T09:30",
        BUNDLE,
    ]


@SQLITE
def test_passed_on_it_still_redraws_the_bundle_of_who_was_told_before(room: Room) -> None:
    many(room, 1, 3)
    room.tick_at(DUE)
    room.deliver()

    room.act(Transfer(queue="success", person="EVA"), "DAN", number=1)

    assert for_dan(room) == [BUNDLE]
