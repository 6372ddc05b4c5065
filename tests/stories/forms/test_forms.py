"""Forms: sent twice, sent with mistakes, sent for nothing, or not sent at all."""

from __future__ import annotations

from typing import Final

from slackapp.app import Running
from slackapp.handoffs.actions.carry_out import Request, carry_out
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.acts import Edit
from storage.handoffs.lifecycle import Moved
from tests.slack_client import Message, Workspace
from tests.stories.northwind import ACME, HandOff, fill, open_form

SPACES: Final = "  \n "


def changes(running: Running, number: int = 1) -> list[str]:
    """The verbs in a handoff's audit, in order."""
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
        return [entry.verb for entry in audit.list_for_handoff(tx, handoff.id)] if handoff else []


def words_kept(running: Running) -> list[str]:
    """The notes of the first handoff as words, in order."""
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", 1)
        assert handoff is not None
        return [note.text.plain for note in notes.list_for_handoff(tx, handoff.id)]


EMPTY: Final = "This is empty. Please add an answer."


def test_a_form_says_on_top_and_at_each_field_what_stopped_it_and_keeps_the_rest(
    slack: Workspace, running: Running
) -> None:
    form = open_form(slack, "U0BEN")
    past = int(slack.now()) - 60
    answer = form.submit({"title": "Acme renewal"})
    assert answer.error == "form_not_complete"
    assert set(form.errors) == {"queue", "next_step", "note"}

    form.submit({**ACME, "title": SPACES, "next_step": SPACES, "note": SPACES})
    assert form.problems == {"title": EMPTY, "next_step": EMPTY, "note": EMPTY}
    top = form.raw["blocks"][0]["text"]["text"]
    assert top.startswith(":warning: *Not handed off yet.*")
    assert top.count(EMPTY) == 3
    assert form.raw["submit"]["text"] == "Hand off"
    assert changes(running) == []

    form.submit({**ACME, "person": "U0HUGO", "needed_by": past})
    assert set(form.problems) == {"person", "needed_by"}, "they are on the page behind More"
    assert "time has passed" in form.problems["needed_by"]
    assert "isn't on the team you chose" in form.problems["person"]
    form.submit({"person": "U0OLGA", "needed_by": past + 7200})
    assert "another company" in form.problems["person"]
    form.submit({"person": "U0LEO"})
    assert "have left" in form.problems["person"]
    form.submit({"person": "U0EVA"})
    slack.settle()

    assert not form.is_open
    assert changes(running) == ["open"]
    assert "offered to" in slack.find("U0BEN", "C0SUCCESS", "Acme renewal").text
    assert slack.problems() == []


def test_advice_is_a_page_of_its_own_that_says_nothing_was_sent_and_is_shown_once(
    slack: Workspace, running: Running
) -> None:
    form = open_form(slack, "U0BEN")
    form.submit({**ACME, "next_step": "tbd"})
    assert "Not handed off yet.* This answer says very little:\n• *First step:* “tbd”" in form.all_text()
    assert form.fields == []
    assert form.raw["submit"]["text"] == "Hand off anyway"
    form.click("Back")
    assert form.values["next_step"]["value"]["value"] == "tbd", "what was typed stays"
    form.click("More")
    form.click("Back")
    form.submit()
    slack.settle()

    assert not form.is_open
    assert changes(running) == ["open"]

    form = open_form(slack, "U0BEN")
    form.submit({**ACME, "title": "Later"})
    assert changes(running, 2) == []
    form.submit()
    slack.settle()
    assert changes(running, 2) == ["open"]
    assert slack.problems() == []


def test_a_note_of_spaces_is_asked_for_again_where_a_note_is_needed(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    for label in ("Send back", "Add note"):
        card.choose(label, by="U0EVA")
        form = slack.modal("U0EVA")
        form.submit({"note": SPACES, **({"reason": "missing"} if label == "Send back" else {})})
        assert form.errors == {"note": EMPTY}
        form.close()
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note=SPACES)

    assert changes(running) == ["open", "claim", "complete"]
    assert words_kept(running) == ["They asked for 10 % off."], "an outcome of spaces is no outcome"
    assert slack.problems() == []


