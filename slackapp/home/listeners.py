"""A person opens the Home tab. Its buttons and its search field are those of other packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.home.actions import open_home
from slackapp.runtime.baton import Baton
from slackapp.slack.payloads import Payload


def opened(baton: Baton, workspace: str, event: Payload) -> None:
    """Handle a tab of the app that was opened: the Home tab is drawn, the messages tab needs nothing."""
    if event.get("tab") == "home":
        view = event.get("view") or {}
        open_home(baton, workspace=workspace, user=event["user"], shown_hash=view.get("hash"))


EVENTS: Final[Mapping[str, Callable[[Baton, str, Payload], object]]] = {"app_home_opened": opened}
