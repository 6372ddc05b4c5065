"""Passwords in a database's URL, wherever they stand."""

from __future__ import annotations

import pytest

from storage.db.engines import parse_url, redacted_url, secrets_of


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("postgresql+psycopg://baton:s3cret@host/x", {"s3cret"}),
        ("postgresql+psycopg://baton:s3%40cret@host/x", {"s3@cret", "s3%40cret"}),
        ("postgresql+psycopg://host/x?user=baton&password=s3cret", {"s3cret"}),
        ("postgresql+psycopg://host/x?password=one&password=two&sslpassword=three", {"one", "two", "three"}),
        ("sqlite:///baton.db?Password=s3cret", {"s3cret"}),
        ("postgresql+psycopg://host/x?passfile=/etc/pgpass", set()),
        ("sqlite:///baton.db", set()),
    ],
)
def test_no_password_shows_and_every_one_is_known(url: str, secrets: set[str]) -> None:
    shown = redacted_url(parse_url(url))

    assert set(secrets_of(url)) == secrets
    assert [secret for secret in secrets if secret in shown] == []
    assert "***" in shown or not secrets
