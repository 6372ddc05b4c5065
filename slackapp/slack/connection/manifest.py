"""The app manifest for HTTP mode, derived from the one for Socket Mode."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final
from urllib.parse import urlsplit

PATH: Final = "/slack/events"
"""Where Baton listens in HTTP mode; Slack sends everything to this one address."""


def http_variant(manifest: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Return the manifest for an app that Slack reaches at `url`, such as `https://baton.example.com`.

    Socket Mode is off, and commands, interactivity and events are sent to `/slack/events` there. The given manifest is
    not changed.

    Raises:
        ValueError: Slack does not accept such an address.
    """
    address = _address(url)
    variant = deepcopy(dict(manifest))
    settings = variant["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": address, **settings["event_subscriptions"]}
    settings["interactivity"] = {**settings["interactivity"], "request_url": address}
    for command in variant["features"]["slash_commands"]:
        command["url"] = address
    return variant


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(f"Slack only sends to https addresses, not to {url!r}. Give one such as https://your.host.")
    if parts.query or parts.fragment:
        raise ValueError(f"Give the address alone, such as https://your.host, not {url!r}.")
    path = parts.path.rstrip("/")
    return f"https://{parts.netloc}{path if path.endswith(PATH) else path + PATH}"
