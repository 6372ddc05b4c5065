"""Whether a text has anything to see: what has no visible character counts as empty, wherever people write.

`str.strip` knows white space only. Unicode has more characters that show nothing: those that every font has to leave
out (Default_Ignorable_Code_Point in DerivedCoreProperties.txt), and a few that are drawn as an empty space.
"""

from __future__ import annotations

import re
from typing import Final

_IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_DRAWN_EMPTY: Final = "\u2800\ufff9-\ufffb\U00013430-\U00013442\U00016fe4\U0001d159"
"""A Braille cell without dots, marks of annotations, hieroglyphic blanks and joiners, a filler, a headless note."""
_CONTROLS: Final = "\x00-\x1f\x7f-\x9f"

_UNSEEN: Final = re.compile(rf"[\s{_CONTROLS}{_IGNORABLE}{_DRAWN_EMPTY}]*")


def is_blank(text: str | None) -> bool:
    """Return whether a text has no visible character."""
    return text is None or _UNSEEN.fullmatch(text) is not None
