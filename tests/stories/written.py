"""Handoffs written in a template, and what may be done to them, without the forms that ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.app import Running
from slackapp.handoffs.actions.carry_out import Outcome, Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from storage.handoffs.acts import Act
from storage.handoffs.model import Handoff, Text
from tests.slack_client import Message, Workspace
from tests.stories.company import Change, Json

WORKSPACE: Final = "T0LOCAL"


def template(key: str = "brief", **says: Any) -> Change:
    """The file has a template of this key, and the team offers it first."""

    def change(read: Json) -> None:
        fields = says.pop("fields")
        read.setdefault("templates", []).append({"key": key, "name": "Brief", "fields": fields, **says})
        _offer(read, key)

    return change


def offering(*keys: str) -> Change:
    """The team offers these shipped templates."""

    def change(read: Json) -> None:
        for key in keys:
            _offer(read, key)

    return change


def _offer(read: Json, key: str) -> None:
    read["queues"][0].setdefault("templates", []).append(key)


def write(
    running: Running, slack: Workspace, key: str, answers: Mapping[str, Any], *, user: str = "U0BEN", **more: Any
) -> Handoff:
    """Hand off work written in a template."""
    ordinary: dict[str, Any] = {
        "title": "Acme renewal", "queue": "success", "next_step": "Call Mara about the price",
        "note": Text(plain="They asked for 10 % off."),
    }  # fmt: skip
    draft = NewHandoff(**{**ordinary, **more}, template=key, fields=answers)
    outcome = open_handoff(running.baton, workspace=WORKSPACE, user=user, draft=draft, form=f"{key}{slack.now()}")
    assert isinstance(outcome, Opened), outcome
    slack.settle()
    return outcome.handoff


def do(running: Running, slack: Workspace, handoff: Handoff, act: Act, *, by: str) -> Outcome:
    """Do an act to it as somebody."""
    outcome = carry_out(running.baton, Request(workspace=WORKSPACE, handoff_id=handoff.id, act=act, user=by))
    slack.settle()
    return outcome


def card_of(slack: Workspace, words: str, *, user: str = "U0EVA") -> Message:
    """The card in the team's channel."""
    return slack.find(user, "C0SUCCESS", words)
