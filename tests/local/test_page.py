"""The page in a real browser: people side by side, a card, a form with every input, and what the app gets of it."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright
from slack_bolt import Ack, App, BoltContext, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

pytestmark = pytest.mark.browser

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
ANA, BEN = "U0ANA", "U0BEN"
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tryout"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "tryout"},
        "shortcuts": [
            {"name": "Open the form", "type": "global", "callback_id": "open", "description": "x"},
            {"name": "Quote this", "type": "message", "callback_id": "quote", "description": "x"},
        ],
        "slash_commands": [
            {"command": "/form", "description": "Shows every input", "usage_hint": "[anything]", "should_escape": True},
            {"command": "/card", "description": "Posts a card"},
            {"command": "/fail", "description": "Breaks"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "users:read", "channels:read", "channels:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}, "socket_mode_enabled": True},
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, **more}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.capitalize()), "value": value}


def asked(key: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    element = {"action_id": "value", **element}
    return {"type": "input", "block_id": key, "label": plain(key.capitalize()), "element": element, **more}


NOTE = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Call "},
                {"type": "text", "text": "Acme", "style": {"bold": True}},
                {"type": "text", "text": " with "},
                {"type": "user", "user_id": BEN},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 0,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "price"}]}],
        },
    ],
}
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Every input"),
    "submit": plain("Send"),
    "close": plain("Not now"),
    "notify_on_close": True,
    "blocks": [
        {"type": "alert", "text": plain("Look before you send"), "level": "warning"},
        asked("title", {"type": "plain_text_input", "placeholder": plain("What is it?"), "max_length": 80}),
        asked("story", {"type": "plain_text_input", "multiline": True}, optional=True, hint=plain("As long as you like")),
        asked("note", {"type": "rich_text_input", "initial_value": NOTE, "placeholder": plain("Formatted")}),
        asked("priority", {"type": "static_select", "options": [option("low"), option("high")]}),
        asked("tags", {"type": "multi_static_select", "options": [option("red"), option("blue"), option("green")]}),
        asked("queue", {"type": "external_select", "min_query_length": 1, "placeholder": plain("Search a queue")}),
        asked("person", {"type": "users_select"}),
        asked("people", {"type": "multi_users_select", "initial_users": [BEN]}),
        asked("place", {"type": "conversations_select", "filter": {"include": ["public"]}}),
        asked("day", {"type": "datepicker", "initial_date": "2026-12-01"}),
        asked("time", {"type": "timepicker"}),
        asked("instant", {"type": "datetimepicker"}),
        asked("checks", {"type": "checkboxes", "options": [option("told"), option("asked")]}),
        asked("choice", {"type": "radio_buttons", "options": [option("yes"), option("no")]}, dispatch_action=True),
        asked("mail", {"type": "email_text_input"}),
        asked("link", {"type": "url_text_input"}, optional=True),
        asked("number", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}),
    ],
}
CARD: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Acme renewal")},
    {
        "type": "section",
        "block_id": "words",
        "text": mrkdwn("*Waiting* for <!subteam^S0CS>, due <!date^1793000000^{date_short} at {time}|soon> &amp; more"),
        "accessory": {"type": "overflow", "action_id": "more", "options": [option("history"), option("cancel")]},
    },
    {"type": "section", "fields": [mrkdwn("*Sender*\n<@U0ANA>"), mrkdwn("*Next step*\nCall `them`"), mrkdwn("*Where*\n<#C0SALES>")]},
    {"type": "context", "elements": [mrkdwn("Sent by <@U0BEN>"), plain("High priority")]},
    {"type": "divider"},
    NOTE,
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {"type": "button", "action_id": "claim", "text": plain("Claim"), "style": "primary", "value": "v1:7"},
            {
                "type": "button",
                "action_id": "delete",
                "text": plain("Delete"),
                "style": "danger",
                "confirm": {
                    "title": plain("Delete it?"),
                    "text": mrkdwn("It is *gone* then."),
                    "confirm": plain("Delete"),
                    "deny": plain("Keep"),
                    "style": "danger",
                },
            },
            {"type": "button", "action_id": "silent", "text": plain("Never answered")},
        ],
    },
]


class Tryout:
    """A small app that shows things and keeps what it gets."""

    def __init__(self, address: str) -> None:
        self.got: list[dict[str, Any]] = []
        self.arrived = threading.Condition()
        self.errors: dict[str, str] = {}
        self.broken = False
        client = WebClient(token="xoxb-local-bot", base_url=f"{address}/api/")
        app = App(client=client, process_before_response=True)
        app.command("/form")(self.form)
        app.command("/card")(self.card)
        app.command("/fail")(self.fail)
        app.shortcut("open")(self.form)
        app.shortcut("quote")(self.quote)
        app.action("claim")(self.claim)
        app.action(re.compile("more|delete|value|home"))(self.note)
        app.options("value")(self.queues)
        app.view("form")(self.submitted)
        app.view_closed("form")(self.note)
        app.event("app_home_opened")(self.home)
        self.handler = SocketModeHandler(app, "xapp-local-app", web_client=client)

    def keep(self, body: dict[str, Any]) -> None:
        with self.arrived:
            self.got.append(body)
            self.arrived.notify_all()

    def wait_for(self, kind: str) -> dict[str, Any]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: any(one.get("type") == kind for one in self.got), 5), self.got
            return next(one for one in reversed(self.got) if one.get("type") == kind)

    def note(self, ack: Ack, body: dict[str, Any]) -> None:
        self.keep(body)
        ack()

    def form(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
        ack()

    def card(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.chat_postMessage(channel=body["channel_id"], text="Acme renewal is waiting", blocks=CARD)
        ack("Posted. Only you see <https://example.org|this>.")

    def fail(self, ack: Ack) -> None:
        raise ValueError(ack)

    def quote(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        self.keep(body)
        client.chat_postMessage(channel=body["channel"]["id"], thread_ts=body["message_ts"], text="Quoted in the thread")
        ack()

    def claim(self, ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        self.keep(body)
        blocks = [*CARD[:1], {"type": "section", "text": mrkdwn(f"<@{body['user']['id']}> has it")}]
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Claimed", blocks=blocks)
        respond("You have it now.", replace_original=False)
        ack()

    def queues(self, ack: Ack, body: dict[str, Any]) -> None:
        names = [f"queue {n}" for n in range(150)]
        ack(options=[option(name) for name in names if body["value"] in name][:100])

    def submitted(self, ack: Ack, body: dict[str, Any]) -> None:
        self.keep(body)
        if self.broken:
            raise ValueError("the database is away")
        if self.errors:
            ack(response_action="errors", errors=self.errors)
        else:
            ack()

    def home(self, event: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        del context
        button = {"type": "button", "action_id": "home", "text": plain("Refresh")}
        blocks = [
            {"type": "section", "text": mrkdwn("*Your work*")},
            {"type": "actions", "block_id": "acts", "elements": [button]},
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    manifest = tmp_path_factory.mktemp("page") / "manifest.yml"
    manifest.write_text(yaml.safe_dump(MANIFEST), encoding="utf-8")
    command = [sys.executable, "-m", "slackapp.local", "--port", "0", "--manifest", str(manifest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["ready"]
        server.terminate()


@pytest.fixture(scope="module")
def app(address: str) -> Iterator[Tryout]:
    app = Tryout(address)
    app.handler.connect()
    yield app
    app.handler.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium, and here the page has to be tested.")
        pytest.skip("THE PAGE IS NOT TESTED: there is no Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def control(address: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/control/{path}", data=data)  # noqa: S310  # our own loopback server
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # as above
        return json.load(answer)


class Seat:
    """A browser page that remembers what must not happen: console errors and requests to elsewhere."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.wrong: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.wrong.append(f"request: {url}")

    def open(self, *people: str) -> None:
        self.page.goto(f"{self.address}/?as={','.join(people)}")
        expect(self.page.locator(".column").first.locator(".message").first).to_be_attached()

    def column(self, user: str) -> Locator:
        return self.page.locator(f'.column[data-user="{user}"]')

    def go(self, user: str, channel: str) -> Locator:
        column = self.column(user)
        if column.get_by_role("button", name="Channels", exact=True).is_visible():
            column.get_by_role("button", name="Channels", exact=True).click()
        column.locator(".sidebar").get_by_role("button", name=channel).click()
        return column

    def say(self, user: str, text: str) -> None:
        field = self.column(user).locator(".main .composer textarea")
        field.fill(text)
        field.press("Enter")


