"""Judge how far the first steps with Baton are."""

from __future__ import annotations

from slackapp.setup.model import Progress, SetupStep
from storage.clocks.first_steps import SetupFacts


def progress_of(facts: SetupFacts, demo: str) -> Progress:
    """How far set-up is. The demo team (by its key) counts for nothing but the first handoff."""
    real = [team for team in facts.teams if team.key != demo]
    unstaffed = next((team.key for team in real if not team.has_members), None)
    done = {
        SetupStep.TEAM: bool(real),
        SetupStep.PEOPLE: bool(real) and unstaffed is None,
        SetupStep.HOURS: bool(real) and (facts.has_hours or all(team.has_hours for team in real)),
        SetupStep.POLICY: any(team.has_policy for team in real),
        SetupStep.FIRST_HANDOFF: facts.has_handoffs,
    }
    return Progress(
        done=frozenset(step for step, is_done in done.items() if is_done),
        teams=len(real),
        first_team=real[0].key if real else None,
        unstaffed=unstaffed,
        demo=demo if len(real) < len(facts.teams) else None,
    )
