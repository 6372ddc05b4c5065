"""An HTTP server (uvicorn) that runs in a thread of its own."""

from __future__ import annotations

import socket
import threading
import time
from functools import partial
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from slackapp.runtime.web_connections import REQUEST_S, ConnectionGuard, GuardedConnection, most_connections

_START_S: Final = 10.0
_GRACE_S: Final = 10
"""Seconds that requests in flight are given to end when the server stops."""
KEEP_ALIVE_S: Final = 75
"""Seconds between two requests: longer than a proxy keeps an idle connection (nginx: 60), so that the proxy ends it."""
_LARGEST_HEAD: Final = 32 * 1024
_AT_A_TIME: Final = 100
"""Connections that asyncio accepts at a time; it does so about three times before the first of them is counted."""


class WebServer:
    """A server for one ASGI application on one port.

    Args:
        app: the ASGI application.
        port: the port number; 0 takes a free one, which the property `port` returns.
        host: the address to listen on; loopback by default.
        share: the share of this process's file descriptors that its connections may take.
        request_s: seconds for a request's head, for its body, and for reading the answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int,
        host: str = "127.0.0.1",
        share: float = 0.5,
        request_s: float = REQUEST_S,
    ) -> None:
        self._host = host
        self._port = port
        most = most_connections(share)
        guard = ConnectionGuard(most=most, request_s=request_s)
        protocol: Any = partial(GuardedConnection, guard)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                h11_max_incomplete_event_size=_LARGEST_HEAD,
                timeout_keep_alive=KEEP_ALIVE_S,
                backlog=min(_AT_A_TIME, max(1, most // 8)),
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port number, once started."""
        return self._port

    @property
    def address(self) -> str:
        """The base URL, such as `http://127.0.0.1:3000`."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    def start(self) -> None:
        """Bind the port and serve in the background; return when requests are answered.

        Raises:
            OSError: the port is taken or may not be used; the message says which setting to change.
            RuntimeError: the application failed to start.
        """
        bound = _bound(self._host, self._port)
        self._port = bound.getsockname()[1]
        self._thread = threading.Thread(target=self._server.run, args=([bound],), name="web", daemon=True)
        self._thread.start()
        give_up_at = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > give_up_at:
                raise RuntimeError(f"The web server on {self.address} did not start; the log says why.")
            time.sleep(0.01)

    def stop(self) -> None:
        """Accept no new requests, finish those in progress, and free the port. Safe to call twice."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, asyncio sends each part of an answer at once; otherwise a body waits 40 ms for its head's receipt.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as problem:
        bound.close()
        raise OSError(
            problem.errno,
            f"Cannot serve on {host} port {port}: {problem.strerror}. "
            "Choose another port with BATON_PORT or BATON_ADMIN_PORT, "
            "or another address with BATON_HOST or BATON_ADMIN_HOST.",
        ) from problem
    return bound
