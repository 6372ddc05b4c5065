"""The part of an app's manifest that a workspace obeys: scopes, events, commands, shortcuts, tabs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from slackapp.local.protocol.types import Json


@dataclass(frozen=True, kw_only=True)
class AppManifest:
    """The declarations of the app. Optional scopes are those an installer may decline."""

    name: str
    scopes: frozenset[str]
    optional_scopes: frozenset[str]
    events: frozenset[str]
    commands: tuple[Json, ...]
    shortcuts: tuple[Json, ...]
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool

    def command(self, name: str) -> Json | None:
        """Return the declared slash command of that name."""
        return next((c for c in self.commands if c["command"] == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Json | None:
        """Return the declared shortcut; `kind` is "global" or "message"."""
        found = (s for s in self.shortcuts if s["callback_id"] == callback_id and s["type"] == kind)
        return next(found, None)


def read_manifest(path: Path) -> AppManifest:
    """Read a manifest file in Slack's format, YAML or JSON."""
    return parse_manifest(yaml.safe_load(path.read_text(encoding="utf-8")))


def parse_manifest(document: dict[str, Any]) -> AppManifest:
    """Build a Manifest from Slack's document; missing sections count as empty."""
    features = document.get("features") or {}
    scopes = (document.get("oauth_config") or {}).get("scopes") or {}
    subscriptions = (document.get("settings") or {}).get("event_subscriptions") or {}
    home = features.get("app_home") or {}
    return AppManifest(
        name=document["display_information"]["name"],
        scopes=frozenset(scopes.get("bot") or ()),
        optional_scopes=frozenset(scopes.get("bot_optional") or ()),
        events=frozenset(subscriptions.get("bot_events") or ()),
        commands=tuple(features.get("slash_commands") or ()),
        shortcuts=tuple(features.get("shortcuts") or ()),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled")),
    )
