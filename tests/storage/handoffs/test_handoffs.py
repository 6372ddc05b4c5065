"""Handoffs as stored: whole, written over only by whoever read the last version, and never against the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from storage.db.database import Database, Tx
from storage.db.errors import Conflict, Stale
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import Claim
from storage.handoffs.lifecycle import Actor, Moved, RefusalReason, Refused, Role, State, decide
from storage.handoffs.model import Handoff, Priority, Source
from tests.builders import NOW, TEAM, a_handoff
from tests.databases import POSTGRESQL
from tests.storage.examples import MINUTE, at_once, stored

FULL = a_handoff(
    state=State.CLAIMED,
    title="Renewal for Ärzte & Söhne 🎉 \u200f\u05e9\u05dc\u05d5\u05dd",
    hop=2,
    rounds=1,
    priority=Priority.CRITICAL,
    next_step="Call <!channel>\nand then @everyone",
    link="https://example.com/" + "x" * 2900,
    needed_by=NOW + timedelta(days=1),
    fields={"told_customer": "yes", "list": [1, None, {"a": "🎉"}]},
    last_owner="OWNER",
    source=Source(channel="C1", ts="1.1", thread_ts="1.0", permalink="https://x", author="U1"),
)


def read(database: Database, handoff_id: str = "h1") -> Handoff:
    with database.reading() as tx:
        found = handoffs.get(tx, TEAM, handoff_id)
    assert found is not None
    return found


def test_what_is_stored_is_read_back_whole(database: Database) -> None:
    stored(database, FULL)

    assert read(database) == FULL
    with database.reading() as tx:
        assert handoffs.get_by_number(tx, TEAM, 1) == FULL


def test_another_workspace_does_not_see_it(database: Database) -> None:
    stored(database, FULL)

    with database.reading() as tx:
        assert handoffs.get(tx, "T2", "h1") is None
        assert handoffs.get_by_number(tx, "T2", 1) is None
        assert handoffs.list_open_in_queue(tx, "T2", FULL.queue, 10) == []


def test_everything_that_a_life_changes_is_written(database: Database) -> None:
    stored(database, FULL)
    after = a_handoff(
        version=2, state=State.OPEN, state_since=NOW + MINUTE, title="New", queue="support", hop=3, rounds=2,
        priority=Priority.LOW, next_step="other", fields={}, sender="OWNER", last_owner="OWNER", offered_to="BEN",
        accountable="queue:support",
    )  # fmt: skip

    database.run_transaction(lambda tx: handoffs.save(tx, FULL, after))

    assert read(database) == after


def test_numbers_count_up_in_each_workspace(database: Database) -> None:
    def three(_: int) -> list[int]:
        return [database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM)) for _ in range(3)]

    taken = [number for numbers in at_once(4, three) for number in numbers]

    assert sorted(taken) == list(range(1, 13))
    assert database.run_transaction(lambda tx: handoffs.next_number(tx, "T2")) == 1


def test_a_write_over_an_older_version_is_stale(database: Database) -> None:
    stored(database, a_handoff())
    before = read(database)
    database.run_transaction(lambda tx: handoffs.save(tx, before, replace(before, title="First", version=2)))

    with pytest.raises(Stale):
        database.run_transaction(lambda tx: handoffs.save(tx, before, replace(before, title="Second", version=2)))

    assert read(database).title == "First"


def claim(database: Database, user: str) -> Moved | Refused:
    def work(tx: Tx) -> Moved | Refused:
        handoff = handoffs.get(tx, TEAM, "h1")
        assert handoff is not None
        outcome = decide(handoff, Claim(), Actor(user=user, roles=frozenset({Role.MEMBER})), NOW)
        if isinstance(outcome, Moved):
            handoffs.save(tx, outcome.before, outcome.after)
            audit.add(
                tx, handoff=outcome.after, workspace=TEAM, at=NOW, verb="claim", actor=user,
                before=outcome.before.state, after=outcome.after.state,
            )  # fmt: skip
        return outcome

    return database.run_transaction(work)


def test_of_forty_who_claim_at_once_exactly_one_gets_it_and_the_others_hear_who(database: Database) -> None:
    stored(database, a_handoff())

    outcomes = at_once(40, lambda n: claim(database, f"U{n}"))

    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, Moved)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert {(loser.why, loser.handoff.owner) for loser in losers} == {(RefusalReason.TAKEN, winner.after.owner)}
    assert read(database) == winner.after
    with database.reading() as tx:
        assert [entry.actor for entry in audit.list_for_handoff(tx, "h1")] == [winner.actor.user]


BROKEN: list[dict[str, Any]] = [
    {"state": "lost"},
    {"state": State.CLAIMED, "owner": None},
    {"state": State.CLAIMED, "owner": ""},
    {"state": State.OPEN, "owner": "ANA"},
    {"state": State.DONE, "owner": "ANA"},
    {"accountable": ""},
    {"accountable": None},
    {"state": State.RETURNED, "offered_to": "ANA"},
    {"state": State.CLAIMED, "offered_to": "ANA"},
    {"priority": "urgent"},
    {"version": 0},
    {"hop": 0},
    {"number": 0},
    {"state": State.DELETED, "title": "still here"},
    {"state": State.DELETED, "source": Source(channel="C1", ts="1.1")},
    {"state": State.DELETED, "next_step": "still here"},
    {"state": State.DELETED, "link": "https://x"},
    {"sender": None},
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_what_the_rules_forbid_can_not_be_stored(database: Database, broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        stored(database, a_handoff(**broken))


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_stored(database: Database, state: State) -> None:
    stored(database, a_handoff(state=state))

    assert read(database).state is state


def test_a_number_can_be_given_once(database: Database) -> None:
    stored(database, a_handoff())

    with pytest.raises(Conflict):
        stored(database, a_handoff(id="h2"))


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        stored(database, a_handoff(created_at=datetime(2026, 3, 2, 9)))  # noqa: DTZ001 - it is what is refused


def test_instants_come_back_in_utc_wherever_they_were(database: Database) -> None:
    there = (NOW + timedelta(microseconds=123456)).astimezone(ZoneInfo("Asia/Kolkata"))
    stored(database, a_handoff(needed_by=there))

    found = read(database).needed_by
    assert found == there
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_what_no_database_can_hold_is_left_out_and_the_rest_is_kept(database: Database) -> None:
    stored(database, a_handoff(title="a\0b 🎉 \ud83d\ude00 \ud83d!", fields={"k\0": ["x\0y", "\\u0000", "\udc00"]}))

    found = read(database)
    assert found.title == "ab 🎉 😀 \ufffd!"
    assert found.fields == {"k": ["xy", "\\u0000", "\ufffd"]}


@pytest.fixture
def four(database: Database) -> list[Handoff]:
    four = [
        a_handoff(number=1, state_since=NOW + 3 * MINUTE),
        a_handoff(number=2, state_since=NOW + 2 * MINUTE, queue="support", offered_to="ANA"),
        a_handoff(number=3, state=State.CLAIMED, owner="ANA", accountable="ANA"),
        a_handoff(number=4, state=State.DONE, last_owner="ANA", accountable="ANA"),
    ]
    stored(database, *four)
    return four


def test_lists_hold_what_is_live_in_a_useful_order(database: Database, four: list[Handoff]) -> None:
    one, two, three, _ = four
    with database.reading() as tx:
        assert handoffs.list_open_in_queue(tx, TEAM, "success", 10) == [one]
        assert handoffs.list_open_in_queue(tx, TEAM, "support", 10) == [two]
        assert handoffs.list_owned_by(tx, TEAM, "ANA", 10) == [three]
        assert handoffs.list_offered_to(tx, TEAM, "ANA", 10) == [two]
        assert handoffs.list_offered_to(tx, TEAM, "BEN", 10) == handoffs.list_offered_to(tx, "T2", "ANA", 10) == []
        assert handoffs.list_sent_by(tx, TEAM, "SENDER", 10) == [three, two, one]
        assert handoffs.count_open_by_queue(tx, TEAM) == {"success": 1, "support": 1}


def test_everything_that_somebody_who_left_still_holds_is_found(database: Database, four: list[Handoff]) -> None:
    with database.reading() as tx:
        assert handoffs.list_live_of_person(tx, TEAM, "ANA") == [four[1], four[2]]
        assert handoffs.list_live_of_person(tx, TEAM, "SENDER") == four[:3]
        assert handoffs.list_live_of_person(tx, TEAM, "NOBODY") == []


def test_many_are_locked_in_one_order_whatever_order_they_are_named_in(database: Database, four: list[Handoff]) -> None:
    def lock(n: int) -> None:
        ids = ["h1", "h2", "h3"]
        for _ in range(10):
            database.run_transaction(lambda tx: handoffs.lock(tx, ids if n % 2 else reversed(ids)), tries=1)

    at_once(4, lock)


@POSTGRESQL
def test_a_locked_handoff_can_not_be_written_meanwhile(database: Database, four: list[Handoff]) -> None:
    with database.transaction() as tx:
        handoffs.lock(tx, ["h1"])
        with pytest.raises(Exception, match="busy"):
            database.run_transaction(
                lambda other: handoffs.save(other, four[0], replace(four[0], version=2)), wait_s=0.3
            )
