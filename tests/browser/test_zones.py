"""The demo's times agree: a form's, a card's and a message's are in the zone of the person who reads them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.stage import EVA, GRACE, Stage
from tests.pictures.scenes import form, hand_off
from tests.slack_client import Workspace

ZONES = {GRACE: "America/New_York", EVA: "Europe/Stockholm"}
"""The team's hours and the browser are in Berlin."""


def test_nine_in_a_form_is_nine_on_the_card_for_the_one_who_chose_it(stage: Stage) -> None:
    slack = Workspace(stage.address)
    card = hand_off(slack)
    card.click("Claim", by=GRACE)
    stage.open(*ZONES)
    for user in ZONES:
        stage.go(user, "success")

    snooze = form(slack, card, "Snooze…", by=GRACE)
    chosen = next(block["element"] for block in snooze.raw["blocks"] if block["block_id"] == "rest")["initial_option"]
    assert chosen["text"]["text"].endswith(" at 9:00")
    stage.submit(GRACE)

    expect(stage.card(GRACE)).to_contain_text("snoozed until")
    until = stage.card(GRACE).locator("time").nth(1).get_attribute("datetime")
    for user, zone in ZONES.items():
        there = datetime.fromisoformat(str(until)).astimezone(ZoneInfo(zone))
        expect(stage.card(user)).to_contain_text(f"at {there:%-H:%M}")
        told = datetime.fromtimestamp(slack.now(), ZoneInfo(zone))
        expect(stage.card(user).locator(".message-head time")).to_contain_text(f"{told:%-H}:")
    expect(stage.card(GRACE)).to_contain_text("at 9:00")