@pytest.fixture
def seat(browser: Browser, address: str, app: Tryout) -> Iterator[Seat]:
    control(address, "world/reset", {})
    app.got, app.errors, app.broken = [], {}, False
    context = browser.new_context(viewport={"width": 1280, "height": 860}, timezone_id="Europe/Berlin", locale="en-GB")
    context.set_default_timeout(5000)
    seat = Seat(context.new_page(), address)
    yield seat
    context.close()
    assert seat.wrong == []


@pytest.fixture
def picture(seat: Seat, tmp_path: Path) -> Iterator[Any]:
    """Keep a picture of the page beside the test's other files."""

    def take(name: str) -> None:
        seat.page.screenshot(path=tmp_path / f"{name}.png")

    yield take
    with contextlib.suppress(Exception):
        take("end")


def test_one_chooses_who_to_be_and_sees_each_side_by_side(seat: Seat, picture: Any) -> None:
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


def test_what_one_person_writes_the_other_sees_at_once(seat: Seat, picture: Any) -> None:
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


def test_a_card_is_drawn_and_its_buttons_reach_the_app(seat: Seat, app: Tryout, picture: Any) -> None:
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


def test_an_act_the_app_does_not_answer_is_told_to_the_person(seat: Seat) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")

    seat.say(ANA, "/fail")

    expect(ana.get_by_role("alert")).to_contain_text("/fail failed with the error")


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


