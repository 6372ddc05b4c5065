"""What several pictures begin with: people of the demo's company hand work over."""

from __future__ import annotations

from typing import Any, Final

from tests.slack_client import Message, Modal, Workspace

BEN, CLARA, EVA, DAN, FARID, INES = "U0BEN", "U0CLARA", "U0EVA", "U0DAN", "U0FARID", "U0INES"
SALES, SUCCESS, SUPPORT = "C0SALES", "C0SUCCESS", "C0SUPPORT"

ACME: Final[dict[str, Any]] = {
    "title": "Acme renewal",
    "queue": "success",
    "next_step": "Call Mara about the price",
    "note": "They asked for 10 % off and want an answer by Friday. Their sponsor is new.",
    "link": "https://crm.example.com/acme",
}
EXPORT: Final[dict[str, Any]] = {
    "title": "Globex cannot export reports",
    "queue": "support",
    "next_step": "Look at the log in the ticket",
    "note": "Since the update every export ends with an empty file. Their auditors come on Monday.",
    "priority": "critical",
    "link": "https://tickets.example.com/4711",
}


def hand_off(slack: Workspace, work: dict[str, Any] = ACME, **more: Any) -> Message:
    """Ben hands something over; its card as the receiving team sees it. What is None is not filled in."""
    answers = {key: value for key, value in {**work, **more}.items() if value is not None}
    slack.command(BEN)
    slack.modal(BEN).choose("queue", answers["queue"])
    slack.modal(BEN).submit(answers)
    slack.settle()
    viewer, channel = (EVA, SUCCESS) if answers["queue"] == "success" else (INES, SUPPORT)
    return slack.find(viewer, channel, answers["title"])


def claimed(slack: Workspace) -> Message:
    """Eva has claimed what Ben handed over."""
    card = hand_off(slack)
    card.click("Claim", by=EVA)
    return card


def fill(slack: Workspace, user: str, **answers: Any) -> None:
    """Send the form that a person is looking at."""
    slack.modal(user).submit(answers)
    slack.settle()


def form(slack: Workspace, card: Message, label: str, *, by: str) -> Modal:
    """Open a verb's form from wherever its button is: on the card, in its menu, in Show all."""
    if label in card.buttons:
        card.click(label, by=by)
    elif label in card.menu:
        card.choose(label, by=by)
    else:
        card.click("Show all", by=by)
        slack.modal(by).click(label)
    return slack.modal(by)


def leave(slack: Workspace, user: str) -> None:
    """Close every form that a person has open."""
    while open_forms := slack.views(user):
        open_forms[-1].close()
