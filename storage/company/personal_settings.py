"""The column that holds how a person gets messages, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

from storage.company.model import PersonalSettings
from storage.db.columns import Json
from storage.db.json_records import converter

_json: Final = converter()


class SettingsColumn(TypeDecorator[PersonalSettings]):
    """Column type of personal settings; None is stored as NULL."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: PersonalSettings | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy asks so
        """Convert to JSON values."""
        return None if value is None else _json.unstructure(value)

    def process_result_value(self, value: Mapping[str, Any] | None, dialect: Dialect) -> PersonalSettings | None:  # noqa: ARG002 - SQLAlchemy asks so
        """Return the stored settings."""
        return None if value is None else _json.structure(value, PersonalSettings)
