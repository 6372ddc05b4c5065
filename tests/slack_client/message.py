"""One message as one person sees it, live: every look at it reads what the person sees now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.slack_client import shown

if TYPE_CHECKING:
    from tests.slack_client.shown import Json
    from tests.slack_client.workspace import Answer, Workspace


class Message:
    """One message as one person sees it."""

    def __init__(self, workspace: Workspace, viewer: str, channel: str, ts: str) -> None:
        self.workspace = workspace
        self.viewer = viewer
        self.channel = channel
        self.ts = ts

    def __repr__(self) -> str:
        return f"<Message {self.channel} {self.ts}>"

    @property
    def raw(self) -> Json:
        """Slack's message object as it is now."""
        for message in self.workspace.channel(self.viewer, self.channel)["messages"]:
            if message["ts"] == self.ts:
                found: Json = message
                return found
        raise AssertionError(f"{self.viewer} no longer sees message {self.ts} in {self.channel}")

    @property
    def exists(self) -> bool:
        """Whether the message is still there."""
        seen = self.workspace.channel(self.viewer, self.channel)["messages"]
        return any(message["ts"] == self.ts for message in seen)

    @property
    def text(self) -> str:
        """The top-level text: what notifications and screen readers say."""
        return str(self.raw["text"])

    @property
    def blocks(self) -> list[Json]:
        """The blocks."""
        blocks: list[Json] = self.raw["blocks"]
        return blocks

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by label, each with its element and `block_id`."""
        return shown.buttons(self.blocks)

    @property
    def menu(self) -> list[str]:
        """The labels of the overflow menu's options."""
        return list(shown.menu(self.blocks))

    def all_text(self) -> str:
        """Every text of the message, one per line."""
        return shown.all_text(self.raw)

    def replies(self) -> list[Message]:
        """The replies in its thread."""
        thread = self.workspace.messages(self.viewer, self.channel, thread_ts=self.ts)
        return [message for message in thread if message.ts != self.ts]

    def click(self, label: str, *, by: str) -> Answer:
        """Press a button."""
        return self._use(shown.named(self.buttons, label), by, None)

    def choose(self, label: str, *, by: str) -> Answer:
        """Choose from the overflow menu."""
        entry = shown.named(shown.menu(self.blocks), label)
        return self._use(entry, by, entry["chosen"])

    def shortcut(self, callback_id: str, *, by: str) -> Answer:
        """Use a message shortcut on this message."""
        sent = {"channel": self.channel, "ts": self.ts, "callback_id": callback_id}
        return self.workspace.act("message_shortcut", user=by, **sent)

    def delete(self, *, by: str) -> Answer:
        """Delete the message as a person."""
        return self.workspace.act("delete_message", user=by, channel=self.channel, ts=self.ts)

    def _use(self, element: Json, by: str, value: Any) -> Answer:
        place = {"channel": self.channel, "ts": self.ts}
        ids = {"action_id": element["action_id"], "block_id": element["block_id"]}
        return self.workspace.act("click", user=by, value=value, **place, **ids)
