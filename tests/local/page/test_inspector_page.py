"""The inspector in a real browser: the exchange with the app, why a call was refused, and the app's own view."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.local.inspected_app import TABLES, InspectedApp, lending, telling
from tests.local.page.browser_page import BrowserPage, control, serving
from tests.local.page.form_app import ANA
from tests.slack_client import Workspace

pytestmark = pytest.mark.browser
FACTS = {"event_type": "order_shown", "event_payload": {"order": "7"}}
BAD = [{"type": "section", "text": {"type": "mrkdwn", "text": "y" * 3001}}]


@pytest.fixture
def web(address: str) -> WebClient:
    return WebClient(token="xoxb-local-bot", base_url=f"{address}/api/", retry_handlers=[])


@pytest.fixture
def told(address: str) -> Iterator[InspectedApp]:
    """An app that lends an inspection address to the workspace."""
    told = InspectedApp()
    with telling(told) as lent, lending(Workspace(address), lent):
        yield told


def inspector(seat: BrowserPage) -> Locator:
    seat.page.get_by_role("button", name="Inspector", exact=True).click()
    return seat.page.get_by_role("complementary", name="Inspector")


def calls(panel: Locator) -> Locator:
    return panel.locator(".call:not([hidden])")


def test_every_exchange_is_shown_with_way_answer_and_time(seat: BrowserPage, picture: Any) -> None:
    seat.open(ANA)
    panel = inspector(seat)
    expect(panel).to_contain_text("Nothing has crossed the wire yet")
    seat.go(ANA, "sales")

    seat.say(ANA, "/card please")

    expect(calls(panel)).to_have_count(2)
    command, post = calls(panel).nth(0), calls(panel).nth(1)
    expect(command.locator("summary").first).to_have_text(
        re.compile(r"→ app\s*slash_command\s*ack\s*\d+ ms\s*Ana Silva · #sales · /card please\s*\d\d:\d\d:\d\d")
    )
    expect(post.locator("summary").first).to_contain_text("← app")
    expect(post.locator("summary").first).to_contain_text("chat.postMessage")
    expect(post.locator("summary").first).to_contain_text("ok")
    post.locator("summary").first.click()
    expect(post).to_contain_text("Arguments")
    expect(post).to_contain_text('channel: "C0SALES"')
    expect(post).to_contain_text("Answer")
    picture("call opened")


def test_a_tree_opens_piece_by_piece_and_can_be_copied(seat: BrowserPage, web: WebClient) -> None:
    seat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    web.chat_postMessage(channel="C0SALES", text="The token is xoxb-1-2-secret", metadata=FACTS)
    seat.open(ANA)
    call = calls(inspector(seat)).last
    call.locator("summary").first.click()
    arguments = call.locator(".json-part").first
    expect(arguments).to_contain_text("The token is (hidden)")
    expect(arguments.get_by_text('order: "7"')).to_be_hidden()

    arguments.locator("summary", has_text="metadata").click()
    arguments.locator("summary", has_text="event_payload").click()
    expect(arguments.get_by_text('order: "7"')).to_be_visible()
    call.get_by_role("button", name="Copy arguments").click()

    expect(call.get_by_role("status").first).to_have_text("Copied")
    copied = seat.page.evaluate("navigator.clipboard.readText()")
    assert '"event_type": "order_shown"' in copied
    assert "xoxb" not in copied


def test_a_refused_call_says_why_and_points_at_the_place(seat: BrowserPage, web: WebClient, picture: Any) -> None:
    with pytest.raises(SlackApiError):
        web.chat_postMessage(channel="C0SALES", text="x", blocks=BAD)
    seat.open(ANA)
    call = calls(inspector(seat)).last
    expect(call.locator(".call-end")).to_have_text("invalid_blocks")

    call.locator("summary").first.click()

    expect(call.locator(".call-why")).to_contain_text("Slack would refuse the blocks")
    expect(call.locator(".call-problems code")).to_have_text("/blocks/0/text/text")
    picture("refused")


def test_calls_are_filtered_by_kind_method_and_text(seat: BrowserPage, web: WebClient) -> None:
    web.auth_test()
    web.chat_postMessage(channel="C0SALES", text="A needle")
    with pytest.raises(SlackApiError):
        web.chat_postMessage(channel="C0NONE", text="x")
    seat.open(ANA)
    panel = inspector(seat)
    seat.go(ANA, "sales")
    seat.say(ANA, "/card")
    expect(calls(panel)).to_have_count(5)

    panel.get_by_label("Kind").select_option("Commands")
    expect(calls(panel)).to_have_count(1)
    panel.get_by_label("Kind").select_option("Refused only")
    expect(calls(panel).locator(".call-end")).to_have_text("channel_not_found")
    panel.get_by_label("Kind").select_option("Everything")
    panel.get_by_label("Method").select_option("chat.postMessage")
    expect(calls(panel)).to_have_count(3)
    panel.get_by_label("Find in calls").fill("needle")
    expect(calls(panel)).to_have_count(1)
    panel.get_by_label("Find in calls").fill("nothing like it")
    expect(panel).to_contain_text("No call matches the filter.")
    panel.get_by_label("Find in calls").press("Escape")
    expect(calls(panel)).to_have_count(3)


def test_it_pauses_and_is_cleared(seat: BrowserPage, web: WebClient) -> None:
    seat.open(ANA)
    panel = inspector(seat)
    web.auth_test()
    expect(calls(panel)).to_have_count(1)

    panel.get_by_role("button", name="Pause").click()
    web.auth_test()
    panel.get_by_role("button", name="Go on (new calls)").click()
    expect(calls(panel)).to_have_count(2)

    panel.get_by_role("button", name="Clear").click()
    expect(calls(panel)).to_have_count(0)
    web.auth_test()
    expect(calls(panel)).to_have_count(1)
    panel.get_by_role("button", name="Pause").click()
    panel.get_by_role("button", name="Clear").click()
    expect(panel).to_contain_text("Paused.")


def test_a_reset_empties_it(seat: BrowserPage, web: WebClient) -> None:
    seat.open(ANA)
    panel = inspector(seat)
    web.auth_test()
    expect(calls(panel)).to_have_count(1)

    control(seat.address, "world/reset", {})

    expect(calls(panel)).to_have_count(0)


def test_it_goes_on_with_a_workspace_that_was_started_again(browser: Browser, manifest: Path) -> None:
    page = browser.new_page()
    with serving(manifest) as address:
        seat = BrowserPage(page, address)
        seat.open(ANA)
        panel = inspector(seat)
        asked(address, 3)
        expect(calls(panel)).to_have_count(3)

    with serving(manifest, port=int(address.rsplit(":", 1)[1])):
        asked(address, 4)
        expect(calls(panel)).to_have_count(4)
        page.close()


def asked(address: str, times: int) -> None:
    """Call the workspace so many times."""
    for _ in range(times):
        WebClient(token="xoxb-local-bot", base_url=f"{address}/api/").auth_test()


@pytest.mark.alone
def test_thousands_of_calls_leave_the_newest_thousand(seat: BrowserPage, web: WebClient) -> None:
    seat.open(ANA)
    panel = inspector(seat)
    control(seat.address, "rate_limits", {"enabled": False})
    for _ in range(1200):
        web.auth_test()

    expect(calls(panel)).to_have_count(1000)
    expect(panel).to_contain_text("200 earlier calls are not shown.")
    seat.page.reload()
    panel = seat.page.get_by_role("complementary", name="Inspector")
    expect(calls(panel)).to_have_count(1000)
    expect(calls(panel).last).to_be_in_viewport()
    began = seat.page.evaluate("performance.now()")
    panel.get_by_label("Find in calls").fill("no such words")
    expect(calls(panel)).to_have_count(0)
    assert seat.page.evaluate("performance.now()") - began < 2000


def test_nothing_is_asked_while_nothing_happens(seat: BrowserPage) -> None:
    seat.open(ANA)
    inspector(seat)
    seat.page.wait_for_timeout(500)
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url))

    seat.page.wait_for_timeout(1500)

    assert asked == []


def test_the_app_tells_what_it_keeps_about_the_message_chosen(
    seat: BrowserPage, web: WebClient, told: InspectedApp, picture: Any
) -> None:
    web.chat_postMessage(channel="C0SALES", text="Order 7", metadata=FACTS)
    seat.open(ANA)
    ana, panel = seat.go(ANA, "sales"), inspector(seat)
    kept = panel.locator(".kept")
    expect(kept).to_contain_text("Click a message of the app")

    ana.locator(".message", has_text="Order 7").click()

    expect(kept.get_by_role("heading", level=3)).to_have_text("Order 7")
    expect(kept.get_by_role("table", name="Now").get_by_role("row").last).to_have_text("count3")
    assert told.asked[-1] == {"order": ["7"]}
    picture("app's view")
    told.tell({**TABLES, "title": "Order 7, paid"})
    web.auth_test()
    expect(kept.get_by_role("heading", level=3)).to_have_text("Order 7, paid")


def test_a_message_the_app_says_nothing_of_is_a_sentence(seat: BrowserPage, web: WebClient) -> None:
    web.chat_postMessage(channel="C0SALES", text="No facts")
    seat.open(ANA)
    ana, panel = seat.go(ANA, "sales"), inspector(seat)

    ana.locator(".message", has_text="No facts").click()

    expect(panel.locator(".kept")).to_contain_text("carries no metadata")


def test_it_is_used_with_the_keyboard_alone(seat: BrowserPage, web: WebClient, told: InspectedApp) -> None:
    web.chat_postMessage(channel="C0SALES", text="Order 7", metadata=FACTS)
    seat.open(ANA)
    button = seat.page.get_by_role("button", name="Inspector", exact=True)
    button.focus()
    seat.page.keyboard.press("Enter")
    panel = seat.page.get_by_role("complementary", name="Inspector")
    expect(panel.get_by_label("Find in calls")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    calls(panel).last.locator("summary").first.focus()
    seat.page.keyboard.press("Enter")
    panel.get_by_role("button", name="What the app keeps").focus()
    seat.page.keyboard.press("Enter")
    expect(panel.locator(".kept")).to_contain_text("Order 7")
    edge = panel.get_by_role("separator", name="Width of the inspector")
    edge.focus()
    before = int(edge.get_attribute("aria-valuenow") or 0)
    seat.page.keyboard.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", str(before + 40))

    seat.page.keyboard.press("Escape")

    expect(panel).to_have_count(0)
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(seat: BrowserPage, web: WebClient, told: InspectedApp, scheme: Any) -> None:
    web.chat_postMessage(channel="C0SALES", text="Order 7", metadata=FACTS)
    with pytest.raises(SlackApiError):
        web.chat_postMessage(channel="C0SALES", text="x", blocks=BAD)
    seat.page.emulate_media(color_scheme=scheme)
    seat.open(ANA)
    seat.go(ANA, "sales").locator(".message", has_text="Order 7").click()
    panel = inspector(seat)
    expect(panel.locator(".kept")).to_contain_text("count")

    for call in calls(panel).all():
        call.locator("summary").first.click()

    found = Axe().run(seat.page, context=".inspector").response["violations"]
    assert [(one["id"], node["html"][:160]) for one in found for node in one["nodes"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_fills_the_screen(
    seat: BrowserPage, web: WebClient, told: InspectedApp, picture: Any, scheme: Any
) -> None:
    web.chat_postMessage(channel="C0SALES", text="Order 7", metadata=FACTS)
    with pytest.raises(SlackApiError):
        web.chat_postMessage(channel="C0SALES", text="x", blocks=BAD)
    seat.page.set_viewport_size({"width": 390, "height": 800})
    seat.page.emulate_media(color_scheme=scheme)
    seat.open(ANA)
    seat.go(ANA, "sales").locator(".message", has_text="Order 7").click()

    panel = inspector(seat)

    expect(panel.locator(".kept")).to_contain_text("Order 7")
    calls(panel).last.locator("summary").first.click()
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 800)
    assert seat.page.evaluate("document.documentElement.scrollWidth") == 390
    picture(f"phone {scheme}")
    panel.get_by_role("button", name="Close the inspector").click()
    expect(seat.column(ANA)).to_be_visible()


@pytest.mark.usefixtures("app")
def test_words_of_the_app_never_become_html(seat: BrowserPage, web: WebClient, told: InspectedApp) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    told.tell({"title": hostile, "sections": [{"title": hostile, "columns": [hostile], "rows": [[hostile]]}]})
    web.chat_postMessage(channel="C0SALES", text=hostile, metadata=FACTS)
    seat.open(ANA)
    panel = inspector(seat)
    call = calls(panel).last
    call.locator("summary").first.click()
    call.get_by_role("button", name="What the app keeps").click()

    expect(panel.locator(".kept h3")).to_have_text(hostile)
    expect(panel.locator("img")).to_have_count(0)
