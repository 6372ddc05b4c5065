"""Templates of a company's own, made in Slack by an admin."""

from __future__ import annotations

from typing import Any, Final

from tests.pictures.camera import Place, Stage
from tests.pictures.scenes import leave
from tests.slack_client import Workspace

KIM: Final = "U0KIM"
RENEWAL: Final[dict[str, Any]] = {
    "name": "Renewal at risk",
    "sender": "Account executive",
    "receiver": "Customer success",
    "about": "A customer who may leave.",
    "queue": ["success"],
}


def shelf(stage: Stage) -> Place:
    """`/handoff templates`."""
    leave(stage.slack, KIM)
    stage.slack.command(KIM, "templates")
    return stage.dialog(KIM, height=900)


def draft(stage: Stage) -> Place:
    """A template in the making."""
    _make(stage.slack)
    return stage.dialog(KIM)


def preview(stage: Stage) -> Place:
    """The form as whoever hands off will see it."""
    _make(stage.slack)
    stage.slack.modal(KIM).click("Preview")
    return stage.dialog(KIM)


def _make(slack: Workspace) -> None:
    """Kim makes a template; it is not published."""
    leave(slack, KIM)
    slack.command(KIM, "templates")
    slack.modal(KIM).click("New template")
    slack.modal(KIM).submit(RENEWAL)
    _add(slack, label="How stable are they?", type="lamp", marks=["required", "card"])
    _add(slack, label="Why?", type="choice", options="Price\nPeople\nProduct", marks=["required"])
    _add(slack, label="What have we tried?", type="long")


def _add(slack: Workspace, **values: Any) -> None:
    slack.modal(KIM).click("Add question")
    slack.modal(KIM).submit(values)
