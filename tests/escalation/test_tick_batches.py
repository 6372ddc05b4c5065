"""Many reminders for one person at once are one message, and further ones join it for a quarter of an hour.

When work becomes late, every message that names it is drawn again; nothing else is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from slackapp.escalation.rules.batch_size import FIRST
from slackapp.handoffs.rules import change_messages
from storage.clocks.model import ClockKind
from storage.company import queues
from storage.db.database import Database
from storage.handoffs.acts import Claim, Extend, Transfer
from storage.handoffs.model import Handoff, Priority
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import NOW, TEAM
from tests.databases import SQLITE
from tests.escalation.tick_room import HOUR, QUEUE, TARGET, Room, level
from tests.handoffs.statements import statements_of
from tests.storage.examples import MINUTE, SECOND

DUE = NOW + TARGET
BUNDLE = "bundle:DAN:2026-03-02T09:30"
NUDGED_AT = NOW + TARGET / 2
EARLY = "bundle:DAN:2026-03-02T09:15"


@pytest.fixture
def room(database: Database) -> Room:
    room = Room(database)
    room.policy(level("late", "managers"))
    return room


@pytest.fixture
def nudged(database: Database) -> Room:
    """Managers hear before the deadline, at it, and admins after it."""
    nudged = Room(database)
    nudged.policy(
        level("nudge", "managers", percent=50), level("late", "managers"), level("later", "ADA", offset_s=600)
    )
    return nudged


def many(room: Room, first: int, last: int, **facts: Any) -> None:
    for number in range(first, last + 1):
        room.open(number, by=f"S{number}", **facts)


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


def hand_off(room: Room, number: int = 1, **facts: Any) -> Handoff:
    """Open a handoff whose card and whose sender's message Slack has."""
    handoff = room.open(number, by=f"S{number}", **facts)
    room.db.run_transaction(lambda tx: outbox.put(tx, change_messages.for_opening(handoff, QUEUE), room.clock.now()))
    room.deliver()
    return handoff


def again(room: Room, known: Collection[str]) -> set[str]:
    """Return which of the messages that Slack has wait to be drawn again."""
    return set(known) & room.waiting().keys()


def test_all_that_said_by_when_is_drawn_again_once_it_is_late(nudged: Room) -> None:
    hand_off(nudged)
    hand_off(nudged, 2)
    nudged.tick_at(NUDGED_AT)
    nudge = nudged.deliver()
    assert nudge == ["level:h1:claim:1:nudge:DAN", "level:h2:claim:1:nudge:DAN"]

    nudged.tick_at(DUE)

    assert again(nudged, ["card:h1:1", "sent:h1", *nudge]) == {"card:h1:1", "sent:h1", *nudge}
    nudged.deliver()
    nudged.tick_at(DUE + 10 * MINUTE)
    assert again(nudged, ["card:h1:1", "sent:h1", *nudge]) == set(), "it is no later than it says"


@SQLITE
@pytest.mark.parametrize("clock", [ClockKind.CLAIM, ClockKind.FINISH, ClockKind.NEEDED_BY])
def test_without_a_level_at_the_deadline_it_is_drawn_again_and_nobody_is_notified(room: Room, clock: ClockKind) -> None:
    room.policy(level("later", "ADA", clock=clock, offset_s=600))
    hand_off(room, clock=clock, needed_by=DUE)

    room.tick_at(DUE)

    assert again(room, ["card:h1:1", "sent:h1"]) == {"card:h1:1", "sent:h1"}
    assert (room.notices(), room.facts()) == ({}, [])
    room.deliver()
    assert room.tick_at(DUE + MINUTE) == 0
    room.tick_at(DUE + 10 * MINUTE)
    assert set(room.notices()) == {"ADA", *(["S1"] if clock is ClockKind.CLAIM else [])}


@SQLITE
def test_late_once_more_after_an_extension_it_is_drawn_again(nudged: Room) -> None:
    hand_off(nudged)
    nudged.tick_at(DUE)
    nudged.act(Extend(seconds=3600), "DAN")
    nudged.deliver()

    nudged.tick_at(DUE + HOUR)

    assert again(nudged, ["card:h1:1", "sent:h1", "level:h1:claim:1:late:DAN"]) == {
        "card:h1:1", "sent:h1", "level:h1:claim:1:late:DAN"
    }  # fmt: skip
    assert [fact["level"] for fact in nudged.facts()] == ["late"], "no level speaks twice"


@SQLITE
def test_before_the_target_nothing_is_drawn_again(nudged: Room) -> None:
    hand_off(nudged)

    nudged.tick_at(NUDGED_AT)

    assert again(nudged, ["card:h1:1", "sent:h1"]) == set()


def test_the_message_of_many_reminders_and_the_digest_that_name_it_are_drawn_again(nudged: Room) -> None:
    handoffs = [hand_off(nudged, number) for number in (1, 2, 3)]
    lines = [[handoff.id, handoff.created_at.isoformat()] for handoff in handoffs]
    payload = {"queue": QUEUE.key, "until": DUE.isoformat(), "waiting": lines, "due": [], "missed": []}
    digest = OutboxMessage(
        workspace=TEAM,
        key="digest:success:today",
        kind="digest",
        handoff_id=None,
        to=Destination(channel=QUEUE.channel),
        payload=payload,
    )
    with nudged.db.transaction() as tx:
        outbox.put(tx, [digest], nudged.clock.now())
        queues.set_last_digest(tx, TEAM, QUEUE.key, digest.key)
    nudged.tick_at(NUDGED_AT)
    assert {EARLY, digest.key} <= set(nudged.deliver())

    nudged.tick_at(DUE)

    assert again(nudged, [EARLY, digest.key]) == {EARLY, digest.key}


def test_what_a_batch_of_late_work_redraws_takes_as_many_statements_as_one(nudged: Room, database: Database) -> None:
    def cost(numbers: range, at: int) -> int:
        for number in numbers:
            hand_off(nudged, number)
        nudged.clock.set(NOW + at * TARGET)
        with statements_of(database) as found:
            nudged.tick_at(nudged.clock.now())
        nudged.deliver()
        return len(found)

    few = cost(range(1, 5), 1)
    many = cost(range(11, 11 + FIRST - 4), 3)  # with the later level of the first four they are one batch

    assert many <= few + 2
