"""The HTTP endpoint of response URLs, to which the app answers one interaction."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from slackapp.local.blockkit.payload_checks import message_problems
from slackapp.local.faults.connection_drop import DroppedConnection
from slackapp.local.operations.responses import answer_interaction
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.workspace.workspace import SlackWorkspace


def response_url_handler(workspace: SlackWorkspace) -> Callable[[Request], Any]:
    """Return the handler of `/response/{secret}`."""

    async def handle(request: Request) -> Response:
        with workspace.in_flight.track():
            fault = workspace.faults.take("response_url")
            body: Json = {}
            try:
                body = await _body(request)
                fault.refuse()
                url = workspace.response_urls.redeem(request.path_params["secret"], workspace.clock.now())
                answer_interaction(workspace, url, body)
            except SlackError as error:
                status = error.status if error.status != 200 else 400  # noqa: PLR2004  # Slack answers no 200 here
                _record(workspace, body, error.answer(), status)
                return JSONResponse(error.answer(), status_code=status, headers=error.headers)
            _record(workspace, body, "ok", 200)
            await asyncio.sleep(fault.delay_s)
            return DroppedConnection() if fault.lose_answer else PlainTextResponse("ok")

    return handle


async def _body(request: Request) -> Json:
    try:
        sent = json.loads(await request.body())
    except ValueError:
        raise SlackError("invalid_payload") from None
    if not isinstance(sent, dict):
        raise SlackError("invalid_payload")
    return sent


def _record(workspace: SlackWorkspace, body: Json, answer: Any, status: int) -> None:
    workspace.call_log.record(
        "response_url",
        "response_url",
        at=workspace.clock.now(),
        took_ms=0,
        args=body,
        answer=answer,
        status=status,
        problems=message_problems(body),
    )
