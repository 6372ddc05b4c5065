"""Modals and Home tabs as people have them open."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from slackapp.local.protocol.types import Json
from slackapp.local.state.installation import SlackApp, SlackTeam


@dataclass(kw_only=True, slots=True)
class SlackView:
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

    def as_slack(self, team: SlackTeam, app: SlackApp) -> Json:
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
