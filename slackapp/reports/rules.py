"""Counts of verdicts, added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from storage.handoffs.acts import Verdict

WINDOW: Final = timedelta(days=90)
"""How far back verdicts are counted."""
FEWEST: Final = 5
"""Verdicts that it takes before their numbers say anything, or hide anybody."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How often each verdict was given, and on how much finished work nobody gave one."""

    given: Mapping[Verdict, int]
    unanswered: int = 0

    @property
    def number(self) -> int:
        """How many verdicts there are."""
        return sum(self.given.values())

    @property
    def speaks(self) -> bool:
        """Whether there are enough of them to say anything."""
        return self.number >= FEWEST

    @property
    def answered_percent(self) -> int:
        """Of a hundred finished handoffs, how many got a verdict."""
        finished = self.number + self.unanswered
        return round(100 * self.number / finished) if finished else 0


def sum_tallies(tallies: Sequence[Tally]) -> Tally:
    """Several tallies as one."""
    given = {verdict: sum(one.given.get(verdict, 0) for one in tallies) for verdict in Verdict}
    return Tally(given=given, unanswered=sum(one.unanswered for one in tallies))
