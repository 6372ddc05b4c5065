"""Problems of a configuration: where each is, what is wrong and how to fix it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

Place = tuple[str | int, ...]
"""A place in the file: keys of mappings, positions in lists."""


@dataclass(frozen=True, kw_only=True)
class Misspelled:
    """A word that is not known, and the words of which it may be one. To compare them takes long."""

    word: str
    known: Sequence[str]

    def guess(self) -> str:
        """A guess at the word meant, as a sentence; empty if none is close."""
        close = get_close_matches(self.word, self.known, n=1)
        return f'Did you mean "{close[0]}"?' if close else ""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem (or, as a notice, a warning). `line` counts from 1; 0 if there is no line.

    `misspelled` is for a guess that is made only if somebody reads the problem: `with_guess`.
    """

    place: Place = ()
    line: int = 0
    what: str
    fix: str = ""
    misspelled: Misspelled | None = None

    def with_guess(self) -> Problem:
        """The same with its guess behind what is wrong."""
        if self.misspelled is None:
            return self
        what = f"{self.what} {self.misspelled.guess()}".rstrip()
        return replace(self, what=what, misspelled=None)

    @property
    def path(self) -> str:
        """The place as people write it: `queues[0].channel`."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place).lstrip(".")

    def __str__(self) -> str:
        """One line: the place, what is wrong, how to fix it."""
        where = ", ".join(word for word in (f"line {self.line}" if self.line else "", self.path) if word)
        line = " ".join(word for word in (f"{where}:" if where else "", self.what, self.fix) if word)
        return " ".join(line.split())  # what somebody wrote over several lines is quoted in one


MOST_TOLD: Final = 100
"""Problems of one file that are told; of more only the number is."""


class ConfigurationError(Exception):
    """A configuration that cannot be used; `problems` holds the first `MOST_TOLD` by line, and how many follow."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class WrongValueError(ValueError):
    """A value that cannot be used: what is wrong with it, and how to fix it."""

    def __init__(self, what: str, fix: str, misspelled: Misspelled | None = None) -> None:
        super().__init__(f"{what} {fix}")
        self.fix = fix
        self._what = what
        self._misspelled = misspelled

    @property
    def what(self) -> str:
        """What is wrong, with a guess at what was meant."""
        return self.problem().with_guess().what

    def problem(self, place: Place = ()) -> Problem:
        """The problem that this value is at a place, without its guess yet."""
        return Problem(place=place, what=self._what, fix=self.fix, misspelled=self._misspelled)


def place_of(finding: Any) -> Place:
    """The place of one pydantic error."""
    loc: Place = finding["loc"]
    return loc if "[key]" not in loc else tuple(part for part in loc if part != "[key]")


def from_pydantic(finding: Any, known_keys: Sequence[str]) -> Problem:
    """The problem behind one pydantic error; an unknown key is compared with `known_keys` for a guess."""
    place = place_of(finding)
    error = finding.get("ctx", {}).get("error")
    if isinstance(error, WrongValueError):
        return error.problem(place)
    last = place[-1] if place else "it"
    match finding["type"]:
        case "missing":
            return Problem(place=place, what="is missing.", fix=f"Add {last}: and a value.")
        case "extra_forbidden":
            meant = Misspelled(word=str(last), known=known_keys).guess()
            return Problem(place=place, what="is not a key that Baton knows here.", fix=meant or "Leave it out.")
        case "tuple_type":
            return Problem(place=place, what="is not a list.", fix=f"Write {last}: [...].")
        case "dict_type" | "model_type" | "model_attributes_type":
            return Problem(place=place, what="is not a mapping.", fix="Write keys and values: {key: value}.")
        case _:
            return Problem(place=place, what=f"cannot be used: {finding['msg']}.", fix="Compare it with the example.")
