"""Answers to a template's questions: a few lines on the card, all of them in the details."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from slackapp.app import Running
from storage.handoffs.acts import AddNote, Claim, Complete
from storage.handoffs.model import Text
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.northwind import about
from tests.stories.written import card_of, do, template, write

LONG: Final = ("Why they bought, and what we promised. <!channel> & more\n" * 60)[:3000].strip()
FIELDS: Final[list[dict[str, Any]]] = [
    {"key": "why", "label": "Why they bought", "type": "long", "required": "yes"},
    {"key": "risk", "label": "Lamp", "type": "lamp", "required": "yes"},
    {"key": "seller", "label": "Who sold it", "type": "person", "required": "yes"},
    {"key": "intro", "label": "Introduction", "type": "choice", "options": {"booked": "Booked"}},
    {"key": "seats", "label": "Seats", "type": "number"},
]
ANSWERS: Final = {"why": LONG, "risk": "unstable", "seller": "U0HUGO", "intro": "booked", "seats": "40"}


@EITHER
def test_the_card_shows_what_matters_and_show_all_everything_and_nobody_is_pinged(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    northwind = start(config=company(template(fields=FIELDS, card=["risk", "seller", "intro"])))
    handoff = write(northwind, slack, "brief", {**ANSWERS, "intro": "booked"}, told_customer="full_story")
    card = card_of(slack, "Acme renewal")

    assert "*Lamp:* Unstable 🔴\n*Who sold it:* Hugo Marchetti\n*Introduction:* Booked" in card.all_text()
    assert "Lamp: Unstable 🔴. Who sold it: Hugo Marchetti." in card.text
    assert "Seats" not in card.all_text()
    assert slack.alerts("U0HUGO") == []

    card.click("Details", by="U0EVA")
    shown = slack.modal("U0EVA").all_text()
    assert "*Template:* Brief" in shown
    assert "".join(LONG.split()) in "".join(shown.split())
    assert "*Seats:* 40\n*Customer told:* The full story" in shown
    assert shown.index("*Seats:*") < shown.index("They asked for 10 % off.")

    do(northwind, slack, handoff, Claim(), by="U0EVA")
    do(northwind, slack, handoff, Complete(), by="U0EVA")
    assert "Lamp" not in card.all_text(), "finished work keeps its outcome only"
    assert slack.problems() == []


def test_an_answer_is_read_in_the_version_of_the_template_that_it_was_written_in(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    first = start(config=company(template(fields=FIELDS, card=["intro"])))
    handoff = write(first, slack, "brief", ANSWERS)
    first.stop()
    renamed = [*FIELDS[:3], {"key": "intro", "label": "Kickoff", "type": "choice", "options": {"done": "Done"}}]
    second = start(config=company(template(fields=renamed, card=["intro"])))
    do(second, slack, handoff, Claim(), by="U0EVA")

    assert "*Introduction:* Booked" in card_of(slack, "Acme renewal").all_text()


def test_an_offer_without_a_note_quotes_no_other_note(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    northwind = start(config=company(template(fields=FIELDS[1:2], note="none")))
    handoff = write(northwind, slack, "brief", {"risk": "stable"}, note=Text(), person="U0EVA")
    do(northwind, slack, handoff, AddNote(text=Text(plain="One thing more")), by="U0BEN")
    do(northwind, slack, handoff, AddNote(text=Text(plain="And another")), by="U0BEN")

    (offer,) = about(slack, "U0EVA", "offered you")
    assert "One thing more" not in offer.text
    shown = card_of(slack, "Acme renewal").all_text()
    assert "*Note by Ben Okafor:* And another\n*Note by Ben Okafor:* One thing more\n*First step:*" in shown
    assert "\n> " not in shown, "a sender's note is quoted, and there is none"
