"""What the stories share: who fills in what, and who was told."""

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.slack_client import Answer, Message, Modal, Workspace

HandOff: TypeAlias = Callable[..., Message]

ACME: dict[str, Any] = {
    "title": "Acme renewal",
    "queue": "success",
    "next_step": "Call Mara about the price",
    "note": "They asked for 10 % off.",
}


def open_form(slack: Workspace, user: str) -> Modal:
    """Type /handoff and look at the form."""
    answer = slack.command(user, "")
    assert answer.ok, answer
    return slack.modal(user)


def told(slack: Workspace, user: str) -> list[str]:
    """What the app said to somebody directly, oldest first."""
    return [message.text for message in slack.dms(user)]


def fill(slack: Workspace, user: str, **answers: Any) -> Answer:
    """Send the form that somebody is looking at."""
    answer = slack.modal(user).submit(answers)
    slack.settle()
    return answer
