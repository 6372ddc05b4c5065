"""Forms in the page: every input, errors, the keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from slackapp.local.blockkit.surfaces import problems
from tests.local.page.browser_page import BrowserPage, control
from tests.local.page.form_app import ANA, BEN, NOTE, FormApp

pytestmark = pytest.mark.browser


def choose(form: Locator, label: str, *options: str) -> None:
    field = form.get_by_role("combobox", name=label, exact=True)
    for one in options:
        field.click()
        field.page.get_by_role("option", name=one).first.click()


def fill(form: Locator) -> None:
    form.get_by_label("Title").fill("Acme & <b>sons</b>")
    choose(form, "Priority", "High")
    choose(form, "Tags", "Red", "Green")
    queue = form.get_by_role("combobox", name="Queue")
    queue.fill("queue 14")
    queue.page.get_by_role("option", name="Queue 149").click()
    choose(form, "Person", "Ben Okafor")
    choose(form, "People", "Ana Silva")
    choose(form, "Place", "#sales")
    form.get_by_label("Time").fill("09:30")
    form.get_by_label("Instant").fill("2026-12-24T18:00")
    form.get_by_label("Told").check()
    form.get_by_label("No", exact=True).check()
    form.get_by_label("Mail").fill("ana@example.org")
    form.get_by_role("textbox", name="Number").fill("7")
    note = form.get_by_role("textbox", name="Note")
    note.click()
    note.press("Control+End")
    note.press("Enter")
    note.press_sequentially("terms")
    note.press("Control+b")
    note.press_sequentially(" soon")


def test_a_form_with_every_input_sends_what_was_typed(seat: BrowserPage, app: FormApp, picture: Any) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    seat.say(ANA, "/form")
    form = ana.get_by_role("dialog", name="Every input")
    expect(form.get_by_label("Title")).to_be_focused()
    picture("form")

    form.get_by_role("button", name="Send").click()
    expect(form.locator(".block-input", has_text="Title").locator(".field-error")).to_have_text(
        "Please complete this required field."
    )
    fill(form)
    picture("form filled")
    form.get_by_role("button", name="Send").click()

    expect(ana.get_by_role("dialog")).to_have_count(0)
    assert app.wait_for("block_actions")["actions"][0]["selected_option"]["value"] == "no"
    state = {key: one["value"] for key, one in app.wait_for("view_submission")["view"]["state"]["values"].items()}
    assert state["title"]["value"] == "Acme & <b>sons</b>"
    assert state["story"]["value"] is None
    assert state["priority"]["selected_option"]["value"] == "high"
    assert [one["value"] for one in state["tags"]["selected_options"]] == ["red", "green"]
    assert state["queue"]["selected_option"]["value"] == "queue 149"
    assert state["person"]["selected_user"] == BEN
    assert state["people"]["selected_users"] == [BEN, ANA]
    assert state["place"]["selected_conversation"] == "C0SALES"
    assert state["day"]["selected_date"] == "2026-12-01"
    assert state["time"]["selected_time"] == "09:30"
    assert state["instant"]["selected_date_time"] == 1798135200  # 18:00 in Lisbon, where Ana is
    assert [one["value"] for one in state["checks"]["selected_options"]] == ["told"]
    assert state["choice"]["selected_option"]["value"] == "no"
    assert state["mail"]["value"] == "ana@example.org"
    assert state["number"]["value"] == "7"
    rich = state["note"]["rich_text_value"]
    assert rich["elements"][0] == NOTE["elements"][0]
    items = [item["elements"] for item in rich["elements"][1]["elements"]]
    assert items == [
        [{"type": "text", "text": "price"}],
        [{"type": "text", "text": "terms"}, {"type": "text", "text": " soon", "style": {"bold": True}}],
    ]


def test_errors_stand_at_their_field_and_a_broken_app_loses_nothing(
    seat: BrowserPage, app: FormApp, picture: Any
) -> None:
    app.errors = {"title": "There is one of that name."}
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    seat.say(ANA, "/form")
    form = ana.get_by_role("dialog", name="Every input")
    fill(form)

    form.get_by_role("button", name="Send").click()
    title = form.locator(".block-input", has_text="Title")
    expect(title.locator(".field-error")).to_have_text("There is one of that name.")
    picture("field error")

    form.get_by_role("button", name="Send").click()
    expect(title.locator(".field-error")).to_have_text("There is one of that name.")

    app.errors, app.broken = {}, True
    control(seat.address, "patience", {"factor": 1})
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert").filter(has_text="trouble")).to_contain_text(
        "We had some trouble connecting. Try again?"
    )
    expect(form.get_by_label("Title")).to_have_value("Acme & <b>sons</b>")
    picture("trouble")

    app.broken = False
    control(seat.address, "patience", {"factor": 10})
    form.get_by_role("button", name="Send").click()
    expect(ana.get_by_role("dialog")).to_have_count(0)


def test_escape_closes_a_form_and_the_tab_key_stays_in_it(seat: BrowserPage, app: FormApp) -> None:
    seat.open(ANA, BEN)
    ana = seat.go(ANA, "sales")
    ana.get_by_role("button", name="Shortcuts").click()
    ana.get_by_role("menuitem", name="Open the form").click()
    form = ana.get_by_role("dialog", name="Every input")
    form.get_by_role("button", name="Send").focus()
    seat.page.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Close")).to_be_focused()

    form.get_by_role("combobox", name="Priority").press("ArrowDown")
    expect(seat.page.get_by_role("option", name="High")).to_be_visible()
    seat.page.keyboard.press("Escape")
    expect(seat.page.get_by_role("option", name="High")).to_have_count(0)
    expect(form).to_be_visible()

    seat.page.keyboard.press("Escape")

    expect(form).to_have_count(0)
    assert app.wait_for("view_closed")["view"]["callback_id"] == "form"


def test_a_form_that_fills_itself_later_begins_with_its_first_field(seat: BrowserPage) -> None:
    seat.open(ANA)
    seat.go(ANA, "sales")
    seat.say(ANA, "/slow")

    form = seat.column(ANA).get_by_role("dialog", name="Grows")
    expect(form.get_by_label("Field0")).to_be_focused()


def test_what_was_typed_stays_when_the_app_redraws_the_form(seat: BrowserPage, app: FormApp) -> None:
    seat.open(ANA)
    seat.go(ANA, "sales")
    seat.say(ANA, "/slow")
    form = seat.column(ANA).get_by_role("dialog", name="Grows")
    form.get_by_label("Field0").fill("half a sen")

    form.get_by_role("button", name="One more").click()

    expect(form.get_by_label("Field1")).to_be_visible()
    expect(form.get_by_label("Field0")).to_have_value("half a sen")
    assert app.wait_for("block_actions")["view"]["state"]["values"]["field0"]["value"]["value"] == "half a sen"


def test_a_form_on_top_of_another_gives_it_back_as_it_was(seat: BrowserPage) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    seat.say(ANA, "/slow")
    ana.get_by_role("dialog", name="Grows").get_by_label("Field0").fill("first")
    ana.get_by_role("button", name="Go deeper").click()
    deeper = ana.get_by_role("dialog", name="Deeper")
    deeper.get_by_label("Field0").fill("second")

    deeper.get_by_role("button", name="Cancel").click()

    expect(deeper).to_have_count(0)
    expect(ana.get_by_role("dialog", name="Grows").get_by_label("Field0")).to_have_value("first")

    ana.get_by_role("button", name="Go deeper").click()
    deeper.get_by_role("button", name="Close").click()
    expect(ana.get_by_role("dialog")).to_have_count(0)


def test_rich_text_is_typed_as_slack_would_send_it(seat: BrowserPage, app: FormApp) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    seat.say(ANA, "/form")
    form = ana.get_by_role("dialog", name="Every input")
    fill(form)
    note = form.get_by_role("textbox", name="Note")
    note.press("Control+a")
    note.press("Delete")
    note.press_sequentially("one")
    note.press("Enter")
    note.press_sequentially("two <!channel> & ")
    form.get_by_role("button", name="Italic").click()
    note.press_sequentially("three")
    note.press("Enter")
    form.get_by_role("button", name="Numbered list").click()
    note.press_sequentially("first")
    form.get_by_role("button", name="Send").click()
    expect(ana.get_by_role("dialog")).to_have_count(0)

    rich = app.wait_for("view_submission")["view"]["state"]["values"]["note"]["value"]["rich_text_value"]
    assert [part["type"] for part in rich["elements"]] == ["rich_text_section", "rich_text_list"]
    words = rich["elements"][0]["elements"]
    assert words[0] == {"type": "text", "text": "one\ntwo <!channel> & "}
    assert words[1] == {"type": "text", "text": "three", "style": {"italic": True}}
    assert rich["elements"][1]["style"] == "ordered"
    assert problems({"text": "x", "blocks": [rich]}, "message") == []
