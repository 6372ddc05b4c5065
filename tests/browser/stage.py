"""The demo's page as somebody plays a scene on it."""

from __future__ import annotations

import re
from typing import Any, Final

from playwright.sync_api import Locator, expect

from tests.local.page.browser_page import BrowserPage, control

BEN, CLARA, DAN, EVA = "U0BEN", "U0CLARA", "U0DAN", "U0EVA"
FARID, GRACE, HUGO, INES, KIM = "U0FARID", "U0GRACE", "U0HUGO", "U0INES", "U0KIM"

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Stage(BrowserPage):
    """The page, its guide, and what a visitor does."""

    def begin(self, scene: str) -> None:
        """Open a scene by its address and wait until its first step is asked for."""
        self.page.goto(f"{self.address}/?scene={scene}")
        expect(self.now).to_be_visible()
        expect(self.page.locator(".column").first.locator(".message").first).to_be_attached()

    @property
    def guide(self) -> Locator:
        return self.page.get_by_role("complementary", name="A story to try")

    @property
    def now(self) -> Locator:
        """The step that is asked for."""
        return self.guide.locator(".step.now")

    def asked(self, step: int, words: str) -> None:
        """The guide asks for this step, the first being 1."""
        expect(self.now.locator(".tick")).to_have_text(str(step))
        expect(self.now).to_contain_text(words)

    def ended(self, words: str) -> None:
        expect(self.guide.locator(".after")).to_contain_text(words)
        expect(self.now).to_have_count(0)

    def press(self, name: str) -> None:
        """Press a button of the guide."""
        self.guide.get_by_role("button", name=name).click()

    def told(self, user: str) -> list[str]:
        """What the app has written to a person."""
        channels = control(self.address, f"view?user={user}")["channels"]
        return [message["text"] for channel in channels if channel["is_im"] for message in channel["messages"]]

    def write(self, user: str, channel: str, text: str, *, under: str | None = None) -> str:
        """Have somebody write a message, or a reply under one, and return its ts."""
        sent = {"user": user, "channel": channel, "text": text, "thread_ts": under}
        ts: str = control(self.address, "act/message", sent)["ts"]
        return ts

    def hand_off_reply(self, user: str, root: str, reply: str) -> None:
        """Open the thread of a message and choose "Hand this off" in the menu of a reply, each found by its words."""
        column = self.column(user)
        message = column.locator(".main .message", has_text=root).last
        message.get_by_role("button", name=re.compile(r"\d repl")).click()
        said = column.get_by_role("complementary", name="Thread").locator(".message", has_text=reply)
        said.hover()
        said.get_by_role("button", name="More actions").click()
        column.get_by_role("menuitem", name="Hand this off").click()
        expect(self.dialog(user)).to_be_visible()

    def submit(self, user: str) -> None:
        """Press the button that sends a form, and see it gone."""
        self.dialog(user).locator("button[type=submit]").click()
        expect(self.dialog(user)).to_have_count(0)

    def dialog(self, user: str) -> Locator:
        return self.column(user).get_by_role("dialog")

    def card(self, user: str) -> Locator:
        """The latest message with buttons in the channel the person looks at."""
        return self.column(user).locator(".main .message").filter(has=self.page.locator("button[data-action]")).last

    def on_card(self, user: str, label: str) -> None:
        """Press a button of the latest card; its name goes on with what the card is about."""
        self.card(user).get_by_role("button", name=re.compile(f"^{label}")).click()

    def from_menu(self, user: str, label: str) -> None:
        """Choose from the menu of the latest card."""
        self.card(user).get_by_role("button", name="More options").click()
        self.column(user).get_by_role("menuitem", name=label).click()
        expect(self.dialog(user)).to_be_visible()

    def be(self, user: str) -> None:
        """On a phone one person is seen at a time: turn to another."""
        self.page.locator(f'[role=tab][data-user="{user}"]').click()

    def send(self, user: str, button: str) -> None:
        """Have the guide fill in the form of a person, and press its button."""
        self.press("Fill it in for me")
        self.dialog(user).get_by_role("button", name=button, exact=True).click()
