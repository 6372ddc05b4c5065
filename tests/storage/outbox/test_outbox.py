"""What must be said waits once, is in flight once, and is never lost."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.db.database import Database
from storage.db.errors import Conflict
from storage.outbox import outbox, pacing
from storage.outbox.model import Destination
from tests.benchmarks.filling import settle
from tests.builders import NOW, TEAM, a_handoff
from tests.databases import POSTGRESQL
from tests.handoffs.statements import statements_of
from tests.storage.examples import LATER, SECOND, a_message, as_posted, at_once, keys, leased, put, sent, stored


@pytest.fixture(autouse=True)
def _handoffs(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(1, 4)))


def test_what_was_put_is_leased_as_it_was_put(database: Database) -> None:
    wanted = a_message(
        handoff_id="h1",
        to=Destination(channel="C1", thread_ts="1.1", reply_to="none", user="U1"),
        payload={"level": "late", "run": 2},
        erase=True,
    )
    put(database, wanted)

    (row,) = leased(database)

    assert row.wanted == wanted
    assert (row.attempts, row.put_at, row.lease_until) == (1, NOW, NOW + 30 * SECOND)
    assert row.first_leased_at is None
    assert row.posted is None


def test_a_look_at_an_outbox_of_which_nothing_is_due_is_four_statements(database: Database) -> None:
    put(database, a_message(), at=LATER)

    with statements_of(database) as found:
        assert not leased(database)

    ours = [one for one in found if "pg_advisory_xact_lock" not in one]  # PostgreSQL: one process leases at a time
    assert len(ours) == 4, "\n".join(ours)


def test_ten_changes_wait_as_one_message_that_shows_the_last(database: Database) -> None:
    for n in range(10):
        put(database, a_message(payload={"n": n}), at=NOW + n * SECOND)

    (row,) = leased(database, LATER)

    assert row.wanted.payload == {"n": 9}
    assert row.put_at == NOW


def test_what_is_put_again_is_sent_as_it_was_put_last(database: Database) -> None:
    again = a_message(
        "ping:a",
        kind="notice",
        handoff_id="h2",
        to=Destination(channel="C2", thread_ts="1.1", user="U2"),
        payload={"n": 2},
        erase=True,
    )
    put(database, a_message("ping:a", handoff_id="h1", to=Destination(channel="C1", reply_to="none"), payload={"n": 1}))
    put(database, again)

    assert [row.wanted for row in leased(database)] == [again]


def test_the_upsert_goes_on_working_on_one_connection(database_url: str) -> None:
    """PostgreSQL changes to a generic plan after some runs, which must still match the partial index."""
    database = Database.open(database_url, pool_size=1)
    for n in range(20):
        put(database, a_message("card:a", payload={"n": n}), a_message("ping:b", payload={"n": n}))

    assert [row.wanted.payload for row in leased(database)] == [{"n": 19}, {"n": 19}]
    database.close()


@POSTGRESQL
def test_it_is_not_read_whole_by_a_plan_made_while_it_was_empty(database_url: str) -> None:
    whole = text("SELECT pg_stat_get_xact_numscans('outbox'::regclass)")
    bundles = [f"bundle:U{n}:2026-03-02T09:00" for n in range(1000)]
    one = bundles[500:501]  # to find several in a small table, reading it whole may be right
    with closing(Database.open(database_url, pool_size=1)) as database:
        settle(database)
        for _ in range(20):
            with database.reading() as tx:
                assert outbox.get_pending_keys(tx, TEAM, one) == frozenset()
        with database.transaction() as tx:
            outbox.put(tx, [a_message(key) for key in bundles], NOW)

        with database.reading() as tx:
            before = tx.execute(whole).scalar_one()
            assert outbox.get_pending_keys(tx, TEAM, one) == frozenset(one)
            assert tx.execute(whole).scalar_one() == before


def test_a_message_is_not_sent_before_its_time(database: Database) -> None:
    put(database, a_message(), not_before=LATER)

    assert leased(database, LATER - SECOND) == []
    assert keys(leased(database, LATER)) == ["card:h1"]


def test_a_later_time_does_not_delay_what_waits_and_an_earlier_one_hastens_it(database: Database) -> None:
    put(database, a_message("ping:a"))
    put(database, a_message("ping:a"), not_before=LATER)
    put(database, a_message("ping:b"), not_before=LATER)
    put(database, a_message("ping:b"))

    assert keys(leased(database)) == ["ping:a", "ping:b"]


def test_workspaces_do_not_share_keys(database: Database) -> None:
    put(database, a_message(), a_message(workspace="T2"))

    assert {row.wanted.workspace for row in leased(database)} == {TEAM, "T2"}


def test_what_is_put_while_its_key_is_in_flight_waits_and_is_not_lost(database: Database) -> None:
    put(database, a_message(payload={"n": 1}))
    (first,) = leased(database)
    put(database, a_message(payload={"n": 2}))
    assert leased(database) == []

    sent(database, first)

    (second,) = leased(database)
    assert second.wanted.payload == {"n": 2}
    assert second.posted == as_posted(first.wanted)


def test_one_message_per_handoff_is_in_flight(database: Database) -> None:
    put(database, a_message("ping:a", handoff_id="h1"), a_message("ping:b", handoff_id="h1"))
    put(database, a_message("ping:c", handoff_id="h2"), a_message("ping:d"), a_message("ping:e"))

    first = leased(database)
    assert keys(first) == ["ping:a", "ping:c", "ping:d", "ping:e"]
    assert leased(database) == []

    sent(database, first[0])
    assert keys(leased(database)) == ["ping:b"]


def test_no_more_than_wanted_are_leased_and_the_oldest_go_first(database: Database) -> None:
    for n in (3, 1, 2):
        put(database, a_message(f"ping:{n}"), at=NOW + n * SECOND)

    assert keys(leased(database, LATER, limit=2)) == ["ping:1", "ping:2"]
    assert keys(leased(database, LATER, limit=2)) == ["ping:3"]


def test_eight_pumps_over_five_hundred_messages_take_each_once(database: Database) -> None:
    put(database, *(a_message(f"ping:{n:03}") for n in range(500)))

    def pump(n: int) -> list[str]:
        taken: list[str] = []
        while rows := leased(database, limit=16, by=f"pump{n}"):
            taken += keys(rows)
        return taken

    taken = [key for found in at_once(8, pump) for key in found]

    assert sorted(taken) == [f"ping:{n:03}" for n in range(500)]


def test_pumps_and_people_do_not_get_in_each_others_way(database: Database) -> None:
    shown: list[int] = []
    done = threading.Event()

    def work(n: int) -> None:
        if n == 0:
            for count in range(60):
                put(database, a_message(handoff_id="h1", payload={"n": count}))
            done.set()
            return
        while not done.is_set() or database.run_transaction(lambda tx: outbox.count_unsent(tx, NOW)):
            for row in leased(database, limit=4):
                shown.append(row.wanted.payload["n"])
                sent(database, row)

    at_once(4, work)

    assert shown == sorted(shown)
    assert shown[-1] == 59


@pytest.mark.parametrize("second", ["waiting", "leased"])
def test_a_key_can_not_be_there_twice_whatever_the_code_does(database: Database, second: str) -> None:
    put(database, a_message("ping:a"), a_message("ping:b"))
    if second == "leased":
        leased(database)

    with pytest.raises(Conflict), database.transaction() as tx:
        tx.execute(text("UPDATE outbox SET key = 'ping:a'"))


def test_two_of_a_handoff_can_not_be_in_flight_whatever_the_code_does(database: Database) -> None:
    put(database, a_message("ping:a"), a_message("ping:b"))
    leased(database)

    with pytest.raises(Conflict), database.transaction() as tx:
        tx.execute(text("UPDATE outbox SET handoff_id = 'h1'"))


@pytest.mark.parametrize("broken", ["status = 'dead'", "status = 'leased'", "handoff_id = 'nothing'"])
def test_a_row_that_makes_no_sense_can_not_be_stored(database: Database, broken: str) -> None:
    put(database, a_message())

    with pytest.raises(IntegrityError), database.transaction() as tx:
        tx.execute(text(f"UPDATE outbox SET {broken}"))  # noqa: S608 - the words are above


def test_it_says_what_is_due_and_when_to_look_again(database: Database) -> None:
    with database.reading() as tx:
        assert outbox.count_due_and_oldest(tx, NOW) == (0, None)
        assert outbox.next_due_at(tx) is None

    put(database, a_message("ping:a"), a_message("ping:b"))
    put(database, a_message("ping:c"), not_before=LATER)
    (row,) = leased(database, limit=1)
    with database.reading() as tx:
        assert outbox.count_due_and_oldest(tx, NOW) == (1, NOW)
        assert outbox.count_unsent(tx, NOW) == 2
        assert outbox.next_due_at(tx) == NOW
        assert outbox.next_due_at(tx, NOW) == row.lease_until
        assert outbox.next_due_at(tx, row.lease_until) == LATER
        assert outbox.next_due_at(tx, LATER) is None


def test_the_end_of_a_block_is_a_time_to_look_again(database: Database) -> None:
    database.run_transaction(lambda tx: pacing.block(tx, "T1", LATER))

    with database.reading() as tx:
        assert outbox.next_due_at(tx, NOW) == LATER


def test_it_names_what_still_has_to_be_said_about_a_handoff(database: Database) -> None:
    put(database, a_message("card:h1", handoff_id="h1"), a_message("ping:h2", handoff_id="h2"))
    leased(database, limit=1)
    put(database, a_message("card:h1", handoff_id="h1"), a_message("ping:h1", handoff_id="h1"))

    with database.reading() as tx:
        assert outbox.list_keys_for_handoff(tx, "h1") == {"card:h1", "ping:h1"}
        assert outbox.list_keys_for_handoff(tx, "h3") == frozenset()


def test_it_lists_what_waits_and_what_is_in_flight_for_those_who_look_into_it(database: Database) -> None:
    put(database, a_message("card:h1", handoff_id="h1"), a_message("ping:h2", handoff_id="h2"))
    leased(database, limit=1)
    put(database, a_message("ping:h1", handoff_id="h1", erase=True), not_before=LATER)

    with database.reading() as tx:
        pending = outbox.list_for_handoff(tx, "h1")
        named = outbox.get_many(tx, TEAM, ["card:h1", "ping:h1", "ping:h3"])
        elsewhere = outbox.get_many(tx, "T2", ["card:h1"])
        nothing = outbox.list_for_handoff(tx, "h3")

    assert [(row.wanted.key, row.attempts, row.lease_until, row.not_before, row.wanted.erase) for row in pending] == [
        ("card:h1", 1, NOW + 30 * SECOND, NOW, False),
        ("ping:h1", 0, None, LATER, True),
    ]
    assert named == pending
    assert elsewhere == nothing == []
