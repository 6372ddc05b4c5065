"""Problems of a configuration: where each is, what is wrong and how to fix it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

Place = tuple[str | int, ...]
"""A place in the file: keys of mappings, positions in lists."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem (or, as a notice, a warning). `line` counts from 1; 0 if there is no line."""

    place: Place = ()
    line: int = 0
    what: str
    fix: str = ""

    @property
    def path(self) -> str:
        """The place as people write it: `queues[0].channel`."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place).lstrip(".")

    def __str__(self) -> str:
        """One line: the place, what is wrong, how to fix it."""
        where = ", ".join(word for word in (f"line {self.line}" if self.line else "", self.path) if word)
        line = " ".join(word for word in (f"{where}:" if where else "", self.what, self.fix) if word)
        return " ".join(line.split())  # what somebody wrote over several lines is quoted in one


class ConfigurationError(Exception):
    """A configuration that cannot be used; `problems` holds all of its problems, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class WrongValueError(ValueError):
    """A value that cannot be used: what is wrong with it, and how to fix it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix


def from_pydantic(finding: Any, known_keys: Sequence[str]) -> Problem:
    """The problem behind one pydantic error; an unknown key is compared with `known_keys` for a guess."""
    place = tuple(part for part in finding["loc"] if part != "[key]")
    error = finding.get("ctx", {}).get("error")
    if isinstance(error, WrongValueError):
        return Problem(place=place, what=error.what, fix=error.fix)
    last = place[-1] if place else "it"
    match finding["type"]:
        case "missing":
            return Problem(place=place, what="is missing.", fix=f"Add {last}: and a value.")
        case "extra_forbidden":
            close = get_close_matches(str(last), known_keys, n=1)
            meant = f'Did you mean "{close[0]}"?' if close else "Leave it out."
            return Problem(place=place, what="is not a key that Baton knows here.", fix=meant)
        case "tuple_type":
            return Problem(place=place, what="is not a list.", fix=f"Write {last}: [...].")
        case "dict_type" | "model_type" | "model_attributes_type":
            return Problem(place=place, what="is not a mapping.", fix="Write keys and values: {key: value}.")
        case _:
            return Problem(place=place, what=f"cannot be used: {finding['msg']}.", fix="Compare it with the example.")
