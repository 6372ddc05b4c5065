"""The SQLite file is its owner's alone, is used by one process, and is written only while it is the same file."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.db.database import Database, Tx
from storage.db.engines import parse_url
from storage.db.errors import DatabaseUnavailable
from storage.db.sqlite_file import FileLock, lock_to_run, path_of, restrict
from storage.db.upgrade import pending, upgrade
from storage.handoffs import drafts, handoffs, notes
from storage.handoffs.model import Note, StoredDraft, Text
from tests.builders import NOW, TEAM, a_handoff
from tests.tables import check_rows

SECRET = "the words that nobody may find again"
COMPANIONS = ("", "-wal", "-shm")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "baton.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    upgrade(f"sqlite:///{file}")
    opened = Database.open(f"sqlite:///{file}")
    opened.ping()
    yield opened
    opened.close()


def number(tx: Tx) -> int:
    return handoffs.next_number(tx, TEAM)


def modes(file: Path) -> list[int]:
    return [stat.S_IMODE(file.with_name(file.name + ending).stat().st_mode) for ending in COMPANIONS]


@contextmanager
def moved_away(file: Path) -> Iterator[Path]:
    """Another name for the file within the block."""
    hidden = file.with_name("hidden.db")
    file.rename(hidden)
    yield hidden
    hidden.rename(file)


def test_only_its_owner_may_read_it_and_its_companions(file: Path, database: Database) -> None:
    database.run_transaction(number)

    assert modes(file) == [0o600] * 3


def test_files_that_others_could_read_are_taken_away_from_them(file: Path, database: Database) -> None:
    database.run_transaction(number)
    companions = [file.with_name(file.name + ending) for ending in COMPANIONS]
    for one in companions:
        one.chmod(0o644)

    assert restrict(file) == (companions, [])
    assert modes(file) == [0o600] * 3
    assert restrict(file) == ([], [])


def test_only_an_upgrade_makes_a_file(file: Path) -> None:
    url = f"sqlite:///{file}"
    missing = Database.open(url)

    assert pending(url)
    for use in (missing.ping, lambda: missing.run_transaction(number)):
        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            use()

    assert list(file.parent.iterdir()) == []
    upgrade(url)
    assert missing.run_transaction(number) == 1
    missing.close()


def test_a_folder_that_is_not_there_is_said_with_the_setting(file: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"cannot be created: No such file .* in BATON_DATABASE_URL"):
        upgrade(f"sqlite:///{file.parent / 'nowhere' / 'baton.db'}")


def test_a_deleted_file_is_neither_written_nor_read_nor_made_again(file: Path, database: Database) -> None:
    database.run_transaction(number)
    file.unlink()

    def read() -> None:
        with database.reading() as tx:
            handoffs.get(tx, TEAM, "h1")

    for use in (lambda: database.run_transaction(number), read, database.ping):
        with pytest.raises(DatabaseUnavailable, match=r"was deleted while Baton was running, so nothing is stored\."):
            use()

    assert not file.exists()


def test_a_file_deleted_during_a_transaction_keeps_it_from_being_committed(file: Path, database: Database) -> None:
    def work(tx: Tx) -> None:
        number(tx)
        file.unlink()

    with pytest.raises(DatabaseUnavailable, match="was deleted"):
        database.run_transaction(work)


def test_a_file_replaced_by_another_is_not_written_until_the_first_one_is_back(file: Path, database: Database) -> None:
    assert database.run_transaction(number) == 1
    with moved_away(file):
        file.write_bytes(b"")
        with pytest.raises(DatabaseUnavailable, match="was replaced by another"):
            database.run_transaction(number)

    assert database.run_transaction(number) == 2


def test_without_its_wal_file_nothing_is_committed(file: Path, database: Database) -> None:
    database.run_transaction(number)
    file.with_name("baton.db-wal").unlink()

    with pytest.raises(DatabaseUnavailable, match=r"baton\.db-wal was deleted"):
        database.run_transaction(number)


def test_a_name_with_links_and_odd_letters_is_one_file(tmp_path: Path) -> None:
    odd = tmp_path / "a?b#c %41.db"
    link = tmp_path / "link.db"
    link.symlink_to(odd)
    wanted = parse_url("sqlite:///x").set(database=str(odd))
    upgrade(wanted.render_as_string())

    opened = Database.open(f"sqlite:///{link}")
    assert opened.run_transaction(number) == 1
    opened.close()
    assert path_of(wanted) == path_of(parse_url(f"sqlite:///{link}")) == odd


# One process


def test_a_second_process_is_refused_with_the_first_ones_number(file: Path, database: Database) -> None:
    first = lock_to_run(file)

    with pytest.raises(DatabaseUnavailable, match=rf"Another Baton \(process {os.getpid()}\) is running on {file}"):
        lock_to_run(file)

    first.release()
    lock_to_run(file).release()
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600


def test_a_file_that_is_gone_is_not_begun_anew_without_being_asked(file: Path, database: Database) -> None:
    lock_to_run(file).release()
    database.close()
    file.unlink()

    with pytest.raises(DatabaseUnavailable, match=r"which Baton used before, is missing.*baton db upgrade"):
        lock_to_run(file)

    upgrade(f"sqlite:///{file}")
    lock_to_run(file).release()


def test_a_folder_that_may_not_be_written_is_said(file: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be written"):
        FileLock(file.parent / "nowhere" / "baton.db").acquire()


# What is erased


def traces(file: Path) -> bool:
    """Whether the words are anywhere in the files."""
    companions = (file.with_name(file.name + ending) for ending in COMPANIONS)
    return any(SECRET.encode() in one.read_bytes() for one in companions)


def a_note(tx: Tx) -> None:
    handoffs.add(tx, a_handoff())
    words = Note(id="n1", handoff_id="h1", verb="open", author="U1", at=NOW, text=Text(plain=SECRET))
    notes.add(tx, words, TEAM)


def a_draft(tx: Tx) -> None:
    drafts.put(tx, StoredDraft(id="V1", workspace=TEAM, author="U1", saved_at=NOW, content={"title": SECRET * 400}))


Work = Callable[[Tx], object]
ERASURES: tuple[tuple[Work, Work], ...] = (
    (a_note, lambda tx: notes.erase_for_handoff(tx, "h1")),
    (a_note, lambda tx: notes.blank(tx, "n1", NOW)),
    (a_note, lambda tx: notes.edit(tx, "n1", Text(plain="other words"), NOW)),
    (a_draft, lambda tx: drafts.discard(tx, TEAM, "U1", "V1")),
    (a_draft, lambda tx: drafts.remove_before(tx, NOW.replace(year=2100))),
)


def test_what_is_deleted_is_gone_from_the_file_and_its_wal_at_once(tmp_path: Path) -> None:
    def check(row: tuple[int, tuple[Work, Work]]) -> None:
        nth, (write, erase) = row
        file = tmp_path / f"{nth}.db"
        upgrade(f"sqlite:///{file}")
        database = Database.open(f"sqlite:///{file}")
        database.run_transaction(write)
        assert traces(file)

        database.run_transaction(erase)

        assert not traces(file)
        database.close()

    check_rows(enumerate(ERASURES), check)


def test_what_somebody_was_reading_is_gone_with_the_next_transaction(file: Path, database: Database) -> None:
    database.run_transaction(a_note)
    with database.reading() as reader:
        reader.execute(text("SELECT count(*) FROM notes")).all()
        database.run_transaction(lambda tx: notes.erase_for_handoff(tx, "h1"))
        assert traces(file)

    database.run_transaction(number)

    assert not traces(file)


def test_a_file_without_its_log_that_somebody_writes_to_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.3, other.execute, ["ROLLBACK"])
    end.start()

    assert upgrade(f"sqlite:///{file}")

    end.join()
    other.close()
