"""SQLAlchemy metadata with the naming convention of constraints, and the column type of ids."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData, String

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)
ID: Final = String(64)
"""Column type of ids, Slack's and our own."""
