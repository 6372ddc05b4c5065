"""What the page's inspector reads: the recorded calls with their reasons, and what the app says of a message."""

from starlette.requests import Request

from slackapp.local.calls import KEPT
from slackapp.local.inspecting import NotToldError, ask, facts_of
from slackapp.local.refusals import why
from slackapp.local.wire import BadRequestError, Json
from slackapp.local.workspace import Workspace


async def calls(workspace: Workspace, request: Request) -> Json:
    """Return the calls after `after`, at most the `newest` so many, each with `why` it was refused, or null."""
    asked = request.query_params
    found = workspace.calls.after(int(asked.get("after", "0")), int(asked.get("newest", KEPT)))
    return {"calls": [{**call, "why": why(call)} for call in found], **workspace.calls.span}


async def clear_calls(workspace: Workspace, request: Request) -> Json:
    """Forget the calls so far."""
    del request
    workspace.calls.clear()
    return {"ok": True, **workspace.calls.span}


async def inspect(workspace: Workspace, request: Request) -> Json:
    """Ask the app what it keeps about the message `ts` in `channel`.

    What a person can do nothing about (no address lent, no metadata, nobody answers) is `ok: false` with a sentence.
    """
    channel_id, ts = request.query_params.get("channel", ""), request.query_params.get("ts", "")
    channel = workspace.world.channels.get(channel_id)
    if channel is None:
        raise BadRequestError(f"there is no channel {channel_id}")
    message = channel.messages.get(ts)
    if message is None:
        return _not_told("This message is gone.", {})
    facts = facts_of(message.metadata)
    if not facts:
        return _not_told("This message carries no metadata, so the app cannot be asked about it.", facts)
    lent = [process.inspect for process in workspace.clock.living().values() if process.inspect]
    try:
        return {"ok": True, "facts": facts, **await ask(lent, facts)}
    except NotToldError as reason:
        return _not_told(str(reason), facts)


def _not_told(sentence: str, facts: dict[str, str]) -> Json:
    return {"ok": False, "error": sentence, "facts": facts}
