"""The ASGI application: Slack's side, the control API, the shared clock and the page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from slackapp.local.control.routes import control_routes
from slackapp.local.protocol.loopback import is_loopback
from slackapp.local.web_api.endpoint import web_api_handler
from slackapp.local.web_api.response_url_endpoint import response_url_handler
from slackapp.local.workspace.workspace import SlackWorkspace

PAGE: Final = Path(__file__).parents[1] / "page"


HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer: the page runs its own scripts only, and no other page may show it."""


class LoopbackOnly:
    """Refuses requests that a web page from elsewhere could have caused: foreign Host or Origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass loopback requests on, refuse others."""
        send = _with_headers(send)
        if scope["type"] == "lifespan" or _from_loopback(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await PlainTextResponse("Only this machine may talk to this workspace.", 403)(scope, receive, send)


def application(workspace: SlackWorkspace) -> ASGIApp:
    """Return the whole workspace as an ASGI application."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await workspace.stop_background()
        await workspace.transport.close()

    async def socket_mode(connection: WebSocket) -> None:
        await workspace.transport.sockets.serve(connection, workspace.state.app.id)

    routes: list[BaseRoute] = [
        Route("/api/{method}", web_api_handler(workspace), methods=["GET", "POST"]),
        Route("/response/{secret}", response_url_handler(workspace), methods=["POST"]),
        Route("/archives/{channel}/{message}", _permalink, methods=["GET"]),
        Route("/files/{user}/{file}/{name}", _file(workspace), methods=["GET"]),
        Route("/upload/{file}", _upload(workspace), methods=["POST"]),
        WebSocketRoute("/socket", socket_mode),
        *control_routes(workspace),
    ]
    if (PAGE / "index.html").exists():
        routes.append(Mount("/", StaticFiles(directory=PAGE, html=True)))
    return LoopbackOnly(Starlette(routes=routes, lifespan=lifespan))


def _with_headers(send: Send) -> Send:
    """Return a sender that adds `HEADERS` to an answer over HTTP."""

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sender


def _from_loopback(headers: Headers) -> bool:
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    origin = headers.get("origin")
    return is_loopback(host) and (origin is None or is_loopback(urlsplit(origin).hostname or ""))


def _file(workspace: SlackWorkspace) -> Callable[[Request], Awaitable[Response]]:
    """Return the page of a file: what the app uploaded, or that there is nothing to read."""

    async def handle(request: Request) -> Response:
        found = workspace.state.files.get(request.path_params["file"])
        if found is not None and found.content is not None:
            return PlainTextResponse(found.content)
        name = request.path_params["name"]
        return PlainTextResponse(f"{name}: this workspace keeps the names of people's files, not what is in them.")

    return handle


def _upload(workspace: SlackWorkspace) -> Callable[[Request], Awaitable[Response]]:
    """Return the handler that takes the contents of a file that the app uploads."""

    async def handle(request: Request) -> Response:
        found = workspace.state.files.get(request.path_params["file"])
        content = await request.body()
        if found is None or found.user != workspace.state.app.bot_user or len(content) != found.size:
            return PlainTextResponse("No such upload", 400)
        found.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    return handle


async def _permalink(request: Request) -> Response:
    """Send a permalink's visitor to the page, at that message."""
    digits = request.path_params["message"].removeprefix("p")
    place = {"channel": request.path_params["channel"], "ts": f"{digits[:-6]}.{digits[-6:]}"}
    if "thread_ts" in request.query_params:
        place["thread_ts"] = request.query_params["thread_ts"]
    return RedirectResponse(f"/?{urlencode(place)}", status_code=302)
