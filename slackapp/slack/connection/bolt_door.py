"""The way from a connection to Bolt, the same for HTTP and Socket Mode: check the payload, then dispatch it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.request.payload_utils import (
    to_action,
    to_command,
    to_event,
    to_message,
    to_options,
    to_shortcut,
    to_step,
    to_view,
)

from slackapp.runtime import counters
from slackapp.slack.inbound import MalformedPayload, why_left_alone

Headers = Mapping[str, str] | Mapping[str, str | Sequence[str]]

_MALFORMED: Final = 400
_PARTS: Final = (to_action, to_command, to_event, to_message, to_options, to_shortcut, to_step, to_view)
"""What Bolt looks for before it calls a listener."""
_log = structlog.get_logger(__name__)


def pass_to_bolt(bolt: App, payload: Any, headers: Headers | None = None) -> BoltResponse:
    """Return Bolt's answer to a payload whose sender is known to be Slack.

    What is malformed gets 400, and what nobody waits for 200; each leaves one line in the log.
    """
    counters.LAST_REQUEST.set_to_current_time()
    try:
        reason = why_left_alone(payload)
        if reason is not None:
            _log.warning("payload ignored", type=payload["type"], why=reason)
            return BoltResponse(status=200)
        request = _request(payload, headers)
    except MalformedPayload as wrong:
        return refuse_malformed(wrong)
    return bolt.dispatch(request)


def refuse_malformed(wrong: MalformedPayload) -> BoltResponse:
    """Return the answer to a malformed payload, and write its line into the log."""
    _log.warning("payload malformed", problem=str(wrong))
    return BoltResponse(status=_MALFORMED, body="malformed")


def _request(payload: dict[str, Any], headers: Headers | None) -> BoltRequest:
    """Return Bolt's request for a payload that was read already, which Bolt calls the mode of sockets.

    Bolt would read an HTTP body anew, and takes a command with the word `payload` in it for an empty interaction.
    For each listener it looks for every part of a payload, also for those that none of ours reads.

    Raises:
        MalformedPayload: Bolt cannot read what it looks for in any payload.
    """
    try:
        request = BoltRequest(mode="socket_mode", body=payload, headers=dict(headers or {}))
        for look_for in _PARTS:
            look_for(request.body)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as wrong:
        raise MalformedPayload(f"Bolt cannot read it: {type(wrong).__name__}") from None
    return request
