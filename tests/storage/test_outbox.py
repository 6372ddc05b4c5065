"""What must be said waits, goes once, in order, and survives whoever sends it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import messages, outbox, pacing
from storage.database import Conflict, Database, Tx
from storage.pacing import Way, bucket
from storage.records import Address, Leased
from tests.storage.examples import (
    MINUTE,
    NOW,
    TEAM,
    a_handoff,
    a_message,
    as_posted,
    at_once,
    leased,
    put,
    sent,
    stored,
)

SECOND = timedelta(seconds=1)
LATER = NOW + MINUTE


@pytest.fixture(autouse=True)
def _handoffs(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(1, 4)))


def keys(rows: list[Leased]) -> list[str]:
    return [row.wanted.key for row in rows]


def posted(database: Database, *found: str) -> None:
    """These messages of handoff h1 are in Slack already."""

    def work(tx: Tx) -> None:
        for n, key in enumerate(found):
            messages.put(tx, as_posted(a_message(key, handoff_id="h1"), ts=f"1.{n:04}"))

    database.retrying(work)


# What waits


def test_what_was_put_is_leased_as_it_was_put(database: Database) -> None:
    wanted = a_message(
        handoff_id="h1",
        to=Address(channel="C1", thread_ts="1.1", reply_to="none", user="U1"),
        payload={"level": "late", "run": 2},
        erase=True,
    )
    put(database, wanted)

    (row,) = leased(database)

    assert row.wanted == wanted
    assert (row.attempts, row.put_at, row.lease_until) == (1, NOW, NOW + 30 * SECOND)
    assert row.first_leased_at is None
    assert row.posted is None


def test_ten_changes_wait_as_one_message_that_shows_the_last(database: Database) -> None:
    for n in range(10):
        put(database, a_message(payload={"n": n}), at=NOW + n * SECOND)

    (row,) = leased(database, LATER)

    assert row.wanted.payload == {"n": 9}
    assert row.put_at == NOW


def test_the_upsert_goes_on_working_on_one_connection(database_url: str) -> None:
    """PostgreSQL changes to a generic plan after some runs, which must still match the partial index."""
    database = Database.open(database_url, pool_size=1)
    for n in range(20):
        put(database, a_message("card:a", payload={"n": n}), a_message("ping:b", payload={"n": n}))

    assert [row.wanted.payload for row in leased(database)] == [{"n": 19}, {"n": 19}]
    database.close()


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


# What is in flight


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
        while not done.is_set() or database.retrying(lambda tx: outbox.busy(tx, NOW)):
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


# In which order


def test_a_reply_waits_until_what_it_answers_is_posted(database: Database) -> None:
    put(database, a_message("a-ping", handoff_id="h1", to=Address(channel="C1", reply_to="card:h1")))
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + SECOND)

    (card,) = leased(database, LATER)
    assert card.wanted.key == "card:h1"
    assert leased(database, LATER) == []

    sent(database, card)
    assert keys(leased(database, LATER)) == ["a-ping"]


def test_a_reply_whose_message_will_never_come_is_left_to_the_sender(database: Database) -> None:
    put(database, a_message("a-ping", to=Address(channel="C1", reply_to="card:gone")))

    assert keys(leased(database)) == ["a-ping"]


def test_a_redraw_goes_after_the_pings_that_waited_when_it_was_asked_for(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message("card:h1", handoff_id="h1"))
    put(database, a_message("ping:late", handoff_id="h1"), at=NOW + SECOND)
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + 2 * SECOND)

    (ping,) = leased(database, LATER)
    assert ping.wanted.key == "ping:late"
    sent(database, ping)
    assert keys(leased(database, LATER)) == ["card:h1"]


def test_a_redraw_goes_before_what_was_put_with_it_or_after_it(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message("a-ping", handoff_id="h1"), a_message("card:h1", handoff_id="h1"))

    assert keys(leased(database)) == ["card:h1"]


def test_the_first_posting_of_a_card_goes_before_everything_else_of_its_handoff(database: Database) -> None:
    put(database, a_message("a-ping", handoff_id="h1"))
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + SECOND)

    assert keys(leased(database, NOW + SECOND)) == ["card:h1"]


def test_a_redraw_does_not_wait_for_a_ping_that_may_not_go_now(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message("ping:later", handoff_id="h1"), not_before=LATER)
    put(database, a_message("ping:paced", handoff_id="h1", to=Address(user="U7")))
    database.retrying(lambda tx: pacing.push(tx, bucket(TEAM, "U7"), LATER))
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + SECOND)

    assert keys(leased(database, NOW + SECOND)) == ["card:h1"]


def test_two_cards_of_a_handoff_do_not_wait_for_each_other(database: Database) -> None:
    posted(database, "card:h1:1", "card:h1:2")
    put(database, a_message("card:h1:1", handoff_id="h1"), a_message("card:h1:2", handoff_id="h1"))
    put(database, a_message("card:h1:1", handoff_id="h1"), a_message("card:h1:2", handoff_id="h1"), at=NOW + SECOND)

    (first,) = leased(database, LATER)
    sent(database, first)
    assert {first.wanted.key, *keys(leased(database, LATER))} == {"card:h1:1", "card:h1:2"}


# Pacing


@pytest.mark.parametrize(
    ("blocked", "left"),
    [
        (bucket(TEAM, "C1"), ["ping:dm", "ping:other"]),
        (bucket(TEAM, "U1"), ["card:h1", "ping:here", "ping:other"]),
        (bucket(TEAM), ["ping:other"]),
        (bucket(TEAM, Way.POST), ["card:h1", "ping:other"]),
        (bucket(TEAM, Way.UPDATE), ["ping:dm", "ping:here", "ping:other"]),
        (bucket("T3", "C1"), ["card:h1", "ping:dm", "ping:here", "ping:other"]),
    ],
)
def test_nothing_goes_where_pacing_says_wait(database: Database, blocked: str, left: list[str]) -> None:
    posted(database, "card:h1")
    put(database, a_message("card:h1", handoff_id="h1"), a_message("ping:here"))
    put(database, a_message("ping:dm", to=Address(user="U1")), a_message("ping:other", workspace="T2"))
    database.retrying(lambda tx: pacing.push(tx, blocked, NOW + SECOND))

    assert sorted(keys(leased(database))) == left
    assert sorted([*left, *keys(leased(database, NOW + SECOND))]) == ["card:h1", "ping:dm", "ping:here", "ping:other"]


def test_a_longer_block_stays(database: Database) -> None:
    database.retrying(lambda tx: pacing.push(tx, "T1", LATER))
    database.retrying(lambda tx: pacing.push(tx, "T1", NOW))

    with database.transaction() as tx:
        assert pacing.allowed(tx, ["T1", "T2"]) == {"T1": LATER}
        assert pacing.purge(tx, LATER) == 0
        assert pacing.purge(tx, LATER + SECOND) == 1


# When it fails


def test_a_pump_that_died_is_replaced_when_its_lease_ends(database: Database) -> None:
    put(database, a_message(handoff_id="h1"))
    (lost,) = leased(database, by="dead")

    assert leased(database, NOW + 29 * SECOND) == []
    (again,) = leased(database, NOW + 30 * SECOND)

    assert again.id == lost.id
    assert again.attempts == 2
    assert again.first_leased_at == NOW


def test_what_is_marked_after_its_lease_has_ended_does_not_disturb_the_next(database: Database) -> None:
    put(database, a_message())
    (slow,) = leased(database)
    (again,) = leased(database, NOW + MINUTE)

    database.retrying(lambda tx: outbox.retry(tx, slow, NOW, "too late"))
    sent(database, slow)
    with database.reading() as tx:
        assert messages.get(tx, TEAM, "card:h1") is not None
        assert outbox.busy(tx, NOW) == 1

    sent(database, again)
    with database.reading() as tx:
        assert outbox.busy(tx, NOW) == 0


def test_a_failed_message_waits_again(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)

    database.retrying(lambda tx: outbox.retry(tx, row, LATER, "ratelimited", known=True))

    assert leased(database, LATER - SECOND) == []
    (again,) = leased(database, LATER)
    assert (again.attempts, again.first_leased_at) == (2, None)


def test_the_next_try_is_told_since_when_it_may_be_posted(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)
    database.retrying(lambda tx: outbox.retry(tx, row, LATER, "timeout"))
    (again,) = leased(database, LATER)
    database.retrying(lambda tx: outbox.retry(tx, again, LATER, "timeout", known=False))

    (third,) = leased(database, LATER)
    assert third.first_leased_at == NOW


def test_a_failed_drawing_yields_to_a_newer_one_that_knows_what_may_have_happened(database: Database) -> None:
    put(database, a_message(payload={"n": 1}))
    (row,) = leased(database)
    put(database, a_message(payload={"n": 2}), at=NOW + SECOND)

    database.retrying(lambda tx: outbox.retry(tx, row, LATER + MINUTE, "timeout"))

    (newer,) = leased(database, LATER)
    assert newer.wanted.payload == {"n": 2}
    assert newer.first_leased_at == NOW
    assert leased(database, LATER + 2 * MINUTE, limit=1)[0].id == newer.id


def test_a_failed_drawing_that_certainly_did_not_happen_yields_without_a_doubt(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)
    put(database, a_message())

    database.retrying(lambda tx: outbox.retry(tx, row, LATER, "ratelimited", known=True))

    assert leased(database)[0].first_leased_at is None


def test_an_update_lost_in_flight_is_superseded_by_a_newer_one(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message(payload={"n": 1}))
    leased(database)
    put(database, a_message(payload={"n": 2}))

    (row,) = leased(database, LATER)

    assert row.wanted.payload == {"n": 2}
    assert leased(database, LATER) == []


def test_a_first_posting_lost_in_flight_is_looked_for_before_a_newer_one_goes(database: Database) -> None:
    put(database, a_message(payload={"n": 1}))
    (lost,) = leased(database)
    put(database, a_message(payload={"n": 2}))

    (again,) = leased(database, LATER)

    assert (again.id, again.first_leased_at) == (lost.id, NOW)
    sent(database, again)
    assert leased(database, LATER)[0].wanted.payload == {"n": 2}


def test_what_can_never_be_sent_is_gone(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)

    database.retrying(lambda tx: outbox.drop(tx, row, "channel_not_found"))

    assert leased(database, LATER) == []
    with database.reading() as tx:
        assert messages.get(tx, TEAM, "card:h1") is None


def test_what_was_erased_is_forgotten(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message(erase=True))
    (row,) = leased(database)
    assert row.wanted.erase

    database.retrying(lambda tx: outbox.erased(tx, row))

    with database.reading() as tx:
        assert messages.get(tx, TEAM, "card:h1") is None
        assert outbox.busy(tx, LATER) == 0


def test_what_leaves_no_message_is_only_finished(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)

    database.retrying(lambda tx: outbox.sent(tx, row, None, NOW))

    with database.reading() as tx:
        assert outbox.busy(tx, LATER) == 0
        assert messages.get(tx, TEAM, "card:h1") is None


# Facts


def test_it_says_what_is_due_and_when_to_look_again(database: Database) -> None:
    with database.reading() as tx:
        assert outbox.waiting(tx, NOW) == (0, None)
        assert outbox.next_due(tx) is None

    put(database, a_message("ping:a"), a_message("ping:b"))
    put(database, a_message("ping:c"), not_before=LATER)
    (row,) = leased(database, limit=1)
    with database.reading() as tx:
        assert outbox.waiting(tx, NOW) == (1, NOW)
        assert outbox.busy(tx, NOW) == 2
        assert outbox.next_due(tx) == NOW
        assert outbox.next_due(tx, NOW) == row.lease_until
        assert outbox.next_due(tx, row.lease_until) == LATER
        assert outbox.next_due(tx, LATER) is None


def test_the_end_of_a_block_is_a_time_to_look_again(database: Database) -> None:
    database.retrying(lambda tx: pacing.push(tx, "T1", LATER))

    with database.reading() as tx:
        assert outbox.next_due(tx, NOW) == LATER
