"""SQLAlchemy metadata of every table, for the migrations and for the test that compares them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

import storage.bulk.tables
import storage.clocks.tables
import storage.company.tables
import storage.db.receipts
import storage.handoffs.progress
import storage.handoffs.tables
import storage.outbox.tables
import storage.search.tables
import storage.summaries.tables
import storage.templates.tables  # noqa: F401 - as the imports above: a table is known once its module is read
from storage.db.metadata import metadata

METADATA: Final[MetaData] = metadata
