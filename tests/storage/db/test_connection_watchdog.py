"""A PostgreSQL that says nothing keeps nobody waiting for longer than they may."""

from __future__ import annotations

import socket
import time

import pytest

from storage.db.connection_watchdog import ConnectionWatchdog
from storage.db.database import Database
from storage.db.errors import DatabaseUnavailable


@pytest.mark.waiting
def test_a_server_that_never_answers_is_given_up_within_the_patience() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database.open(f"postgresql+psycopg://baton@127.0.0.1:{silent.getsockname()[1]}/ledger")
        began = time.monotonic()

        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            database.run_for_listener(lambda _tx: None, wait_s=0.5)

        assert time.monotonic() - began < 2
        database.close()


def test_a_connection_is_cut_when_its_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(60)
        with ConnectionWatchdog().shut_down_after(ours.fileno(), 0.1):
            assert ours.recv(1) == b"", "who waits for an answer meets the end of the connection"


def test_a_connection_whose_work_ended_in_time_is_left_alone() -> None:
    deadlines = ConnectionWatchdog()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with deadlines.shut_down_after(ours.fileno(), 0.05):
            pass
        with deadlines.shut_down_after(theirs.fileno(), 60):
            time.sleep(0.2)
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
