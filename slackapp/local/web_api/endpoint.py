"""The HTTP endpoint of the Web API: reads the arguments, checks the token, runs the method, logs the call."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from slackapp.local.blockkit.payload_checks import message_problems, view_problems
from slackapp.local.faults.connection_drop import DroppedConnection
from slackapp.local.faults.injection import InjectedFault
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.web_api.channel_access import require
from slackapp.local.web_api.method_call import MethodCall, read_json_arguments
from slackapp.local.web_api.methods import METHODS, ApiMethod
from slackapp.local.workspace.workspace import SlackWorkspace

_REQUEST: Final = "application/json"


def web_api_handler(workspace: SlackWorkspace) -> Callable[[Request], Any]:
    """Return the handler of `/api/{method}`."""

    async def handle(request: Request) -> Response:
        method = request.path_params["method"]
        with workspace.in_flight.track():
            response, fault = await _answer(workspace, method, request)
            if fault.delay_s:
                await asyncio.sleep(fault.delay_s)
            if fault.lose_answer:
                return DroppedConnection()
            return response

    return handle


async def _answer(workspace: SlackWorkspace, method: str, request: Request) -> tuple[Response, InjectedFault]:
    begun = time.monotonic()
    fault: InjectedFault | None = None
    arguments: Json = {}
    status, headers = 200, {}
    try:
        arguments = await _arguments(request)
        token = _token(request, arguments)
        arguments = read_json_arguments(arguments)
        fault = workspace.faults.take(method, str(arguments.get("channel")))
        fault.refuse()
        answer = {"ok": True, **_run(workspace, method, token, arguments)}
    except SlackError as error:
        answer, status, headers = error.answer(), error.status, error.headers
    fault = fault or workspace.faults.take(method)
    workspace.call_log.record(
        "web_api",
        method,
        at=workspace.clock.now(),
        took_ms=round((time.monotonic() - begun) * 1000),
        args=arguments,
        answer=None if fault.lose_answer else answer,
        status=0 if fault.lose_answer else status,
        problems=view_problems(arguments.get("view")) + message_problems(arguments),
    )
    headers["X-OAuth-Scopes"] = ",".join(sorted(workspace.state.app.granted))
    if method in METHODS:
        headers["X-Accepted-OAuth-Scopes"] = ",".join(METHODS[method].scopes)
    return JSONResponse(answer, status_code=status, headers=headers), fault


def _run(workspace: SlackWorkspace, name: str, token: str, arguments: Json) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", extra={"req_method": name})
    app = workspace.state.app
    _authenticate(workspace, method, token)
    if method.token == "bot":  # noqa: S105  # a kind of token
        require(workspace.state, *method.scopes)
    workspace.rate_limits.spend(name, method.limit, workspace.clock.now())
    kind: Literal["bot", "app"] = "bot" if token == app.bot_token else "app"
    caller = app.foreign_id if token == app.foreign_app_token else app.id
    return method.run(MethodCall(workspace=workspace, arguments=arguments, token=kind, app_id=caller))


def _authenticate(workspace: SlackWorkspace, method: ApiMethod, token: str) -> None:
    app = workspace.state.app
    if not token:
        raise SlackError("not_authed")
    kind = {app.bot_token: "bot", app.app_token: "app", app.foreign_app_token: "app"}.get(token)
    if kind is None:
        raise SlackError("invalid_auth")
    if kind == "bot" and app.revoked:
        raise SlackError("token_revoked")
    if kind == "bot" and workspace.state.users[app.bot_user].deleted:
        raise SlackError("account_inactive")
    if method.token not in {kind, "any"}:
        raise SlackError("not_allowed_token_type")


async def _arguments(request: Request) -> Json:
    arguments: Json = dict(request.query_params)
    if request.method == "POST":
        if request.headers.get("content-type", "").startswith(_REQUEST):
            body = await request.body()
            try:
                sent = json.loads(body) if body else {}
            except ValueError:
                raise SlackError("invalid_json") from None
            if not isinstance(sent, dict):
                raise SlackError("json_not_object")
            arguments |= sent
        else:
            async with request.form() as form:
                arguments |= {name: value for name, value in form.items() if isinstance(value, str)}
    return arguments


def _token(request: Request, arguments: Json) -> str:
    """Take the token out of the arguments, so that no record ever holds it."""
    sent = str(arguments.pop("token", "") or "")
    header = request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() if header else sent
