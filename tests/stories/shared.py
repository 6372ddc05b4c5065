"""One Baton for the stories of a module: its database and the workspace go back to where they were when it had started.

To start and stop one takes as long as a short story. What a process keeps in memory stays, so a story about starting,
stopping, a change of the configuration or the connection starts its own (`start`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from slackapp.app import Running
from tests.databases import Server
from tests.slack_client import Workspace
from tests.waiting import until

_COMES_TO_REST_WITHIN_S: Final = 60.0
Begin = Callable[[str, Path], Running]
"""Starts a Baton on a database, with a configuration file, and returns when it has read all it wants to know."""


class Shared:
    """The running Baton of a module, or none. Only one runs at a time: two would share what the workspace sends.

    Args:
        servers: gives the server of a dialect.
    """

    def __init__(self, servers: Callable[[str], Server]) -> None:
        self._servers = servers
        self._urls: dict[str, str] = {}
        self._migrated: dict[str, Any] = {}
        self._as_started: Any = None
        self._of: tuple[str, str] | None = None
        self._running: Running | None = None

    def url(self, dialect: str) -> str:
        """The URL of the database of a dialect, which stays the same."""
        if dialect not in self._urls:
            server = self._servers(dialect)
            self._urls[dialect] = server.migrated()
            self._migrated[dialect] = server.kept(self._urls[dialect])
        return self._urls[dialect]

    def begin(self, slack: Workspace, dialect: str, company: Path, begin: Begin) -> Running:
        """Return a Baton with this company in a workspace that was just reset, as if it had started this moment."""
        wanted = (dialect, company.read_text(encoding="utf-8"))
        server, url = self._servers(dialect), self.url(dialect)
        if self._running is not None and self._of == wanted:
            server.bring_back(url, self._as_started)
            slack.settle()
            return self._running
        self.stop()
        server.bring_back(url, self._migrated[dialect])
        self._running, self._of = begin(url, company), wanted
        self._as_started = server.kept(url)
        return self._running

    def rest(self) -> None:
        """Forget the story: nothing of it may still be on its way when the workspace is reset for the next one."""
        running = self._running
        if running is None or self._of is None:
            return
        if running._ended.is_set() or running._no_access_reason is not None:
            self.stop()
            return
        self._servers(self._of[0]).bring_back(self._urls[self._of[0]], self._as_started)
        parts = (running.openings, running.pump, running.jobs, running.answers, running.newcomers)
        until(lambda: all(part.quiet() for part in parts), within_s=_COMES_TO_REST_WITHIN_S)

    def stop(self) -> None:
        """End the Baton, if one runs."""
        if self._running is not None:
            self._running.stop()
            self._running = None

    def close(self) -> None:
        """End the Baton and give its databases back."""
        self.stop()
        for dialect, url in self._urls.items():
            self._servers(dialect).give_back(url)
        self._urls = {}
