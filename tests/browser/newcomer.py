"""Somebody who fills in a form for the first time: what they type, press and read, and how long that takes.

They read every label once, type as people do who do not type for a living, and need a moment for each press.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Locator, expect

WORDS_A_MINUTE: Final = 35
LETTERS_A_WORD: Final = 5
"""How typists count: spaces and punctuation are letters."""
READ_A_MINUTE: Final = 200
PRESS_S: Final = 1.3
"""To find something with the pointer and press it (Card, Moran and Newell, 1980: 1.1 s to point, 0.2 s to press)."""
LETTER_S: Final = 60 / (WORDS_A_MINUTE * LETTERS_A_WORD)


@dataclass
class Newcomer:
    """What somebody did in a form so far. `in_earnest` lets them take the time that they need."""

    dialog: Locator
    in_earnest: bool = False
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    presses: int = 0

    @property
    def reckoned_s(self) -> float:
        """The seconds that all of this takes somebody."""
        letters = sum(len(text) for text in self.typed.values())
        words = sum(len(label.split()) for label in self.read)
        return letters * LETTER_S + words * 60 / READ_A_MINUTE + self.presses * PRESS_S

    def look(self) -> None:
        """Read the labels that are new."""
        new = [label for label in self.dialog.locator("label").all_inner_texts() if label not in self.read]
        self.read += new
        self._pass(sum(len(label.split()) for label in new) * 60 / READ_A_MINUTE)

    def type(self, label: str, text: str) -> None:
        """Go to a field with Tab and type an answer."""
        place = self.dialog.get_by_label(label, exact=True)
        self._to(place)
        place.page.keyboard.type(text, delay=LETTER_S * 1000 if self.in_earnest else 0)
        self.typed[label] = text

    def choose(self, label: str, option: str) -> None:
        """Press one of the options of a choice, which opens first where it is a list."""
        named = self.dialog.get_by_label(label, exact=True)
        if named.get_attribute("role") == "combobox":
            self._press(named)
            self._press(self.dialog.page.get_by_role("option", name=option, exact=True))
        else:
            self._press(named.get_by_role("radio", name=option, exact=True))
        self.chosen[label] = option

    def press(self, name: str) -> None:
        """Press a button of the form by what stands on it."""
        self._press(self.dialog.locator("button").get_by_text(name, exact=True))

    def _press(self, place: Locator) -> None:
        place.click()
        self.presses += 1
        self._pass(PRESS_S)

    def _to(self, place: Locator) -> None:
        place.focus()
        expect(place).to_be_focused()

    def _pass(self, seconds: float) -> None:
        if self.in_earnest:
            self.dialog.page.wait_for_timeout(seconds * 1000)
