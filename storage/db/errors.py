"""Database errors that callers handle, translated from the drivers' exceptions.

    Exception
    ├── DatabaseBusy          a wait took longer than the caller may wait: tell people to try again
    ├── DatabaseUnavailable   the database cannot be reached or not be written
    ├── Stale                 the row was changed after it was read: read it again and decide anew
    └── Conflict              another transaction was first, or a deadlock: run the transaction again

A violated CHECK or foreign key is a bug of ours and stays SQLAlchemy's IntegrityError.
"""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy import exc

from storage.db.remedies import UNKNOWN, remedy


class DatabaseBusy(Exception):  # noqa: N818 - the name is a state, as Stale and Conflict are
    """A wait for the database took longer than the caller may wait."""


class DatabaseUnavailable(Exception):  # noqa: N818 - as Busy
    """The database cannot be reached or written. `at_commit`: whether the transaction was committed is not known.

    `what` says what is wrong and `remedy` what to do about it; the message is both.
    """

    def __init__(self, what: str, *, remedy: str = "", at_commit: bool = False) -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy or UNKNOWN
        self.at_commit = at_commit


class Stale(Exception):  # noqa: N818 - as Busy
    """The row has been changed since it was read."""


class Conflict(Exception):  # noqa: N818 - as Busy
    """Another transaction was first, or a deadlock. `constraint` is the violated unique constraint, if known."""

    def __init__(self, message: str, *, constraint: str | None = None) -> None:
        super().__init__(message)
        self.constraint = constraint


REFUSED = (exc.StatementError,)
"""What a statement that the database does not accept raises, where nothing above is meant: its data is wrong."""

_BEGIN_AGAIN = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
_TOOK_TOO_LONG = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)
_NOT_USABLE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,  # a standby, or a primary that was made read-only
    psycopg.errors.InsufficientPrivilege,  # the tables belong to somebody else
    psycopg.errors.UndefinedTable,  # it is being restored, or is another database
)
_AWAY = (
    "sqlite_auth", "sqlite_cantopen", "sqlite_corrupt", "sqlite_full", "sqlite_ioerr", "sqlite_notadb", "sqlite_perm",
    "sqlite_protocol", "sqlite_readonly",
)  # fmt: skip


def translate(error: exc.DBAPIError, place: str, *, at_commit: bool = False) -> Exception:
    """Return our exception for a driver's error, or the error itself if it is a bug.

    `place` names the database for people (no password in it).
    """
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(error, cause, place)
    if isinstance(cause, psycopg.errors.UniqueViolation):
        return Conflict(str(cause), constraint=cause.diag.constraint_name)
    if isinstance(cause, _BEGIN_AGAIN):
        return Conflict(str(cause))
    if isinstance(cause, _TOOK_TOO_LONG):
        return DatabaseBusy("the database was busy for longer than this may wait")
    if isinstance(cause, _NOT_USABLE):
        return DatabaseUnavailable(_cannot_be_reached(place, cause), remedy=remedy(cause), at_commit=at_commit)
    return error


def _of_sqlite(error: exc.DBAPIError, cause: sqlite3.Error, place: str) -> Exception:
    name = getattr(cause, "sqlite_errorname", "").lower()
    if name in {"sqlite_constraint_unique", "sqlite_constraint_primarykey"}:
        return Conflict(str(cause), constraint=str(cause).partition(": ")[2] or None)
    if name.startswith(("sqlite_busy", "sqlite_locked")):
        return DatabaseBusy("another process holds the database for longer than this may wait")
    if name.startswith(_AWAY):
        return DatabaseUnavailable(_cannot_be_reached(place, cause), remedy=remedy(cause))
    return error


def _cannot_be_reached(place: str, cause: Exception) -> str:
    why = " ".join(str(cause).split()) or type(cause).__name__
    return f"The database {place} cannot be reached: {why.rstrip('.')}{'' if why.endswith('?') else '.'}"
