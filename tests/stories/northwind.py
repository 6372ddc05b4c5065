"""What the stories share: who fills in what, and who was told."""

from collections.abc import Callable
from contextlib import suppress
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


def send(slack: Workspace, user: str = "U0BEN", *, channel: str = "C0SUCCESS", **answers: Any) -> Message:
    """Hand off and return the card, as its sender sees it."""
    form = open_form(slack, user)
    form.submit({**ACME, **answers})
    slack.settle()
    return slack.find(user, channel, answers.get("title", ACME["title"]))


def go_to(slack: Workspace, instant: str) -> None:
    """Let time pass until an instant, written as in "2027-03-08T09:00:00+00:00"."""
    slack.post("/control/clock", {"to": instant})
    slack.settle()


def about(slack: Workspace, user: str, words: str) -> list[Message]:
    """What the app has said to somebody directly that holds some words, oldest first."""
    return [message for message in slack.dms(user) if words in message.text]


def told(slack: Workspace, user: str) -> list[str]:
    """What the app said to somebody directly, oldest first."""
    return [message.text for message in slack.dms(user)]


def look_up(slack: Workspace, card: Message, label: str, *, by: str) -> None:
    """Choose what stands in Details only; its form is open then."""
    card.click("Details", by=by)
    slack.modal(by).click(label)
    slack.settle()


def why(slack: Workspace, user: str, number: int = 1) -> str:
    """What `/handoff why` answers."""
    assert slack.command(user, f"why {number}").ok
    return slack.ephemerals(user, "C0GENERAL")[-1].all_text()


def fill(slack: Workspace, user: str, **answers: Any) -> Answer:
    """Send the form that somebody is looking at."""
    answer = slack.modal(user).submit(answers)
    slack.settle()
    return answer


def come_to_rest(slack: Workspace) -> None:
    """Let seconds pass until everything is said: to one channel Slack takes one message a second."""
    for _ in range(60):
        slack.advance(2)
        with suppress(AssertionError):
            slack.settle(timeout_s=0.3)
            return
    slack.settle()
