"""Column types for both databases: aware UTC datetimes, storable text, JSON, counting ids, and helpers for tables.

A datetime comes back aware and in UTC, and every text can be stored, whatever people typed.
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
    """Column type of an instant: takes aware datetimes, returns them in UTC; a naive one raises ValueError.

    SQLite has no such type: there the UTC wall time is kept as text, which sorts as instants do.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy asks so
        """Convert to UTC; raises ValueError without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone, this one has none: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy asks so
        """Return the stored instant as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StorableText(TypeDecorator[str]):
    """Column type of text of any length; characters that a database refuses are removed (see `storable`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy asks so
        """Remove characters that cannot be stored."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """Return the text without NUL characters, with lone surrogates joined or replaced.

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
    """Return the value as JSON text that both databases accept; `default` converts what JSON has no type for."""
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
"""JSON column; JSONB on PostgreSQL. None is stored as NULL."""

CountingId: Final = BigInteger().with_variant(Integer, "sqlite")
"""Auto-incremented id. SQLite increments only a column declared INTEGER."""


def sql_one_of(column: str, words: Iterable[str]) -> str:
    """Return SQL for: the column holds one of these words. The words are our own and are not escaped."""
    quoted = [f"'{word}'" for word in words]
    return f"{column} IN ({', '.join(quoted)})" if len(quoted) > 1 else f"{column} = {quoted[0]}"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index, for both databases, on the rows for which the SQL condition `where` holds."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
