"""Countries and regions by name, as the `holidays` library knows them, for the form of public holidays."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import holidays
from holidays.registry import COUNTRIES

_SMALL: Final = frozenset({"and", "of", "the"})
_WORD: Final = re.compile(r"[^_]+")


@lru_cache
def countries() -> dict[str, str]:
    """Names of countries with known public holidays by their code of two letters, in the order of the names."""
    known = holidays.list_supported_countries(include_aliases=False)
    named = {entry[1]: _name(module) for module, entry in COUNTRIES.items() if entry[1] in known}
    return dict(sorted(named.items(), key=lambda item: item[1]))


@lru_cache(maxsize=64)
def regions(country: str | None) -> dict[str, str]:
    """Names of a country's regions by their code; empty if it has none, or its holidays are the same everywhere."""
    if country not in countries():
        return {}
    found = holidays.country_holidays(country)
    names = {code: max(words, key=len, default=code) for code, words in found.get_subdivision_aliases().items()}
    return dict(sorted(((code, names.get(code, code)) for code in found.subdivisions), key=lambda item: item[1]))


def country_name(code: str) -> str:
    """The name of a country, or its code."""
    return countries().get(code, code)


def _name(module: str) -> str:
    words = [word if word in _SMALL else word.capitalize() for word in _WORD.findall(module)]
    return " ".join([words[0].capitalize(), *words[1:]])
