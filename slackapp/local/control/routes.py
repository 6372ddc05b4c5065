"""Routes of the control API and of the shared clock."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from slackapp.local.clock.settling import settle
from slackapp.local.control import actions, form_actions, inspector_routes, reactions, snapshots, workspace_changes
from slackapp.local.control.action_results import ActionResult
from slackapp.local.control.lookups import required_field
from slackapp.local.faults.injection import SOCKET
from slackapp.local.inspector.app_inspection import checked_address
from slackapp.local.limits.patience import read_factor
from slackapp.local.protocol.errors import BadRequestError, SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.workspace.change_feed import next_changes
from slackapp.local.workspace.workspace import SlackWorkspace

FIRST_MOMENT_S: Final = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
LAST_MOMENT_S: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
"""The years in which the clock can be: far outside them an app can no longer calculate with times."""
_MOST_STEPS: Final = 200
_STEP_SETTLES_S: Final = 0.5
"""Seconds the app may take for one step of passing time before the next one comes."""

_Handler = Callable[[SlackWorkspace, Request], Awaitable[Json]]
_Act = Callable[[SlackWorkspace, Json], Awaitable[ActionResult]]
_Change = Callable[[SlackWorkspace, Json], Awaitable[Json]]

ACTS: Final[dict[str, _Act]] = {
    "command": actions.command,
    "shortcut": actions.shortcut,
    "message_shortcut": actions.message_shortcut,
    "click": actions.click,
    "message": actions.message,
    "attach": actions.attach,
    "delete_message": actions.delete_message,
    "read": actions.read,
    "pause": actions.pause,
    "status": actions.status,
    "react": reactions.react,
    "home": actions.home,
    "url_verification": actions.url_verification,
    "deliver": actions.deliver_payload,
    "view_action": form_actions.view_action,
    "submit": form_actions.submit,
    "close": form_actions.close,
    "suggest": form_actions.suggest,
}

CHANGES: Final[dict[str, _Change]] = {
    "user": workspace_changes.user,
    "channel": workspace_changes.channel,
    "usergroup": workspace_changes.usergroup,
    "team": workspace_changes.team,
    "scopes": workspace_changes.scopes,
    "token": workspace_changes.token,
}


def control_routes(workspace: SlackWorkspace) -> list[BaseRoute]:
    """Return every route under /control and /clock."""
    get, post, delete = ["GET"], ["POST"], ["DELETE"]
    table: list[tuple[str, list[str], _Handler]] = [
        ("/control/workspace", get, _overview),
        ("/control/view", get, _view),
        ("/control/act/{name}", post, _act),
        ("/control/together", post, _together),
        ("/control/world/{name}", post, _change_state),
        ("/control/guide", get, _guide),
        ("/control/clock", get, _read_clock),
        ("/control/clock", post, _move_clock),
        ("/control/settle", post, _settle),
        ("/control/faults", post, _order_fault),
        ("/control/faults", delete, _clear_faults),
        ("/control/rate_limits", post, _rate_limits),
        ("/control/patience", post, _set_patience),
        ("/control/calls", get, inspector_routes.calls),
        ("/control/calls", delete, inspector_routes.clear_calls),
        ("/control/inspect", get, inspector_routes.inspect),
        ("/clock", get, _poll_clock),
        ("/clock/quiet", post, _quiet),
    ]
    made: list[BaseRoute] = [
        Route(path, _answering(workspace, handler), methods=methods) for path, methods, handler in table
    ]
    return [*made, WebSocketRoute("/control/feed", partial(_feed, workspace))]


def _answering(workspace: SlackWorkspace, handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await handler(workspace, request))
        except (BadRequestError, SlackError) as error:
            return JSONResponse({"ok": False, "error": str(error)}, status_code=400)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            sentence = f"the request makes no sense: {type(error).__name__} {error}"
            return JSONResponse({"ok": False, "error": sentence}, status_code=400)

    return answer


async def _body(request: Request) -> Json:
    raw = await request.body()
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise BadRequestError("the body has to be a JSON object")
    return body


async def _overview(workspace: SlackWorkspace, request: Request) -> Json:
    del request
    return snapshots.overview(workspace)


async def _view(workspace: SlackWorkspace, request: Request) -> Json:
    return snapshots.visible_to(workspace, request.query_params.get("user", ""))


async def _act(workspace: SlackWorkspace, request: Request) -> Json:
    return (await _acting(workspace, request.path_params["name"], await _body(request))).as_json()


async def _together(workspace: SlackWorkspace, request: Request) -> Json:
    """Do several acts at once: each starts from the state before any of them."""
    acts_at_once = [
        (str(required_field(one, "act")), dict(one)) for one in required_field(await _body(request), "acts")
    ]
    done = await asyncio.gather(*(_acting(workspace, name, body) for name, body in acts_at_once))
    return {"answers": [result.as_json() for result in done]}


async def _acting(workspace: SlackWorkspace, name: str, body: Json) -> ActionResult:
    if name not in ACTS:
        raise BadRequestError(f"there is no act {name!r}, only {sorted(ACTS)}")
    return await ACTS[name](workspace, body)


async def _change_state(workspace: SlackWorkspace, request: Request) -> Json:
    name = request.path_params["name"]
    body = await _body(request)
    if name in {"reset", "seed"}:
        await workspace.reset(body if name == "seed" else None)
        return {"ok": True}
    if name not in CHANGES:
        raise BadRequestError(f"there is no {name!r} to change, only {sorted([*CHANGES, 'reset', 'seed'])}")
    changed = await CHANGES[name](workspace, body)
    workspace.change_feed.publish("workspace")
    return {"ok": True, name: changed}


async def _guide(workspace: SlackWorkspace, request: Request) -> Json:
    del request
    return {"guide": workspace.guide}


async def _read_clock(workspace: SlackWorkspace, request: Request) -> Json:
    del request
    return snapshots.clock(workspace)


async def _move_clock(workspace: SlackWorkspace, request: Request) -> Json:
    body = await _body(request)
    if "to" in body:
        moment = datetime.fromisoformat(body["to"])
        if moment.tzinfo is None:
            raise BadRequestError("`to` needs an offset, such as 2026-11-20T09:00:00+00:00")
        step = moment.timestamp() - workspace.clock.now()
    else:
        step = float(required_field(body, "advance_s"))
    if not LAST_MOMENT_S > workspace.clock.now() + step >= FIRST_MOMENT_S:
        raise BadRequestError("the clock moves between the years 2000 and 2200")
    await _let_pass(workspace, step, steps=max(1, min(int(body.get("steps", 1)), _MOST_STEPS)))
    workspace.change_feed.publish("clock")
    return {"ok": True, **snapshots.clock(workspace)}


async def _settle(workspace: SlackWorkspace, request: Request) -> Json:
    body = await _body(request)
    return await settle(workspace.clock, workspace.in_flight, float(body.get("timeout_s", 20)))


async def _order_fault(workspace: SlackWorkspace, request: Request) -> Json:
    body = await _body(request)
    method, fault = str(required_field(body, "method")), dict(required_field(body, "fault"))
    if method == SOCKET and "disconnect" in fault:
        await workspace.transport.sockets.disconnect(str(fault["disconnect"]))
    else:
        workspace.faults.order(method, int(body.get("times", 1)), fault)
    return {"ok": True}


async def _clear_faults(workspace: SlackWorkspace, request: Request) -> Json:
    del request
    workspace.faults.clear()
    return {"ok": True}


async def _rate_limits(workspace: SlackWorkspace, request: Request) -> Json:
    workspace.rate_limits.enabled = bool(required_field(await _body(request), "enabled"))
    return {"ok": True, "enabled": workspace.rate_limits.enabled}


async def _set_patience(workspace: SlackWorkspace, request: Request) -> Json:
    workspace.patience.factor = read_factor(str(required_field(await _body(request), "factor")))
    return {"ok": True, "factor": workspace.patience.factor}


async def _let_pass(workspace: SlackWorkspace, seconds: float, *, steps: int) -> None:
    """Move the clock; in several steps the app lives through the time, in one it finds it gone as after an outage."""
    for turn in range(steps):
        await workspace.clock.move_by(seconds / steps)
        if turn + 1 < steps:
            await settle(workspace.clock, workspace.in_flight, _STEP_SETTLES_S)


async def _poll_clock(workspace: SlackWorkspace, request: Request) -> Json:
    asked = request.query_params
    after = int(asked["after"]) if "after" in asked else None
    clock, process = workspace.clock, asked.get("process", "?")
    if "inspect" in asked:
        clock.lend_inspection(process, checked_address(asked["inspect"]))
    await clock.poll(process, after, float(asked.get("wait", "0")), _gone(request))
    return {"revision": clock.revision, "offset_s": clock.offset_s, "settle": clock.settle}


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _quiet(workspace: SlackWorkspace, request: Request) -> Json:
    body = await _body(request)
    process, number = str(required_field(body, "process")), int(required_field(body, "settle"))
    await workspace.clock.report(process, number, quiet=bool(required_field(body, "quiet")))
    return {"ok": True}


async def _feed(workspace: SlackWorkspace, socket: WebSocket) -> None:
    await socket.accept()
    gone = _hung_up(socket)
    with workspace.change_feed.listen(socket.query_params.get("user", "")) as queue:
        await _until_first(gone, _send_changes(socket, queue))


async def _hung_up(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _send_changes(socket: WebSocket, queue: Any) -> None:
    try:
        while True:
            await socket.send_json({"changed": await next_changes(queue)})
    except (WebSocketDisconnect, RuntimeError):
        return


async def _until_first(*works: Any) -> None:
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
