"""What the tests of `baton check` start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slackapp.operations.checkup.findings import Finding
from slackapp.operations.checkup.people import NamedPeople, named_people
from storage.company.model import Queue

TEAM = "T0LOCAL"
BOT, APP = "xoxb-local-bot", "xapp-local-app"
SUCCESS = Queue(
    workspace=TEAM,
    key="success",
    name="Customer Success",
    channel="C0SUCCESS",
    members=("U0EVA", "S0CS"),
    managers=("U0DAN",),
)
Examine = Callable[..., list[Finding]]


def named(**changed: Any) -> NamedPeople:
    given = {"queues": [SUCCESS], "policies": (), "admins": (), "managers": {}, "calendars_of": {}}
    return named_people(**{**given, **changed})


def wrong(findings: list[Finding]) -> list[str]:
    """What is wrong; every such finding says what to do."""
    bad = [finding for finding in findings if not finding.ok]
    assert all(finding.remedy for finding in bad)
    return [finding.what for finding in bad]
