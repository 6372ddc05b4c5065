"""The check of every payload before anything reads it, by whichever door it came: what is malformed is refused here.

A payload that fits no model is none of Slack's, though it has Slack's signature: it is answered 400 over HTTP and
acknowledged in Socket Mode, with one line in the log, and no listener sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from pydantic import ValidationError

from slackapp.slack import payload_shapes
from slackapp.slack.event_shapes import EVENTS, EventEnvelope, EventPart
from slackapp.slack.payload_shapes import Part

INTERACTIONS: Final[Mapping[str, type[Part]]] = {
    "block_actions": payload_shapes.BlockActions,
    "view_submission": payload_shapes.ViewInteraction,
    "view_closed": payload_shapes.ViewInteraction,
    "shortcut": payload_shapes.ShortcutUsed,
    "message_action": payload_shapes.MessageAction,
    "block_suggestion": payload_shapes.BlockSuggestion,
}
LEFT_ALONE: Final[Mapping[str, str]] = {
    "interactive_message": "Baton posts no buttons of that kind",
    "dialog_submission": "Baton opens no dialogs",
    "dialog_cancellation": "Baton opens no dialogs",
    "dialog_suggestion": "Baton opens no dialogs",
    "app_rate_limited": "Slack leaves out events of this workspace, because there are too many",
}
"""Payloads that Slack may send and nobody waits for, each with the reason for the log."""

_DEEPEST: Final = 64
"""Levels of lists and objects in a payload; blocks within blocks of messages have a dozen."""
_LONGEST_PLACE: Final = 120


class MalformedPayload(ValueError):  # noqa: N818 - reads as the sentence it is
    """A payload is not as Slack sends it. The message names the place, without anything that somebody typed."""


def read_body(raw: bytes) -> Any:
    """Return the payload of an HTTP request: JSON, JSON in a form, or a form's fields.

    Raises:
        MalformedPayload: the body is none of these.
    """
    try:
        text = raw.decode()
        if text.lstrip().startswith("{"):
            return json.loads(text, parse_constant=_no_number)
        form = dict(parse_qsl(text, keep_blank_values=True))
        return json.loads(form["payload"], parse_constant=_no_number) if "payload" in form else form
    except (ValueError, RecursionError) as wrong:
        raise MalformedPayload(f"the body cannot be read: {type(wrong).__name__}") from None


def why_left_alone(payload: Any) -> str | None:
    """Check a payload. Return the reason to leave it alone, or None if a listener may have it.

    Raises:
        MalformedPayload: it is not as Slack sends it.
    """
    if not isinstance(payload, dict):
        raise MalformedPayload("not an object")
    if _is_deeper(payload, _DEEPEST):
        raise MalformedPayload(f"it is nested deeper than {_DEEPEST} levels")
    kind = payload.get("type")
    if isinstance(kind, str) and kind in LEFT_ALONE:
        return LEFT_ALONE[kind]
    _check(_shape(payload, kind), payload)
    return None


def _shape(payload: Mapping[str, Any], kind: Any) -> type[Part]:
    """Return the model of a payload."""
    if kind is None and "command" in payload:
        return payload_shapes.SlashCommand
    if kind == "event_callback":
        _check(EVENTS.get(_event_type(payload), EventPart), payload.get("event"), "event")
        return EventEnvelope
    if kind == "url_verification":
        return payload_shapes.UrlVerification
    if isinstance(kind, str) and kind in INTERACTIONS:
        return INTERACTIONS[kind]
    raise MalformedPayload("it has a type that Baton does not know")


def _event_type(payload: Mapping[str, Any]) -> str:
    event = payload.get("event")
    named = event.get("type") if isinstance(event, Mapping) else None
    return named if isinstance(named, str) else ""


def _check(shape: type[Part], part: Any, *around: str) -> None:
    try:
        shape.model_validate(part)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, (*around, *first["loc"])))[:_LONGEST_PLACE]
        raise MalformedPayload(f"{place or 'it'} does not fit: {first['type']}") from None
    except RecursionError:
        raise MalformedPayload("it is nested too deeply") from None


def _is_deeper(payload: Any, most: int) -> bool:
    """Whether lists and objects are nested deeper than `most` levels."""
    level: list[Any] = [payload]
    for _ in range(most):
        level = [part for one in level for part in _parts(one) if isinstance(part, dict | list)]
        if not level:
            return False
    return True


def _parts(one: dict[Any, Any] | list[Any]) -> Iterable[Any]:
    return one.values() if isinstance(one, dict) else one


def _no_number(written: str) -> Any:
    """Refuse NaN and infinities, which JSON does not have and Python reads."""
    raise ValueError(written)
