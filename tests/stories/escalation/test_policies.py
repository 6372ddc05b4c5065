"""A changed policy: new work takes it, open work keeps its own until it is reapplied."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from storage.clocks.model import ClockKind
from tests.cli import forked
from tests.slack_client import Workspace
from tests.stories.company import policy
from tests.stories.ledger import running
from tests.stories.northwind import about, fill, send, why

HOUR = 60 * 60
OVERDUE = {"key": "overdue", "clock": "finish", "at": "100%", "tell": ["owner"]}
OPEN_TOO = pytest.mark.parametrize(
    ("dialect", "open_too"),
    [("sqlite", False), ("sqlite", True), ("postgresql", True)],
    ids=["new-only", "open-too", "open-too-postgresql"],
)


def apply(slack: Workspace, database_url: str, file: Path, *options: str) -> str:
    """Type `baton config apply`, as an operator does, and return what it says."""
    ours = {"BATON_DATABASE_URL": database_url, "BATON_CLOCK_URL": slack.clock_url}
    around = {name: value for name, value in os.environ.items() if not name.startswith(("BATON_", "SLACK_"))}
    done = forked.run(["config", "apply", "--config", str(file), *options], {**around, **ours})
    done.check_returncode()
    return done.stdout


@OPEN_TOO
def test_a_new_version_is_for_new_work_unless_open_work_is_to_follow_and_what_stood_still_is_kept(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path], database_url: str, open_too: bool
) -> None:
    start(config=company(policy({"finish": "4h"}, OVERDUE)))
    card = send(slack)
    card.click("Claim", by="U0EVA")
    slack.wait(hours=1)
    card.choose("Snooze…", by="U0EVA")
    fill(slack, "U0EVA", until=int(slack.now()) + 3 * HOUR)
    slack.wait(hours=1)

    said = apply(slack, database_url, company(policy({"finish": "2h"}, OVERDUE)), *(["--open-too"] if open_too else []))

    assert ("moved to the new policies: 1" if open_too else "keep their older policy: 1") in said
    finish = running(database_url)[ClockKind.FINISH]
    assert (finish.policy_version, finish.target_s) == ((2, 2 * HOUR) if open_too else (1, 4 * HOUR))
    assert abs(finish.consumed_s - HOUR) < 60, "an hour was worked"
    send(slack, title="Beta upgrade").click("Claim", by="U0EVA")
    assert running(database_url, 2)[ClockKind.FINISH].target_s == 2 * HOUR

    slack.wait(hours=2, minutes=1)
    assert len(about(slack, "U0EVA", "The snooze is over")) == 1
    target = "2 h" if open_too else "4 h"
    assert re.search(rf"\*Finish:\* by .* used of {target}, paused (3 h|2 h 59 min)", why(slack, "U0EVA"))
    slack.wait(minutes=55)
    assert about(slack, "U0EVA", "Acme renewal is owned by you") == []
    slack.wait(minutes=6)
    assert len(about(slack, "U0EVA", "Acme renewal is owned by you")) == open_too
    slack.wait(hours=2)
    assert len(about(slack, "U0EVA", "Acme renewal is owned by you")) == 1
    assert len(about(slack, "U0EVA", "Beta upgrade is owned by you")) == 1


def test_what_has_spoken_does_not_speak_again_under_the_new_version(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path], database_url: str
) -> None:
    late = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"]}
    start(config=company(policy({"claim": "30m"}, late)))
    send(slack)
    slack.wait(minutes=31)
    assert len(about(slack, "U0DAN", "is unassigned")) == 1

    later = {"key": "later", "clock": "claim", "at": "100%+1h", "tell": ["managers of managers"]}
    apply(slack, database_url, company(policy({"claim": "10m"}, late, later)), "--open-too")
    slack.wait(minutes=30)

    assert len(about(slack, "U0DAN", "is unassigned")) == 1
    assert about(slack, "U0KIM", "is unassigned") == []
    slack.wait(minutes=10)
    assert len(about(slack, "U0KIM", "is unassigned")) == 1, "what is new in it speaks in its time"
