"""response_url: up to five answers within thirty minutes to one interaction.

docs.slack.dev, interactivity/handling-user-interaction, "Message responses". Minutes are the workspace's.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final

from slackapp.local.protocol.errors import SlackError

MOST_USES: Final = 5
LIFE_S: Final = 30 * 60.0
KEPT: Final = 20_000


@dataclass(kw_only=True, slots=True)
class ResponseUrl:
    """Where an answer goes: a channel, the person who acted, and the message they acted on, if any."""

    channel: str
    user: str
    issued_at: float
    original: str | None = None
    uses: int = 0


@dataclass(slots=True)
class ResponseUrls:
    """All response URLs handed out lately, by their secret last part."""

    _known: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(self, url: ResponseUrl) -> str:
        """Return the secret last part of a fresh address."""
        secret = secrets.token_urlsafe(18)
        self._known[secret] = url
        if len(self._known) > KEPT:
            del self._known[next(iter(self._known))]
        return secret

    def redeem(self, secret: str, now: float) -> ResponseUrl:
        """Count one use; raise Slack's error if the address is unknown, too old or used up."""
        url = self._known.get(secret)
        if url is None or now - url.issued_at > LIFE_S:
            raise SlackError("expired_url", status=404)
        if url.uses >= MOST_USES:
            raise SlackError("used_url", status=404)
        url.uses += 1
        return url

    def clear(self) -> None:
        """Forget all addresses."""
        self._known.clear()
