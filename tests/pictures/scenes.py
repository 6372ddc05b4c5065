"""What several pictures begin with: people of the demo's company hand work over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.slack_client import Message, Modal, Workspace

BEN, CLARA, EVA, DAN, FARID, INES = "U0BEN", "U0CLARA", "U0EVA", "U0DAN", "U0FARID", "U0INES"
SALES, SUCCESS, SUPPORT = "C0SALES", "C0SUCCESS", "C0SUPPORT"

STOPS: Final = 2
"""How often a form asks for another look before it is sent: at what it has found, and at its advice."""

ACME: Final[dict[str, Any]] = {
    "title": "Acme renewal",
    "queue": "success",
    "next_step": "Call Mara about the price",
    "note": "They asked for 10% off and want an answer by Friday. Their sponsor is new.",
    "link": "https://crm.example.com/acme",
}
EXPORT: Final[dict[str, Any]] = {
    "title": "Globex cannot export reports",
    "queue": "support",
    "next_step": "Look at the log in the ticket",
    "note": "Since the update, every export has been an empty file. Their auditors come on Monday.",
    "priority": "critical",
    "link": "https://tickets.example.com/4711",
}


def record(title: str) -> str:
    """The customer's record: two handoffs about one would be taken for the same work."""
    return f"https://crm.example.com/{title.split(maxsplit=1)[0].lower()}"


def hand_off(slack: Workspace, work: dict[str, Any] = ACME, **more: Any) -> Message:
    """Ben hands something over; its card as the receiving team sees it. What is None is not filled in."""
    link = {"link": record(more["title"])} if more.get("title") else {}
    answers = {key: value for key, value in {**work, **link, **more}.items() if value is not None}
    hand_in(slack, BEN, answers)
    viewer, channel = (EVA, SUCCESS) if answers["queue"] == "success" else (INES, SUPPORT)
    return slack.find(viewer, channel, answers["title"])


def hand_in(slack: Workspace, user: str, answers: Mapping[str, Any]) -> None:
    """Fill in the plain form and send it; what it advises or has found is read, and it is handed off as it is."""
    form = new_form(slack, user)
    form.choose("queue", answers["queue"])
    form.choose("template", "general")
    form.submit(answers)
    slack.settle()
    for _ in range(STOPS):
        if form.is_open:
            form.submit()
            slack.settle()
    assert not form.is_open, f"{answers} is not sent: {form.errors} {form.all_text()}"


def new_form(slack: Workspace, user: str) -> Modal:
    """Type /handoff and look at an empty form: what was begun before is discarded."""
    slack.command(user)
    form = slack.modal(user)
    if "Discard" in form.buttons:
        form.click("Discard")
    return form


def claimed_by_eva(slack: Workspace) -> Message:
    """Eva has claimed what Ben handed over."""
    card = hand_off(slack)
    card.click("Claim", by=EVA)
    return card


def fill(slack: Workspace, user: str, **answers: Any) -> None:
    """Send the form that a person is looking at."""
    slack.modal(user).submit(answers)
    slack.settle()


def form(slack: Workspace, card: Message, label: str, *, by: str) -> Modal:
    """Open a verb's form from wherever its button is: on the card, in its menu, in Details."""
    if label in card.buttons:
        card.click(label, by=by)
    elif label in card.menu:
        card.choose(label, by=by)
    else:
        card.click("Details", by=by)
        slack.modal(by).click(label)
    return slack.modal(by)


def leave(slack: Workspace, user: str) -> None:
    """Close every form that a person has open."""
    while open_forms := slack.views(user):
        open_forms[-1].close()
