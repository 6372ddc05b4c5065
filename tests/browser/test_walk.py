"""Work that comes with its context, walked through in the page: how much is typed and how long that takes somebody new.

The time is reckoned from what is typed, read and pressed; the long form takes it in earnest.
"""

from __future__ import annotations

import re
import time
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.newcomer import Newcomer
from tests.browser.stage import BEN, CLARA, EVA, INES, PHONE, Stage

MOST_TYPED: Final = 9
MOST_S: Final = 120.0

ROOT: Final = "Acme has signed. 40 seats, two years."
STORE: Final = "Leipzig store: no card payments"
REPLY: Final = "Acme onboarding: Mara Vogel wants single sign-on first."


@pytest.mark.timeout(300)  # the long form alone takes a minute and a half
def test_a_deal_is_handed_over_from_a_thread_with_nine_typed_answers_in_two_minutes(
    stage: Stage, *, long: bool
) -> None:
    root = stage.write(CLARA, "C0SALES", ROOT)
    stage.write(BEN, "C0SALES", REPLY, under=root)
    stage.open(BEN, EVA)
    stage.go(BEN, "sales")
    stage.hand_off_reply(BEN, ROOT, REPLY)
    ben = Newcomer(stage.dialog(BEN), in_earnest=long)
    expect(ben.dialog).to_contain_text("Prefilled from the thread.")
    began = time.monotonic()

    ben.look()
    assert ben.dialog.get_by_label("Title", exact=True).input_value() == REPLY
    expect(ben.dialog).to_contain_text("Filled in under More. Link:")
    expect(ben.dialog.get_by_label("What does the next person need to know?")).to_contain_text(ROOT)
    ben.choose("Team", "Customer Success")
    ben.choose("Template", "AE to customer success")
    ben.type("First step", "Call Mara Vogel")
    ben.press("Next")
    expect(ben.dialog).to_contain_text("Page 2 of 3")
    ben.look()
    ben.type("Why they bought", "Month end takes nine days")
    ben.type("What they expect after 90 days", "Month end in two days")
    ben.type("What we promised", "Single sign-on first")
    ben.type("Promises that are tight", "none")
    ben.type("Key people", "Sponsor: Mara Vogel")
    ben.press("Next")
    expect(ben.dialog).to_contain_text("Page 3 of 3")
    ben.look()
    ben.type("First use case", "Month end in Berlin")
    ben.type("Contract terms", "1 January, 2 years, €48,000")
    ben.choose("How stable is the account?", "Stable")
    ben.choose("Warm introduction", "Booked")
    ben.press("Hand off")
    expect(ben.dialog).to_have_count(0)

    took_s = time.monotonic() - began
    print(  # noqa: T201 - what was measured
        f"{len(ben.typed)} answers typed, {len(ben.chosen)} chosen, {ben.presses} presses, {len(ben.read)} labels: "
        f"{ben.reckoned_s:.0f} s for somebody new, {took_s:.0f} s in this run"
    )
    assert len(ben.typed) <= MOST_TYPED
    assert ben.reckoned_s < MOST_S
    assert took_s < MOST_S
    stage.go(EVA, "success")
    expect(stage.card(EVA)).to_contain_text(re.compile(f"{re.escape(REPLY)}\\s*🟡 Unassigned · claim by"))


@pytest.mark.parametrize("view", [PHONE], ids=["phone"])
def test_on_a_phone_work_is_read_back_with_one_press_asked_about_answered_and_done_with_a_verdict(
    stage: Stage, view: dict[str, Any]
) -> None:
    stage.open(EVA, INES)
    hand_off_by_sbar(stage)

    stage.be(INES)
    stage.go(INES, "support")
    expect(stage.card(INES)).to_contain_text(re.compile(f"{STORE}\\s*🟡 Unassigned · claim by"))
    stage.on_card(INES, "Claim")
    expect(stage.dialog(INES)).to_contain_text("Read back")
    expect(stage.dialog(INES).get_by_label("What will you do first?")).to_have_value("Restart the gateway in Leipzig")
    looked_at(stage)
    stage.submit(INES)
    stage.from_menu(INES, "Ask the sender")
    stage.dialog(INES).get_by_label("What do you need to know?").fill("Which gateway is it?")
    looked_at(stage)
    stage.submit(INES)
    expect(stage.card(INES)).to_contain_text("Which gateway is it?")

    stage.be(EVA)
    stage.go(EVA, "Baton")
    stage.on_card(EVA, "Answer")
    stage.dialog(EVA).get_by_label("Your answer").fill("The one in the back office.")
    looked_at(stage)
    stage.submit(EVA)

    stage.be(INES)
    expect(stage.card(INES)).not_to_contain_text("waiting for")
    stage.on_card(INES, "Done")
    stage.dialog(INES).get_by_role("radio", name="No, I had to ask").click()
    looked_at(stage)
    stage.submit(INES)
    expect(stage.card(INES)).to_contain_text("✅ Done by @Ines Ortega")

    stage.be(EVA)
    said = stage.column(EVA).locator(".main .message").last
    expect(said).to_contain_text("Ines Ortega had to ask")
    looked_at(stage)


def hand_off_by_sbar(stage: Stage) -> None:
    """Eva fills in two pages, goes back and forth, and sends them."""
    stage.go(EVA, "support")
    stage.say(EVA, "/handoff")
    eva = Newcomer(stage.dialog(EVA))
    looked_at(stage)
    eva.type("Title", STORE)
    eva.choose("Team", "Support")
    eva.choose("Template", "SBAR")
    eva.type("First step", "Restart the gateway in Leipzig")
    looked_at(stage)
    eva.press("Next")
    expect(eva.dialog).to_contain_text("Page 2 of 2")
    for label in ("Situation", "Background", "Assessment", "Recommendation"):
        eva.type(label, f"{label}: the terminals answer after a minute.")
    looked_at(stage)
    eva.press("Back")
    expect(eva.dialog.get_by_label("Title")).to_have_value(STORE)
    eva.press("Next")
    expect(eva.dialog.get_by_label("Assessment")).to_have_value("Assessment: the terminals answer after a minute.")
    eva.press("Hand off")
    expect(eva.dialog).to_have_count(0)


def looked_at(stage: Stage) -> None:
    """Nothing is wider than the phone, and nothing bars people who use other means."""
    assert stage.page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    found = Axe().run(stage.page).response["violations"]
    assert [(one["id"], node["html"][:160]) for one in found for node in one["nodes"]] == []
