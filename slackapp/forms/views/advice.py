"""The line before sending that says what is worth adding. It is for the sender alone, and it stops nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.forms.rules.quality import Lack, Nudge, Quality
from slackapp.handoffs.views import verb_forms
from slackapp.slack.block_kit.blocks import Block, context, said
from slackapp.slack.ids import Field

_LABEL: Final = 75

_SENTENCES: Final[Mapping[Lack, Callable[[str], str]]] = {
    Lack.VAGUE: lambda label: f"“{label}” says very little: one thing on each line helps.",
}
"""What is said of one thing. What is merely missing is listed in one sentence."""


def advice_sentences(quality: Quality) -> list[str]:
    """What is worth adding, as sentences for mrkdwn; none if nothing is."""
    missing = [_missing(nudge) for nudge in quality.nudges if nudge.lack in {Lack.NO_DEADLINE, Lack.NO_ANSWER}]
    sentences = [
        _SENTENCES[nudge.lack](said(nudge.label, _LABEL)) for nudge in quality.nudges if nudge.lack in _SENTENCES
    ]
    return [*([f"Missing: {'; '.join(missing)}."] if missing else []), *sentences]


def advice_lines(quality: Quality) -> list[str]:
    """The quality line: how much of the context is there, and what is worth adding; nothing where nothing is."""
    found = advice_sentences(quality)
    return [f"Context: {quality.score} of 100.", *found] if found else []


def _missing(nudge: Nudge) -> str:
    return verb_forms.TEXTS[Field.NEEDED_BY].label if nudge.lack is Lack.NO_DEADLINE else said(nudge.label, _LABEL)


NOT_ALLOWED: Final = "missing_scope"
_ABSENT: Final = "Baton is not in that channel."
_REASONS: Final[Mapping[str, str]] = {
    NOT_ALLOWED: "Baton may not read threads here.",
    "not_in_channel": _ABSENT,
    "channel_not_found": _ABSENT,
}
"""Why Slack does not show a thread, by its error."""


def thread_not_read(why: str) -> Block:
    """The thread was not read; `why` is Slack's error."""
    return context(f"Its thread was not read: {_REASONS.get(why, 'Slack did not show it.')}")


def thread_partly_read(shown: int) -> Block:
    """The thread is longer than what was read of it."""
    return context(f"Only the first {shown} messages of its thread were read.")