def test_people_who_cannot_own_are_not_assigned_and_work_stays_in_its_team(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    card = hand_off()
    card.click("Details", by="U0DAN")
    slack.modal("U0DAN").click("Assign…")
    form = slack.modal("U0DAN")
    for person in ("U0LEO", "U0OLGA", "U0BATON"):
        form.submit({"person": person})
        assert "can't own work" in form.errors["person"], person
    form.close()
    slack.modal("U0DAN").close()
    card.choose("Pass on", by="U0BEN")
    form = slack.modal("U0BEN")
    form.submit({"queue": "support", "person": "U0EVA", "note": "x"})
    assert "isn't on the team" in form.errors["person"]
    form.submit({"queue": "success", "person": None, "note": "x"})
    assert form.errors, "it is in that team already"
    assert "Choose another team or person" in next(iter(form.errors.values()))

    assert changes(running) == ["open"]
    assert slack.problems() == []


def test_an_edit_that_changes_nothing_leaves_no_trace(slack: Workspace, hand_off: HandOff, running: Running) -> None:
    card = hand_off()
    card.choose("Edit", by="U0BEN")
    fill(slack, "U0BEN")
    assert slack.views("U0BEN") == []
    card.choose("Edit", by="U0BEN")
    fill(slack, "U0BEN", priority="normal", title=" Acme renewal ")
    assert slack.views("U0BEN") == []
    card.choose("Edit", by="U0BEN")
    form = slack.modal("U0BEN")
    form.submit({"title": SPACES, "needed_by": int(slack.now()) - 5})
    assert set(form.problems) == {"title", "needed_by"}
    assert "Not saved yet." in form.raw["blocks"][0]["text"]["text"]
    form.close()

    assert changes(running) == ["open"]
    assert card.replies() == []
    assert slack.problems() == []


def opened_form(slack: Workspace, card: Message, label: str, by: str) -> str:
    """Open a verb's form from the card or from Details; its title."""
    if label in card.buttons:
        card.click(label, by=by)
    elif label in card.menu:
        card.choose(label, by=by)
    else:
        card.click("Details", by=by)
        slack.modal(by).click(label)
    return slack.modal(by).title


def test_a_form_that_is_cancelled_leaves_nothing_behind(slack: Workspace, hand_off: HandOff, running: Running) -> None:
    card = hand_off(person="U0EVA")
    opened = [opened_form(slack, card, "Decline", "U0EVA")]
    slack.modal("U0EVA").close()
    card.click("Claim", by="U0EVA")
    asked = [
        *((label, "U0DAN") for label in ("Done", "Put back", "Pass on", "Send back", "Assign…", "Extend…", "Add note")),
        *((label, "U0BEN") for label in ("Edit", "Cancel handoff", "Delete")),
    ]
    for label, by in asked:
        opened.append(opened_form(slack, card, label, by))
        while slack.views(by):
            slack.modal(by).close()

    assert opened == [
        "Decline #1", "Done #1", "Put back #1", "Pass on #1", "Send back #1", "Assign #1", "Extend #1", "Add note #1",
        "Edit #1", "Cancel handoff #1", "Delete #1",
    ]  # fmt: skip
    assert changes(running) == ["open", "claim"]
    assert "owned by <@U0EVA>" in card.text
    assert card.replies() == []
    assert slack.problems() == []


def test_a_resend_of_which_only_the_edit_was_stored_is_finished_by_pressing_again(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    card = hand_off()
    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason="missing", note="Which contract?")
    card.click("Add and send again", by="U0BEN")
    form = slack.modal("U0BEN")
    handoff_id = str(card.buttons["Details"]["value"].partition(":")[2])
    edit = Edit(changes={"title": "Acme renewal, enterprise"})
    request = Request(workspace="T0LOCAL", handoff_id=handoff_id, act=edit, user="U0BEN", form=f"{form.id}edit")
    assert isinstance(carry_out(running.baton, request), Moved), "Baton is killed here, before the answer"

    form.submit({"title": "Acme renewal, enterprise", "note": "Enterprise, until June."})
    slack.settle()

    assert not form.is_open
    assert changes(running) == ["open", "return", "edit", "resend"]
    assert "Acme renewal, enterprise: unassigned" in card.text
