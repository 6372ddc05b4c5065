"""Tables of templates and of templates not yet published."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, PrimaryKeyConstraint, String, Table

from storage.db.columns import Json, StorableText, UtcDateTime, partial_index, sql_one_of
from storage.db.metadata import ID, metadata
from storage.templates.model import Origin

# Templates

templates: Final = Table(
    "templates",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("content", Json, nullable=False),
    Column("latest", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    PrimaryKeyConstraint("workspace", "key", "version"),
    CheckConstraint(sql_one_of("origin", Origin), name="origin"),
    CheckConstraint("version > 0", name="counts_up"),
    partial_index("uq_templates_latest", "workspace", "key", where="latest", unique=True),
)

template_drafts: Final = Table(
    "template_drafts",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("author", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("content", Json, nullable=False),
    PrimaryKeyConstraint("workspace", "author", "key"),
)
