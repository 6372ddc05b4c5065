"""Forms of several pages, fields that come with an answer, and files: with the keyboard, and for those who listen."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Locator, expect

from tests.local.page.browser_page import BrowserPage, control, serving
from tests.local.page.form_app import ANA, FormApp
from tests.local.page.test_page_forms import choose
from tests.local.page.test_page_life import barriers

pytestmark = pytest.mark.browser


def begin(seat: BrowserPage) -> Locator:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    seat.say(ANA, "/pages")
    form = ana.get_by_role("dialog")
    expect(form.get_by_label("Customer")).to_be_focused()
    return form


def attach(form: Locator, *names: str) -> None:
    given = [{"name": name, "mimeType": "text/plain", "buffer": b"x" * 7} for name in names]
    form.locator('input[type="file"]').set_input_files(given)  # type: ignore[arg-type]  # what FilePayload is


def news(form: Locator) -> Locator:
    return form.locator(":scope > [role=status]")


def test_a_field_that_comes_with_an_answer_is_announced_and_the_focus_stays(seat: BrowserPage, app: FormApp) -> None:
    form = begin(seat)
    form.get_by_label("Customer").fill("Acme")

    choose(form, "Lamp", "Watch")

    expect(form.get_by_label("Why")).to_be_visible()
    expect(news(form)).to_have_text("New field: Why.")
    expect(form.get_by_role("combobox", name="Lamp")).to_be_focused()
    expect(form.get_by_label("Customer")).to_have_value("Acme")
    assert app.wait_for("block_actions")["view"]["state"]["values"]["customer"]["value"]["value"] == "Acme"

    form.get_by_label("Why").fill("New owner")
    choose(form, "Lamp", "Stable")
    expect(form.get_by_label("Why")).to_have_count(0)


def test_the_next_page_begins_with_its_first_field_and_says_where_one_is(seat: BrowserPage, app: FormApp) -> None:
    form = begin(seat)
    form.get_by_label("Customer").fill("Acme")
    choose(form, "Lamp", "Stable")

    form.get_by_role("button", name="Next").click()

    expect(form.get_by_label("Hours")).to_be_focused()
    expect(news(form)).to_have_text("Page 2 of 2. 2 fields.")
    form.get_by_role("button", name="Back").click()
    expect(form.get_by_label("Customer")).to_be_focused()
    expect(news(form)).to_have_text("Page 1 of 2. 4 fields.")


def test_a_page_that_comes_before_the_answer_says_that_no_press_counts_yet(seat: BrowserPage, app: FormApp) -> None:
    form = begin(seat)
    form.get_by_label("Customer").fill("Acme")
    choose(form, "Lamp", "Stable")
    app.answers.clear()
    form.get_by_role("button", name="Next").click()
    expect(form).to_contain_text("Page 2")
    expect(form.locator("button[type=submit]")).to_have_attribute("aria-disabled", "true")

    app.answers.set()

    expect(seat.column(ANA).get_by_role("dialog")).to_have_count(0)


def test_a_choice_of_several_boxes_tells_the_app_at_once(seat: BrowserPage, app: FormApp) -> None:
    form = begin(seat)

    form.get_by_label("Asked").check()

    action = app.wait_for("block_actions")["actions"][0]
    assert [one["value"] for one in action["selected_options"]] == ["asked"]


def test_several_wrong_answers_are_told_in_a_sentence_and_the_first_gets_the_focus(seat: BrowserPage) -> None:
    form = begin(seat)

    form.get_by_role("button", name="Next").click()

    expect(form.locator(".field-error:visible")).to_have_count(2)
    expect(form.get_by_label("Customer")).to_be_focused()
    expect(news(form)).to_have_text("2 fields need another answer: Customer, Lamp.")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("0.4", "Please enter 0.5 or more."), ("8.5", "Please enter 8 or less."), ("two", "Please enter a valid number.")],
)
def test_a_number_out_of_bounds_is_refused_at_its_field(seat: BrowserPage, typed: str, sentence: str) -> None:
    form = begin(seat)
    form.get_by_label("Customer").fill("Acme")
    choose(form, "Lamp", "Stable")
    form.get_by_role("button", name="Next").click()
    form.get_by_label("Hours").fill(typed)
    form.get_by_label("Place").fill("https://example.org/1")

    form.get_by_role("button", name="Send").click()

    expect(form.locator(".field-error:visible")).to_have_text([sentence])


def test_files_are_attached_listed_taken_away_and_sent(seat: BrowserPage, app: FormApp) -> None:
    form = begin(seat)
    form.get_by_label("Customer").fill("Acme")
    choose(form, "Lamp", "Watch")
    form.get_by_label("Why").fill("New owner")

    attach(form, "sign in.log", "wrong.exe")
    expect(form.locator(".files li")).to_have_text(["sign in.log×", "wrong.exe×"])
    expect(form.locator(".file-input [role=status]")).to_have_text("sign in.log, wrong.exe attached")
    form.get_by_role("button", name="Next").click()
    expect(form.locator(".field-error:visible")).to_have_text(
        ["wrong.exe is not of a type that can be attached here: log, png."]
    )
    expect(form.get_by_role("button", name="Attach files")).to_be_focused()

    form.get_by_role("button", name="Remove wrong.exe").click()
    expect(form.get_by_role("button", name="Attach files")).to_be_focused()
    choose(form, "Lamp", "Stable")
    expect(form.get_by_label("Why")).to_have_count(0)
    expect(form.locator(".files li")).to_have_text(["sign in.log×"])
    form.get_by_role("button", name="Next").click()
    expect(form.get_by_label("Hours")).to_be_visible()

    (file,) = app.wait_for("view_submission")["view"]["state"]["values"]["logs"]["value"]["files"]
    assert (file["name"], file["size"], file["user"]) == ("sign in.log", 7, ANA)
    form.get_by_role("button", name="Back").click()
    expect(form.get_by_label("Customer")).to_be_visible()
    opened = seat.page.request.get(file["permalink"]).text()
    assert opened == "sign in.log: this workspace keeps the names of people's files, not what is in them."


def test_a_message_shows_its_files(seat: BrowserPage) -> None:
    body = {"user": ANA, "channel": "C0SALES", "text": "The logs", "files": ["a.log", "b<b>.log"]}
    control(seat.address, "act/message", body)
    seat.open(ANA)
    ana = seat.go(ANA, "sales")

    expect(ana.locator(".message").last.locator(".files li")).to_have_text(["a.log", "b<b>.log"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_of_pages_bars_nobody_and_fits_a_phone(seat: BrowserPage, scheme: Any, picture: Any) -> None:
    seat.page.set_viewport_size({"width": 390, "height": 844})
    seat.page.emulate_media(color_scheme=scheme)
    form = begin(seat)
    choose(form, "Lamp", "Watch")
    expect(form.get_by_label("Why")).to_be_visible()
    attach(form, "a-very-long-name-of-a-file-that-does-not-fit-into-one-line-of-a-phone-at-all.log")
    expect(form.locator(".files li")).to_have_count(1)
    form.get_by_role("button", name="Next").click()
    expect(form.locator(".field-error:visible").first).to_be_visible()

    assert barriers(seat) == []
    assert seat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert form.locator(".dialog-body").evaluate("node => node.scrollWidth <= node.clientWidth")
    picture(f"page 1 {scheme}")
    form.get_by_label("Customer").fill("Acme")
    form.get_by_label("Why").fill("New owner")
    form.get_by_role("button", name="Next").click()
    expect(form.get_by_label("Hours")).to_be_focused()
    assert barriers(seat) == []
    picture(f"page 2 {scheme}")


ANSWERS = {
    "Title": "Acme",
    "Priority": "Hi",
    "Tags": ["Red", "Gre"],
    "Checks": ["Told", "Asked"],
    "Choice": "No",
    "Day": "2026-12-24",
    "Time": "08:15",
    "Number": "7",
}
"""What a guide fills in, by label."""


def test_a_guide_fills_in_every_kind_of_choice(browser: Browser, manifest: Path, tmp_path: Path) -> None:
    step = {"who": ANA, "do": "Fill it in", "fill": ANSWERS, "done": {"user": ANA, "modal": "Never"}}
    scene = {"key": "fill", "title": "Fill", "about": "x", "people": {ANA: "C0SALES"}, "steps": [step]}
    guide = tmp_path / "guide.yml"
    guide.write_text(yaml.safe_dump({"title": "A story", "scenes": [scene]}), encoding="utf-8")
    with serving(manifest, 0, "--guide", str(guide)) as address:
        app = FormApp(address)
        app.connect()
        page = browser.new_page()
        page.goto(f"{address}/?scene=fill")
        ana = page.locator(f'.column[data-user="{ANA}"]')
        composer = ana.locator(".main .composer textarea")
        composer.fill("/form")
        composer.press("Enter")
        form = ana.get_by_role("dialog", name="Every input")
        expect(form).to_be_visible()

        page.get_by_role("button", name="Fill it in for me").click()

        expect(form.get_by_label("Title")).to_have_value("Acme")
        expect(form.get_by_role("combobox", name="Priority")).to_have_value("High")
        expect(form.locator(".chip")).to_have_text(["Red×", "Green×", "Ben Okafor×"])
        expect(form.get_by_label("Told")).to_be_checked()
        expect(form.get_by_label("Asked")).to_be_checked()
        expect(form.get_by_label("No", exact=True)).to_be_checked()
        expect(form.get_by_label("Day")).to_have_value("2026-12-24")
        expect(form.get_by_label("Time")).to_have_value("08:15")
        page.close()
        app.close()
