"""What is said to do about a database fits what the driver says of it."""

from __future__ import annotations

import psycopg
import pytest

from storage.db.remedies import UNKNOWN, remedy


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ('connection to server at "10.0.0.1", port 5432 failed: Connection refused', "Start the database server"),
        ("connection timeout expired", "Start the database server"),
        ('connection to server on socket "/x/.s.PGSQL.5432" failed: No such file or directory', "Start the database"),
        ("failed to resolve host 'db': [Errno -2] Name or service not known", "Correct the host"),
        ('FATAL: password authentication failed for user "baton"', "Correct the user and password"),
        ('FATAL: role "baton" does not exist', "Correct the user and password"),
        (
            'FATAL: no pg_hba.conf entry for host "10.0.0.2", user "baton", no encryption',
            "Correct the user and password",
        ),
        ('FATAL: database "baton" does not exist', "Create the database"),
        ("FATAL: sorry, too many clients already", "Raise the server's max_connections"),
        ("FATAL: the database system is starting up", "Wait until"),
        ("permission denied for schema public", "Make the user in BATON_DATABASE_URL the owner"),
        ("cannot execute INSERT in a read-only transaction", "Name a server that can be written"),
        ('could not extend file "base/1/2": No space left on device', "Make room"),
        ("server does not support SSL, but SSL was required", "Correct sslmode"),
        ("SSL connection has been closed unexpectedly", UNKNOWN),
        ("server closed the connection unexpectedly", UNKNOWN),
    ],
)
def test_a_remedy_fits(said: str, start: str) -> None:
    assert remedy(psycopg.OperationalError(said)).startswith(start)
