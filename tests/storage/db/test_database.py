"""The database begins, commits, waits and gives up as it promises."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.db import receipts
from storage.db.database import Database, Tx
from storage.db.errors import Conflict, DatabaseBusy, DatabaseUnavailable, Stale
from storage.handoffs import handoffs
from storage.outbox import pacing
from tests.builders import NOW, TEAM, a_handoff
from tests.databases import POSTGRESQL, SQLITE
from tests.storage.examples import at_once, stored
from tests.waiting import somebody_waits, until

_END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@contextmanager
def held(database: Database, what: str = "counters") -> Iterator[None]:
    """Somebody else holds the write lock (SQLite) or the table (PostgreSQL) meanwhile."""
    got, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction() as tx:
            if database.dialect == "postgresql":
                tx.execute(text(f"LOCK TABLE {what} IN ACCESS EXCLUSIVE MODE"))
            got.set()
            let_go.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    got.wait(60)
    try:
        yield
    finally:
        let_go.set()
        thread.join()


def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as tx:
            handoffs.add(tx, a_handoff())
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    with database.reading() as tx:
        assert handoffs.get(tx, TEAM, "h1") is None


def test_a_transaction_that_has_ended_refuses_to_be_used(database: Database) -> None:
    with database.transaction() as tx:
        pass

    with pytest.raises(RuntimeError, match="this transaction has ended"):
        handoffs.get(tx, TEAM, "h1")


def test_reading_can_not_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"), database.reading() as tx:
        handoffs.next_number(tx, TEAM)

    with database.transaction() as tx:
        assert handoffs.next_number(tx, TEAM) == 1


def test_it_begins_again_until_nobody_was_quicker(database: Database) -> None:
    tried = []

    def work(tx: Tx) -> str:
        tried.append(receipts.take_or_get(tx, TEAM, "once", NOW))
        if len(tried) < 3:
            raise Stale("somebody was quicker")
        return "done"

    assert database.run_transaction(work) == "done"
    assert tried == [None, None, None]  # each try began with nothing stored


def test_it_gives_up_after_its_tries_with_the_last_reason(database: Database) -> None:
    tried = []

    def work(tx: Tx) -> None:
        tried.append(tx)
        raise Conflict("never")

    with pytest.raises(Conflict, match=r"^never$"):
        database.run_transaction(work, tries=3)
    assert len(tried) == 3


def test_another_error_is_not_tried_again(database: Database) -> None:
    tried = []

    def work(tx: Tx) -> None:
        tried.append(tx)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        database.run_transaction(work)
    assert len(tried) == 1


def test_what_may_exist_once_conflicts_by_name(database: Database) -> None:
    with database.transaction() as tx:
        handoffs.add(tx, a_handoff())

    with pytest.raises(Conflict) as conflict, database.transaction() as tx:
        handoffs.add(tx, a_handoff(id="h2"))

    assert "number" in (conflict.value.constraint or "")


@pytest.mark.waiting
def test_whoever_may_not_wait_longer_hears_that_it_is_busy(database: Database) -> None:
    with held(database):
        began = time.monotonic()
        with pytest.raises(DatabaseBusy):
            database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM), wait_s=0.5)
        assert 0.3 < time.monotonic() - began < 2

    assert database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM)) == 1


def test_a_listener_hears_it_too(database: Database) -> None:
    with held(database), pytest.raises(DatabaseBusy):
        database.run_for_listener(lambda tx: handoffs.next_number(tx, TEAM), wait_s=0.5)

    assert database.run_for_listener(lambda tx: handoffs.next_number(tx, TEAM)) == 1


@pytest.mark.waiting
def test_everything_a_listener_waits_for_ends_together(database: Database) -> None:
    with held(database):
        began = time.monotonic()
        with database.time_limit(0.8):
            for _ in range(3):
                with pytest.raises(DatabaseBusy):
                    database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM))
        assert time.monotonic() - began < 2.5

    assert database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM)) == 1


def test_a_limit_within_a_limit_ends_no_later(database: Database) -> None:
    with held(database):
        began = time.monotonic()
        with database.time_limit(0.5), database.time_limit(30), pytest.raises(DatabaseBusy):
            database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM))
        assert time.monotonic() - began < 2.5


def test_a_short_wait_does_not_shorten_the_waits_that_follow(database: Database) -> None:
    with database.transaction(wait_s=0.5) as tx:
        pacing.block(tx, "T1", NOW)

    done: list[int] = []
    with held(database):
        patient = threading.Thread(
            target=lambda: done.append(database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM), wait_s=20))
        )
        patient.start()
        until(lambda: somebody_waits(database))
        time.sleep(0.7)
    patient.join()
    assert done == [1]


def test_every_connection_in_use_is_busy_too(database_url: str) -> None:
    small = Database.open(database_url, pool_size=1)
    with small.transaction(), pytest.raises(DatabaseBusy), small.transaction(wait_s=0.3):
        pass
    small.close()


@SQLITE
def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    with database.transaction() as tx:
        handoffs.add(tx, a_handoff())
        with database.reading(wait_s=0.3) as other:
            assert handoffs.get(other, TEAM, "h1") is None


@SQLITE
def test_writers_go_in_the_order_in_which_they_came(database: Database) -> None:
    order: list[int] = []
    threads = []

    def write(n: int) -> None:
        with database.transaction():
            order.append(n)

    with held(database):
        for n in range(12):
            threads.append(threading.Thread(target=write, args=(n,)))
            threads[-1].start()
            time.sleep(0.02)
    for thread in threads:
        thread.join()

    assert order == list(range(12))


@SQLITE
def test_another_process_that_holds_the_file_makes_it_busy(database: Database, database_url: str) -> None:
    other = Database.open(database_url)
    with other.transaction(), pytest.raises(DatabaseBusy), database.transaction(wait_s=0.3):
        pass
    other.close()


@POSTGRESQL
def test_a_named_lock_lets_one_in_at_a_time(database: Database) -> None:
    inside = []

    def enter(n: int) -> None:
        with database.transaction() as tx:
            database.lock(tx, "configuration")
            inside.append(("in", n))
            time.sleep(0.02)
            inside.append(("out", n))

    at_once(4, enter)

    assert [word for word, _ in inside] == ["in", "out"] * 4
    with database.transaction() as one, database.transaction(wait_s=0.5) as other:
        database.lock(one, "this")
        database.lock(other, "that")


@POSTGRESQL
def test_two_that_wait_for_each_other_both_get_through(database: Database) -> None:
    stored(database, a_handoff(number=1), a_handoff(number=2))
    gate = threading.Barrier(2)
    tried = []

    def cross(n: int) -> None:
        first = [True]

        def work(tx: Tx) -> None:
            tried.append(n)
            handoffs.lock(tx, ["h1" if n else "h2"])
            if first[0]:
                first[0] = False
                gate.wait(60)
            handoffs.lock(tx, ["h2" if n else "h1"])

        database.run_transaction(work)

    at_once(2, cross)

    assert sorted(set(tried)) == [0, 1]
    assert len(tried) > 2  # one of them began again


@POSTGRESQL
def test_connections_that_died_since_their_last_use_are_replaced(database: Database, database_url: str) -> None:
    at_once(4, lambda _: database.ping())  # fills the pool
    killer = Database.open(database_url, pool_size=1)
    with killer.transaction() as tx:
        tx.execute(_END_OTHERS)
    killer.close()

    assert database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM)) == 1


@POSTGRESQL
def test_a_connection_that_dies_in_the_middle_makes_it_unavailable(database: Database) -> None:
    def die(tx: Tx) -> None:
        handoffs.next_number(tx, TEAM)
        with database.transaction() as killer:
            killer.execute(_END_OTHERS)
        handoffs.next_number(tx, TEAM)

    with pytest.raises(DatabaseUnavailable):
        database.run_transaction(die)

    assert database.run_transaction(lambda tx: handoffs.next_number(tx, TEAM)) == 1


@POSTGRESQL
def test_work_is_not_done_again_when_nobody_knows_whether_it_was_committed(database: Database) -> None:
    tried = []

    def die_at_commit(tx: Tx) -> None:
        tried.append(handoffs.next_number(tx, TEAM))
        with database.transaction() as killer:
            killer.execute(_END_OTHERS)

    with pytest.raises(DatabaseUnavailable) as away:
        database.run_transaction(die_at_commit)

    assert away.value.at_commit
    assert len(tried) == 1


def test_a_failure_that_was_caught_inside_still_undoes_everything(database: Database) -> None:
    def carry_on(tx: Tx) -> None:
        handoffs.add(tx, a_handoff())
        for _ in range(2):
            with suppress(Conflict):
                handoffs.add(tx, a_handoff())

    with pytest.raises(Conflict):
        database.run_transaction(carry_on)

    with database.reading() as tx:
        assert handoffs.get(tx, TEAM, "h1") is None


def test_postgresql_that_is_not_there_is_unavailable_in_plain_words() -> None:
    away = Database.open("postgresql+psycopg://baton:secret@127.0.0.1:1/baton")

    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as failure:
        away.run_transaction(lambda tx: handoffs.next_number(tx, TEAM))
    with pytest.raises(DatabaseUnavailable):
        away.ping()

    assert "secret" not in str(failure.value)
    assert "127.0.0.1:1" in str(failure.value)
    away.close()


def test_a_sqlite_folder_that_is_not_there_is_unavailable_in_plain_words(tmp_path: Path) -> None:
    away = Database.open(f"sqlite:///{tmp_path / 'missing' / 'baton.db'}")

    with pytest.raises(DatabaseUnavailable, match=r"missing/baton.db cannot be reached"):
        away.ping()
    away.close()


def test_a_file_that_is_no_database_is_unavailable_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "baton.db").write_text("this is a letter to my aunt, not a database" * 100)
    away = Database.open(f"sqlite:///{tmp_path / 'baton.db'}")

    with pytest.raises(DatabaseUnavailable, match="not a database"):
        away.ping()
    away.close()


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("postgresql://u:secret@h/d", r"postgresql\+psycopg://"),
        ("postgres://u:secret@h/d", r"postgresql\+psycopg://"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://u:secret@h/d", "SQLite or PostgreSQL"),
        ("what is this", "no database URL"),
    ],
)
def test_a_url_that_can_not_be_used_is_refused_with_a_hint(url: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint) as refusal:
        Database.open(url)

    assert "secret" not in str(refusal.value)


def test_the_password_is_never_shown() -> None:
    database = Database.open("postgresql+psycopg://baton:secret@127.0.0.1:1/baton")

    assert "secret" not in repr(database)
    assert database.url == "postgresql+psycopg://baton:secret@127.0.0.1:1/baton"
    database.close()


@POSTGRESQL
def test_plans_are_made_anew_only_where_that_is_asked_for(database: Database) -> None:
    mode = text("SHOW plan_cache_mode")
    with database.reading() as tx:
        with tx.fresh_query_plans():
            assert tx.execute(mode).scalar_one() == "force_custom_plan"
        assert tx.execute(mode).scalar_one() == "auto"


def test_it_answers_a_ping(database: Database) -> None:
    database.ping()
