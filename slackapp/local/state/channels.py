"""Channels with their messages, and files."""

from dataclasses import dataclass, field

from slackapp.local.protocol.types import Json


@dataclass(kw_only=True, slots=True)
class SlackMessage:
    """One message. `ephemeral_to` names the only person who sees it; `thread_ts` is its parent's ts."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    team: str = ""
    thread_ts: str | None = None
    edited: Json | None = None
    metadata: Json | None = None
    ephemeral_to: str | None = None
    files: list[Json] = field(default_factory=list)
    """Slack's file objects that were shared with it."""

    def as_slack(self, *, with_metadata: bool = False) -> Json:
        """Return Slack's message object. Without `with_metadata` only the metadata's event_type is shown."""
        message: Json = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text, "team": self.team}
        optional = {
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "thread_ts": self.thread_ts,
            "edited": self.edited,
            "blocks": self.blocks or None,
            "attachments": self.attachments or None,
            "files": self.files or None,
        }
        message |= {key: value for key, value in optional.items() if value is not None}
        if self.files:
            message["upload"] = False  # shared with what was written, not uploaded by itself
        if self.metadata is not None:
            message["metadata"] = self.metadata if with_metadata else {"event_type": self.metadata["event_type"]}
        return message


@dataclass(kw_only=True, slots=True)
class SlackChannel:
    """A channel or direct message. `read` maps a person to the ts up to which they have read."""

    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    is_im: bool = False
    members: list[str] = field(default_factory=list)
    connected_team_ids: list[str] = field(default_factory=list)
    creator: str = ""
    created: int = 1_700_000_000
    topic: str = ""
    messages: dict[str, SlackMessage] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)
    last_tick: int = 0

    @property
    def kind(self) -> str:
        """Return Slack's word for the type: im, private_channel or public_channel."""
        if self.is_im:
            return "im"
        return "private_channel" if self.is_private else "public_channel"

    @property
    def payload_name(self) -> str:
        """Return the name interactions carry: Slack hides those of private channels and DMs."""
        return {"im": "directmessage", "private_channel": "privategroup"}.get(self.kind, self.name)

    def next_ts(self, now: float) -> str:
        """Return a ts from `now` that is later than every other of this channel."""
        self.last_tick = max(self.last_tick + 1, round(now * 1_000_000))
        return f"{self.last_tick // 1_000_000}.{self.last_tick % 1_000_000:06d}"

    def replies(self, ts: str) -> list[SlackMessage]:
        """Return the lasting replies to the message `ts`, oldest first."""
        return [m for m in self.messages.values() if m.thread_ts == ts and m.ts != ts and m.ephemeral_to is None]


@dataclass(kw_only=True, slots=True)
class SlackFile:
    """A file that somebody attached or shared: its name and size. `content` is kept of what the app uploads only."""

    id: str
    user: str
    team: str
    name: str
    size: int
    created: float
    content: bytes | None = None
