"""Read models of people's permissions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NotAdmin:
    """The person does not administer Baton. `admins` are those who do."""

    admins: tuple[str, ...]
