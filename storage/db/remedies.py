"""What a person can do about a database that cannot be reached or used, by the driver's error."""

from __future__ import annotations

import re
from typing import Final

UNKNOWN: Final = "Check BATON_DATABASE_URL and that the database is running."

# fmt: off
_REMEDIES: Final = tuple((re.compile(pattern, re.IGNORECASE), remedy) for pattern, remedy in (
    (r"sqlite_notadb|sqlite_corrupt",
     "The file is no SQLite database, or damaged: name another file in BATON_DATABASE_URL, or restore a backup."),
    (r"sqlite_full|53100|disk full|no space left",
     "Make room on the database's disk."),
    (r"25006|read-only transaction|recovery is in progress",
     "Name a server that can be written, the primary, in BATON_DATABASE_URL."),
    (r"sqlite_(readonly|perm|auth)",
     "Give the user who runs Baton the right to write the file and its folder."),
    (r"sqlite_cantopen",
     "Check that its folder exists and that the user who runs Baton may write there, or correct BATON_DATABASE_URL."),
    (r"sqlite_ioerr",
     "Check the disk that the file is on, and that nobody has taken the file away."),
    (r"42P01",
     "Restore the database, or run `baton db upgrade`."),
    (r"28P01|28000|password|authentication failed|pg_hba|role .* does not exist",
     "Correct the user and password in BATON_DATABASE_URL, or let that user in (pg_hba.conf)."),
    (r"3D000|database .* does not exist",
     "Create the database, or correct its name in BATON_DATABASE_URL."),
    (r"42501|permission denied",
     "Make the user in BATON_DATABASE_URL the owner of the database and of its tables."),
    (r"53300|too many (clients|connections)|remaining connection slots",
     "Raise the server's max_connections, or end what else uses it."),
    (r"57P03|is starting up|is shutting down|not yet accepting",
     "Wait until the database server has started."),
    (r"translate host|resolve|name or service not known|nodename nor servname",
     "Correct the host in BATON_DATABASE_URL."),
    (r"certificate|sslmode|ssl (error|was required|is not)|not support ssl",
     "Correct sslmode and the certificates in BATON_DATABASE_URL."),
    (r"refused|timeout|timed out|unreachable|no route|no such file",
     "Start the database server, or correct host and port in BATON_DATABASE_URL."),
))
# fmt: on
"""A pattern of the error's code and text, and the remedy; the first that is found counts."""


def remedy(cause: Exception) -> str:
    """Return a sentence on what to do about a driver's error."""
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    said = f"{code} {cause}"
    return next((what for pattern, what in _REMEDIES if pattern.search(said)), UNKNOWN)
