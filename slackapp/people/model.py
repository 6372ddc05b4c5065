"""Read models of people's permissions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NotAdmin:
    """The person is not one of Baton's admins, who are listed."""

    admins: tuple[str, ...]
