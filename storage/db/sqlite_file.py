"""The SQLite file on the disk: its path, its mode, whether it is still the same file, and which process runs on it.

A file that is deleted or replaced stays open in the processes that use it. What they wrote there would be lost with
them, so its identity is compared before every transaction begins and before every commit.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL

from storage.db.errors import DatabaseUnavailable

MODE: Final = 0o600
"""Only the owner reads and writes the file. SQLite gives `-wal` and `-shm` the same mode when it makes them."""
ENDINGS: Final = ("", "-wal", "-shm")
_LOCK: Final = "-lock"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LEAST_ROOM: Final = 64 * 1024
"""Bytes that have to be free on the disk: a small transaction takes a few pages of the `-wal` file."""


def path_of(url: URL) -> Path | None:
    """Return the file that a database URL names, with links resolved; None for PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return None
    name = url.database or ""
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name).resolve()


def create(path: Path) -> bool:
    """Create an empty file that only its owner can read, unless there is one; return whether it was created.

    Raises:
        DatabaseUnavailable: it cannot be created there.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE))
    except FileExistsError:
        return False
    except OSError as error:
        raise DatabaseUnavailable(
            f"The database {path} cannot be created: {error.strerror or error}.",
            remedy="Name a file in a folder that Baton may write to in BATON_DATABASE_URL.",
        ) from None
    return True


def restrict(path: Path) -> tuple[list[Path], list[Path]]:
    """Take the file and its companions away from everybody but their owner.

    Returns:
        The files whose mode was changed, and those that others can still read because they belong to somebody else.
    """
    changed, left = [], []
    for file in (path.with_name(path.name + ending) for ending in ENDINGS):
        with suppress(FileNotFoundError):
            if stat.S_IMODE(file.stat().st_mode) & _OTHERS:
                try:
                    file.chmod(MODE)
                    changed.append(file)
                except PermissionError:
                    left.append(file)
    return changed, left


class SqliteFile:
    """The file that this process uses, as it was when it was first seen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wal = path.with_name(path.name + "-wal")
        self._first = _identity(path)

    def check(self, *, wal: bool = False) -> None:
        """Check that the same file is still at its path, and with `wal` that its `-wal` file is there.

        Raises:
            DatabaseUnavailable: it was deleted or replaced.
        """
        now = _identity(self.path)
        if self._first is None:  # there was none: whoever opens it says so, or somebody has made it since
            self._first = now
        if now != self._first:
            raise _gone(self.path, "was deleted" if now is None else "was replaced by another")
        if wal and _identity(self._wal) is None:
            raise _gone(self._wal, "was deleted")

    def check_room(self) -> None:
        """Check that the file's disk has room for a transaction.

        Raises:
            DatabaseUnavailable: it is full.
        """
        if self._first is None:
            return
        if shutil.disk_usage(self.path.parent).free < _LEAST_ROOM:
            raise DatabaseUnavailable(f"The disk of the database {self.path} is full.", remedy="Make room on it.")


class FileLock:
    """The right of one process to run on a SQLite file: a lock on a file beside it, which ends with the process."""

    def __init__(self, path: Path) -> None:
        self._database = path
        self.path = path.with_name(path.name + _LOCK)
        self._fd: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            DatabaseUnavailable: another process has it, or its file cannot be made.
        """
        try:
            fd = os.open(self.path, os.O_CREAT | os.O_RDWR, MODE)
        except OSError as error:
            raise DatabaseUnavailable(
                f"The database {self._database} cannot be used: {self.path} cannot be written "
                f"({error.strerror or error}).",
                remedy="Give Baton a folder that it may write to.",
            ) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
            os.close(fd)
            process = f" (process {other})" if other else ""
            raise DatabaseUnavailable(
                f"Another Baton{process} is running on {self._database}.",
                remedy="Stop it first. A SQLite file is for one process; several processes need PostgreSQL.",
            ) from None
        os.ftruncate(fd, 0)
        os.pwrite(fd, str(os.getpid()).encode("ascii"), 0)
        self._fd = fd

    def release(self) -> None:
        """Give the lock back. The empty file stays: it says that there has been a database here."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = None


def lock_to_run(path: Path) -> FileLock:
    """Lock a SQLite file for a process that runs on it; return the lock.

    Raises:
        DatabaseUnavailable: another process runs on it, or it is gone although a process has run on it before.
    """
    lock = FileLock(path)
    if lock.path.exists() and not path.exists():
        raise DatabaseUnavailable(
            f"The database {path}, which Baton used before, is missing.",
            remedy="Put it back or restore a backup. To start with an empty one, run `baton db upgrade`.",
        )
    lock.acquire()
    return lock


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _gone(path: Path, what: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"The database file {path} {what} while Baton was running, so nothing is stored.",
        remedy="Stop Baton, put the file back or restore a backup, then start Baton again.",
    )
