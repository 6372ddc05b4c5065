"""One call of a Web API method: its arguments, however they were sent, and the workspace it acts on."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.workspace.workspace import SlackWorkspace

JSON_ARGUMENTS: Final = frozenset({"blocks", "attachments", "metadata", "view", "files"})
"""Arguments that are JSON; in forms and queries they come as text."""
_NO: Final = frozenset({"", "0", "false", "none"})


@dataclass(frozen=True, kw_only=True)
class MethodCall:
    """The arguments of one call and the workspace."""

    workspace: SlackWorkspace
    arguments: Json
    token: Literal["bot", "app"] = "bot"  # noqa: S105  # a kind, no secret
    app_id: str = ""
    """The app that the token belongs to."""

    def __contains__(self, name: str) -> bool:
        """Say whether an argument was sent at all."""
        return name in self.arguments

    def text(self, name: str, default: str = "") -> str:
        """Return a text argument."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes or no argument; Slack takes true, 1 and their texts."""
        value = self.arguments.get(name)
        return default if value is None else str(value).lower() not in _NO

    def number(self, name: str, default: int) -> int:
        """Return a whole number, or raise `invalid_arguments`."""
        try:
            return int(self.arguments.get(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def raw(self, name: str, default: Any = None) -> Any:
        """Return an argument as it came, JSON already read."""
        return self.arguments.get(name, default)

    def page(self, items: list[Any], *, most: int, default: int) -> tuple[list[Any], Json]:
        """Return the asked page of `items` and Slack's `response_metadata` with the next cursor ("" at the end)."""
        limit = self.number("limit", default)
        if not 0 < limit <= most:
            raise SlackError("invalid_limit")
        start = _position(self.text("cursor"))
        end = start + limit
        cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
        return items[start:end], {"response_metadata": {"next_cursor": cursor}}


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError:
        raise SlackError("invalid_cursor") from None


def read_json_arguments(arguments: Json) -> Json:
    """Return the arguments with those that are JSON in text read; raise Slack's error if one is not JSON."""
    read = dict(arguments)
    for name in JSON_ARGUMENTS & set(read):
        if isinstance(read[name], str):
            try:
                read[name] = json.loads(read[name])
            except ValueError:
                code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
                code = "invalid_metadata_format" if name == "metadata" else code
                raise SlackError(code) from None
    return read
