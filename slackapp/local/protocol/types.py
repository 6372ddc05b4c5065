"""The type of a JSON object."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
