"""Judge how far the first steps with Baton are."""

from __future__ import annotations

from collections.abc import Iterable

from slackapp.setup.model import Progress, SetupStep
from storage.company.model import Queue


def progress_of(teams: Iterable[Queue], *, has_hours: bool, has_handoffs: bool, demo: str) -> Progress:
    """How far set-up is. The demo team (by its key) counts for nothing but the first handoff.

    Args:
        teams: every team, by name.
        has_hours: whether the workspace has hours for teams without hours of their own.
        has_handoffs: whether anything was ever handed off.
        demo: the key of the demo team.
    """
    listed = list(teams)
    real = [queue for queue in listed if queue.key != demo]
    unstaffed = next((queue.key for queue in real if not queue.members), None)
    done = {
        SetupStep.TEAM: bool(real),
        SetupStep.PEOPLE: bool(real) and unstaffed is None,
        SetupStep.HOURS: bool(real) and (has_hours or all(queue.calendar for queue in real)),
        SetupStep.POLICY: any(queue.policy for queue in real),
        SetupStep.FIRST_HANDOFF: has_handoffs,
    }
    return Progress(
        done=frozenset(step for step, is_done in done.items() if is_done),
        teams=len(real),
        first_team=real[0].key if real else None,
        unstaffed=unstaffed,
        demo=demo if len(real) < len(listed) else None,
    )
