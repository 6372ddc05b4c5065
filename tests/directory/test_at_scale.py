"""A large company: the directory keeps to Slack's rate limits, holds up nobody, and costs what changed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from slack_sdk import WebClient

from slackapp.directory.actions import people_and_channels, sweep_progress
from slackapp.directory.listeners.sweep import PEOPLE_A_PAGE, Directory
from slackapp.runtime.baton import Baton
from storage.company import people
from storage.company.model import Person
from storage.db.database import Database
from tests.batons import a_baton
from tests.handoffs.statements import statements_of
from tests.manual_clock import ManualClock
from tests.slack_client import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

TEAM: Final = "T0LOCAL"
SEED: Final = Path(__file__).parents[2] / "slackapp" / "local" / "seed.yml"
SHORT, LONG = (2_000, 50), (50_000, 500)
"""People and user groups."""
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def company(slack: Workspace, *, long: bool) -> tuple[int, int]:
    """A workspace of so many people and groups, with its rate limits on; how many there are besides the seed's."""
    many, groups = LONG if long else SHORT
    seed = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    seed["users"] += [{"id": f"U1{n:06}", "name": f"p{n}", "real_name": f"Person {n}"} for n in range(many)]
    seed["usergroups"] += [
        {"id": f"S1{n:04}", "handle": f"g{n}", "name": f"Group {n}", "users": [f"U1{n:06}", f"U1{n + 1:06}"]}
        for n in range(groups)
    ]
    slack.post("/control/world/seed", seed)
    slack.rate_limits(enabled=True)
    return len(seed["users"]), len(seed["usergroups"])


def writes(statements: list[str]) -> list[str]:
    """The statements that change something other than how far the sweep has come."""
    return [one for one in statements if one.lstrip().upper().startswith(WRITES) and "progress" not in one]


def test_everybody_is_read_within_the_rate_limits_and_a_second_time_only_changes_are_written(
    slack: Workspace, database: Database, company: tuple[int, int], *, long: bool
) -> None:
    baton, (many, groups) = a_baton(database, ManualClock()), company
    client = WebClient(token="xoxb-local-bot", base_url=slack.api_url, retry_handlers=[], timeout=60)
    waits: list[float] = []

    def event(user: str) -> None:
        person = Person(workspace=TEAM, id=user, name="Newcomer", team=TEAM)
        people_and_channels.store_person(baton, person)

    def pause(seconds: float) -> bool:
        event(f"U9{len(waits)}")  # what Slack reports meanwhile is stored at once
        waits.append(seconds)
        slack.advance(seconds)
        return False

    reader = Directory(baton, client, TEAM, pause=pause)
    pages = math.ceil((many + 1) / PEOPLE_A_PAGE)

    first, cpu_s = measured(reader.sweep)
    assert (first.problems, first.people >= many, first.groups) == ([], True, groups)
    assert len(slack.calls("usergroups.list")) == 1, "one call, whose answer has every group with its members"
    assert len(waits) >= (pages - 1) // 20, "twenty calls a minute"
    assert is_stored(baton, f"U1{many // 2:06}")

    with statements_of(database) as again:
        second, cpu_again_s = measured(reader.sweep)
    assert second.people == first.people
    assert writes(again) == ["INSERT INTO workspaces"] or len(writes(again)) <= 1 + len(waits), writes(again)

    slack.rate_limits(enabled=False)
    slack.change("scopes", granted=["users:read", "usergroups:read", "channels:read", "groups:read"])
    for n in range(10):
        slack.change("user", id=f"U1{n:06}", real_name=f"Renamed {n}")
    with statements_of(database) as some:
        reader.sweep()
    assert sum("INSERT INTO people" in one for one in some) <= 1, "ten people of a page are one statement"

    with database.reading() as tx:
        progress = sweep_progress.read(tx, TEAM)
    assert progress is not None
    assert (progress.people, progress.running) == (first.people, False)
    if long:
        print(  # noqa: T201 - the figures of docs/performance.md
            f"{many} people, {groups} groups: {len(waits)} waits of {sum(waits):.0f} s in all; "
            f"CPU {cpu_s:.1f} s, again {cpu_again_s:.1f} s; {len(again)} statements the second time"
        )


def measured(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result of some work, and the CPU time of this process that it took."""
    began = time.process_time()
    return work(), time.process_time() - began


def is_stored(baton: Baton, user: str) -> bool:
    with baton.db.reading() as tx:
        return people.get(tx, TEAM, user) is not None
