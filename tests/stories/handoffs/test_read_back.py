"""Whoever takes work over says how they understood it, and the sender says whether that is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from slackapp.app import Running
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import ReadBackStatus
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.company import Change, policy
from tests.stories.ledger import custody, handoff, running
from tests.stories.northwind import fill, look_up, told, why
from tests.stories.taken_over import Opening, opening, takes_over, together

Company: TypeAlias = Callable[..., Path]
Begin: TypeAlias = Callable[..., Opening]

pytestmark = EITHER


@pytest.fixture
def begin(slack: Workspace, share: Callable[..., Running], company: Company) -> Begin:
    """A Baton whose Customer Success asks for a read-back, and a way to open work there."""

    def begun(*changes: Change) -> Opening:
        return opening(slack, share(config=company(*changes)))

    return begun


def read_back(slack: Workspace, user: str = "U0EVA", gist: str | None = "They want it cheaper.") -> None:
    """Send the form as it opened; under a hard read-back with one sentence."""
    fill(slack, user, **({"gist": gist} if gist else {}))


def test_one_press_after_the_claim_is_enough_where_nothing_needs_changing(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("soft"), policy({"first_action": "1h"}))()

    card.click("Claim", by="U0EVA")

    form = slack.modal("U0EVA")
    assert form.title == "Read back #1"
    assert form.fields == ["What will you do first?", "By when?"]
    assert form.values["first_step"]["value"]["value"] == "Call Mara about the price"
    in_an_hour = form.values["by"]["value"]["selected_date_time"] - int(slack.now())
    assert 3500 < in_an_hour <= 3600, "the clock of the first action"
    assert handoff(database_url).accountable == "U0EVA", "a soft read-back leaves nobody else answering"
    read_back(slack, gist=None)

    assert card.replies()[-1].text.startswith("Eva Lindqvist confirmed what it is about, first step by <!date^")
    assert "Call Mara about the price" in card.replies()[-1].text
    asked = slack.dms("U0BEN")[-1]
    assert re.match(r"Eva Lindqvist confirmed what <.*\|#1> Acme renewal is about, first step by <!date", asked.text)
    assert list(asked.buttons) == ["Looks right", "Needs a correction", "Details"]
    assert "Read back" not in card.buttons
    asked.click("Looks right", by="U0BEN")
    slack.settle()

    assert handoff(database_url).read_back is ReadBackStatus.CONFIRMED
    assert "Looks right" not in asked.buttons
    assert "confirmed the read-back" in card.replies()[-1].text
    assert told(slack, "U0EVA") == [], "the thread says it; it needs nothing of her"
    assert slack.problems() == []


def test_until_a_hard_read_back_is_given_the_sender_answers_for_it_and_everything_says_so(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("hard"))()

    card.click("Claim", by="U0EVA")

    form = slack.modal("U0EVA")
    assert form.fields == ["What is this about?", "What will you do first?", "By when?"]
    backed = "<@U0BEN> is accountable until then"
    assert backed in card.text
    assert backed in why(slack, "U0EVA")
    assert "you are accountable until then" in told(slack, "U0BEN")[-1]
    assert handoff(database_url).accountable == "U0BEN"
    card.click("Details", by="U0DAN")
    assert "Ben Okafor as sender" in slack.modal("U0DAN").all_text()
    form.submit({"gist": " "})
    assert set(form.errors) == {"gist"}
    read_back(slack)

    assert "accountable" not in card.text
    assert "What is this about? They want it cheaper." in card.replies()[-1].text
    assert handoff(database_url).accountable == "U0EVA"
    assert [(one.accountable, one.owner) for one in custody(database_url)] == [
        ("U0BEN", None),
        ("U0BEN", "U0EVA"),
        ("U0EVA", "U0EVA"),
    ]
    assert slack.problems() == []


def test_not_quite_gives_it_back_to_the_senders_care_until_it_is_read_back_again(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("hard"))()
    card.click("Claim", by="U0EVA")
    read_back(slack)
    first = slack.dms("U0BEN")[-1]

    first.click("Needs a correction", by="U0BEN")
    assert "They want it cheaper." in slack.modal("U0BEN").all_text(), "what he judges stands above"
    fill(slack, "U0BEN", note="They want it longer.")

    assert "<@U0BEN> is accountable until then" in card.text
    assert "They want it longer." in card.replies()[-1].text
    assert handoff(database_url).accountable == "U0BEN"
    corrected = slack.dms("U0EVA")[-1]
    assert "They want it longer." in corrected.text
    corrected.click("Read back", by="U0EVA")
    assert "They want it longer." in slack.modal("U0EVA").all_text()
    read_back(slack, gist="They want a longer contract.")

    assert handoff(database_url).accountable == "U0EVA"
    second = slack.dms("U0BEN")[-1]
    assert "a longer contract" in second.text
    assert "Looks right" in second.buttons
    assert "Looks right" not in first.buttons, "what was corrected is asked no more"
    assert "Read back" not in corrected.buttons
    assert slack.problems() == []


def test_a_form_that_slack_does_not_open_leaves_the_claim_and_the_button_on_the_card(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("hard"))()
    slack.fault("views.open", {"error": "expired_trigger_id"})

    card.click("Claim", by="U0EVA")

    assert handoff(database_url).owner == "U0EVA"
    note = slack.ephemerals("U0EVA", "C0SUCCESS")[-1]
    assert "You own it now." in note.text
    note.click("Open form", by="U0EVA")
    assert slack.modal("U0EVA").title == "Read back #1"
    slack.modal("U0EVA").close()
    card.click("Read back", by="U0EVA")
    read_back(slack)
    assert handoff(database_url).accountable == "U0EVA"


def test_whoever_closes_the_form_finds_it_on_the_card_and_nobody_else_may_use_it(
    slack: Workspace, begin: Begin
) -> None:
    card = begin(takes_over("hard"))()
    card.click("Claim", by="U0EVA")
    slack.modal("U0EVA").close()

    card.click("Read back", by="U0FARID")
    assert slack.views("U0FARID") == []
    assert "Only its owner <@U0EVA> can read it back" in slack.ephemerals("U0FARID", "C0SUCCESS")[-1].text
    look_up(slack, card, "Read back", by="U0EVA")
    read_back(slack)

    card.click("Details", by="U0EVA")
    assert "Looks right" not in slack.modal("U0EVA").buttons, "nobody judges what they said themselves"
    look_up(slack, card, "Looks right", by="U0DAN")
    assert "Dan Roth confirmed the read-back of it" in card.replies()[-1].text


def test_an_assignment_asks_for_the_same_in_the_direct_message(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("hard"))()

    look_up(slack, card, "Assign…", by="U0DAN")
    fill(slack, "U0DAN", person="U0GRACE")

    assigned = slack.dms("U0GRACE")[-1]
    assert list(assigned.buttons) == ["Read back", "Done", "Put back", "Details"]
    assert "<@U0BEN> is accountable until then" in assigned.all_text()
    assert handoff(database_url).accountable == "U0BEN"
    assigned.click("Read back", by="U0GRACE")
    read_back(slack, "U0GRACE")

    assert handoff(database_url).accountable == "U0GRACE"
    assert list(assigned.buttons) == ["Done", "Put back", "Details"]
    assert slack.problems() == []


def test_the_template_asks_in_its_own_words(slack: Workspace, begin: Begin) -> None:
    card = begin(takes_over("hard", read_back_ask="Who is the patient, and what worries you?"))()

    card.click("Claim", by="U0EVA")

    assert slack.modal("U0EVA").fields[0] == "Who is the patient, and what worries you?"
    read_back(slack, gist="Bed 4, the fever.")
    assert "Who is the patient, and what worries you? Bed 4, the fever." in card.replies()[-1].text


def test_a_moment_that_has_passed_is_answered_in_the_form(slack: Workspace, begin: Begin) -> None:
    card = begin(takes_over("soft"))()
    card.click("Claim", by="U0EVA")
    form = slack.modal("U0EVA")

    form.submit({"by": int(slack.now()) - 60})
    assert form.errors == {"by": "This time has passed. Choose a later one, or leave it empty."}
    fill(slack, "U0EVA", by=None)
    assert "first step by" not in card.replies()[-1].text


def test_a_read_back_is_a_sign_of_life(slack: Workspace, begin: Begin, database_url: str) -> None:
    card = begin(takes_over("soft"), policy({"first_action": "1h", "update": "1h"}))()
    card.click("Claim", by="U0EVA")
    assert ClockKind.FIRST_ACTION in running(database_url)

    slack.wait(minutes=30)
    read_back(slack, gist=None)

    clocks = running(database_url)
    assert ClockKind.FIRST_ACTION not in clocks
    assert clocks[ClockKind.UPDATE].consumed_s == 0


def test_of_two_who_claim_at_once_only_the_winner_is_asked(slack: Workspace, begin: Begin, database_url: str) -> None:
    card = begin(takes_over("hard"))()

    together(slack, lambda user: card.click("Claim", by=user), "U0EVA", "U0FARID")

    winner = handoff(database_url).owner
    assert [user for user in ("U0EVA", "U0FARID") if slack.views(user)] == [winner]
    assert handoff(database_url).accountable == "U0BEN"


def test_a_sender_who_has_left_leaves_it_with_the_managers_whatever_becomes_of_the_read_back(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("hard"))()
    slack.change("user", id="U0BEN", deleted=True)

    card.click("Claim", by="U0EVA")
    assert handoff(database_url).accountable == "queue:success"
    assert "the managers of Customer Success are accountable until then" in card.text
    read_back(slack)
    assert handoff(database_url).accountable == "U0EVA"
    look_up(slack, card, "Needs a correction", by="U0DAN")
    fill(slack, "U0DAN", note="Ask them first.")

    assert handoff(database_url).accountable == "queue:success", "the sender who left cannot answer for it again"
    card.choose("Send back", by="U0DAN")
    fill(slack, "U0DAN", reason="other", note="Nobody is left to ask.")
    assert handoff(database_url).accountable == "queue:success"
    assert slack.problems() == []


def test_a_sender_who_leaves_before_the_read_back_leaves_it_with_the_managers(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("hard"))()
    card.click("Claim", by="U0EVA")

    slack.change("user", id="U0BEN", deleted=True)

    assert handoff(database_url).accountable == "queue:success"
    assert "Ben Okafor has left" in told(slack, "U0DAN")[-1]
    read_back(slack)
    assert handoff(database_url).accountable == "U0EVA"
    assert "accountable" not in card.text


def test_an_owner_who_leaves_before_the_read_back_leaves_it_with_the_managers_once(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    card = begin(takes_over("hard"))()
    card.click("Claim", by="U0EVA")

    slack.change("user", id="U0EVA", deleted=True)
    slack.change("user", id="U0EVA", deleted=True)

    assert handoff(database_url).accountable == "queue:success"
    (vacancy,) = slack.dms("U0DAN")
    assert "Eva Lindqvist has left" in vacancy.text
    vacancy.click("Assign…", by="U0DAN")
    fill(slack, "U0DAN", person="U0GRACE")
    assert "owned by <@U0GRACE>" in card.text
    assert handoff(database_url).accountable == "U0BEN", "until Grace has read it back"
