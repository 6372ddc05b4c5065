"""Somebody is away: a colleague gets what is for them, with the reason, and nothing changes hands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.slack_client import Modal, Workspace
from tests.stories.company import policy
from tests.stories.northwind import HandOff, about, fill, send, told, why

HOUR = 3600
DAY = 24 * HOUR


def away(slack: Workspace, user: str, *, seconds: float = 2 * DAY, cover: str | None = None) -> Modal:
    """Fill in the form Away, and look at what follows."""
    assert slack.command(user, "away").ok
    slack.modal(user).submit({"until": int(slack.now() + seconds), "cover": cover})
    slack.settle()
    return slack.modal(user)


def back(slack: Workspace, user: str) -> None:
    """Say that one is back, in the form."""
    assert slack.command(user, "away").ok
    slack.modal(user).click("I'm back")
    slack.settle()


def test_a_reminder_goes_to_the_cover_with_the_reason_and_the_work_stays_the_owners(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off("U0BEN")
    card.click("Claim", by="U0EVA")
    shown = away(slack, "U0EVA", cover="U0FARID")
    assert "You own 1 open handoff. They stay yours" in shown.all_text()
    assert "You cover for Eva Lindqvist until" in told(slack, "U0FARID")[-1]

    slack.wait(hours=3.5)
    (reminder,) = about(slack, "U0FARID", "#1")
    assert reminder.text.startswith("For Eva Lindqvist, who is away until ")
    assert "finish by" in reminder.text
    assert {"Done", "Details"} <= set(reminder.buttons)
    assert "Put back" not in reminder.buttons
    assert about(slack, "U0EVA", "finish by") == []
    assert "Farid" in why(slack, "U0BEN")
    assert "(covering for Eva Lindqvist)" in why(slack, "U0BEN")
    assert "Eva Lindqvist" in card.text

    back(slack, "U0EVA")
    assert reminder.text.startswith("For Eva Lindqvist: ")
    assert "no longer cover" in told(slack, "U0FARID")[0]
    reminder.click("Details", by="U0FARID")
    assert "Eva Lindqvist" in slack.modal("U0FARID").all_text()


def test_an_offer_reaches_the_cover_who_may_take_it_and_the_person_once_they_are_back(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    away(slack, "U0EVA", cover="U0FARID")
    hand_off("U0BEN", person="U0EVA")
    hand_off("U0BEN", title="Globex renewal", person="U0EVA")
    assert about(slack, "U0EVA", "offered") == []
    first, second = about(slack, "U0FARID", "offered")
    assert "Ben Okafor offered Eva Lindqvist" in first.text
    first.click("Claim", by="U0FARID")
    slack.settle()
    assert "Farid" in slack.find("U0BEN", "C0SUCCESS", "Acme").text

    slack.wait(hours=49)
    (kept,) = [one for one in slack.dms("U0EVA") if one.text.startswith("You're back.")]
    assert "1 handoff needs you now." in kept.text
    assert "Globex" in kept.text
    assert "Claim" in kept.buttons
    assert "Farid Haddad did for you" in kept.all_text()
    assert "Farid Haddad claimed it" in kept.all_text()
    assert "Claim" not in second.buttons
    assert about(slack, "U0EVA", "offered you") == []


def test_what_was_asked_before_the_absence_is_asked_of_the_cover_too(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    hand_off("U0BEN", person="U0EVA")
    away(slack, "U0EVA", cover="U0FARID")
    (offer,) = about(slack, "U0FARID", "offered")
    offer.click("Decline", by="U0FARID")
    fill(slack, "U0FARID", note="Eva is on holiday.")
    assert "unassigned" in slack.find("U0BEN", "C0SUCCESS", "Acme").text


@pytest.mark.parametrize(
    ("cover", "words"),
    [
        pytest.param("U0EVA", "can't cover for yourself", id="oneself"),
        pytest.param("U0INES", "isn't on a team with you", id="another team"),
    ],
)
def test_somebody_who_cannot_cover_is_refused_at_the_field(
    slack: Workspace, running: Running, cover: str, words: str
) -> None:
    assert slack.command("U0EVA", "away").ok
    form = slack.modal("U0EVA")
    form.submit({"until": int(slack.now() + DAY), "cover": cover})
    assert words in form.errors["cover"]
    form.submit({"until": int(slack.now() - 60), "cover": None})
    assert "has passed" in form.errors["until"]


def test_a_cover_who_leaves_or_is_away_too_covers_no_more_and_the_person_hears(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    away(slack, "U0EVA", cover="U0FARID")
    away(slack, "U0FARID", cover="U0GRACE")
    assert "Farid" in told(slack, "U0EVA")[-1]
    assert "they're away too" in told(slack, "U0EVA")[-1]
    hand_off("U0BEN", person="U0EVA")
    assert about(slack, "U0FARID", "offered") == about(slack, "U0GRACE", "offered") == []

    back(slack, "U0FARID")
    (offer,) = about(slack, "U0FARID", "offered")
    assert "Claim" in offer.buttons

    slack.change("usergroup", id="S0CS", users=["U0DAN", "U0EVA", "U0GRACE"])
    slack.settle()
    assert "no longer on a team together" in told(slack, "U0EVA")[-1]
    assert "Claim" not in offer.buttons
    assert "no longer cover" in about(slack, "U0FARID", "cover for Eva")[-1].text


def test_still_on_it_is_asked_of_the_cover_whose_answer_counts(
    slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]
) -> None:
    silent = {"key": "silent", "clock": "update", "at": "100%", "do": "check", "within": "1h"}
    share(config=company(policy({"update": "2h"}, silent)))
    card = send(slack)
    card.click("Claim", by="U0EVA")
    away(slack, "U0EVA", cover="U0FARID")

    slack.wait(hours=2, minutes=1)
    (asked,) = about(slack, "U0FARID", "Still on it?")
    assert asked.text.startswith("For Eva Lindqvist, who is away until ")
    asked.click("Yes", by="U0FARID")
    slack.settle()
    assert "that Eva Lindqvist is still on #1" in asked.text

    slack.wait(hours=1, minutes=30)
    assert "owned by <@U0EVA>" in card.text
    assert about(slack, "U0EVA", "Still on it?") == []
    slack.wait(minutes=32)
    assert len(about(slack, "U0FARID", "Still on it?")) == 1, "the first one shows its answer"
    slack.wait(hours=1, minutes=2)
    assert "unassigned" in card.text, "nobody answered the second question"


def test_home_has_the_switch_and_shows_the_absence(slack: Workspace, running: Running) -> None:
    slack.home("U0EVA")
    slack.settle()
    assert "Away…" in str(slack.sees("U0EVA")["home"])
    away(slack, "U0EVA", cover="U0FARID")
    slack.settle()
    shown = str(slack.sees("U0EVA")["home"])
    assert "You're away until" in shown
    assert "covers for you" in shown


def test_the_message_of_leaving_leads_to_the_hand_over(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    hand_off("U0BEN").click("Claim", by="U0EVA")
    away(slack, "U0EVA").click("Hand them over…")
    slack.settle()
    assert slack.modal("U0EVA").title == "Hand over your work"


def test_who_is_back_gets_one_message_with_what_came_and_it_stays_current(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off("U0BEN")
    other = hand_off("U0BEN", title="Globex renewal")
    for one in (card, other):
        one.click("Claim", by="U0EVA")
    before = len(slack.dms("U0EVA"))
    away(slack, "U0EVA", seconds=HOUR)
    other.choose("Add note", by="U0DAN")
    fill(slack, "U0DAN", note="Mara called.")
    hand_off("U0BEN", title="Initech audit", person="U0EVA")
    assert len(slack.dms("U0EVA")) == before

    slack.wait(hours=1, minutes=1)
    (message,) = slack.dms("U0EVA")[before:]
    assert message.text.startswith("You're back. 1 handoff needs you now. You own 2 open handoffs. Initech audit:")
    assert "Dan Roth added a note" in message.all_text()
    message.click("Claim", by="U0EVA")
    slack.settle()
    assert "Claim" not in message.buttons
    assert "Nothing needs you now." in message.text
    assert len(slack.dms("U0EVA")) == before + 1
    assert "the message to a person who is back" in why(slack, "U0BEN", 3)
    assert slack.problems() == []


def test_reminders_that_an_absence_held_are_part_of_that_message(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    hand_off("U0BEN").click("Claim", by="U0EVA")
    away(slack, "U0EVA", seconds=5 * HOUR)
    slack.wait(hours=4, minutes=30)
    assert "they're away" in why(slack, "U0BEN")
    back(slack, "U0EVA")
    assert about(slack, "U0EVA", "finish by") == []
    (message,) = [one for one in slack.dms("U0EVA") if one.text.startswith("You're back.")]
    assert "1 handoff needs you now." in message.text
    assert "Done" in message.buttons


def test_who_comes_back_to_nothing_gets_no_message(slack: Workspace, running: Running) -> None:
    away(slack, "U0EVA")
    back(slack, "U0EVA")
    assert slack.dms("U0EVA") == []
