"""The server: one loopback port for Slack's side, the control API, the lent clock and the page."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from slackapp.local import response_endpoint
from slackapp.local.control.routes import routes as control_routes
from slackapp.local.dropping import TrackedProtocol
from slackapp.local.loopback import is_loopback
from slackapp.local.web_api import endpoint as web_api_endpoint
from slackapp.local.workspace import Workspace

PAGE: Final = Path(__file__).parent / "page"


class LoopbackOnly:
    """Refuses requests that a web page from elsewhere could have caused: foreign Host or Origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass loopback requests on, refuse others."""
        if scope["type"] == "lifespan" or _from_loopback(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await PlainTextResponse("Only this machine may talk to this workspace.", 403)(scope, receive, send)


def application(workspace: Workspace) -> ASGIApp:
    """Return the whole workspace as an ASGI application."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await workspace.stop_background()
        await workspace.courier.close()

    async def socket_mode(connection: WebSocket) -> None:
        await workspace.courier.sockets.serve(connection, workspace.world.app.id)

    routes: list[BaseRoute] = [
        Route("/api/{method}", web_api_endpoint.endpoint(workspace), methods=["GET", "POST"]),
        Route("/response/{secret}", response_endpoint.endpoint(workspace), methods=["POST"]),
        Route("/archives/{channel}/{message}", _permalink, methods=["GET"]),
        Route("/files/{user}/{file}/{name}", _file, methods=["GET"]),
        WebSocketRoute("/socket", socket_mode),
        *control_routes(workspace),
    ]
    if (PAGE / "index.html").exists():
        routes.append(Mount("/", StaticFiles(directory=PAGE, html=True)))
    return LoopbackOnly(Starlette(routes=routes, lifespan=lifespan))


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


class Server(uvicorn.Server):
    """uvicorn, calling back once it accepts connections."""

    def __init__(self, workspace: Workspace, ready: Callable[[], None]) -> None:
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


def _from_loopback(headers: Headers) -> bool:
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    origin = headers.get("origin")
    return is_loopback(host) and (origin is None or is_loopback(urlsplit(origin).hostname or ""))


async def _file(request: Request) -> Response:
    """Say to whoever opens a file's permalink that there is nothing to read."""
    name = request.path_params["name"]
    return PlainTextResponse(f"{name}: this workspace keeps the names of files, not what is in them.")


async def _permalink(request: Request) -> Response:
    """Send a permalink's visitor to the page, at that message."""
    digits = request.path_params["message"].removeprefix("p")
    place = {"channel": request.path_params["channel"], "ts": f"{digits[:-6]}.{digits[-6:]}"}
    if "thread_ts" in request.query_params:
        place["thread_ts"] = request.query_params["thread_ts"]
    return RedirectResponse(f"/?{urlencode(place)}", status_code=302)
