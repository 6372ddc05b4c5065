"""What becomes of messages when sending fails, pumps die, or Slack will never have them."""

from __future__ import annotations

import pytest

from storage.db.database import Database
from storage.outbox import outbox, posted_messages
from tests.builders import NOW, TEAM, a_handoff
from tests.storage.examples import LATER, MINUTE, SECOND, a_message, leased, posted, put, sent, stored


@pytest.fixture(autouse=True)
def _handoffs(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(1, 4)))


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

    database.run_transaction(lambda tx: outbox.retry(tx, slow, NOW, "too late"))
    sent(database, slow)
    with database.reading() as tx:
        assert posted_messages.get(tx, TEAM, "card:h1") is not None
        assert outbox.count_unsent(tx, NOW) == 1

    sent(database, again)
    with database.reading() as tx:
        assert outbox.count_unsent(tx, NOW) == 0


def test_a_failed_message_waits_again(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)

    database.run_transaction(lambda tx: outbox.retry(tx, row, LATER, "ratelimited", known=True))

    assert leased(database, LATER - SECOND) == []
    (again,) = leased(database, LATER)
    assert (again.attempts, again.first_leased_at) == (2, None)


def test_the_next_try_is_told_since_when_it_may_be_posted(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)
    database.run_transaction(lambda tx: outbox.retry(tx, row, LATER, "timeout"))
    (again,) = leased(database, LATER)
    database.run_transaction(lambda tx: outbox.retry(tx, again, LATER, "timeout", known=False))

    (third,) = leased(database, LATER)
    assert third.first_leased_at == NOW


def test_a_failed_drawing_yields_to_a_newer_one_that_knows_what_may_have_happened(database: Database) -> None:
    put(database, a_message(payload={"n": 1}))
    (row,) = leased(database)
    put(database, a_message(payload={"n": 2}), at=NOW + SECOND)

    database.run_transaction(lambda tx: outbox.retry(tx, row, LATER + MINUTE, "timeout"))

    (newer,) = leased(database, LATER)
    assert newer.wanted.payload == {"n": 2}
    assert newer.first_leased_at == NOW
    assert leased(database, LATER + 2 * MINUTE, limit=1)[0].id == newer.id


def test_a_failed_drawing_that_certainly_did_not_happen_yields_without_a_doubt(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)
    put(database, a_message())

    database.run_transaction(lambda tx: outbox.retry(tx, row, LATER, "ratelimited", known=True))

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

    database.run_transaction(lambda tx: outbox.drop(tx, row, "channel_not_found"))

    assert leased(database, LATER) == []
    with database.reading() as tx:
        assert posted_messages.get(tx, TEAM, "card:h1") is None


def test_what_was_erased_is_forgotten(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message(erase=True))
    (row,) = leased(database)
    assert row.wanted.erase

    database.run_transaction(lambda tx: outbox.mark_erased(tx, row))

    with database.reading() as tx:
        assert posted_messages.get(tx, TEAM, "card:h1") is None
        assert outbox.count_unsent(tx, LATER) == 0


def test_what_leaves_no_message_is_only_finished(database: Database) -> None:
    put(database, a_message())
    (row,) = leased(database)

    database.run_transaction(lambda tx: outbox.mark_sent(tx, row, None, NOW))

    with database.reading() as tx:
        assert outbox.count_unsent(tx, LATER) == 0
        assert posted_messages.get(tx, TEAM, "card:h1") is None
