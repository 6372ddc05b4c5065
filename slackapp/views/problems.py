"""What is wrong with a field, in a sentence that stands under it. Plain text: Slack formats nothing there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slackapp.policy.fields import Problem

_SENTENCES: Final[Mapping[Problem, str]] = {
    Problem.EMPTY: "Please write something here.",
    Problem.TOO_LONG: "This is too long. Put the details into the note.",
    Problem.NO_SUCH_QUEUE: "This team does not exist any more. Please choose another.",
    Problem.NOT_IN_TEAM: "This person is not in the team you chose. Choose somebody of the team, or leave it empty.",
    Problem.CANNOT_OWN: "Work cannot be given to this person: they have left, are an app or from another company.",
    Problem.IN_THE_PAST: "This moment has passed. Choose a later one, or leave it empty.",
    Problem.NO_LINK: "This is no web address. It should begin with https://",
    Problem.NO_MOMENT: "Choose one of these, or a date and time below.",
    Problem.TOO_FAR: "This is more than 60 days away. Choose an earlier moment.",
    Problem.NO_OPTION: "This choice does not exist any more. Please choose again.",
    Problem.NO_NUMBER: "This is no number. Write it with digits, such as 12 or 12.5.",
    Problem.OUT_OF_BOUNDS: "This number is too small or too large here.",
    Problem.NO_DATE: "This is no date. Please choose one.",
    Problem.NO_NAME: "Write one thing on each line, its name first: “Plan: Enterprise”.",
    Problem.NO_VERDICT: "Choose one of these, so that your line below says what it is about.",
    Problem.NOT_YOURS: "Somebody else wrote this note.",
    Problem.TOO_LATE: "It is too late to change this note. Add another one instead.",
}


def sentence(problem: Problem) -> str:
    """The sentence for a problem."""
    return _SENTENCES[problem]
