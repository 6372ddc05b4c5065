"""Snoozed work: it ends at the chosen time, on resuming or on release."""

from __future__ import annotations

import re

from tests.slack_client import Message, Workspace
from tests.stories.northwind import HandOff, fill, told

DAY = 24 * 60 * 60


def claimed(hand_off: HandOff) -> Message:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    return card


def rest(slack: Workspace, card: Message, *, by: str = "U0EVA", **answers: object) -> None:
    """Fill in the form of a snooze; without answers it is as it opens."""
    card.choose("Snooze…", by=by)
    fill(slack, by, **answers)


def test_the_form_offers_tomorrow_morning_and_the_card_says_until_when_it_rests(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = claimed(hand_off)
    card.choose("Snooze…", by="U0EVA")
    form = slack.modal("U0EVA")

    assert form.title == "Snooze #1"
    assert form.fields == ["Snooze until", "Or another date and time", "Why?"]
    assert re.search(r"(Tomorrow morning, (Tue|Wed|Thu|Fri)|Monday morning,) \d+ \w{3} at \d+:\d\d", form.all_text())
    fill(slack, "U0EVA", note="They decide tomorrow.")

    assert re.search(r"owned by <@U0EVA>, snoozed until <!date\^\d+\^", card.text)
    assert "finish by" not in card.text
    assert {"Resume", "Done"} <= set(card.buttons)
    assert [reply.text for reply in card.replies()][-1].startswith("Eva Lindqvist snoozed it until <!date")
    assert "They decide tomorrow." in card.replies()[-1].text
    assert any("snoozed until" in text for text in told(slack, "U0BEN")), "the sender's line says so"
    assert slack.problems() == []


def test_going_on_ends_it_at_once_and_says_nothing_to_anybody(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)
    rest(slack, card, rest="1h")
    before = (len(card.replies()), len(slack.dms("U0BEN")), len(slack.dms("U0EVA")))

    card.click("Resume", by="U0EVA")
    slack.settle()

    assert "snoozed" not in card.text
    assert "finish by <!date" in card.text
    assert (len(card.replies()), len(slack.dms("U0BEN")), len(slack.dms("U0EVA"))) == before
    assert "Resume" not in card.buttons


def test_only_its_owner_goes_on_and_somebody_else_is_told_who_that_is(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)
    rest(slack, card, rest="1h")

    card.click("Resume", by="U0FARID")
    slack.settle()

    assert "Only its owner <@U0EVA> can go on with it" in slack.ephemerals("U0FARID", "C0SUCCESS")[-1].text
    assert "snoozed until" in card.text


def test_a_moment_that_has_passed_or_is_too_far_is_answered_in_the_form(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)
    now = int(slack.now())
    card.choose("Snooze…", by="U0EVA")
    form = slack.modal("U0EVA")

    form.submit({"until": now - 60})
    assert form.errors == {"until": "This time has passed. Choose a later one, or leave it empty."}
    form.submit({"until": now + 61 * DAY})
    assert form.errors == {"until": "This is more than 60 days from now. Choose an earlier time."}
    form.submit({"rest": None, "until": None})
    assert form.errors == {"rest": "No time is chosen. Choose one here, or a date and time below."}
    fill(slack, "U0EVA", until=now + 59 * DAY)

    assert f"snoozed until <!date^{now + 59 * DAY}^" in card.text


def test_a_choice_that_has_passed_while_the_form_was_open_is_asked_for_again(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = claimed(hand_off)
    card.choose("Snooze…", by="U0EVA")
    form = slack.modal("U0EVA")
    slack.wait(hours=2)

    form.submit({"rest": "1h"})

    assert form.errors == {"rest": "This time has passed. Choose a later one, or leave it empty."}
    assert "snoozed" not in card.text


def test_put_back_ends_it(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)
    rest(slack, card, rest="1h")

    card.choose("Put back", by="U0EVA")
    fill(slack, "U0EVA", note="I am away after all.")

    assert "snoozed" not in card.text
    assert "unassigned in Customer Success" in card.text
    assert {"Claim"} <= set(card.buttons)
    slack.wait(hours=2)
    assert not any("The snooze is over" in text for text in told(slack, "U0EVA"))


def test_a_manager_lets_it_rest_and_its_owner_is_told(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)

    rest(slack, card, by="U0DAN", rest="1h")

    assert re.match(r"Dan Roth snoozed <.*\|#1> Acme renewal until <!date", told(slack, "U0EVA")[-1])


def test_whoever_has_no_say_is_told_before_the_form_opens(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)

    card.choose("Snooze…", by="U0FARID")
    slack.settle()

    assert slack.views("U0FARID") == []
    assert "can snooze it" in slack.ephemerals("U0FARID", "C0SUCCESS")[-1].text


def test_when_the_moment_comes_its_owner_is_told_to_go_on(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)
    rest(slack, card, rest="1h")
    slack.wait(minutes=59)
    assert "snoozed" in card.text

    slack.wait(minutes=2)

    woken = slack.dms("U0EVA")[-1]
    assert re.match(r"The snooze is over: <.*\|#1> Acme renewal\.", woken.text)
    assert list(woken.buttons) == ["Done", "Put back", "Snooze…", "Details"]
    assert "snoozed" not in card.text
    assert "finish by <!date" in card.text
    assert sum("The snooze is over" in text for text in told(slack, "U0EVA")) == 1

    woken.click("Snooze…", by="U0EVA")
    fill(slack, "U0EVA", rest="1h")
    assert "snoozed until" in card.text
    assert "Done" not in woken.buttons, "it asks for nothing any more"
    slack.wait(hours=2)
    assert sum("The snooze is over" in text for text in told(slack, "U0EVA")) == 2
    assert slack.problems() == []


def test_the_clock_of_the_work_stands_still_while_it_rests(slack: Workspace, hand_off: HandOff) -> None:
    card = claimed(hand_off)
    rest(slack, card, until=int(slack.now()) + 10 * 60 * 60)

    slack.wait(hours=9)
    assert not any("is owned by you" in text for text in told(slack, "U0EVA")), "it was due in four hours"

    slack.wait(hours=1, minutes=1)
    assert any("The snooze is over" in text for text in told(slack, "U0EVA"))
    card.click("Details", by="U0EVA")
    assert re.search(r"\*Finish:\* by .* used of 4 h, paused (10 h|9 h 59 min)", slack.modal("U0EVA").all_text())
