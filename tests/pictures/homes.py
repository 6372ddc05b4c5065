"""The Home tab: of somebody new, of a busy owner, of a manager, of an admin, and on a phone; and the form Settings."""

from __future__ import annotations

from tests.pictures.camera import Place, Stage
from tests.pictures.scenes import CLARA, DAN, EVA, EXPORT, claimed_by_eva, fill, form, hand_off, leave

KIM = "U0KIM"
PHONE = 390


def first_steps(stage: Stage) -> Place:
    """Kim is an admin of Baton, in which nobody has handed anything off yet."""
    return stage.home(KIM, height=720)


def new(stage: Stage) -> Place:
    """Nobody has handed anything to Clara yet."""
    return stage.home(CLARA, height=620)


def owner(stage: Stage) -> Place:
    """Eva is offered work, waits for answers, and has more to do."""
    _a_busy_day(stage)
    return stage.home(EVA, height=900)


def manager(stage: Stage) -> Place:
    """Dan sees how his team stands."""
    hand_off(stage.slack, title="Hooli rollout", next_step="Agree on a date")
    stage.slack.wait(minutes=11)
    return stage.home(DAN, height=620)


def admin(stage: Stage) -> Place:
    """Kim is the manager of every team's manager, and an admin of Baton that is set up."""
    return stage.home(KIM, height=720)


def phone(stage: Stage) -> Place:
    """Eva's, on a phone."""
    return stage.home(EVA, width=PHONE, height=1100)


def settings(stage: Stage) -> Place:
    """Kim gets news of what she sent in her summary, and no messages at night."""
    leave(stage.slack, KIM)
    stage.slack.command(KIM, "settings")
    fill(stage.slack, KIM, sent="summary", owned="now", watched="summary", summary_at="16:30")
    stage.slack.command(KIM, "settings")
    stage.slack.modal(KIM).click("Change…")
    fill(stage.slack, KIM, quiet_from="20:00", quiet_until="07:30", quiet_days=["5", "6"])
    return stage.dialog(KIM)


def _a_busy_day(stage: Stage) -> None:
    slack = stage.slack
    claimed_by_eva(slack)
    asked = hand_off(slack, title="Initech pricing", next_step="Send the offer", note="They want 40 seats.")
    asked.click("Claim", by=EVA)
    form(slack, asked, "Ask the sender", by=EVA)
    fill(slack, EVA, note="Who signs this year?")
    hand_off(slack, title="Umbrella contract", next_step="Check the terms", note="They want to extend.", person=EVA)
    hand_off(slack, EXPORT)
