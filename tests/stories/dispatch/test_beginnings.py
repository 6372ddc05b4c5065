"""Begin and claim without a command: an emoji, a mention in a thread, the first reply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.slack_client import Answer, Message, Workspace
from tests.stories.company import Json
from tests.stories.northwind import HandOff, fill, look_up, send


@pytest.fixture
def chosen(company: Callable[..., Path], share: Callable[..., Running]) -> Running:
    """A company that has chosen an emoji, and a team that claims by the first reply."""

    def choose(read: Json) -> None:
        read["emoji"] = "handshake"
        read["queues"][0]["claim_by_reply"] = "yes"

    return share(company(choose))


def react(slack: Workspace, message: Message, user: str, emoji: str = "handshake", *, remove: bool = False) -> Answer:
    return slack.act("react", user=user, channel=message.channel, ts=message.ts, emoji=emoji, remove=remove)


def test_an_emoji_on_a_message_offers_its_form_to_whoever_reacted(slack: Workspace, chosen: Running) -> None:
    said = slack.message("U0DAN", "Globex cannot log in since Tuesday", channel="C0SUCCESS")
    react(slack, said, "U0EVA", "tada")
    assert slack.dms("U0EVA") == [], "another emoji is only an emoji"

    react(slack, said, "U0EVA", "handshake::skin-tone-3")
    (offer,) = slack.dms("U0EVA")
    assert "You reacted with :handshake: to a message in <#C0SUCCESS>. Hand it off?" in offer.text
    offer.click("Hand off", by="U0EVA")
    slack.settle()
    form = slack.modal("U0EVA")
    assert "Globex cannot log in since Tuesday" in str(form.values), "it is filled in with what the message says"
    fill(slack, "U0EVA", queue="support", next_step="Reset the account")

    card = slack.find("U0EVA", "C0SUPPORT", "Globex cannot log in")
    assert "Original message" in card.all_text()
    react(slack, said, "U0EVA")
    assert [one.ts for one in slack.dms("U0EVA") if "You reacted" in one.text] == [offer.ts], "once a message"


def test_a_message_that_somebody_handed_off_is_offered_to_nobody_any_more(slack: Workspace, chosen: Running) -> None:
    said = slack.message("U0DAN", "Globex cannot log in since Tuesday", channel="C0SUCCESS")
    react(slack, said, "U0EVA")
    react(slack, said, "U0FARID")
    slack.dms("U0EVA")[-1].click("Hand off", by="U0EVA")
    slack.settle()
    (to_farid,) = slack.dms("U0FARID")
    to_farid.click("Hand off", by="U0FARID")  # his form is open while hers is sent
    slack.settle()
    slack.modal("U0FARID").close()
    fill(slack, "U0EVA", queue="support", next_step="Reset the account")

    for user, who in (("U0EVA", "You"), ("U0FARID", "Eva Lindqvist")):
        (offer,) = [one for one in slack.dms(user) if "You reacted" in one.text]
        assert f"{who} handed it off: #1." in offer.text, "it is said in place"
        assert set(offer.buttons) == {"Details"}
    to_farid.click("Details", by="U0FARID")
    assert "Globex cannot log in" in slack.modal("U0FARID").all_text()

    react(slack, said, "U0BEN")
    assert "Eva Lindqvist handed it off: #1." in slack.dms("U0BEN")[-1].text, "nor to whoever reacts later"
    slack.message("U0BEN", "<@U0BATON> please", channel="C0SUCCESS", thread_ts=said.ts)
    slack.settle()
    answer = slack.ephemerals("U0BEN", "C0SUCCESS")[-1]
    assert "Eva Lindqvist handed this thread off: #1." in answer.all_text()
    assert "Hand this thread off?" not in answer.all_text()


def test_two_who_were_asked_about_a_thread_hand_it_off_once(slack: Workspace, running: Running) -> None:
    root = slack.message("U0DAN", "Initech wants to cancel", channel="C0SUCCESS")
    offers = {}
    for user in ("U0EVA", "U0FARID"):
        slack.message(user, "<@U0BATON> please", channel="C0SUCCESS", thread_ts=root.ts)
        slack.settle()
        (offers[user],) = slack.ephemerals(user, "C0SUCCESS")
    offers["U0EVA"].click("Hand off", by="U0EVA")
    slack.settle()
    fill(slack, "U0EVA", queue="support", next_step="Call them")
    assert not offers["U0EVA"].exists, "the answer has had its use"

    offers["U0FARID"].click("Hand off", by="U0FARID")
    slack.settle()

    shown = slack.modal("U0FARID")
    assert "Initech wants to cancel" in shown.all_text()
    assert shown.fields == [], "the handoff itself, not the form for another one"
    assert not offers["U0FARID"].exists
    assert slack.problems() == []


def test_whoever_may_not_see_the_handoff_learns_only_that_there_is_one(slack: Workspace, chosen: Running) -> None:
    slack.change("channel", id="C0BOTH", name="both", members=["U0BATON", "U0DAN", "U0EVA", "U0BEN"])
    said = slack.message("U0DAN", "Initech wants to cancel", channel="C0BOTH")
    react(slack, said, "U0EVA")
    react(slack, said, "U0BEN")
    slack.change("channel", id="C0SUCCESS", is_private=True)
    slack.dms("U0EVA")[-1].click("Hand off", by="U0EVA")
    slack.settle()
    fill(slack, "U0EVA", queue="success", next_step="Call them")
    (offer,) = [one for one in slack.dms("U0BEN") if "You reacted" in one.text]

    assert offer.text.endswith("Someone has handed it off already. Look at the replies in its thread."), offer.text
    assert offer.buttons == {}


def test_a_message_whose_handoff_was_cancelled_can_be_handed_off_again(slack: Workspace, chosen: Running) -> None:
    said = slack.message("U0DAN", "Initech wants to cancel", channel="C0SUCCESS")
    react(slack, said, "U0EVA")
    slack.dms("U0EVA")[-1].click("Hand off", by="U0EVA")
    slack.settle()
    fill(slack, "U0EVA", queue="support", next_step="Call them")
    card = slack.find("U0EVA", "C0SUPPORT", "Initech")
    look_up(slack, card, "Cancel handoff", by="U0EVA")
    fill(slack, "U0EVA", note="Not ours")

    react(slack, said, "U0BEN")

    assert slack.dms("U0BEN")[-1].text.endswith("Hand it off?")


def test_an_emoji_that_is_taken_back_takes_the_offer_with_it(slack: Workspace, chosen: Running) -> None:
    said = slack.message("U0DAN", "Globex cannot log in", channel="C0SUCCESS")
    react(slack, said, "U0EVA")
    react(slack, said, "U0EVA", remove=True)

    assert slack.dms("U0EVA") == []


def test_without_a_chosen_emoji_none_begins_anything(slack: Workspace, running: Running) -> None:
    react(slack, slack.message("U0DAN", "Hello", channel="C0SUCCESS"), "U0EVA")

    assert slack.dms("U0EVA") == []


def test_people_of_another_company_and_cards_begin_nothing(slack: Workspace, chosen: Running) -> None:
    card = send(slack)
    react(slack, card, "U0EVA")
    slack.change("user", id="U0FARID", team_id="T0OTHER")
    slack.settle()
    react(slack, slack.message("U0DAN", "Hello", channel="C0SUCCESS"), "U0FARID")

    assert [one for one in slack.dms("U0EVA") + slack.dms("U0FARID") if "You reacted" in one.text] == []


def test_a_mention_in_a_thread_offers_to_hand_the_thread_off(slack: Workspace, running: Running) -> None:
    root = slack.message("U0DAN", "Initech wants to cancel", channel="C0SUCCESS")
    slack.message("U0FARID", "They are unhappy with support", channel="C0SUCCESS", thread_ts=root.ts)
    slack.message("U0EVA", "<@U0BATON> please", channel="C0SUCCESS", thread_ts=root.ts)
    slack.settle()

    (answer,) = slack.ephemerals("U0EVA", "C0SUCCESS")
    assert "Hand this thread off?" in answer.all_text()
    answer.click("Hand off", by="U0EVA")
    slack.settle()
    assert "Initech wants to cancel" in str(slack.modal("U0EVA").values)


def test_the_thread_of_a_card_is_not_offered_again(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.message("U0EVA", "<@U0BATON> please", channel="C0SUCCESS", thread_ts=card.ts)
    slack.settle()

    (answer,) = slack.ephemerals("U0EVA", "C0SUCCESS")
    assert "Hand this thread off?" not in answer.all_text()


def test_the_first_reply_claims_and_says_so(slack: Workspace, chosen: Running) -> None:
    card = send(slack)
    for user, words in (
        ("U0BEN", "More to come"),
        ("U0HUGO", "Not my team"),
        ("U0EVA", "On it"),
        ("U0FARID", "Me too"),
    ):
        slack.message(user, words, channel="C0SUCCESS", thread_ts=card.ts)
        slack.settle()

    assert "🟢" in card.all_text()
    replies = [one.text for one in card.replies()]
    assert [text for text in replies if "claimed" in text] == ["Eva Lindqvist claimed it."], replies


def test_a_reply_claims_only_where_the_team_wants_that(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.message("U0EVA", "On it", channel="C0SUCCESS", thread_ts=card.ts)
    slack.settle()

    assert "🟡 Unassigned" in card.all_text()
