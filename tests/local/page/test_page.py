"""The page in a real browser: people side by side, cards, threads, the clock, narrow screens."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from slack_sdk import WebClient

from tests.local.page.browser_page import BrowserPage, control
from tests.local.page.form_app import ANA, BEN, CARD, FormApp

pytestmark = pytest.mark.browser


def test_one_chooses_who_to_be_and_sees_each_side_by_side(seat: BrowserPage, picture: Any) -> None:
    seat.page.goto(seat.address)
    picture("picker")
    seat.page.get_by_role("button", name="Open").click()
    expect(seat.page.get_by_role("alert")).to_have_text("Choose at least one person.")

    seat.page.get_by_label("Ana Silva").check()
    seat.page.get_by_label("Ben Okafor").check()
    seat.page.get_by_role("button", name="Open").click()

    expect(seat.page).to_have_url(re.compile(r"as=U0ANA(,|%2C)U0BEN"))
    expect(seat.column(ANA).get_by_role("heading", level=1)).to_have_text("Ana Silva")
    expect(seat.column(BEN).get_by_role("heading", level=1)).to_have_text("Ben Okafor")
    picture("two people")


def test_people_come_and_go(seat: BrowserPage) -> None:
    seat.open(ANA)
    seat.page.get_by_role("button", name="Add a person").click()
    seat.page.get_by_role("menuitem", name="Ben Okafor").click()
    expect(seat.column(BEN)).to_be_visible()

    seat.page.get_by_role("button", name="Close Ana Silva").click()

    expect(seat.column(ANA)).to_have_count(0)
    expect(seat.page).to_have_url(re.compile("as=U0BEN$"))


def test_what_one_person_writes_the_other_sees_at_once(seat: BrowserPage, picture: Any) -> None:
    seat.open(ANA, BEN)
    ana, ben = seat.go(ANA, "sales"), seat.go(BEN, "general")

    seat.say(ANA, "Hello @ben, see #sales <b>not bold</b>")

    expect(ana.locator(".message").last).to_contain_text("Hello @Ben Okafor, see #sales <b>not bold</b>")
    ben.get_by_role("button", name="Channels").click()
    expect(ben.locator(".sidebar .channel", has_text="sales").locator(".count")).to_have_text("1")
    expect(ben.locator(".toast")).to_contain_text("Hello")
    picture("unread")
    ben.locator(".sidebar").get_by_role("button", name="sales").click()
    expect(ben.locator(".message").last).to_contain_text("Hello @Ben Okafor")
    expect(ben.locator(".message .mention.mine")).to_have_text("@Ben Okafor")


def test_a_card_is_drawn_and_its_buttons_reach_the_app(seat: BrowserPage, app: FormApp, picture: Any) -> None:
    seat.open(ANA, BEN)
    ana, ben = seat.go(ANA, "sales"), seat.go(BEN, "sales")
    seat.say(ANA, "/card")

    card = ben.locator(".message", has_text="Acme renewal")
    expect(card).to_contain_text("Waiting for @success-team, due Oct 26, 2026 at")
    expect(card).to_contain_text("& more")
    expect(card.locator(".badge")).to_have_text("APP")
    expect(ana.locator(".message.ephemeral")).to_contain_text("Only visible to you")
    expect(ben.locator(".message.ephemeral")).to_have_count(0)
    picture("card")

    card.get_by_role("button", name="More options").click()
    picture("overflow")
    ben.get_by_role("menuitem", name="History").click()
    assert app.wait_for("block_actions")["actions"][0]["selected_option"]["value"] == "history"

    card.get_by_role("button", name="Delete").click()
    expect(ben.get_by_role("alertdialog", name="Delete it?")).to_contain_text("It is gone then.")
    picture("confirm")
    seat.page.keyboard.press("Escape")
    expect(ben.get_by_role("alertdialog")).to_have_count(0)

    card.get_by_role("button", name="Claim").click()
    expect(ana.locator(".message", has_text="Acme renewal")).to_contain_text("@Ben Okafor has it")
    expect(ben.locator(".message.ephemeral")).to_contain_text("You have it now.")
    click = app.wait_for("block_actions")
    assert (click["user"]["id"], click["actions"][0]["value"]) == (BEN, "v1:7")


def test_an_act_the_app_does_not_answer_is_told_to_the_person(seat: BrowserPage) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    control(seat.address, "patience", {"factor": 1})

    seat.say(ANA, "/fail")

    expect(ana.get_by_role("alert")).to_contain_text("/fail failed with the error")


def test_a_message_menu_runs_shortcuts_and_threads_open_beside(seat: BrowserPage, app: FormApp, picture: Any) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    message = ana.locator(".main .message").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    picture("message menu")
    ana.get_by_role("menuitem", name="Quote this").click()

    assert app.wait_for("message_action")["message"]["user"] == BEN
    message.get_by_role("button", name="1 reply").click()
    thread = ana.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("Quoted in the thread")
    thread.locator("textarea").fill("Thank you")
    thread.locator("textarea").press("Enter")
    expect(thread.locator(".message").last).to_contain_text("Thank you")
    picture("thread")


def test_a_menu_is_used_with_the_keyboard_alone(seat: BrowserPage, app: FormApp) -> None:
    seat.open(ANA)
    seat.go(ANA, "sales")
    seat.say(ANA, "/card")
    more = seat.column(ANA).get_by_role("button", name="More options")
    more.focus()
    seat.page.keyboard.press("Enter")
    seat.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(seat.page.get_by_role("menu")).to_have_count(0)

    for key in ("Enter", "ArrowDown", "Enter"):
        seat.page.keyboard.press(key)

    assert app.wait_for("block_actions")["actions"][0]["selected_option"]["value"] == "cancel"


def card_with_open_menu(seat: BrowserPage) -> tuple[Locator, Locator, Locator]:
    """Ana's and Ben's columns, and the button of the menu that Ben has opened on a card."""
    seat.open(ANA, BEN)
    ana, ben = seat.go(ANA, "sales"), seat.go(BEN, "sales")
    seat.say(ANA, "/card")
    more = ben.get_by_role("button", name="More options")
    more.click()
    return ana, ben, more


def test_a_menu_stays_open_while_its_card_is_drawn_anew(seat: BrowserPage, app: FormApp) -> None:
    ana, ben, more = card_with_open_menu(seat)
    seat.page.keyboard.press("ArrowDown")
    ts = ana.locator(".message", has_text="Acme renewal").get_attribute("data-ts")
    blocks = [{key: said for key, said in block.items() if key != "block_id"} for block in CARD]  # so all get new ids

    web = WebClient(token="xoxb-local-bot", base_url=f"{seat.address}/api/")
    web.chat_update(channel="C0SALES", ts=str(ts), text="Anew", blocks=[*blocks, {"type": "divider"}])

    expect(ben.locator(".message", has_text="Acme renewal").locator("hr")).to_have_count(2)
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(ben.get_by_role("menuitem", name="Cancel")).to_be_focused()
    seat.page.keyboard.press("Enter")
    assert app.wait_for("block_actions")["actions"][0]["selected_option"]["value"] == "cancel"
    expect(more).to_be_focused()


def test_a_menu_goes_away_with_its_button(seat: BrowserPage, app: FormApp) -> None:
    ana, ben, more = card_with_open_menu(seat)
    expect(ben.get_by_role("menu")).to_be_visible()

    ana.get_by_role("button", name="Claim").focus()
    seat.page.keyboard.press("Enter")

    expect(ben.get_by_role("menu")).to_have_count(0)
    expect(more).to_have_count(0)


def test_a_person_deletes_a_message_for_everybody(seat: BrowserPage) -> None:
    seat.open(ANA, BEN)
    ana, ben = seat.go(ANA, "sales"), seat.go(BEN, "sales")
    seat.say(ANA, "A slip")
    message = ben.locator(".message", has_text="A slip")
    message.get_by_role("button", name="More actions").click()
    ben.get_by_role("menuitem", name="Delete message").click()
    ben.get_by_role("alertdialog").get_by_role("button", name="Delete").click()

    expect(message).to_have_count(0)
    expect(ana.locator(".message", has_text="A slip")).to_have_count(0)


def test_nobody_writes_in_an_archived_channel(seat: BrowserPage) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")

    control(seat.address, "world/channel", {"id": "C0SALES", "is_archived": True})

    expect(ana.locator(".closed")).to_have_text("This channel is archived. Nobody can post here.")
    expect(ana.locator(".main .composer")).to_be_hidden()


def test_the_home_tab_shows_what_the_app_published(seat: BrowserPage, app: FormApp, picture: Any) -> None:
    seat.open(ANA)
    control(seat.address, "act/home", {"user": ANA})
    ana = seat.go(ANA, "Tryout")
    ana.get_by_role("tab", name="Home").click()
    expect(ana.locator(".home")).to_contain_text("Your work")
    picture("home")
    ana.get_by_role("button", name="Refresh").click()
    assert app.wait_for("block_actions")["container"]["type"] == "view"


def test_the_clock_can_be_moved_on(seat: BrowserPage) -> None:
    seat.open(ANA)
    before = control(seat.address, "clock")["now"]

    seat.page.get_by_role("button", name="Move the clock +2 h").click()

    expect(seat.column(ANA).locator(".offline")).to_be_hidden()
    seat.page.wait_for_function(
        "async (before) => (await (await fetch('/control/clock')).json()).now > before + 7000", arg=before
    )


def test_a_person_pauses_notifications_and_sets_a_status(seat: BrowserPage, picture: Any) -> None:
    seat.open(ANA)
    head = seat.column(ANA).locator(".column-head")
    head.get_by_role("button", name="Status of Ana Silva", exact=True).click()
    seat.page.get_by_role("menuitem", name="Pause notifications for 8 hours").click()
    expect(head.locator(".presence")).to_have_text("🔕")
    head.locator(".presence").click()
    seat.page.get_by_role("menuitem", name="Set status: Vacationing for a week").click()
    expect(head.locator(".presence")).to_have_text("🔕🌴")
    expect(head.locator(".presence")).to_have_attribute("title", re.compile("paused until .*, Vacationing until "))
    picture("away")

    ana = next(user for user in control(seat.address, "workspace")["users"] if user["id"] == ANA)
    assert ana["dnd"]["dnd_enabled"]
    assert ana["status"]["status_expiration"] > ana["dnd"]["next_dnd_end_ts"]

    for choice in ("Resume notifications", "Clear status"):
        head.locator(".presence").click()
        seat.page.get_by_role("menuitem", name=choice).click()
    expect(head.locator(".presence")).to_have_text("Status")


def test_slash_shows_the_commands_there_are(seat: BrowserPage, picture: Any) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    field = ana.locator(".main .composer textarea")
    field.press_sequentially("/")
    expect(ana.get_by_role("option")).to_have_count(5)
    picture("commands")
    field.press_sequentially("fo")
    field.press("Tab")
    expect(field).to_have_value("/form ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_one_person_shows_at_a_time(seat: BrowserPage, picture: Any, scheme: Any) -> None:
    seat.page.set_viewport_size({"width": 420, "height": 800})
    seat.page.emulate_media(color_scheme=scheme)
    seat.open(ANA, BEN)
    expect(seat.column(BEN)).to_be_hidden()
    seat.go(ANA, "sales")
    seat.say(ANA, "/card")
    expect(seat.column(ANA)).to_contain_text("Acme renewal")
    picture(f"narrow {scheme}")
    seat.say(ANA, "/form")
    expect(seat.column(ANA).get_by_role("dialog")).to_be_visible()
    picture(f"narrow form {scheme}")
    seat.page.keyboard.press("Escape")
    seat.page.get_by_role("tab", name="Ben Okafor").click()
    expect(seat.column(ANA)).to_be_hidden()


def test_words_people_type_never_become_html(seat: BrowserPage) -> None:
    seat.open(ANA)
    seat.go(ANA, "sales")
    hostile = "<img src=x onerror=alert(1)> *bold* [x](javascript:alert(1)) <javascript:alert(1)|click>"
    control(seat.address, "act/message", {"user": BEN, "channel": "C0SALES", "text": hostile})
    expect(seat.column(ANA).locator(".message").last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(seat.column(ANA).locator(".message img")).to_have_count(0)
    expect(seat.column(ANA).locator("a[href^=javascript]")).to_have_count(0)
