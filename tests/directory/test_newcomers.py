"""People whom nothing is known of are looked up when they act: soon, once, and never by the listener itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from slackapp.directory.listeners.newcomers import AGAIN_AFTER_S, Newcomers
from slackapp.directory.listeners.sweep import Directory
from slackapp.people.rules.standing import Standing, standing
from storage.company import people
from storage.db.database import Database
from tests.batons import a_baton
from tests.manual_clock import ManualClock
from tests.slack_client import Workspace
from tests.waiting import until

TEAM = "T0LOCAL"


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Seconds:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def newcomers(database: Database, slack: Workspace, seconds: Seconds) -> Iterator[Newcomers]:
    client = WebClient(token="xoxb-local-bot", base_url=slack.api_url, retry_handlers=[])
    found = Newcomers(Directory(a_baton(database, ManualClock()), client, TEAM).look_up, seconds)
    yield found
    found.stop()


def look_up(newcomers: Newcomers, user: str) -> None:
    newcomers.look_up(user)
    until(newcomers.quiet)


def stored_standing(database: Database, user: str) -> Standing:
    with database.reading() as tx:
        return standing(people.get(tx, TEAM, user))


def asked(slack: Workspace) -> int:
    return len(slack.calls("users.info"))


def test_whoever_is_in_no_list_is_stored_as_slack_tells_of_them(
    newcomers: Newcomers, database: Database, slack: Workspace
) -> None:
    look_up(newcomers, "U0OLGA")
    look_up(newcomers, "U0EVA")

    assert stored_standing(database, "U0OLGA") is Standing.OUTSIDER
    assert stored_standing(database, "U0EVA") is Standing.COLLEAGUE


@pytest.mark.parametrize("user", ["U0OLGA", "U0NOBODY"])
def test_somebody_who_acts_again_and_again_is_looked_up_once_an_hour(
    newcomers: Newcomers, slack: Workspace, seconds: Seconds, user: str
) -> None:
    for _ in range(3):
        look_up(newcomers, user)
    assert asked(slack) == 1

    seconds.now += AGAIN_AFTER_S
    look_up(newcomers, user)
    assert asked(slack) == 2


def test_if_slack_could_not_be_asked_the_next_act_asks_again(
    newcomers: Newcomers, database: Database, slack: Workspace
) -> None:
    slack.fault("users.info", {"status": 500})
    look_up(newcomers, "U0OLGA")
    assert stored_standing(database, "U0OLGA") is Standing.STRANGER

    look_up(newcomers, "U0OLGA")
    assert stored_standing(database, "U0OLGA") is Standing.OUTSIDER


def test_who_asks_for_a_look_up_does_not_wait_for_it() -> None:
    begun, answered = threading.Event(), threading.Event()

    def read(_user: str) -> bool:
        begun.set()
        return answered.wait(60)

    newcomers = Newcomers(read)
    newcomers.look_up("U0OLGA")
    assert begun.wait(60)
    assert not newcomers.quiet()
    answered.set()
    newcomers.stop()
    assert newcomers.quiet()
