"""Routes of the inspector: the log of calls with reasons for refusals, and what the app keeps about a message."""

from starlette.requests import Request

from slackapp.local.inspector.app_inspection import InspectionError, ask_app, metadata_facts
from slackapp.local.inspector.call_log import KEPT
from slackapp.local.inspector.error_explanations import explain_error
from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.types import Json
from slackapp.local.workspace.workspace import SlackWorkspace


async def calls(workspace: SlackWorkspace, request: Request) -> Json:
    """Return the calls after `after`, at most the `newest` so many, each with `why` it was refused, or null."""
    asked = request.query_params
    found = workspace.call_log.after(int(asked.get("after", "0")), int(asked.get("newest", KEPT)))
    return {"calls": [{**call, "why": explain_error(call)} for call in found], **workspace.call_log.span}


async def clear_calls(workspace: SlackWorkspace, request: Request) -> Json:
    """Forget the calls so far."""
    del request
    workspace.call_log.clear()
    return {"ok": True, **workspace.call_log.span}


async def inspect(workspace: SlackWorkspace, request: Request) -> Json:
    """Ask the app what it keeps about the message `ts` in `channel`.

    What a person can do nothing about (no address lent, no metadata, nobody answers) is `ok: false` with a sentence.
    """
    channel_id, ts = request.query_params.get("channel", ""), request.query_params.get("ts", "")
    channel = workspace.state.channels.get(channel_id)
    if channel is None:
        raise BadRequestError(f"there is no channel {channel_id}")
    message = channel.messages.get(ts)
    if message is None:
        return _not_told("This message is gone.", {})
    facts = metadata_facts(message.metadata)
    if not facts:
        return _not_told("This message carries no metadata, so the app cannot be asked about it.", facts)
    lent = [process.inspect for process in workspace.clock.living().values() if process.inspect]
    try:
        return {"ok": True, "facts": facts, **await ask_app(lent, facts, within_s=workspace.patience.inspection_s)}
    except InspectionError as reason:
        return _not_told(str(reason), facts)


def _not_told(sentence: str, facts: dict[str, str]) -> Json:
    return {"ok": False, "error": sentence, "facts": facts}
