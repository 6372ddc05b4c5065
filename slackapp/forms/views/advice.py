"""Draw the suggestions before sending, and the lines about a thread that was not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.forms.rules.quality import Quality, Suggestion, Weakness
from slackapp.handoffs.views import verb_forms
from slackapp.slack.block_kit.blocks import Block, context, said
from slackapp.slack.ids import Field

_LABEL: Final = 75

_SENTENCES: Final[Mapping[Weakness, Callable[[str], str]]] = {
    Weakness.VAGUE: lambda label: f"“{label}” says very little: one thing on each line helps.",
}
"""Sentence by kind of weakness; missing answers are listed in one sentence instead."""


def advice_sentences(quality: Quality) -> list[str]:
    """Return the suggestions as mrkdwn sentences; empty if there are none."""
    missing = [
        _label_of(suggestion)
        for suggestion in quality.suggestions
        if suggestion.weakness in {Weakness.NO_DEADLINE, Weakness.NO_ANSWER}
    ]
    sentences = [
        _SENTENCES[suggestion.weakness](said(suggestion.label, _LABEL))
        for suggestion in quality.suggestions
        if suggestion.weakness in _SENTENCES
    ]
    return [*([f"Missing: {'; '.join(missing)}."] if missing else []), *sentences]


def advice_lines(quality: Quality) -> list[str]:
    """Return the completeness score with the suggestions; empty if there are none."""
    found = advice_sentences(quality)
    return [f"Context: {quality.score} of 100.", *found] if found else []


def _label_of(suggestion: Suggestion) -> str:
    return (
        verb_forms.TEXTS[Field.NEEDED_BY].label
        if suggestion.weakness is Weakness.NO_DEADLINE
        else said(suggestion.label, _LABEL)
    )


NOT_ALLOWED: Final = "missing_scope"
_ABSENT: Final = "Baton is not in that channel."
_REASONS: Final[Mapping[str, str]] = {
    NOT_ALLOWED: "Baton may not read threads here.",
    "not_in_channel": _ABSENT,
    "channel_not_found": _ABSENT,
}
"""Reasons for an unreadable thread, by Slack's error code."""


def thread_not_read(why: str) -> Block:
    """Return the line that the thread was not read; `why` is Slack's error code."""
    return context(f"Its thread was not read: {_REASONS.get(why, 'Slack did not show it.')}")


def thread_partly_read(shown: int) -> Block:
    """Return the line that only the thread's first messages were read."""
    return context(f"Only the first {shown} messages of its thread were read.")
