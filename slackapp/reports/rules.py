"""Tallies of verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from storage.handoffs.acts import Verdict

WINDOW: Final = timedelta(days=90)
"""How far back verdicts are counted."""
FEWEST_VERDICTS: Final = 5
"""Verdicts needed before their numbers are shown, so that they mean something and do not expose anybody."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The number of each verdict, and of finished handoffs without one."""

    given: Mapping[Verdict, int]
    unanswered: int = 0

    @property
    def number(self) -> int:
        """Number of verdicts."""
        return sum(self.given.values())

    @property
    def is_enough(self) -> bool:
        """Whether there are enough verdicts to show their numbers."""
        return self.number >= FEWEST_VERDICTS

    @property
    def answered_percent(self) -> int:
        """Share of finished handoffs with a verdict, in percent."""
        finished = self.number + self.unanswered
        return round(100 * self.number / finished) if finished else 0


def sum_tallies(tallies: Sequence[Tally]) -> Tally:
    """Return the sum of several tallies."""
    given = {verdict: sum(one.given.get(verdict, 0) for one in tallies) for verdict in Verdict}
    return Tally(given=given, unanswered=sum(one.unanswered for one in tallies))