def test_a_form_with_every_input_sends_what_was_typed(seat: Seat, app: Tryout, picture: Any) -> None:
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
    assert state["instant"]["selected_date_time"] == 1798131600  # 18:00 in Berlin
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


def test_errors_stand_at_their_field_and_a_broken_app_loses_nothing(seat: Seat, app: Tryout, picture: Any) -> None:
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

    app.errors, app.broken = {}, True
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert").filter(has_text="trouble")).to_contain_text("We had some trouble connecting. Try again?")
    expect(form.get_by_label("Title")).to_have_value("Acme & <b>sons</b>")
    picture("trouble")

    app.broken = False
    form.get_by_role("button", name="Send").click()
    expect(ana.get_by_role("dialog")).to_have_count(0)


def test_escape_closes_a_form_and_the_tab_key_stays_in_it(seat: Seat, app: Tryout) -> None:
    seat.open(ANA, BEN)
    ana = seat.go(ANA, "sales")
    ana.get_by_role("button", name="Shortcuts").click()
    ana.get_by_role("menuitem", name="Open the form").click()
    form = ana.get_by_role("dialog", name="Every input")
    form.get_by_role("button", name="Send").focus()
    seat.page.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Close")).to_be_focused()

    seat.page.keyboard.press("Escape")

    expect(form).to_have_count(0)
    assert app.wait_for("view_closed")["view"]["callback_id"] == "form"


def test_a_message_menu_runs_shortcuts_and_threads_open_beside(seat: Seat, app: Tryout, picture: Any) -> None:
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


def test_the_home_tab_shows_what_the_app_published(seat: Seat, app: Tryout, picture: Any) -> None:
    seat.open(ANA)
    control(seat.address, "act/home", {"user": ANA})
    ana = seat.go(ANA, "Tryout")
    ana.get_by_role("tab", name="Home").click()
    expect(ana.locator(".home")).to_contain_text("Your work")
    picture("home")
    ana.get_by_role("button", name="Refresh").click()
    assert app.wait_for("block_actions")["container"]["type"] == "view"


def test_the_clock_can_be_moved_on(seat: Seat) -> None:
    seat.open(ANA)
    before = control(seat.address, "clock")["now"]

    seat.page.get_by_role("button", name="Move the clock +2 h").click()

    expect(seat.column(ANA).locator(".offline")).to_be_hidden()
    seat.page.wait_for_function("async (before) => (await (await fetch('/control/clock')).json()).now > before + 7000", arg=before)


def test_slash_shows_the_commands_there_are(seat: Seat, picture: Any) -> None:
    seat.open(ANA)
    ana = seat.go(ANA, "sales")
    field = ana.locator(".main .composer textarea")
    field.press_sequentially("/")
    expect(ana.get_by_role("option")).to_have_count(3)
    picture("commands")
    field.press_sequentially("fo")
    field.press("Tab")
    expect(field).to_have_value("/form ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_one_person_shows_at_a_time(seat: Seat, picture: Any, scheme: Any) -> None:
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


def test_words_people_type_never_become_html(seat: Seat) -> None:
    seat.open(ANA)
    seat.go(ANA, "sales")
    hostile = "<img src=x onerror=alert(1)> *bold* [x](javascript:alert(1)) <javascript:alert(1)|click>"
    control(seat.address, "act/message", {"user": BEN, "channel": "C0SALES", "text": hostile})
    expect(seat.column(ANA).locator(".message").last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(seat.column(ANA).locator(".message img")).to_have_count(0)
    expect(seat.column(ANA).locator("a[href^=javascript]")).to_have_count(0)
