"""Serves the workspace on one loopback port."""

import socket
from collections.abc import Callable

import uvicorn

from slackapp.local.faults.connection_drop import TrackedProtocol
from slackapp.local.protocol.loopback import is_loopback
from slackapp.local.server.application import application
from slackapp.local.workspace.workspace import SlackWorkspace


def listen(host: str, port: int) -> socket.socket:
    """Bind the port (0 for a free one); raise ValueError for an address that is not this machine's own."""
    if not is_loopback(host):
        raise ValueError(f"{host} is not a loopback address; the local workspace serves this machine only")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay of 40 ms off only where the protocol is named.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


class LocalServer(uvicorn.Server):
    """uvicorn, calling back once it accepts connections."""

    def __init__(self, workspace: SlackWorkspace, ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            application(workspace),
            http=TrackedProtocol,
            ws="websockets-sansio",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start accepting connections and say so."""
        await super().startup(sockets)
        self._ready()
