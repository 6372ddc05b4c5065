"""Folding of text for search: case, accents and punctuation make no difference, and both databases agree."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th"}
)
"""Letters that Unicode does not take apart into a letter and an accent."""
_SPACELESS: Final = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Thai, Japanese and Chinese letters: they are written without spaces, so each one is a word."""
_WORD: Final = re.compile(f"[{_SPACELESS}]|[^\\W_{_SPACELESS}]+")
LONGEST: Final = 64
"""Characters of a word that count."""


def words(text: str) -> list[str]:
    """Return the words of a text in their order, in lower case and without accents: "Café, Malmö" → cafe, malmo."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
        return [word[:LONGEST] for word in _WORD.findall(bare.translate(_LETTERS))]
    return [word[:LONGEST] for word in _WORD.findall(text.casefold())]


def folded(text: str) -> str:
    """Return the words of a text with single spaces between them."""
    return " ".join(words(text))
