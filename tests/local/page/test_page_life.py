"""How the page lives: restarts of the workspace, reloads, and whether everybody can use it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from slackapp.local.__main__ import DEFAULT_SEED
from slackapp.local.server.application import PAGE
from tests.chromium import open_context
from tests.local.page.browser_page import BrowserPage, control, serving
from tests.local.page.form_app import ANA, BEN

LONGEST_DRAW_MS = 100
TIME_A_DRAW = """async () => {
  const { Column } = await import("/people/column.js");
  const times = [];
  const drawn = Column.prototype.draw;
  return new Promise((resolve) => {
    Column.prototype.draw = function () {
      const from = performance.now();
      drawn.call(this);
      times.push(performance.now() - from);
      if (times.length === 5) {
        Column.prototype.draw = drawn;
        resolve(times.sort((a, b) => a - b)[2]);
      } else dispatchEvent(new Event("draw again"));
    };
    addEventListener("draw again", () => document.dispatchEvent(new Event("visibilitychange")));
    document.dispatchEvent(new Event("visibilitychange"));
  });
}"""
"""What drawing a column takes, the middle of five."""

pytestmark = pytest.mark.browser


def test_the_page_comes_back_when_the_workspace_does(browser: Browser, manifest: Path) -> None:
    page = browser.new_page()
    with serving(manifest) as address:
        seat = BrowserPage(page, address)
        seat.open(ANA)
    offline = seat.column(ANA).locator(".offline")
    expect(offline).to_have_text("Connecting to the workspace again…")

    with serving(manifest, port=int(address.rsplit(":", 1)[1])):
        expect(offline).to_be_hidden(timeout=10_000)
        control(address, "act/message", {"user": BEN, "channel": "C0GENERAL", "text": "Back again"})
        expect(seat.column(ANA).locator(".message").last).to_contain_text("Back again")
        page.close()


def test_a_thousand_messages_are_no_burden(browser: Browser, manifest: Path, tmp_path: Path) -> None:
    seed = yaml.safe_load(DEFAULT_SEED.read_text(encoding="utf-8"))
    sales = next(channel for channel in seed["channels"] if channel["name"] == "sales")
    sales["messages"] = [{"user": ANA, "text": f"No. {number} of <@{BEN}>'s *notes*"} for number in range(1000)]
    (tmp_path / "many.yml").write_text(yaml.safe_dump(seed), encoding="utf-8")
    with serving(manifest, 0, "--seed", str(tmp_path / "many.yml")) as address, open_context(browser) as context:
        seat = BrowserPage(context.new_page(), address)
        seat.open(BEN)
        ben = seat.go(BEN, "sales")
        expect(ben.locator(".message").last).to_contain_text("No. 999 ")
        assert ben.locator(".message").count() < 100

        took = seat.page.evaluate(TIME_A_DRAW)
        assert took < LONGEST_DRAW_MS
        seat.say(BEN, "And one more")
        expect(ben.locator(".message").last).to_contain_text("And one more")

        for _ in range(3):
            ben.locator(".main .messages").evaluate("list => list.scrollTo(0, 0)")
            seat.page.wait_for_timeout(100)
        assert 150 < ben.locator(".message").count() < 400
        assert seat.wrong == []


def test_a_reload_changes_nothing(seat: BrowserPage) -> None:
    seat.open(ANA, BEN)
    ana = seat.go(ANA, "sales")
    seat.say(ANA, "/slow")
    expect(ana.get_by_role("dialog", name="Grows")).to_be_visible()

    seat.page.reload()

    expect(ana.get_by_role("dialog", name="Grows")).to_be_visible()
    expect(ana.locator(".channel-title")).to_contain_text("sales")
    expect(seat.column(BEN)).to_be_visible()


def test_a_link_to_a_message_opens_it_in_place_and_from_outside(seat: BrowserPage) -> None:
    seat.open(BEN)
    said = control(seat.address, "act/message", {"user": ANA, "channel": "C0SALES", "text": "Look here"})
    link = f"{seat.address}/archives/C0SALES/p{said['ts'].replace('.', '')}"
    control(seat.address, "act/message", {"user": ANA, "channel": "C0GENERAL", "text": "x", "blocks": linked(link)})
    ben = seat.go(BEN, "general")

    ben.get_by_role("link", name="over there").click()
    expect(ben.locator(".message.found")).to_contain_text("Look here")

    seat.page.goto(link)
    expect(ben.locator(".channel-title")).to_contain_text("sales")
    expect(ben.locator(".message").last).to_contain_text("Look here")


def linked(link: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": f"It is <{link}|over there>"}}]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_bars_people_who_use_other_means(seat: BrowserPage, scheme: Any) -> None:
    seat.page.emulate_media(color_scheme=scheme)
    seat.open(ANA, BEN)
    ana = seat.go(ANA, "sales")
    seat.go(BEN, "sales")
    seat.say(ANA, "/card")
    expect(ana.locator(".message.ephemeral")).to_be_visible()
    assert barriers(seat) == []

    seat.say(ANA, "/form")
    expect(ana.get_by_role("dialog")).to_be_visible()
    assert barriers(seat) == []


def barriers(seat: BrowserPage) -> list[tuple[str, str]]:
    """What axe-core finds, by rule and place."""
    found = Axe().run(seat.page).response["violations"]
    return [(one["id"], node["html"][:160]) for one in found for node in one["nodes"]]


def test_the_page_fetches_every_module_at_once() -> None:
    modules = {path.relative_to(PAGE).as_posix() for path in PAGE.rglob("*.js")} - {"app.js"}

    assert set(re.findall('"modulepreload" href="(.+?)"', (PAGE / "index.html").read_text())) == modules
