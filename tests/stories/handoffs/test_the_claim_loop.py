"""From /handoff to Done, and every turn in between."""

from slackapp.app import Running
from tests.slack_client import Workspace
from tests.stories.northwind import HandOff, fill, open_form, told


def test_ben_hands_off_and_eva_takes_it_to_the_end(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    assert set(card.buttons) == {"Claim", "Details"}
    assert "unassigned in Customer Success" in card.text
    assert "Sent as" in told(slack, "U0BEN")[0]

    card.click("Claim", by="U0EVA")

    assert "owned by <@U0EVA>" in card.text
    assert set(card.buttons) == {"Done", "Put back", "Details"}
    assert len(told(slack, "U0BEN")) == 1, "a redraw is no new message"
    assert "Owned by <@U0EVA>" in told(slack, "U0BEN")[0]

    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")

    assert "done" in card.text
    assert set(card.buttons) == {"Reopen", "Details"}
    assert "They signed." in told(slack, "U0BEN")[-1]
    assert told(slack, "U0EVA") == [], "nobody is told of what they did themselves"
    assert slack.problems() == []


def test_eva_puts_it_back_with_a_note_and_farid_takes_it(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")

    card.click("Put back", by="U0EVA")
    assert slack.modal("U0EVA").fields == ["What should the next person know?"]
    fill(slack, "U0EVA", note="I am out from Thursday.")

    assert "unassigned in Customer Success" in card.text
    assert "I am out from Thursday." in card.replies()[-1].text
    card.click("Claim", by="U0FARID")
    assert "owned by <@U0FARID>" in card.text


def test_it_goes_back_for_missing_facts_and_comes_again(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")

    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason="missing", note="Which contract do they have?")

    assert "back with" in card.text.lower()
    asked = slack.dms("U0BEN")[-1]
    assert "Which contract do they have?" in asked.text
    asked.click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note="Enterprise, until June.", title="Acme renewal, enterprise")

    assert "Acme renewal, enterprise: unassigned in Customer Success" in card.text
    assert "Enterprise, until June." in card.replies()[-1].text
    assert slack.problems() == []


def test_support_gets_a_card_of_its_own_and_the_old_one_says_where_it_went(slack: Workspace, hand_off: HandOff) -> None:
    old = hand_off()
    old.click("Claim", by="U0EVA")

    old.choose("Pass on", by="U0EVA")
    fill(slack, "U0EVA", queue="support", note="It is a bug after all.")

    new = slack.find("U0HUGO", "C0SUPPORT", "Acme renewal")
    assert set(new.buttons) == {"Claim", "Details"}
    assert "passed on to Support" in old.text
    assert "Claim" not in old.buttons
    assert new.ts.replace(".", "") in old.all_text(), "the old card links to the new one"
    new.click("Claim", by="U0INES")
    assert "claimed" in told(slack, "U0EVA")[-1], "whoever passed it on is its sender now"


def test_its_sender_passes_it_on_unclaimed_when_the_team_was_wrong(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()

    card.choose("Pass on", by="U0BEN")
    fill(slack, "U0BEN", queue="support", note="Wrong team, sorry.")

    new = slack.find("U0HUGO", "C0SUPPORT", "Acme renewal")
    new.click("Claim", by="U0INES")
    assert "Owned by <@U0INES>" in told(slack, "U0BEN")[0], "Ben is still the sender"


def test_an_offer_is_declined_with_a_reason_and_opens_to_all(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off(person="U0EVA")
    offer = slack.dms("U0EVA")[-1]
    assert set(offer.buttons) == {"Claim", "Decline", "Details"}
    card.click("Claim", by="U0FARID")
    assert "offered to" in slack.ephemerals("U0FARID", "C0SUCCESS")[-1].text

    offer.click("Decline", by="U0EVA")
    fill(slack, "U0EVA", note="I am on leave.")

    assert "I am on leave." in told(slack, "U0BEN")[-1]
    assert "Decline" not in offer.buttons
    card.click("Claim", by="U0FARID")
    assert "owned by <@U0FARID>" in card.text


def test_a_manager_assigns_and_the_owner_hears_it(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Details", by="U0DAN")
    slack.modal("U0DAN").click("Assign…")

    fill(slack, "U0DAN", person="U0GRACE", note="You know them.")

    assert "owned by <@U0GRACE>" in card.text
    assert "You know them." in told(slack, "U0GRACE")[-1]
    assert slack.views("U0DAN") == []


def test_cancel_reopen_and_delete(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.choose("Cancel handoff", by="U0BEN")
    fill(slack, "U0BEN", note="They signed by themselves.")
    assert "cancelled" in card.text

    card.click("Reopen", by="U0BEN")
    fill(slack, "U0BEN", note="They did not.")
    assert "unassigned" in card.text

    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Delete")
    fill(slack, "U0BEN")

    assert "deleted" in card.text
    assert card.buttons == {}
    seen = [
        message for user in ("U0BEN", "U0EVA") for message in [*slack.messages(user, "C0SUCCESS"), *slack.dms(user)]
    ]
    everything = "\n".join(message.all_text() for message in seen)
    assert "Acme" not in everything.replace("Acme signed this morning", "")
    assert "They did not." not in everything
    assert card.replies() == []


def test_what_was_sent_can_be_edited_and_the_history_shows_what_changed(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")

    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Edit")
    fill(slack, "U0BEN", title="Acme renewal 2027", priority="high")

    assert "Acme renewal 2027" in card.text
    assert "2027" in told(slack, "U0EVA")[-1]
    card.click("Details", by="U0EVA")
    shown = slack.modal("U0EVA").all_text()
    assert "Acme renewal" in shown
    assert "High" in shown


def test_a_form_that_needs_mending_keeps_what_was_typed(slack: Workspace, running: Running) -> None:
    form = open_form(slack, "U0BEN")

    form.submit({"title": "Acme renewal", "queue": "success", "next_step": "Call", "note": "x", "link": "no link"})

    assert set(form.errors) == {"link"}
    assert form.values["title"]["value"]["value"] == "Acme renewal"
    form.submit({"link": "https://crm.example.com/acme"})
    slack.settle()
    assert not form.is_open
    assert "Acme renewal" in slack.find("U0BEN", "C0SUCCESS", "Acme renewal").text


def test_a_form_that_slack_does_not_open_is_explained(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.fault("views.open", {"error": "expired_trigger_id"}, times=2)

    slack.command("U0EVA", "", channel="C0SUCCESS")
    card.choose("Add note", by="U0EVA")

    said = [message.text for message in slack.ephemerals("U0EVA", "C0SUCCESS")]
    assert len(said) == 2
    assert all("Press Open form" in text for text in said)


def test_a_delete_form_that_comes_too_late_says_so(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    for user in ("U0BEN", "U0KIM"):
        card.click("Details", by=user)
        slack.modal(user).click("Delete")

    fill(slack, "U0KIM")
    slack.modal("U0BEN").submit({})

    assert "was deleted" in slack.modal("U0BEN").all_text()
