"""Whether the first thing to do says what to do. Only English is judged, and only where there is no doubt.

It is said of a text that it has no verb if all of this holds:

1. It is English: at least every third word is one of the small English words, one of them a word that no other
   language has, or it is made of nothing but plain English nouns.
2. It begins with a small word or a plain noun ("The contract", "Renewal pricing"). A name or any other word that is not
   known might be a verb.
3. No word in it is a verb of the list, in any form, or might be one by its ending; what follows "the" and the like is
   a thing, whatever else it may be.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from slackapp.policy.english import BEFORE_NOUNS, HELPERS, IRREGULAR, NOUNS, ONLY_ENGLISH, SMALL, VERBS

_WORD: Final = re.compile(r"[a-z]+(?:['\u2019-][a-z]+)*")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_MAY_BE_VERBS: Final = ("ing", "ed", "ize", "ise", "ify", "ate", "n't", "n\u2019t")
_FORMS: Final = ("", "s", "es", "d")
_THIRD: Final = 3


def lacks_verb(text: str) -> bool:
    """Whether it is certain that this is English and names nothing to do."""
    words = [word.lower() for word in _LETTERS.findall(text)]
    if not words or any(_WORD.fullmatch(word) is None for word in words) or words[0] not in SMALL | NOUNS:
        return False
    judged = [word for before, word in pairwise(["", *words]) if before not in BEFORE_NOUNS]
    return _is_english(words) and not any(_may_be_verb(word) for word in judged)


def _is_english(words: list[str]) -> bool:
    if all(word in NOUNS | SMALL for word in words):
        return any(word in NOUNS | ONLY_ENGLISH for word in words)
    small = sum(word in SMALL for word in words)
    return any(word in ONLY_ENGLISH for word in words) and small * _THIRD >= len(words)


def _may_be_verb(word: str) -> bool:
    if word in NOUNS | SMALL:
        return False
    if word in HELPERS | IRREGULAR or word.endswith(_MAY_BE_VERBS):
        return True
    parts = {word, *re.split(r"['\u2019-]", word)}
    return any(part.removesuffix(form) in VERBS for part in parts for form in _FORMS)
