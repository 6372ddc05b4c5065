"""Tables of bulk runs and their rows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    true,
)

from storage.bulk.model import BulkKind, RowOutcome
from storage.db.columns import Json, StorableText, UtcDateTime, partial_index, sql_one_of
from storage.db.metadata import ID, metadata

UNFINISHED: Final = "sent_at IS NOT NULL AND finished_at IS NULL"
UNSENT: Final = "sent_at IS NULL"

bulk_runs: Final = Table(
    "bulk_runs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace", ID, nullable=False),
    Column("actor", ID, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("person", ID),
    Column("queue", StorableText),
    Column("note", Json),
    Column("sent_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("in_background", Boolean, nullable=False, server_default=false()),
    CheckConstraint(sql_one_of("kind", BulkKind), name="kind"),
    CheckConstraint("finished_at IS NULL OR sent_at IS NOT NULL", name="sent_before_it_ends"),
    partial_index("ix_bulk_runs_unfinished", "sent_at", where=UNFINISHED),
    partial_index("ix_bulk_runs_unsent", "created_at", where=UNSENT),
)

bulk_rows: Final = Table(
    "bulk_rows",
    metadata,
    Column("run_id", ID, ForeignKey("bulk_runs.id"), nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("included", Boolean, nullable=False, server_default=true()),
    Column("note", Json),
    Column("outcome", String(16)),
    Column("why", String(64)),
    Column("told", Json, nullable=False),
    PrimaryKeyConstraint("run_id", "handoff_id"),
    CheckConstraint(f"outcome IS NULL OR {sql_one_of('outcome', RowOutcome)}", name="outcome"),
    Index("ix_bulk_rows_handoff", "handoff_id"),
)
