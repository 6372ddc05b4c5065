"""Set-up in Slack: everything that is set up, and the forms that add a team and its deadlines."""

from __future__ import annotations

from typing import Final

from tests.pictures.camera import Place, Stage
from tests.pictures.scenes import leave
from tests.stories.setup.setup_room import press, press_at, set_up

KIM: Final = "U0KIM"


def start(stage: Stage) -> Place:
    """`/handoff setup` of a company that has handed nothing off yet: the first steps, and what is set up."""
    _open(stage)
    return stage.dialog(KIM, height=1200)


def team(stage: Stage) -> Place:
    """The form of a new team."""
    _open(stage)
    press_at(stage.slack, "*Teams*")
    press(stage.slack, "Add team")
    stage.slack.modal(KIM).fill({"Name": "Onboarding"}).choose("Channel", "C0ACME")
    return stage.dialog(KIM, height=1000)


def deadlines(stage: Stage) -> Place:
    """The deadlines of a team, with an example worked out."""
    _open(stage)
    press_at(stage.slack, "*Deadlines*")
    press(stage.slack, "Open")
    return stage.dialog(KIM)


def _open(stage: Stage) -> None:
    leave(stage.slack, KIM)
    set_up(stage.slack)
