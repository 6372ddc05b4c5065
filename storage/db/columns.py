"""Column types that keep two promises: an instant is aware and UTC, and every text can be stored on every database.

With them what tables repeat: a column that holds one of a few words, and an index on some of the rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. A naive datetime is refused with ValueError; what comes back is aware and in UTC.

    SQLite has no such type: there the UTC wall time is kept as text, which sorts as instants do.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy asks so
        """Refuse what has no zone; hand the rest over in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone, this one has none: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy asks so
        """Say that it is UTC where the database cannot."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StorableText(TypeDecorator[str]):
    """Text of any length that people or Slack wrote: stored without what databases refuse (see `storable`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy asks so
        """Leave out what cannot be stored."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """Leave out NUL characters and join or replace lone surrogates.

    PostgreSQL refuses both. Neither can be seen, and a handoff must not be lost for one, so they go silently.
    """
    if text.isascii() and "\0" not in text:
        return text
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def to_json(value: Any, default: Callable[[Any], Any] | None = None) -> str:
    """Write JSON that every database takes. `default` writes what JSON has no form for."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default)
    if "\\u0000" in text:
        text = json.dumps(_without_nul(value), ensure_ascii=False, separators=(",", ":"), default=default)
    return storable(text)


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")
        case dict():
            return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_without_nul(inner) for inner in value]
    return value


Json: Final = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON, JSONB on PostgreSQL. None is NULL."""

CountingId: Final = BigInteger().with_variant(Integer, "sqlite")
"""Numbers that the database counts up. SQLite counts only in a column declared INTEGER."""


def sql_one_of(column: str, words: Iterable[str]) -> str:
    """SQL that says: the column holds one of these words of ours."""
    quoted = [f"'{word}'" for word in words]
    return f"{column} IN ({', '.join(quoted)})" if len(quoted) > 1 else f"{column} = {quoted[0]}"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index on the rows for which the SQL `where` holds, for both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
