"""The demo's scenes, each played to its end by pressing what a visitor presses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stage import BEN, CLARA, DAN, EVA, FARID, GRACE, HUGO, KIM, Stage
from tests.waiting import until


def test_a_lead_comes_back_for_a_missing_fact_and_is_claimed_again(stage: Stage) -> None:
    stage.begin("lead")
    stage.asked(1, "/handoff")
    stage.say(BEN, "/handoff")
    stage.asked(2, "Sales")
    stage.send(BEN, "Hand off")
    stage.asked(3, "Claim")
    expect(stage.card(CLARA)).to_contain_text("🟡 Unassigned · claim by today")
    stage.on_card(CLARA, "Claim")
    stage.asked(4, "Send back")
    expect(stage.card(BEN)).to_contain_text("🟢 @Clara Weiss")
    until(lambda: any("Owned by <@U0CLARA>" in one for one in stage.told(BEN)))
    assert len(stage.told(BEN)) == 1, "the message that he has says so"

    stage.card(CLARA).get_by_role("button", name="More options").click()
    stage.column(CLARA).get_by_role("menuitem", name="Send back").click()
    stage.asked(5, "what is missing")
    stage.send(CLARA, "Send back")
    stage.asked(6, "Add and send again")
    expect(stage.card(BEN)).to_contain_text("Whom do I call, and on which number?")
    stage.on_card(BEN, "Add and send again")
    stage.asked(7, "Answer")
    stage.send(BEN, "Add and send again")
    stage.asked(8, "with Ben's answer")
    expect(stage.card(CLARA)).to_contain_text("Mara Vogel, head of IT, 030 555 0117.")
    stage.on_card(CLARA, "Claim")

    stage.ended("exactly one person was accountable")


def test_a_deal_is_handed_over_page_by_page_with_what_was_promised(stage: Stage) -> None:
    stage.begin("context")
    stage.say(BEN, "/handoff")
    stage.asked(2, "three pages")
    stage.press("Fill it in for me")  # once: what the form asks later is filled in when it asks
    expect(stage.dialog(BEN)).to_contain_text("Page 1 of 3")
    stage.dialog(BEN).get_by_role("button", name="Next", exact=True).click()
    expect(stage.dialog(BEN)).to_contain_text("Page 2 of 3")
    stage.dialog(BEN).get_by_role("button", name="Next", exact=True).click()
    expect(stage.dialog(BEN)).to_contain_text("Page 3 of 3")
    stage.dialog(BEN).get_by_role("button", name="Hand off", exact=True).click()

    stage.asked(3, "Claim")
    stage.on_card(EVA, "Claim")
    stage.asked(4, "Details")
    stage.on_card(EVA, "Details")

    stage.ended("could start right away")


@pytest.mark.parametrize("view", [{"color_scheme": "dark"}], ids=["dark"])
def test_a_late_support_case_reaches_the_manager_who_gives_it_to_somebody(stage: Stage, view: dict[str, Any]) -> None:
    stage.begin("late")
    assert stage.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 29, 33)"
    stage.asked(1, "Hand this off")
    asked_for = stage.column(EVA).locator(".message", has_text="Globex cannot export reports since").first
    asked_for.hover()
    asked_for.get_by_role("button", name="More actions").click()
    stage.column(EVA).get_by_role("menuitem", name="Hand this off").click()
    stage.asked(2, "Support")
    stage.send(EVA, "Hand off")
    stage.asked(3, "half an hour")

    stage.press("Skip 30 minutes")

    expect(stage.now.locator(".tick")).to_have_text("4")
    expect(stage.card(HUGO)).to_contain_text("late since")
    stage.go(HUGO, "Baton")
    stage.on_card(HUGO, "Assign")
    stage.asked(5, "Ines Ortega")
    stage.dialog(HUGO).get_by_label("Who should own it?").fill("Ines")
    stage.page.get_by_role("option", name="Ines Ortega").click()
    stage.dialog(HUGO).get_by_role("button", name="Assign", exact=True).click()

    stage.ended("Nobody had to chase it")
    expect(stage.card(EVA)).to_contain_text("🟢 @Ines Ortega")


def test_of_two_who_press_claim_at_once_one_has_it_and_the_other_is_told_who(stage: Stage) -> None:
    stage.begin("race")
    stage.say(BEN, "/handoff")
    stage.asked(2, "Customer Success")
    stage.send(BEN, "Hand off")
    stage.asked(3, "at the same moment")

    stage.press("Press Claim as Eva and Farid")

    stage.asked(4, "slower")
    told = stage.page.locator(".message.ephemeral")
    expect(told).to_have_count(1)
    expect(told).to_contain_text(re.compile("(Eva Lindqvist|Farid Haddad) has owned #"))
    winner, loser = (EVA, FARID) if "Eva" in told.inner_text().split(" has owned #")[0] else (FARID, EVA)
    expect(stage.column(loser).locator(".message.ephemeral")).to_have_count(1)
    expect(stage.card(winner).get_by_role("button", name=re.compile("^Claim"))).to_have_count(0)
    stage.on_card(BEN, "Details")
    stage.ended("nobody does it twice")


def test_a_manager_who_paused_is_notified_afterwards_and_theirs_at_once(stage: Stage) -> None:
    stage.begin("away")
    stage.column(DAN).get_by_role("button", name="Status of Dan Roth").click()
    stage.page.get_by_role("menuitem", name="Pause notifications for 1 hour").click()
    stage.asked(2, "/handoff")
    stage.say(BEN, "/handoff")
    stage.asked(3, "Customer Success")
    stage.send(BEN, "Hand off")
    stage.asked(4, "Don't claim it")

    stage.press("Skip 12 minutes")

    expect(stage.now.locator(".tick")).to_have_text("5")
    assert stage.told(DAN) == []
    stage.on_card(KIM, "Details")
    stage.asked(6, "hour")
    expect(stage.dialog(KIM)).to_contain_text("held for Dan Roth until today at")
    expect(stage.dialog(KIM)).to_contain_text("they have paused notifications")

    stage.press("Skip 1 hour")

    expect(stage.guide.locator(".after")).to_contain_text("when his pause ended")
    assert ["late since" in text for text in stage.told(DAN)] == [True]


def test_snoozed_work_comes_back_and_its_owner_is_asked_about_it(stage: Stage) -> None:
    stage.begin("rest")
    stage.say(BEN, "/handoff")
    stage.asked(2, "Customer Success")
    stage.send(BEN, "Hand off")
    stage.asked(3, "Claim")
    stage.on_card(GRACE, "Claim")
    stage.asked(4, "Snooze")
    stage.card(GRACE).get_by_role("button", name="More options").click()
    stage.column(GRACE).get_by_role("menuitem", name="Snooze").click()
    stage.asked(5, "In 1 hour")
    stage.send(GRACE, "Snooze")
    stage.asked(6, "hour")
    expect(stage.card(GRACE)).to_contain_text("snoozed until")

    stage.press("Skip 1 hour")
    expect(stage.now.locator(".tick")).to_have_text("7")
    stage.press("Skip 2 hours")
    expect(stage.now.locator(".tick")).to_have_text("8")
    stage.go(GRACE, "Baton")
    stage.on_card(GRACE, "Yes")

    stage.ended("Timers were paused")


def test_a_handoff_is_claimed_and_finished_from_the_home_tab(stage: Stage) -> None:
    stage.begin("home")
    stage.asked(1, "Home")
    stage.go(EVA, "Baton")
    tab = stage.column(EVA).get_by_role("tab", name="Home")
    if tab.get_attribute("aria-selected") != "true":
        tab.click()
    stage.asked(2, "/handoff")
    stage.say(BEN, "/handoff")
    stage.asked(3, "Customer Success")
    stage.send(BEN, "Hand off")
    stage.asked(4, "Open list")
    home = stage.column(EVA).locator(".home")
    home.get_by_role("button", name=re.compile("^Open list")).click()
    stage.asked(5, "Claim")
    stage.dialog(EVA).get_by_role("button", name=re.compile("^Claim.*Hooli")).click()
    stage.asked(6, "Done")
    stage.dialog(EVA).get_by_role("button", name="Close").first.click()
    home.get_by_role("button", name=re.compile("^Done.*Hooli")).click()
    stage.asked(7, "outcome")
    stage.send(EVA, "Done")

    stage.ended("never left the tab")
