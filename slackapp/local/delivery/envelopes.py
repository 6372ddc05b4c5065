"""A payload on its way to the app, and the acknowledgement that comes back."""

from dataclasses import dataclass
from typing import Any, Literal

from slackapp.local.protocol.types import Json

PayloadKind = Literal["interactive", "slash_commands", "events_api"]


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One payload. `attempt` counts redeliveries of an event; `reason` says why there was one."""

    kind: PayloadKind
    payload: Json
    attempt: int = 0
    reason: str = ""

    @property
    def label(self) -> str:
        """Return the name under which the record of calls lists it."""
        if self.kind == "events_api":
            event = self.payload.get("event")
            return f"event:{event.get('type') if isinstance(event, dict) else None}"
        return "slash_command" if self.kind == "slash_commands" else str(self.payload.get("type"))


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """The app's acknowledgement, or why there is none.

    `error` is what a person would see (operation_timeout, dispatch_failed); `reason` is Slack's word for a retry
    header; `give_up` means that the app asked for no further attempts. `status` is 0 without an answer.
    """

    ack: Any = None
    error: str | None = None
    reason: str = ""
    status: int = 0
    give_up: bool = False
