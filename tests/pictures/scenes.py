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


def record(title: str) -> str:
    """The customer's record: two handoffs about one would be taken for the same work."""
    return f"https://crm.example.com/{title.split(maxsplit=1)[0].lower()}"


def hand_off(slack: Workspace, work: dict[str, Any] = ACME, **more: Any) -> Message:
    """Ben hands something over; its card as the receiving team sees it. What is None is not filled in."""
    link = {"link": record(more["title"])} if more.get("title") else {}
    answers = {key: value for key, value in {**work, **link, **more}.items() if value is not None}
    slack.command(BEN)
    form = slack.modal(BEN)
    form.submit(answers)
    slack.settle()
    if form.is_open:  # it gives advice once: he reads it and hands off as it is
        form.submit()
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
