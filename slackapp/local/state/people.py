"""People, bots and user groups."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from slackapp.local.protocol.types import Json


@dataclass(kw_only=True, slots=True)
class SlackUser:
    """A person or bot. `tz` is an IANA zone name; None where Slack knows none.

    `is_restricted` marks a guest, of one channel only with `is_ultra_restricted`. `team_id` is the workspace that
    payloads name as theirs; `team_ids` are all their workspaces of the organisation `enterprise_id`.
    Notifications are paused from `dnd_from` to before `dnd_until`, a status ends at `status_expiration`: all in epoch
    seconds, 0 for never.
    """

    id: str
    name: str
    real_name: str
    tz: str | None = "Europe/Berlin"
    deleted: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    team_id: str = "T0LOCAL"
    team_ids: list[str] = field(default_factory=list)
    enterprise_id: str | None = None
    color: str = "4bbe2e"
    title: str = ""
    presence: str = "active"
    dnd_from: int = 0
    dnd_until: int = 0
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    updated: int = 0

    def summary(self, now: float) -> Json:
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
            "is_ultra_restricted",
            "team_id",
            "team_ids",
            "enterprise_id",
            "color",
        )
        return {name: getattr(self, name) for name in names} | {"dnd": self.dnd(now), "status": self.status(now)}

    def is_member_of(self, team_id: str) -> bool:
        """Return whether this person is a member of a workspace; a guest is one too."""
        return not self.is_stranger and team_id in {self.team_id, *self.team_ids}

    def can_be_notified(self, now: float) -> bool:
        """Return whether this person's notifications are on."""
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
        if self.enterprise_id is not None:
            base["enterprise_user"] = {
                "id": self.id,
                "enterprise_id": self.enterprise_id,
                "enterprise_name": "",
                "is_admin": False,
                "is_owner": False,
                "teams": list(self.team_ids),
            }
        if self.is_stranger:
            base["is_stranger"] = True
        if self.deleted:
            return base
        offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz)).utcoffset() if self.tz else None
        return base | {
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.is_admin or self.is_owner or self.is_primary_owner,
            "is_owner": self.is_owner or self.is_primary_owner,
            "is_primary_owner": self.is_primary_owner,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
        }


@dataclass(kw_only=True, slots=True)
class SlackUserGroup:
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
