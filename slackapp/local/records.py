"""What the workspace knows: people, channels, messages, groups, views, and the app installed in it."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slackapp.local.wire import Json


@dataclass(kw_only=True, slots=True)
class Team:
    """The workspace itself."""

    id: str = "T0LOCAL"
    name: str = "Local"
    domain: str = "local"


@dataclass(kw_only=True, slots=True)
class App:
    """The one app installed here, its identity and what it was granted."""

    id: str = "A0BATON"
    name: str = "Baton"
    bot_user: str = "U0BATON"
    bot_id: str = "B0BATON"
    bot_token: str = "xoxb-local-bot"  # noqa: S105  # opens nothing but this loopback workspace
    app_token: str = "xapp-local-app"  # noqa: S105  # as above
    signing_secret: str = "local-signing-secret"  # noqa: S105  # as above
    verification_token: str = "local-verification"  # noqa: S105  # as above
    granted: set[str] = field(default_factory=set)
    revoked: bool = False


@dataclass(kw_only=True, slots=True)
class User:
    """A person or bot. `tz` is an IANA zone name.

    Notifications are paused from `dnd_from` to before `dnd_until`, a status ends at `status_expiration`: all in epoch
    seconds, 0 for never.
    """

    id: str
    name: str
    real_name: str
    tz: str = "Europe/Berlin"
    deleted: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    team_id: str = "T0LOCAL"
    color: str = "4bbe2e"
    title: str = ""
    presence: str = "active"
    dnd_from: int = 0
    dnd_until: int = 0
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    updated: int = 0

    def brief(self, now: float) -> Json:
        """Return what the control API tells about this person."""
        names = (
            "id",
            "name",
            "real_name",
            "tz",
            "deleted",
            "is_bot",
            "is_stranger",
            "is_restricted",
            "team_id",
            "color",
        )
        return {name: getattr(self, name) for name in names} | {"dnd": self.dnd(now), "status": self.status(now)}

    def hears(self, now: float) -> bool:
        """Whether this person's notifications are not paused."""
        return not self.dnd_from <= now < self.dnd_until

    def dnd(self, now: float) -> Json:
        """Return Slack's object of the present or next pause of notifications; both instants are 1 without any."""
        if self.dnd_until <= now:
            return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
        return {"dnd_enabled": True, "next_dnd_start_ts": self.dnd_from, "next_dnd_end_ts": self.dnd_until}

    def status(self, now: float) -> Json:
        """Return the status as a profile has it; one that has ended is gone."""
        over = 0 < self.status_expiration <= now
        return {
            "status_text": "" if over else self.status_text,
            "status_emoji": "" if over else self.status_emoji,
            "status_expiration": 0 if over else self.status_expiration,
        }

    def as_slack(self, now: float) -> Json:
        """Return Slack's user object; a stranger has no locale or e-mail, a deactivated person hardly anything."""
        profile = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.name,
            "title": self.title,
            "team": self.team_id,
            **self.status(now),
        }
        base: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.is_stranger:
            base["is_stranger"] = True
        if self.deleted:
            return base
        offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        return base | {
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
        }


@dataclass(kw_only=True, slots=True)
class Message:
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
class Channel:
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
    messages: dict[str, Message] = field(default_factory=dict)
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

    def replies(self, ts: str) -> list[Message]:
        """Return the lasting replies to the message `ts`, oldest first."""
        return [m for m in self.messages.values() if m.thread_ts == ts and m.ts != ts and m.ephemeral_to is None]


@dataclass(kw_only=True, slots=True)
class File:
    """A file that somebody attached or shared: its name and size, not what is in it."""

    id: str
    user: str
    team: str
    name: str
    size: int
    created: float


@dataclass(kw_only=True, slots=True)
class UserGroup:
    """A user group; mentioned as `<!subteam^id>`."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    disabled: bool = False

    def as_slack(self, team_id: str, *, include_users: bool = True) -> Json:
        """Return Slack's usergroup object."""
        group: Json = {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "date_delete": 1 if self.disabled else 0,
            "user_count": len(self.users),
        }
        return group | {"users": list(self.users)} if include_users else group


@dataclass(kw_only=True, slots=True)
class View:
    """A modal or Home tab as one person has it open.

    `body` is what the app sent; `values` is what the person filled in (`{block_id: {action_id: state}}`);
    `errors` is what the app said about fields; `suggested` keeps the options an external select was given.
    """

    id: str
    user: str
    hash: str
    body: Json
    root_id: str = ""
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, Json] = field(default_factory=dict)

    def as_slack(self, team: Team, app: App) -> Json:
        """Return Slack's view object, state included."""
        body = self.body
        view: dict[str, Any] = {
            "id": self.id,
            "team_id": team.id,
            "type": body["type"],
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata") or "",
            "callback_id": body.get("callback_id") or "",
            "external_id": body.get("external_id") or "",
            "state": {"values": deepcopy(self.values)},
            "hash": self.hash,
            "clear_on_close": bool(body.get("clear_on_close")),
            "notify_on_close": bool(body.get("notify_on_close")),
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": app.id,
            "bot_id": app.bot_id,
            "app_installed_team_id": team.id,
        }
        return view | {part: body.get(part) for part in ("title", "submit", "close")}
