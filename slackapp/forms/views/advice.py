"""Draw the advice before sending, and the lines about a thread that was not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp.forms.views.pages import ANYWAY, BACK, TITLE, label_of
from slackapp.slack.block_kit.blocks import Block, context, said, section
from slackapp.slack.block_kit.modals import message_view
from slackapp.slack.block_kit.phrases import colon
from storage.templates.model import Template

_LABEL: Final = 75


def advice_blocks(vague: Sequence[str], values: Mapping[str, Any], template: Template | None) -> list[Block]:
    """Return what to improve before sending: the answers with these keys say nothing."""
    lines = [f"• *{colon(said(label_of(template, key), _LABEL))}* “{_said(values.get(key))}”" for key in vague]
    count = "This answer says" if len(vague) == 1 else "These answers say"
    return [
        section("\n".join([f":bulb: *Not handed off yet.* {count} very little:", *lines])),
        context(f"Press {BACK} to add more, or {ANYWAY} if there is nothing to add."),
    ]


def _said(answer: Any) -> str:
    text = answer.get("plain") if isinstance(answer, Mapping) else answer if isinstance(answer, str) else answer[0]
    return said(str(text), _LABEL)


NOT_ALLOWED: Final = "missing_scope"
_ABSENT: Final = "Baton isn't in that channel."
_NOT_SEEN: Final = (
    "You can no longer see that channel, so its message wasn't opened. Ask someone in the channel to hand it off."
)
_REASONS: Final[Mapping[str, str]] = {
    NOT_ALLOWED: "Baton isn't allowed to read threads here.",
    "not_in_channel": _ABSENT,
    "channel_not_found": _ABSENT,
}
"""Reasons for an unreadable thread, by Slack's error code."""


def thread_not_read(why: str) -> Block:
    """Return the line that the thread was not read; `why` is Slack's error code."""
    return context(f"The rest of the thread isn't included. {_REASONS.get(why, 'Slack did not show it.')}")


def channel_not_seen() -> Block:
    """Return what a person gets instead of a form for a message in a channel that they cannot see."""
    return message_view(TITLE, _NOT_SEEN)


def thread_partly_read(shown: int) -> Block:
    """Return the line that only the thread's first messages were read."""
    return context(f"Only the first {shown} messages of the thread are included.")
