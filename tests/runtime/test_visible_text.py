"""Texts in which nothing can be seen."""

from __future__ import annotations

import unicodedata

import pytest

from slackapp.runtime.visible_text import is_blank


@pytest.mark.parametrize(
    "text",
    [
        None, "", " ", "\t\n\r", "\u00a0", "\u2003\u3000", "\u200b\u200b", "\u200c\u200d", "\u2060", "\ufeff", "\u00ad",
        "\u3164", "\uffa0", "\u115f\u1160", "\u2800", "\u17b4", "\u180e", "\ufe0f", "\u202e\u202c", "\u2066\u2069",
        "\U000e0020\U000e007f", "\U000e0100", "\0", "\x1b", "\x7f", "\x85", "\u2028", " \u200b \u3164 \n", "\U0001d159",
    ],
)  # fmt: skip
def test_what_nobody_can_see_is_blank(text: str | None) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        ".",
        "-",
        "0",
        "\u200ba\u200b",
        "❤️",
        "👩\u200d👩\u200d👧",
        "שלום",
        "\u0600",
        "é",
        "\u0301",
        "\ufffd",
        "\ue000",
    ],
)
def test_what_somebody_can_see_is_not(text: str) -> None:
    assert not is_blank(text)


def test_every_space_and_control_of_unicode_is_blank() -> None:
    unseen = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in {"Zs", "Zl", "Zp", "Cc"}]

    assert [ascii(letter) for letter in unseen if not is_blank(letter)] == []
