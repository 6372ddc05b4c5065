"""A queue's daily digest: its contents, when it is put, and that it is put once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from slackapp.escalation.actions import digests
from slackapp.escalation.actions.effects import after_change
from slackapp.escalation.model import Digest
from slackapp.runtime.baton import Baton
from storage.clocks import policies, timers
from storage.clocks.model import Calendar, ClockKind, Interval, Timer
from storage.company import people, queues
from storage.company.model import Channel, Person, Queue
from storage.db.database import Database, Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Act, AddNote, Claim, Delete
from storage.handoffs.lifecycle import Actor, Moved, State
from storage.handoffs.model import Handoff, Text
from storage.outbox import outbox, posted_messages
from storage.outbox.model import OutboxMessage, PostedMessage
from tests.batons import a_baton
from tests.builders import TEAM, a_handoff, a_queue, a_timer
from tests.manual_clock import ManualClock

MONDAY_8 = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OFFICE = Calendar(
    workspace=TEAM,
    key="office",
    timezone="UTC",
    hours=((Interval(start=time(9), end=time(17)),),) * 5 + ((), ()),
)
SUCCESS = a_queue(calendar="office")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_8)


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    with database.transaction() as tx:
        policies.put_calendar(tx, OFFICE)
        queues.put(tx, SUCCESS)
        people.put(tx, Person(workspace=TEAM, id="OWNER", name="Olga Owner"))
    baton = a_baton(database, clock)
    digests.schedule_all_digests(baton, TEAM)
    return baton


def add(baton: Baton, handoff: Handoff, *clocks: Timer) -> Handoff:
    def work(tx: Tx) -> None:
        handoffs.add(tx, handoff)
        for timer in clocks:
            timers.put(tx, timer)

    baton.db.run_transaction(work)
    return handoff


def waiting(number: int, since: datetime = MONDAY_8, **more: Any) -> Handoff:
    return a_handoff(number=number, id=f"h{number}", state_since=since, created_at=since, **more)


def a_deadline(number: int, at: datetime, **more: Any) -> Timer:
    """A finish clock with a deadline; by default it runs."""
    given = {
        "id": f"t{number}{more.get('clock', 'finish')}",
        "handoff_id": f"h{number}",
        "clock": ClockKind.FINISH,
        "started_at": MONDAY_8 - DAY,
        "running_since": MONDAY_8 - DAY,
        "deadline_at": at,
        "due_at": None,
    }
    return a_timer(**{**given, **more})


def said(baton: Baton) -> list[OutboxMessage]:
    """The digests that wait to be posted."""
    with baton.db.transaction() as tx:
        leased = outbox.lease(tx, baton.clock.now() + DAY, 100, 1, "test")
    return [one.wanted for one in leased]


def read(baton: Baton, wanted: OutboxMessage) -> Digest:
    with baton.db.reading() as tx:
        return digests.read_digest(tx, SUCCESS, wanted.payload)


def numbers(found: Digest) -> tuple[list[int], list[int], list[int]]:
    return (
        [details.handoff.number for details in found.waiting],
        [details.handoff.number for details, _ in found.due],
        [details.handoff.number for details, _ in found.missed],
    )


def morning_after(baton: Baton, clock: ManualClock, at: datetime = MONDAY_8 + HOUR) -> list[OutboxMessage]:
    clock.set(at)
    digests.put_due_digests(baton)
    return said(baton)


def test_nothing_is_said_before_the_queue_opens(baton: Baton) -> None:
    add(baton, waiting(1))

    assert digests.put_due_digests(baton) == 0
    assert said(baton) == []
    assert digests.next_digest_due_at(baton) == MONDAY_8 + HOUR


def test_at_opening_time_the_channel_hears_what_waits_longest_first(baton: Baton, clock: ManualClock) -> None:
    for number in range(1, 8):
        add(baton, waiting(number, MONDAY_8 - number * HOUR))

    (digest,) = morning_after(baton, clock)

    assert (digest.key, digest.kind, digest.to.channel) == ("digest:success:2026-03-02", "digest", "C1")
    found = read(baton, digest)
    assert numbers(found) == ([7, 6, 5, 4, 3], [], [])
    assert found.waiting_in_all == 7


def test_nothing_to_say_is_not_said_and_only_the_next_morning_is_stored(baton: Baton, clock: ManualClock) -> None:
    assert morning_after(baton, clock) == []
    assert digests.next_digest_due_at(baton) == MONDAY_8 + DAY + HOUR


def test_what_is_due_before_closing_time_is_in_it_nearest_first(baton: Baton, clock: ManualClock) -> None:
    claimed: dict[str, Any] = {"state": State.CLAIMED}
    closing = MONDAY_8.replace(hour=17)
    add(baton, waiting(1, **claimed), a_deadline(1, closing))
    add(baton, waiting(2, **claimed), a_deadline(2, closing - HOUR))
    add(baton, waiting(3, **claimed), a_deadline(3, closing + HOUR))
    add(baton, waiting(4, **claimed), a_deadline(4, closing, clock=ClockKind.UPDATE))

    (digest,) = morning_after(baton, clock)

    assert numbers(read(baton, digest)) == ([], [2, 1], [])


def test_deadlines_missed_since_the_working_day_before_are_in_it_done_or_not(baton: Baton, clock: ManualClock) -> None:
    friday = MONDAY_8 - 3 * DAY
    done: dict[str, Any] = {"state": State.DONE, "last_owner": "OWNER"}
    stopped = {"running_since": None, "stopped_at": MONDAY_8 - HOUR}
    add(baton, waiting(1, state=State.CLAIMED), a_deadline(1, friday + 2 * HOUR))
    add(baton, waiting(2, **done), a_deadline(2, friday + 3 * HOUR, met=False, **stopped))
    add(baton, waiting(3, **done), a_deadline(3, friday + 3 * HOUR, met=True, **stopped))
    add(baton, waiting(4, state=State.CLAIMED), a_deadline(4, friday - DAY))
    add(baton, waiting(5, **done), a_deadline(5, friday - DAY, met=False, **stopped))

    (digest,) = morning_after(baton, clock)

    assert numbers(read(baton, digest)) == ([], [], [1, 2])


def test_a_handoff_is_listed_once_however_many_clocks_it_has(baton: Baton, clock: ManualClock) -> None:
    later = MONDAY_8 + 4 * HOUR
    add(baton, waiting(1), a_deadline(1, later), a_deadline(1, later, clock=ClockKind.NEEDED_BY))
    add(
        baton,
        waiting(2, state=State.CLAIMED),
        a_deadline(2, later),
        a_deadline(2, later - HOUR, clock=ClockKind.NEEDED_BY),
    )

    (digest,) = morning_after(baton, clock)

    found = read(baton, digest)
    assert numbers(found) == ([1], [2], [])
    assert (found.due_in_all, found.due[0][1]) == (1, later - HOUR)


def test_other_queues_work_is_not_in_it(baton: Baton, clock: ManualClock) -> None:
    add(baton, waiting(1, queue="support"))

    assert morning_after(baton, clock) == []


def test_a_day_has_one_digest_however_many_look(baton: Baton, clock: ManualClock) -> None:
    add(baton, waiting(1))
    clock.set(MONDAY_8 + HOUR)
    gate = threading.Barrier(4)

    def look() -> None:
        gate.wait()
        digests.put_due_digests(baton)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    digests.put_due_digests(baton)

    assert [wanted.key for wanted in said(baton)] == ["digest:success:2026-03-02"]


def test_a_queue_that_wants_none_or_never_closes_or_has_no_hours_gets_none(baton: Baton, clock: ManualClock) -> None:
    always = replace(OFFICE, key="always", hours=((Interval(start=time(0), end=None),),) * 7)

    def work(tx: Tx) -> None:
        policies.put_calendar(tx, always)
        for queue in (
            replace(SUCCESS, digest=False),
            replace(SUCCESS, key="nights", calendar="always"),
            replace(SUCCESS, key="whenever", calendar=None),
        ):
            queues.put(tx, queue)
            handoffs.add(tx, waiting(len(queue.key), queue=queue.key))
        digests.schedule_digests(tx, TEAM, MONDAY_8)

    baton.db.run_transaction(work)

    assert digests.next_digest_due_at(baton) is None
    assert morning_after(baton, clock) == []


def test_other_hours_move_the_next_morning(baton: Baton) -> None:
    later = replace(OFFICE, hours=((Interval(start=time(11), end=time(17)),),) * 7)

    def work(tx: Tx) -> None:
        policies.put_calendar(tx, later)
        digests.schedule_digests(tx, TEAM, MONDAY_8)

    baton.db.run_transaction(work)

    assert digests.next_digest_due_at(baton) == MONDAY_8 + 3 * HOUR


def test_a_new_configuration_does_not_skip_a_morning_that_is_due(baton: Baton, clock: ManualClock) -> None:
    add(baton, waiting(1))
    clock.set(MONDAY_8 + 2 * HOUR)
    digests.schedule_all_digests(baton, TEAM)

    assert len(morning_after(baton, clock, MONDAY_8 + 2 * HOUR)) == 1


def test_after_an_outage_it_is_said_once_and_only_while_the_team_works(baton: Baton, clock: ManualClock) -> None:
    add(baton, waiting(1))

    assert morning_after(baton, clock, MONDAY_8 + DAY + 12 * HOUR) == []
    assert digests.next_digest_due_at(baton) == MONDAY_8 + 2 * DAY + HOUR
    (digest,) = morning_after(baton, clock, MONDAY_8 + 3 * DAY + 5 * HOUR)
    assert digest.key == "digest:success:2026-03-05"


def test_people_are_known_by_name_so_that_nobody_is_mentioned(baton: Baton, clock: ManualClock) -> None:
    add(baton, waiting(1, state=State.CLAIMED), a_deadline(1, MONDAY_8 + 4 * HOUR))

    (digest,) = morning_after(baton, clock)

    ((details, _),) = read(baton, digest).due
    assert details.names == {"OWNER": "Olga Owner"}


def test_a_digest_is_drawn_again_when_what_it_names_is_taken_and_not_for_less(baton: Baton, clock: ManualClock) -> None:
    named = add(baton, waiting(1))
    (digest,) = morning_after(baton, clock)
    other = add(baton, waiting(2))
    baton.db.run_transaction(lambda tx: posted_messages.put(tx, posted(digest)))
    taken = {"state": State.CLAIMED, "owner": "OWNER", "accountable": "OWNER"}

    with baton.db.reading() as tx:
        assert keys(after_change(tx, moved(named, Claim(), clock, **taken))) == [digest.key]
        assert keys(after_change(tx, moved(other, Claim(), clock, **taken))) == []
        assert keys(after_change(tx, moved(named, AddNote(text=Text(plain="Hello")), clock))) == []
        clock.advance(9 * DAY)
        assert keys(after_change(tx, moved(named, Claim(), clock, **taken))) == [digest.key], (
            "as long as there is no newer one"
        )


@pytest.mark.parametrize("in_flight", [False, True])
def test_a_digest_that_is_on_its_way_is_drawn_again_too(baton: Baton, clock: ManualClock, in_flight: bool) -> None:
    named = add(baton, waiting(1))
    clock.set(MONDAY_8 + HOUR)
    digests.put_due_digests(baton)
    wanted = said(baton) if in_flight else []

    with baton.db.reading() as tx:
        found = after_change(tx, moved(named, Claim(), clock, state=State.CLAIMED, owner="OWNER"))

    assert keys(found) == ["digest:success:2026-03-02"]
    assert not in_flight or found == wanted


def test_a_newer_digest_turns_the_one_before_it_into_a_record(baton: Baton, clock: ManualClock) -> None:
    named = add(baton, waiting(1))
    (first,) = morning_after(baton, clock)
    baton.db.run_transaction(lambda tx: posted_messages.put(tx, posted(first)))
    clock.set(MONDAY_8 + DAY + HOUR)
    digests.put_due_digests(baton)

    second, again = sorted(said(baton), key=lambda one: one.key, reverse=True)

    assert (second.key, again.key) == ("digest:success:2026-03-03", first.key)
    with baton.db.reading() as tx:
        old, new = (digests.scene(tx, one, True) for one in (again, second))
        taken = moved(named, Claim(), clock, state=State.CLAIMED, owner="OWNER")
        assert keys(after_change(tx, taken)) == [second.key]
    assert old is not None
    assert new is not None
    assert (old.superseded, new.superseded) == (True, False)


def test_what_was_passed_on_to_a_team_with_a_private_channel_leaves_the_digest(
    baton: Baton, clock: ManualClock
) -> None:
    passed_on, other = add(baton, waiting(1)), add(baton, waiting(2))
    (digest,) = morning_after(baton, clock)
    assert numbers(read(baton, digest))[0] == [1, 2]

    def pass_on(tx: Tx) -> None:
        for key, channel in (("leads", "C2"), ("support", "C3")):
            queues.put(tx, Queue(workspace=TEAM, key=key, name=key.title(), channel=channel))
            people.put_channel(tx, Channel(workspace=TEAM, id=channel, name=key, is_private=key == "leads"))
        handoffs.save(tx, passed_on, replace(passed_on, version=2, queue="leads", hop=2))
        handoffs.save(tx, other, replace(other, version=2, queue="support", hop=2))

    baton.db.run_transaction(pass_on)

    assert numbers(read(baton, digest))[0] == [2]


def test_a_deleted_handoff_leaves_every_digest_that_named_it(baton: Baton, clock: ManualClock) -> None:
    gone = add(baton, waiting(1))
    add(baton, waiting(2))
    (digest,) = morning_after(baton, clock)
    clock.advance(9 * DAY)

    def work(tx: Tx) -> list[OutboxMessage]:
        posted_messages.put(tx, posted(digest))
        deleted = moved(gone, Delete(), clock, state=State.DELETED, title="")
        handoffs.save(tx, gone, deleted.after)
        return after_change(tx, deleted)

    assert keys(baton.db.run_transaction(work)) == [digest.key]
    assert numbers(read(baton, digest)) == ([2], [], [])


def moved(handoff: Handoff, act: Act, clock: ManualClock, **changes: Any) -> Moved:
    after = replace(handoff, version=handoff.version + 1, **changes)
    return Moved(before=handoff, after=after, act=act, actor=Actor(user="OWNER"), at=clock.now())


def keys(wanted: list[OutboxMessage]) -> list[str]:
    return [one.key for one in wanted]


def posted(wanted: OutboxMessage) -> PostedMessage:
    return PostedMessage(
        workspace=TEAM,
        key=wanted.key,
        kind=wanted.kind,
        handoff_id=None,
        to=wanted.to,
        payload=wanted.payload,
        channel="C1",
        ts="1.1",
        permalink=None,
        posted_at=MONDAY_8,
    )
