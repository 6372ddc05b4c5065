"""The HTTP side of response_url: what the app answers to one interaction."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from slackapp.local import messages
from slackapp.local.checks import checked_blocks, message_problems
from slackapp.local.dropping import Dropped
from slackapp.local.messages import app_draft
from slackapp.local.records import Channel, Message
from slackapp.local.response_urls import ResponseUrl
from slackapp.local.wire import Json, SlackError
from slackapp.local.workspace import Workspace


def endpoint(workspace: Workspace) -> Callable[[Request], Any]:
    """Return the handler of `/response/{secret}`."""

    async def handle(request: Request) -> Response:
        with workspace.activity.one():
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
            return Dropped() if fault.lose_answer else PlainTextResponse("ok")

    return handle


def answer_interaction(workspace: Workspace, url: ResponseUrl, body: Json) -> None:
    """Carry out what the app answered: replace or delete the original, or say something new."""
    channel = workspace.world.channels.get(url.channel)
    if channel is None:
        raise SlackError("channel_not_found")
    original = channel.messages.get(url.original or "")
    if body.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found", status=404)
        messages.delete(workspace, channel, original)
    elif body.get("replace_original") and original is not None:
        _replace(workspace, channel, original, body)
    else:
        say(workspace, channel, url.user, body)


def say(workspace: Workspace, channel: Channel, user: str, body: Json) -> Message:
    """Show a new message: to the person alone, or in the channel if the app says so."""
    draft = app_draft(workspace, body)
    if body.get("response_type") != "in_channel":
        draft = replace(draft, ephemeral_to=user, metadata=None)
    return messages.post(workspace, channel, draft)


def _replace(workspace: Workspace, channel: Channel, original: Message, body: Json) -> None:
    checked_blocks(body.get("blocks"))
    sent = {name: body.get(name, messages.UNSET) for name in ("text", "blocks", "attachments", "metadata")}
    messages.update(workspace, channel, original, **sent)


async def _body(request: Request) -> Json:
    try:
        sent = json.loads(await request.body())
    except ValueError:
        raise SlackError("invalid_payload") from None
    if not isinstance(sent, dict):
        raise SlackError("invalid_payload")
    return sent


def _record(workspace: Workspace, body: Json, answer: Any, status: int) -> None:
    workspace.calls.record(
        "response_url",
        "response_url",
        at=workspace.clock.now(),
        took_ms=0,
        args=body,
        answer=answer,
        status=status,
        problems=message_problems(body),
    )
