"""Names of what is paced: a workspace, a channel or person in it, or a way of reaching Slack."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How a message reaches Slack: each way has a limit of its own there."""

    POST = "post"
    UPDATE = "update"
    ERASE = "erase"


def bucket(workspace: str, part: str | None = None) -> str:
    """Name a bucket: the workspace, or a channel id, a user id or a `Way` in it."""
    return workspace if part is None else f"{workspace}:{part}"
