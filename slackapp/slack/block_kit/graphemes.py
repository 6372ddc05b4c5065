"""Where a text may be cut: between characters as people see them, of which one may have many code points.

A part of Unicode's rules for grapheme clusters (UAX #29): what follows is kept with an accent, an emoji's variation or
skin tone, a sequence of emoji, the two letters of a flag, and a flag spelt in tags.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_JOINER: Final = "\u200d"
_LONGEST: Final = 40
"""Code points of one character; a longer pile of accents is cut like words. The longest emoji has about a dozen."""


def cut_at(text: str, end: int) -> int:
    """Return the last place at or before `end` at which the text may be cut, or `end` if there is none near it."""
    for place in range(end, max(end - _LONGEST, 0), -1):
        if not _joined(text, place):
            return place
    return end if end > _LONGEST else 0


def _joined(text: str, place: int) -> bool:
    """Return whether the code points on both sides of a place belong to one character."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if before == _JOINER or _extends(after):
        return True
    return _is_flag_letter(before) and _is_flag_letter(after) and _flag_letters_before(text, place) % 2 == 1


def _extends(letter: str) -> bool:
    """Return whether a code point belongs to the one before it: accents, variations, joiners, skin tones, tags."""
    return (
        unicodedata.category(letter) in {"Mn", "Me", "Mc"}
        or letter == _JOINER
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or "\U000e0020" <= letter <= "\U000e007f"
    )


def _is_flag_letter(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flag_letters_before(text: str, place: int) -> int:
    """Count the letters of flags that stand in a row before a place: two make a flag."""
    start = place
    while start > 0 and _is_flag_letter(text[start - 1]):
        start -= 1
    return place - start
