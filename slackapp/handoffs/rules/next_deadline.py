"""The deadline of a handoff that people are shown: the one that matters in its present situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Situation, State, situation

_CLOCKS: Final[Mapping[Situation, tuple[ClockKind, ...]]] = {
    Situation.OPEN: (ClockKind.CLAIM,),
    Situation.OFFERED: (ClockKind.CLAIM,),
    Situation.CLAIMED: (ClockKind.FIRST_ACTION, ClockKind.FINISH),
    Situation.RETURNED: (ClockKind.RESPOND,),
}
"""The clocks of which the first running one is shown."""
SHOWN_CLOCKS: Final = frozenset(clock for clocks in _CLOCKS.values() for clock in clocks) | {ClockKind.NEEDED_BY}


@dataclass(frozen=True, kw_only=True)
class NextDeadline:
    """A deadline and the clock that it is of."""

    at: datetime
    clock: ClockKind


def next_deadline(details: HandoffDetails) -> NextDeadline | None:
    """The deadline that matters now; None if none runs, as while the work is snoozed or waits for an answer.

    The date by which it is needed is shown where no clock runs, or where it comes before the time to finish.
    """
    handoff = details.handoff
    if handoff.final or handoff.snoozed_until or handoff.asked_at:
        return None
    running = [
        NextDeadline(at=timer.deadline_at, clock=clock)
        for clock in _CLOCKS.get(situation(handoff), ())
        if (timer := details.timer(clock)) and timer.running_since and timer.deadline_at
    ]
    first = running[0] if running else None
    if handoff.needed_by is None or handoff.state is State.RETURNED:
        return first
    needed = NextDeadline(at=handoff.needed_by, clock=ClockKind.NEEDED_BY)
    is_nearer = first is not None and first.clock is ClockKind.FINISH and needed.at < first.at
    return needed if first is None or is_nearer else first
