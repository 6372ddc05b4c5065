"""Checks of whole payloads from the app: blocks by the validator, sizes in characters and bytes by numbers here."""

import json
import re
from typing import Any, Final, Literal

from slackapp.local.blockkit.element_state import with_ids
from slackapp.local.blockkit.lengths import utf16_units
from slackapp.local.blockkit.mrkdwn import MISREAD
from slackapp.local.blockkit.problem import BlockKitProblem
from slackapp.local.blockkit.surfaces import problems
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json

LONGEST_TEXT: Final = 40_000
"""chat.postMessage cuts longer text."""
LONGEST_UPDATE: Final = 4_000
"""chat.update answers msg_too_long above this."""
LONGEST_BLOCKS: Final = 13_200
"""Length of all texts in a message's blocks; Slack names no number, this one was measured by others."""
LARGEST_VIEW: Final = 250_000
"""Bytes of a view as JSON (views.open, view_too_large)."""
LARGEST_METADATA: Final = 8_000
"""Bytes of metadata as JSON. Slack publishes no number; this one is ours."""
_NOT_INVALID: Final = frozenset({"msg_blocks_too_long", MISREAD})
"""Problems that are no `invalid_blocks`: one has a code of its own, and what Slack misreads it takes."""
_EVENT_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")


def checked_blocks(blocks: Any) -> list[Json]:
    """Return a message's blocks with their ids filled in, or raise Slack's error for what is wrong with them."""
    if blocks is None:
        return []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    found = problems({"text": "in words", "blocks": blocks}, "message")  # whether a text is there is not Slack's rule
    if refused := [problem for problem in found if problem.rule not in _NOT_INVALID]:
        raise SlackError("invalid_blocks", extra=_explained(refused))
    if sum(map(utf16_units, _texts(blocks))) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return with_ids(blocks)


def checked_view(view: Any, surface: Literal["modal", "home"]) -> Json:
    """Return a view with its ids filled in, or raise Slack's error for what is wrong with it."""
    if not isinstance(view, dict) or not isinstance(view.get("blocks"), list):
        raise SlackError("invalid_arguments", extra=_said("[ERROR] must provide a view with blocks"))
    if view.get("type") != surface:
        raise SlackError("invalid_arguments", extra=_said(f"[ERROR] view must be of type {surface}"))
    if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    if found := [problem for problem in problems(view, surface) if problem.rule != MISREAD]:
        raise SlackError("invalid_arguments", extra=_explained(found))
    return {**view, "blocks": with_ids(view["blocks"])}


def checked_metadata(metadata: Any) -> Json | None:
    """Return a message's metadata, None for an empty object, or raise Slack's error."""
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not isinstance(payload, dict) or not _EVENT_TYPE.fullmatch(event_type):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": event_type, "event_payload": payload}


def option_problems(options: list[Any]) -> list[BlockKitProblem]:
    """Return what Slack would refuse in the options an external select is answered with; none at all is fine."""
    if not options:
        return []
    select = {"type": "static_select", "action_id": "options", "options": options}
    return problems({"text": "options", "blocks": [{"type": "actions", "elements": [select]}]}, "message")


def view_problems(view: Any) -> list[BlockKitProblem]:
    """Return what the validator says about a view, for the record of calls."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return []
    return problems(view, view["type"])


def message_problems(message: Any) -> list[BlockKitProblem]:
    """Return what the validator says about a message with blocks, for the record of calls."""
    if not isinstance(message, dict) or not isinstance(message.get("blocks"), list):
        return []
    return problems(message, "message")


def ack_problems(ack: Any) -> list[BlockKitProblem]:
    """Return what the validator says about views and blocks in an acknowledgement, for the record of calls."""
    return view_problems(ack.get("view")) + message_problems(ack) if isinstance(ack, dict) else []


def _texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() if not isinstance(value, str) for text in _texts(value)]
    return []


def _explained(found: list[BlockKitProblem]) -> Json:
    return _said(*(f"[ERROR] {problem.message} [json-pointer:{problem.pointer}]" for problem in found))


def _said(*messages: str) -> Json:
    return {"response_metadata": {"messages": list(messages)}}
