"""What waits follows the facts: whoever changes one that a reminder waits for decides it anew, earlier and later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from slackapp.clocks.rules import timekeeping
from slackapp.company.actions.apply_config import Changes, apply
from slackapp.company.actions.reapply_policy import reapply_policy
from slackapp.company.queries import export
from slackapp.directory.actions.people_and_channels import change_group_members, store_group, store_person
from slackapp.directory.actions.presence import store_dnd
from slackapp.escalation.actions import decide_anew
from storage.clocks import notices, policies, timers
from storage.clocks.model import Calendar, ClockKind, Interval, LevelAction, Notice
from storage.company import people, queues
from storage.company.model import Group, Person
from storage.db.database import Database
from storage.handoffs.acts import Act, Answer, Ask, Assign, Claim, Complete, Continue, Edit, Snooze, Transfer
from storage.handoffs.model import Priority, Text
from storage.outbox import outbox, rescheduling
from tests.builders import NOW, TEAM
from tests.databases import SQLITE
from tests.escalation.tick_room import HOUR, QUEUE, TARGET, Room, level
from tests.storage.examples import MINUTE

DUE = NOW + TARGET
"""Monday, half past nine."""
LATER = DUE + 5 * MINUTE
SOON = DUE + HOUR
ALONE = "level:h1:claim:1:late:DAN"


@pytest.fixture
def room(database: Database) -> Room:
    """DAN cannot be notified before `SOON`; what is late is told to the managers."""
    found = Room(database)
    found.policy(level("late", "managers"))
    found.person("DAN", dnd_until=SOON, manager="KIM")
    return found


def held(room: Room, **facts: Any) -> None:
    """Handoff 1 is late, and the reminder to DAN waits; then some minutes pass."""
    room.open(**facts)
    room.tick_at(DUE)
    assert (dan(room).hear_at, dan(room).heard_at) == (SOON, None)
    room.clock.set(LATER)


def dan(room: Room, number: int = 1) -> Notice:
    return room.notices(number)["DAN"]


def for_dan(room: Room) -> dict[str, datetime]:
    return {key: at for key, at in room.waiting().items() if "DAN" in key}


def hours(room: Room, key: str, *opens: tuple[int, int]) -> Calendar:
    """Store working hours (UTC), the same every day."""
    day = tuple(Interval(start=time(start), end=time(end)) for start, end in opens)
    calendar = Calendar(workspace=TEAM, key=key, timezone="UTC", hours=(day,) * 7)
    room.db.run_transaction(lambda tx: policies.put_calendar(tx, calendar))
    return calendar


def edit(priority: Priority) -> Act:
    return Edit(changes={"priority": priority})


# Priority


def test_a_priority_that_wakes_sends_what_waits_at_once_and_alone(room: Room) -> None:
    held(room)

    room.act(edit(Priority.CRITICAL), "SENDER")

    assert (dan(room).hear_at, dan(room).why, dan(room).message) == (LATER, None, ALONE)
    assert for_dan(room) == {ALONE: LATER}
    assert room.payload(ALONE)["roles"] == ["manager"]
    (before,) = dan(room).replaced
    assert (before.hear_at, before.why, before.replaced_at) == (SOON, "dnd", LATER)
    assert ALONE in room.deliver()
    assert dan(room).heard_at == LATER


def test_what_was_about_to_wake_somebody_and_may_not_any_more_waits(room: Room) -> None:
    room.open(priority=Priority.CRITICAL)
    room.tick_at(DUE)
    assert for_dan(room) == {ALONE: DUE}

    room.act(edit(Priority.NORMAL), "SENDER")

    assert (dan(room).hear_at, dan(room).why) == (SOON, "dnd")
    assert for_dan(room) == {dan(room).message: SOON}
    assert not [key for key in room.deliver() if "DAN" in key]


@SQLITE
def test_what_somebody_has_heard_is_not_said_again(room: Room) -> None:
    room.open(priority=Priority.CRITICAL)
    room.tick_at(DUE)
    room.deliver()
    told = dan(room)

    room.act(edit(Priority.NORMAL), "SENDER")
    room.act(edit(Priority.CRITICAL), "SENDER")

    assert dan(room) == told
    assert not [key for key in room.deliver() if "DAN" in key]


def test_what_is_being_sent_is_finished(room: Room) -> None:
    room.open(priority=Priority.CRITICAL)
    room.tick_at(DUE)
    with room.db.transaction() as tx:
        (card,) = outbox.lease(tx, DUE, 1, 60, "pump")
        outbox.drop(tx, card, "it is not what this is about")
        leased = outbox.lease(tx, DUE, 10, 60, "pump")
    assert ALONE in {row.wanted.key for row in leased}

    room.act(edit(Priority.NORMAL), "SENDER")

    assert dan(room).hear_at == DUE
    assert list(for_dan(room)) == [ALONE]


def test_a_level_that_raises_the_priority_wakes_those_who_wait_for_it(room: Room) -> None:
    room.policy(level("late", "managers", do=LevelAction.RAISE))
    room.open(priority=Priority.HIGH)

    room.tick_at(DUE)

    assert room.handoff().priority is Priority.CRITICAL
    assert for_dan(room) == {ALONE: DUE}


@SQLITE
def test_one_of_several_held_reminders_leaves_the_others_where_they_are(room: Room) -> None:
    room.open(2)
    held(room)
    together = dan(room).message
    assert dan(room, 2).message == together

    room.act(edit(Priority.CRITICAL), "SENDER")

    assert for_dan(room) == {ALONE: LATER, together: SOON}
    assert dan(room, 2).hear_at == SOON


# Whether and when a person can be notified


def test_those_no_longer_held_come_together_as_they_would_have_later(room: Room) -> None:
    room.open(2)
    held(room)

    store_dnd(room.baton, TEAM, {"DAN": (None, None)})

    assert dan(room).message == dan(room, 2).message == "bundle:DAN:2026-03-02T09:30"
    assert for_dan(room) == {dan(room).message: LATER}


def test_a_pause_that_begins_holds_what_was_about_to_go_and_the_next_level_is_told(room: Room) -> None:
    room.policy(level("late", "managers"), level("later", "managers of managers", offset_s=3600))
    room.person("DAN", manager="KIM", dnd_until=NOW)
    room.open()
    room.tick_at(DUE)
    assert for_dan(room) == {ALONE: DUE}

    store_dnd(room.baton, TEAM, {"DAN": (None, SOON)})

    assert (dan(room).hear_at, dan(room).why) == (SOON, "dnd")
    assert room.notices()["KIM"].hear_at == DUE
    assert "bundle:KIM:2026-03-02T09:30" in room.deliver()


@pytest.mark.parametrize(
    ("facts", "hear_at"),
    [({"tz": "Asia/Tokyo"}, NOW + 15 * HOUR), ({"tz": "America/New_York"}, NOW + 5 * HOUR), ({}, NOW + 24 * HOUR)],
)
def test_another_time_zone_is_another_morning(room: Room, facts: dict[str, Any], hear_at: datetime) -> None:
    """The team works from nine to half past nine or so; DAN moves, and hears at nine where he is."""
    hours(room, "team", (9, 9 + 0))
    calendar = Calendar(
        workspace=TEAM, key="team", timezone="UTC", hours=((Interval(start=time(9), end=time(9, 15)),),) * 7
    )
    with room.db.transaction() as tx:
        policies.put_calendar(tx, calendar)
        queues.put(tx, replace(QUEUE, calendar="team"))
    room.person("DAN", manager="KIM", dnd_until=NOW, tz="UTC")
    room.policy(level("late", "managers"))
    room.open(since=NOW - TARGET)
    room.tick_at(NOW + HOUR)
    assert dan(room).hear_at == NOW + 24 * HOUR

    store_person(room.baton, Person(workspace=TEAM, id="DAN", name="Dan", **{"tz": "UTC", **facts}))

    assert (dan(room).hear_at, dan(room).why) == (hear_at, "hours")
    assert for_dan(room) == {dan(room).message: hear_at}


def test_a_status_that_says_away_holds_and_one_that_is_taken_back_releases(room: Room) -> None:
    room.person("DAN", manager="KIM", dnd_until=NOW)
    room.open()
    room.tick_at(DUE)

    store_person(room.baton, Person(workspace=TEAM, id="DAN", name="DAN", away_until=SOON))
    assert (dan(room).hear_at, dan(room).why) == (SOON, "away")

    store_person(room.baton, Person(workspace=TEAM, id="DAN", name="DAN"))
    assert dan(room).hear_at == DUE
    assert [one.why for one in dan(room).replaced] == [None, "away"]


def test_whoever_leaves_is_skipped_and_whoever_comes_back_is_told(room: Room) -> None:
    held(room)

    store_person(room.baton, Person(workspace=TEAM, id="DAN", name="DAN", deleted=True))

    assert (dan(room).hear_at, dan(room).why, dan(room).message) == (None, "gone", None)
    assert not [key for key in for_dan(room) if key.startswith(("level:", "bundle:"))]

    store_person(room.baton, Person(workspace=TEAM, id="DAN", name="DAN"))

    assert (dan(room).hear_at, dan(room).why) == (SOON, "dnd")


@SQLITE
def test_when_the_only_one_leaves_the_next_level_is_told(room: Room) -> None:
    room.policy(level("late", "managers"), level("later", "ADA", offset_s=3600))
    room.person("DAN", manager="KIM", dnd_until=NOW)
    room.open()
    room.tick_at(DUE)

    store_person(room.baton, Person(workspace=TEAM, id="DAN", name="DAN", deleted=True))

    assert room.notices()["ADA"].hear_at == DUE


# Who is meant


@pytest.fixture
def led_by_a_group(room: Room) -> Room:
    with room.db.transaction() as tx:
        people.put_group(tx, TEAM, "S0LEADS", "leads", "Leads", ["DAN"], NOW)
        queues.put(tx, replace(QUEUE, managers=("S0LEADS",)))
    return room


def test_whoever_leaves_the_group_is_not_told_and_whoever_joins_it_is(led_by_a_group: Room) -> None:
    room = led_by_a_group
    held(room)

    assert change_group_members(room.baton, TEAM, "S0LEADS", added=["EVA"], removed=["DAN"])

    assert (dan(room).hear_at, dan(room).why) == (None, "left")
    assert for_dan(room) == {}
    assert room.notices()["EVA"].hear_at == LATER
    assert "bundle:EVA:2026-03-02T09:30" in room.deliver()


@SQLITE
def test_once_somebody_has_heard_nobody_joins(led_by_a_group: Room) -> None:
    room = led_by_a_group
    room.person("DAN", manager="KIM", dnd_until=NOW)
    with room.db.transaction() as tx:
        people.put_group(tx, TEAM, "S0LEADS", "leads", "Leads", ["DAN", "ADA"], NOW)
    room.person("ADA", dnd_until=SOON)
    room.open()
    room.tick_at(DUE)
    room.deliver()

    store_group(room.baton, Group(workspace=TEAM, id="S0LEADS", handle="leads", name="Leads", members=("EVA", "ADA")))

    assert room.notices().keys() == {"DAN", "ADA", "SENDER"}
    assert room.notices()["ADA"].hear_at == SOON


@SQLITE
def test_a_level_that_meant_nobody_tells_the_first_who_comes(room: Room) -> None:
    room.policy(level("late", "S0EMPTY"))
    with room.db.transaction() as tx:
        people.put_group(tx, TEAM, "S0EMPTY", "night", "Night", [], NOW)
    room.open(sender="EVA")
    room.tick_at(DUE)

    change_group_members(room.baton, TEAM, "S0EMPTY", added=["ADA"])

    assert room.notices()["ADA"].hear_at == DUE


@SQLITE
def test_a_new_owner_is_told_what_the_one_before_did_not_hear(room: Room) -> None:
    room.policy(level("late", "owner", clock=ClockKind.FINISH))
    room.person("OWNER", dnd_until=SOON)
    room.open(clock=ClockKind.FINISH)
    room.tick_at(DUE)

    room.act(Assign(person="EVA"), "DAN")

    assert (room.notices()["OWNER"].hear_at, room.notices()["OWNER"].why) == (None, "left")
    assert room.notices()["EVA"].hear_at == DUE


@SQLITE
def test_what_nobody_needs_any_more_is_left_as_it_is(room: Room) -> None:
    held(room)
    waits = for_dan(room)

    room.act(Claim(), "EVA")
    store_dnd(room.baton, TEAM, {"DAN": (None, None)})

    assert for_dan(room) == waits, "drawn when its time comes, it has nothing to say"


# The company's file


def applied(room: Room, **changes: Any) -> None:
    with room.db.reading() as tx:
        stored = export(tx, TEAM)
    assert isinstance(apply(room.baton, TEAM, replace(stored, **changes), "digest"), Changes)


@pytest.fixture
def at_night(room: Room) -> Room:
    """The team works from eight to nine; handoff 1 is late at half past nine, and DAN is held until tomorrow."""
    calendar = hours(room, "team", (8, 9))
    with room.db.transaction() as tx:
        queues.put(tx, replace(QUEUE, calendar=calendar.key))
        people.set_dnd(tx, TEAM, "DAN", None, None)
    room.open(since=NOW - 2 * HOUR)
    room.tick_at(NOW + TARGET)
    assert dan(room).hear_at == NOW + 23 * HOUR
    return room


def test_hours_that_the_file_changes_hold_or_release_what_waits_for_the_team(at_night: Room) -> None:
    longer = Calendar(
        workspace=TEAM,
        key="team",
        timezone="UTC",
        hours=((Interval(start=time(8), end=time(9)), Interval(start=time(11), end=time(12))),) * 7,
    )

    applied(at_night, calendars=(longer,))

    assert dan(at_night).hear_at == NOW + 2 * HOUR
    assert for_dan(at_night) == {dan(at_night).message: NOW + 2 * HOUR}


@SQLITE
def test_a_team_or_a_workspace_with_other_hours_is_decided_anew(at_night: Room) -> None:
    hours(at_night, "noon", (12, 13))
    with at_night.db.reading() as tx:
        (queue,) = export(tx, TEAM).queues

    applied(at_night, queues=(replace(queue, calendar="noon"),))
    assert dan(at_night).hear_at == NOW + 3 * HOUR

    applied(at_night, queues=(replace(queue, calendar=None),), workspace_calendar="team")
    assert dan(at_night).hear_at == NOW + 23 * HOUR


@SQLITE
def test_a_person_with_hours_of_their_own_is_decided_anew(at_night: Room) -> None:
    hours(at_night, "evenings", (18, 22))
    applied(at_night, calendars_of={"DAN": "evenings"})
    assert dan(at_night).hear_at == NOW + 9 * HOUR

    applied(at_night, calendars_of={})
    assert dan(at_night).hear_at == NOW + 23 * HOUR


@SQLITE
def test_other_managers_are_told_in_place_of_those_before(room: Room) -> None:
    held(room)
    with room.db.reading() as tx:
        (queue,) = export(tx, TEAM).queues

    applied(room, queues=(replace(queue, managers=("ADA",)),))

    assert (dan(room).hear_at, dan(room).why) == (None, "left")
    assert room.notices()["ADA"].hear_at == LATER


@SQLITE
def test_the_managers_of_managers_follow_the_reporting_lines(room: Room) -> None:
    room.policy(level("late", "managers of managers"))
    room.person("KIM", dnd_until=SOON)
    room.open()
    room.tick_at(DUE)
    assert room.notices()["KIM"].hear_at == SOON

    applied(room, managers={"DAN": "ADA"})

    assert room.notices()["KIM"].why == "left"
    assert room.notices()["ADA"].hear_at == DUE


@SQLITE
def test_a_policy_that_wakes_for_other_priorities_counts_once_open_work_goes_by_it(room: Room) -> None:
    held(room)
    room.policy(level("late", "managers"), wake=(Priority.NORMAL,))
    assert dan(room).hear_at == SOON, "a running clock keeps the version it started with"

    assert reapply_policy(room.baton, TEAM) == 1

    assert for_dan(room) == {ALONE: LATER}


@SQLITE
def test_a_level_that_the_new_policy_does_not_have_still_tells_those_it_meant(room: Room) -> None:
    held(room)
    room.policy(level("other", "ADA", percent=400), wake=(Priority.NORMAL,))

    reapply_policy(room.baton, TEAM)

    assert for_dan(room) == {ALONE: LATER}
    assert "ADA" not in room.notices()


# The clock pauses and goes on


LATE_TO_FINISH = level("late", "managers", clock=ClockKind.FINISH)


def held_while_owned(room: Room) -> None:
    """Handoff 1 is late, its owner has it, and the reminder to DAN waits."""
    room.policy(LATE_TO_FINISH)
    held(room, clock=ClockKind.FINISH)


@pytest.mark.parametrize(
    ("pauses", "goes_on"),
    [
        pytest.param((Snooze(until=SOON + 5 * HOUR), "OWNER"), (Continue(), "OWNER"), id="snoozed"),
        pytest.param(
            (Ask(text=Text(plain="Which?")), "OWNER"), (Answer(text=Text(plain="This.")), "SENDER"), id="asked"
        ),
    ],
)
@pytest.mark.parametrize(("hours_later", "hear_at"), [(0, SOON), (2, None)], ids=["still held", "free by then"])
def test_a_reminder_that_is_held_when_the_clock_pauses_is_sent_once_it_goes_on(
    room: Room, pauses: tuple[Act, str], goes_on: tuple[Act, str], hours_later: int, hear_at: datetime | None
) -> None:
    held_while_owned(room)

    room.act(*pauses)

    assert (dan(room).hear_at, dan(room).why) == (None, "paused")
    assert for_dan(room) == {}, "the reminder would say that a clock is late that does not run"
    room.clock.advance(hours_later * HOUR)
    room.act(*goes_on)

    assert dan(room).hear_at == (hear_at or room.clock.now())
    assert len(for_dan(room)) == 1
    assert [one.why for one in dan(room).replaced] == ["dnd", "paused"]
    room.clock.set(max(room.clock.now(), SOON))
    assert [key for key in room.deliver() if "DAN" in key]
    assert dan(room).heard_at is not None


@SQLITE
def test_while_the_clock_is_paused_no_change_of_its_reader_sends_the_reminder(room: Room) -> None:
    held_while_owned(room)
    room.act(Snooze(until=SOON + 5 * HOUR), "OWNER")

    store_dnd(room.baton, TEAM, {"DAN": (None, None)})
    room.act(edit(Priority.HIGH), "SENDER")

    assert (dan(room).hear_at, dan(room).why) == (None, "paused")
    assert [key for key in room.deliver() if "DAN" in key] == []


@SQLITE
@pytest.mark.parametrize(("is_paused", "why"), [(True, "paused"), (False, "moot")])
def test_a_reminder_that_the_pump_finds_needless_is_decided_again_if_its_clock_is_paused(
    room: Room, is_paused: bool, why: str
) -> None:
    """The pump had it already when the clock paused, so that it could not be withdrawn."""
    held_while_owned(room)
    timer, key = room.timer(ClockKind.FINISH), dan(room).message
    assert timer is not None
    assert key is not None
    with room.db.transaction() as tx:
        timers.put(tx, timekeeping.pause(timer, None, LATER) if is_paused else timer)
        rescheduling.withdraw(tx, TEAM, [key])
        notices.mark_skipped(tx, TEAM, key, "moot")

    assert (dan(room).hear_at, dan(room).why) == (None, why)


@SQLITE
def test_a_reminder_of_work_that_ends_while_it_is_paused_is_not_sent(room: Room) -> None:
    held_while_owned(room)
    room.act(Snooze(until=SOON + 5 * HOUR), "OWNER")

    room.act(Complete(), "OWNER")

    room.clock.set(SOON + HOUR)
    assert [key for key in room.deliver() if "DAN" in key] == []


# What follows from it


def test_repeats_count_from_when_somebody_can_hear(room: Room) -> None:
    room.policy(level("late", "managers", repeat_times=1, repeat_every_s=600))
    held(room)
    timer = room.timer(ClockKind.CLAIM)
    assert timer is not None
    assert (timer.quiet_until, timer.due_at) == (SOON, SOON + 10 * MINUTE)

    store_dnd(room.baton, TEAM, {"DAN": (None, None)})

    timer = room.timer(ClockKind.CLAIM)
    assert timer is not None
    assert (timer.quiet_until, timer.due_at) == (LATER, LATER + 10 * MINUTE)

    store_dnd(room.baton, TEAM, {"DAN": (None, SOON)})

    timer = room.timer(ClockKind.CLAIM)
    assert timer is not None
    assert (timer.quiet_until, timer.due_at) == (SOON, SOON + 10 * MINUTE)


def test_the_time_for_an_answer_begins_when_the_question_is_asked(room: Room) -> None:
    room.policy(level("still", clock=ClockKind.UPDATE, do=LevelAction.CHECK, within_s=1800))
    room.person("OWNER", dnd_until=SOON)
    room.open(clock=ClockKind.UPDATE)
    room.tick_at(DUE)
    check = room.timer(ClockKind.CHECK)
    assert check is not None
    assert check.due_at == SOON + 30 * MINUTE
    room.clock.set(LATER)

    store_dnd(room.baton, TEAM, {"OWNER": (None, None)})

    check = room.timer(ClockKind.CHECK)
    assert check is not None
    assert check.due_at == LATER + 30 * MINUTE
    assert "bundle:OWNER:2026-03-02T09:30" in room.deliver()
    room.tick_at(LATER + 29 * MINUTE)
    assert room.handoff().owner == "OWNER"
    room.tick_at(LATER + 30 * MINUTE)
    assert room.handoff().owner is None


@SQLITE
def test_work_that_is_passed_on_leaves_its_reminders_behind(room: Room) -> None:
    held(room)

    room.act(Transfer(queue="success", person="EVA"), "DAN")

    assert dan(room).hear_at == SOON, "its clock has stopped"


@SQLITE
def test_of_many_decisions_the_first_and_the_latest_are_kept(room: Room) -> None:
    held(room)

    for minutes in range(6, 16):
        store_dnd(room.baton, TEAM, {"DAN": (None, SOON + minutes * MINUTE)})

    assert [one.hear_at for one in dan(room).replaced] == [SOON, *(SOON + n * MINUTE for n in (12, 13, 14))]
    assert dan(room).hear_at == SOON + 15 * MINUTE


@SQLITE
def test_the_pump_finds_that_its_reader_is_away_and_tells_the_next_level(room: Room) -> None:
    room.policy(level("late", "managers"), level("later", "ADA", offset_s=3600))
    room.person("DAN", manager="KIM", dnd_from=DUE + MINUTE, dnd_until=SOON)
    room.open()
    room.tick_at(DUE)
    assert for_dan(room) == {ALONE: DUE}
    room.clock.set(LATER)

    with room.db.transaction() as tx:
        decide_anew.hold_message(tx, TEAM, ALONE, until=SOON, why="dnd", now=LATER)

    assert (dan(room).hear_at, dan(room).why) == (SOON, "dnd")
    assert room.notices()["ADA"].hear_at == LATER
