"""The workspace itself and the app installed in it."""

from dataclasses import dataclass, field

from slackapp.local.protocol.types import Json


@dataclass(kw_only=True, slots=True)
class SlackTeam:
    """The workspace itself, and the Enterprise organisation that it belongs to, if any."""

    id: str = "T0LOCAL"
    name: str = "Local"
    domain: str = "local"
    enterprise_id: str | None = None
    enterprise_name: str = ""

    @property
    def enterprise(self) -> Json | None:
        """Slack's object of the organisation, as interactions carry it; None without one."""
        return {"id": self.enterprise_id, "name": self.enterprise_name} if self.enterprise_id else None


@dataclass(kw_only=True, slots=True)
class SlackApp:
    """The one app installed here, its identity and what it was granted."""

    id: str = "A0BATON"
    name: str = "Baton"
    bot_user: str = "U0BATON"
    bot_id: str = "B0BATON"
    bot_token: str = "xoxb-local-bot"  # noqa: S105  # opens nothing but this loopback workspace
    app_token: str = "xapp-local-app"  # noqa: S105  # as above
    foreign_app_token: str = "xapp-other-app"  # noqa: S105  # as above
    """An app-level token of another app, which Slack accepts as well: its events go elsewhere."""
    foreign_id: str = "A0OTHER"
    signing_secret: str = "local-signing-secret"  # noqa: S105  # as above
    verification_token: str = "local-verification"  # noqa: S105  # as above
    granted: set[str] = field(default_factory=set)
    revoked: bool = False
