"""An HTTP server (uvicorn) that runs in a thread of its own."""

from __future__ import annotations

import socket
import threading
import time
from typing import Final

import uvicorn
from starlette.types import ASGIApp

_START_S: Final = 10.0
_GRACE_S: Final = 10
"""Seconds that requests in flight are given to end when the server stops."""


class WebServer:
    """A server for one ASGI application on one port.

    Args:
        app: the ASGI application.
        port: the port number; 0 takes a free one, which the property `port` returns.
        host: the address to listen on; loopback by default.
    """

    def __init__(self, app: ASGIApp, *, port: int, host: str = "127.0.0.1") -> None:
        self._host = host
        self._port = port
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
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
            "Choose another one with BATON_PORT or BATON_ADMIN_PORT.",
        ) from problem
    return bound
