"""Actions of levels (release, raise, reassign, check), and what happens when a snooze or a question is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from slackapp.escalation.rules.batch_size import FIRST
from storage.clocks.model import ClockKind, Duration, LevelAction
from storage.company import queues
from storage.db.database import Database
from storage.handoffs import notes
from storage.handoffs.acts import AddNote, Claim, Continue, Release, Snooze
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Priority, Text
from storage.outbox import outbox
from tests.builders import NOW
from tests.databases import SQLITE
from tests.escalation.tick_room import HOUR, QUEUE, TARGET, Room, level
from tests.handoffs.statements import statements_of
from tests.storage.examples import MINUTE, SECOND

DUE = NOW + TARGET
WRITES = 8
"""Statements that write one change that a level makes: of the handoff, what is read for it, and what redraws it."""
ASKED = "level:h1:finish:1:quiet:OWNER"


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def asking(room: Room, *tell: str, **changes: object) -> None:
    room.policy(level("quiet", *tell, clock=ClockKind.FINISH, do=LevelAction.CHECK, within_s=600, **changes))


def reasons(room: Room) -> list[str | None]:
    """Why it was put back, note by note."""
    with room.db.reading() as tx:
        return [note.text.reason for note in notes.list_for_handoff(tx, "h1")]


def test_the_owner_is_asked_and_has_as_long_as_the_level_says(room: Room) -> None:
    asking(room)
    room.open(clock=ClockKind.FINISH)

    room.tick_at(DUE)

    assert room.payload(ASKED)["do"] == "check"
    check = room.timer(ClockKind.CHECK)
    assert check is not None
    assert check.due_at == DUE + 10 * MINUTE
    assert room.handoff().state is State.CLAIMED


def test_an_answer_keeps_the_work_where_it_is(room: Room) -> None:
    asking(room)
    room.open(clock=ClockKind.FINISH)
    room.tick_at(DUE)
    room.deliver()
    room.clock.set(DUE + MINUTE)

    room.act(Continue(), "OWNER")

    assert room.timer(ClockKind.CHECK) is None
    room.tick_at(DUE + HOUR)
    assert room.handoff().owner == "OWNER"


def test_no_answer_puts_the_work_back_with_the_reason_and_the_clock_of_the_queue_starts_again(room: Room) -> None:
    asking(room)
    room.open(clock=ClockKind.FINISH)
    room.tick_at(DUE)
    room.deliver()
    assert room.tick_at(DUE + 10 * MINUTE - SECOND) == 0

    room.tick_at(DUE + 10 * MINUTE)

    handoff = room.handoff()
    assert (handoff.state, handoff.owner, handoff.accountable) == (State.OPEN, None, "SENDER")
    assert reasons(room) == ["no_answer"]
    assert room.verbs() == ["escalate", "lapse"]
    assert room.timer(ClockKind.CHECK) is None
    claim = room.timer(ClockKind.CLAIM)
    assert claim is not None
    assert claim.deadline_at == DUE + 10 * MINUTE + TARGET
    room.act(Claim(), "EVA")
    assert room.handoff().owner == "EVA"


def test_the_time_to_answer_counts_from_when_the_owner_can_hear(room: Room) -> None:
    asking(room)
    room.person("OWNER", dnd_until=DUE + HOUR)
    room.open(clock=ClockKind.FINISH)

    room.tick_at(DUE)

    check = room.timer(ClockKind.CHECK)
    assert check is not None
    assert check.due_at == DUE + HOUR + 10 * MINUTE


def test_a_question_that_is_still_on_its_way_costs_nobody_their_work(room: Room) -> None:
    asking(room)
    room.open(clock=ClockKind.FINISH)
    room.tick_at(DUE)  # and Slack is away for half an hour

    room.tick_at(DUE + 30 * MINUTE)
    assert room.handoff().owner == "OWNER"
    room.clock.set(DUE + 35 * MINUTE)
    room.deliver()
    assert ASKED not in room.waiting()
    room.tick_at(DUE + 40 * MINUTE)
    assert room.handoff().owner == "OWNER", "heard at 35, so there is time until 45"
    assert ASKED in room.waiting(), "it is drawn again, as it says until when an answer is awaited"

    room.tick_at(DUE + 45 * MINUTE)
    assert room.handoff().owner is None


def test_an_owner_who_waits_for_the_senders_answer_is_neither_asked_nor_relieved(room: Room) -> None:
    room.policy(level("quiet", clock=ClockKind.NEEDED_BY, do=LevelAction.CHECK, within_s=600))
    room.open(clock=ClockKind.NEEDED_BY, needed_by=DUE, asked_at=NOW)

    room.tick_at(DUE)

    assert room.timer(ClockKind.CHECK) is None
    room.tick_at(DUE + HOUR)
    assert room.handoff().owner == "OWNER"


@SQLITE
def test_a_question_that_can_not_be_said_at_all_is_not_waited_for_for_ever(room: Room) -> None:
    asking(room)
    room.open(clock=ClockKind.FINISH)
    room.tick_at(DUE)
    with room.db.transaction() as tx:
        while rows := outbox.lease(tx, DUE, 100, 30, "pump"):
            for row in rows:
                outbox.drop(tx, row, "their messages are closed")

    room.tick_at(DUE + 10 * MINUTE)

    assert room.handoff().owner is None


@SQLITE
def test_a_second_question_gives_no_more_time_than_the_first(room: Room) -> None:
    asking(room, repeat_times=3, repeat_every_s=240)
    room.open(clock=ClockKind.FINISH)
    for minutes in (0, 4, 8):
        room.tick_at(DUE + minutes * MINUTE)
        room.deliver()

    assert len(room.facts()) == 3
    room.tick_at(DUE + 10 * MINUTE)
    assert room.handoff().owner is None


@SQLITE
def test_an_owner_who_has_left_is_not_asked_and_the_work_goes_back_at_once(room: Room) -> None:
    asking(room, "managers")
    room.person("OWNER", deleted=True)
    room.open(clock=ClockKind.FINISH)

    room.tick_at(DUE)

    assert room.handoff().owner is None
    assert reasons(room) == ["level:quiet"]
    assert room.facts()[0]["skipped"] == [["OWNER", "gone"]]
    assert room.facts()[0]["told"] == ["DAN"]


@SQLITE
def test_while_nobody_owns_it_nobody_is_asked(room: Room) -> None:
    asking(room, "managers")
    room.open(clock=ClockKind.FINISH)
    room.act(Release(text=Text(plain="back")), "OWNER")

    room.tick_at(DUE)

    assert room.timer(ClockKind.CHECK) is None
    assert room.handoff().state is State.OPEN


def test_a_level_can_release_work_to_its_queue_and_say_which_level_it_was(room: Room) -> None:
    room.policy(level("stuck", "managers", clock=ClockKind.FINISH, do=LevelAction.RELEASE))
    room.open(clock=ClockKind.FINISH)

    room.tick_at(DUE)

    assert (room.handoff().state, room.handoff().owner) == (State.OPEN, None)
    assert reasons(room) == ["level:stuck"]
    assert room.verbs() == ["escalate", "lapse"]
    assert room.facts()[0]["told"] == ["DAN"]
    assert room.timer(ClockKind.CLAIM) is not None


def test_a_level_can_raise_the_priority_step_by_step(room: Room) -> None:
    room.policy(
        level("hot", do=LevelAction.RAISE, repeat_times=3, repeat_every_s=60),
        targets={ClockKind.CLAIM: {Priority.NORMAL: duration()}},
    )
    room.open(priority=Priority.LOW)
    seen = []
    for minutes in range(4):
        room.tick_at(DUE + minutes * MINUTE)
        seen.append(room.handoff().priority)

    assert seen == [Priority.NORMAL, Priority.HIGH, Priority.CRITICAL, Priority.CRITICAL]
    assert room.verbs() == ["escalate", "edit", "escalate", "edit", "escalate", "edit", "escalate"]
    assert [said["level"] for said in room.facts()] == ["hot", "hot#2", "hot#3", "hot#4"]


def duration() -> Duration:
    return Duration(seconds=int(TARGET.total_seconds()))


def test_many_raised_at_once_wake_who_is_away_and_are_decided_in_as_few_statements_as_one(
    room: Room, database: Database
) -> None:
    room.policy(level("late", "managers", do=LevelAction.RAISE))
    room.person("DAN", away_until=DUE + 9 * HOUR)

    def raised(numbers: range, at: datetime) -> int:
        for number in numbers:
            room.open(number, priority=Priority.HIGH)
        room.clock.set(at)
        with statements_of(database) as found:
            room.tick_at(at)
        assert {room.handoff(number).priority for number in numbers} == {Priority.CRITICAL}
        assert {room.notices(number)["DAN"].hear_at for number in numbers} == {at}
        room.deliver()
        return len(found)

    one = raised(range(1, 2), DUE)
    many = raised(range(2, 2 + FIRST), DUE + HOUR)

    assert many <= one + (FIRST - 1) * WRITES


@SQLITE
def test_a_level_can_give_work_to_somebody(room: Room) -> None:
    room.policy(level("take", "managers", do=LevelAction.REASSIGN, to="EVA"))
    room.open()

    room.tick_at(DUE)

    assert room.handoff().owner == "EVA"
    assert room.verbs() == ["escalate", "assign"]
    assert room.timer(ClockKind.CLAIM) is None


@SQLITE
def test_given_to_the_managers_it_goes_to_the_first_who_can_hear(room: Room) -> None:

    room.db.run_transaction(lambda tx: queues.put(tx, replace(QUEUE, managers=("DAN", "KIM", "ADA"))))
    room.policy(level("take", do=LevelAction.REASSIGN, to="managers"))
    room.person("DAN", deleted=True)
    room.person("KIM", dnd_until=DUE + HOUR)
    room.open(1)
    room.tick_at(DUE)
    assert room.handoff(1).owner == "ADA"

    room.person("ADA", away_until=DUE + 5 * HOUR)
    room.open(2, since=NOW + MINUTE)
    room.tick_at(DUE + MINUTE)
    assert room.handoff(2).owner == "KIM", "nobody can hear: the first who has not left"


@SQLITE
def test_work_is_not_given_to_somebody_who_has_left(room: Room) -> None:
    room.policy(level("take", do=LevelAction.REASSIGN, to="EVA"))
    room.person("EVA", deleted=True)
    room.open()

    room.tick_at(DUE)

    assert room.handoff().state is State.OPEN
    assert room.verbs() == ["escalate"]


def test_at_the_end_of_a_snooze_the_owner_is_reminded_and_the_clock_runs_on(room: Room) -> None:
    room.policy()
    room.open(clock=ClockKind.FINISH)
    room.clock.set(NOW + 10 * MINUTE)
    room.act(Snooze(until=NOW + 5 * HOUR), "OWNER")
    assert room.tick_at(NOW + 5 * HOUR - SECOND) == 0

    assert room.tick_at(NOW + 5 * HOUR) == 1

    assert room.handoff().snoozed_until is None
    assert room.verbs() == ["snooze", "remind"]
    assert room.timer(ClockKind.SNOOZE) is None
    finish = room.timer(ClockKind.FINISH)
    assert finish is not None
    assert finish.deadline_at == NOW + 5 * HOUR + 20 * MINUTE
    assert room.tick_at(NOW + 5 * HOUR) == 0


@SQLITE
def test_a_snooze_ends_and_another_clock_is_due_in_the_same_moment(room: Room) -> None:
    room.policy(level("date", "owner", clock=ClockKind.NEEDED_BY))
    room.open(clock=ClockKind.NEEDED_BY, needed_by=DUE)
    room.act(Snooze(until=DUE), "OWNER")

    room.tick_at(DUE)

    assert room.verbs() == ["snooze", "remind", "escalate"]
    assert room.facts()[0]["told"] == ["OWNER"]


@SQLITE
def test_an_escalation_leaves_the_handoff_as_it_is_so_that_nobody_who_looks_at_it_is_late(room: Room) -> None:
    room.policy(level("late", "managers"))
    before = room.open()

    room.tick_at(DUE)

    assert room.handoff() == before
    room.act(AddNote(text=Text(plain="on it")), "EVA")
    assert room.handoff().version == before.version + 1
