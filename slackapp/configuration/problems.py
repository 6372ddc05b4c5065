"""What is wrong with a configuration: where it is, what it is and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str | int, ...]
"""Where something stands in the file: keys of mappings, positions in lists."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong (or, as a notice, worth knowing). `line` counts from 1; 0 if there is no line."""

    place: Place = ()
    line: int = 0
    what: str
    mend: str = ""

    @property
    def path(self) -> str:
        """The place as people write it: `queues[0].channel`."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place).lstrip(".")

    def __str__(self) -> str:
        """One line: where it is, what is wrong, what to do."""
        where = ", ".join(word for word in (f"line {self.line}" if self.line else "", self.path) if word)
        line = " ".join(word for word in (f"{where}:" if where else "", self.what, self.mend) if word)
        return " ".join(line.split())  # what somebody wrote over several lines is quoted in one


class ConfigurationError(Exception):
    """A configuration that cannot be used. `problems` holds everything that is wrong with it, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class WrongValueError(ValueError):
    """A value that cannot be used: what is wrong with it, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend
