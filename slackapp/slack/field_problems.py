"""Error sentences that are shown under form fields. Plain text: Slack formats nothing there."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from slackapp.slack.block_kit.blocks import clip


class FieldProblem(StrEnum):
    """A problem with a field. `problem_sentence` returns its sentence."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_SUCH_QUEUE = "no_such_queue"
    NOT_A_SENDER = "not_a_sender"
    NOT_IN_TEAM = "not_in_team"
    CANNOT_OWN = "cannot_own"
    IN_THE_PAST = "in_the_past"
    NO_LINK = "no_link"
    NO_MOMENT = "no_moment"
    TOO_FAR = "too_far"
    NO_OPTION = "no_option"
    NO_NUMBER = "no_number"
    OUT_OF_BOUNDS = "out_of_bounds"
    NO_DATE = "no_date"
    NO_NAME = "no_name"
    NO_VERDICT = "no_verdict"
    NOT_YOURS = "not_yours"
    TOO_LATE = "too_late"
    NOTHING_TICKED = "nothing_ticked"
    NO_PERSON = "no_person"
    YOURSELF = "yourself"
    NO_TEAM = "no_team"


def is_link(text: str) -> bool:
    """Return whether the text is an absolute http or https URL."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in text)


_SENTENCES: Final[Mapping[FieldProblem, str]] = {
    FieldProblem.NOTHING_TICKED: "Nothing is ticked. Tick at least one, or press Cancel.",
    FieldProblem.NO_PERSON: "No person is chosen. Choose who it is offered to.",
    FieldProblem.YOURSELF: "You own this work already. Choose someone else.",
    FieldProblem.NO_TEAM: "No team is chosen. Choose the team it is passed on to.",
    FieldProblem.EMPTY: "This is empty. Please add an answer.",
    FieldProblem.TOO_LONG: "This is too long. Put the details in a note.",
    FieldProblem.NO_SUCH_QUEUE: "This team no longer exists. Choose another one.",
    FieldProblem.NOT_A_SENDER: "This team takes work from certain people only. Choose another one, or ask its manager.",
    FieldProblem.NOT_IN_TEAM: "This person isn't on the team you chose. Choose a team member, or leave it empty.",
    FieldProblem.CANNOT_OWN: (
        "This person can't own work: they have left, are an app, or are from another company. Choose someone else."
    ),
    FieldProblem.IN_THE_PAST: "This time has passed. Choose a later one, or leave it empty.",
    FieldProblem.NO_LINK: "This isn't a web address. Start it with https://",
    FieldProblem.NO_MOMENT: "No time is chosen. Choose one here, or a date and time below.",
    FieldProblem.TOO_FAR: "This is more than 60 days from now. Choose an earlier time.",
    FieldProblem.NO_OPTION: "This option no longer exists. Choose another one.",
    FieldProblem.NO_NUMBER: "This isn't a number. Use digits, such as 12 or 12.5.",
    FieldProblem.OUT_OF_BOUNDS: "This number is too small or too large. Check it.",
    FieldProblem.NO_DATE: "This isn't a date. Choose one.",
    FieldProblem.NO_NAME: "A name is missing. Write one pair per line, name first: “Plan: Enterprise”.",
    FieldProblem.NO_VERDICT: "No answer is chosen. Choose one that your comment below explains.",
    FieldProblem.NOT_YOURS: "Someone else wrote this note. Only they can change it.",
    FieldProblem.TOO_LATE: "It's too late to change this note. Add a new one instead.",
}


def problem_sentence(problem: FieldProblem) -> str:
    """Return the sentence for a problem."""
    return _SENTENCES[problem]


MOST: Final = 300
_MENTION: Final = re.compile(r"<@([A-Z0-9]+)>")
_LABELLED: Final = re.compile(r"<[^|>]+\|([^>]+)>")
_BARE: Final = re.compile(r"<([^>]+)>")


def mentioned_in(text: str) -> set[str]:
    """Return the user ids mentioned in a sentence."""
    return set(_MENTION.findall(text))


def plain_sentence(text: str, names: Mapping[str, str]) -> str:
    """Return a mrkdwn sentence as plain text, with names for mentions, clipped to `MOST` characters."""
    text = _MENTION.sub(lambda found: names.get(found[1], "somebody"), text)
    text = _BARE.sub(r"\1", _LABELLED.sub(r"\1", text))
    text = html.unescape(re.sub(r"[*`\u2068\u2069]", "", text))
    return clip(text, MOST)
