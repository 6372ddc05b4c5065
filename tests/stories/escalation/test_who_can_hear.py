"""Unavailable people: their reminders are held or skipped, and the next level is notified."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.company import policy
from tests.stories.ledger import escalations, noticed
from tests.stories.northwind import about, send, why

HOUR = 60 * 60
LATE = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"]}
LATER = {"key": "later", "clock": "claim", "at": "100%+2h", "tell": ["managers of managers"]}


@pytest.fixture
def northwind(slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """After half an hour the team's manager hears, two hours later theirs."""
    return share(config=company(policy({"claim": "30m"}, LATE, LATER)))


def reminded(slack: Workspace, user: str) -> int:
    return len(about(slack, user, "is unassigned"))


@pytest.mark.parametrize("reason", ["dnd", "away"])
def test_while_the_manager_cannot_hear_theirs_is_told_at_once_and_the_manager_afterwards(
    slack: Workspace, northwind: Running, database_url: str, reason: str
) -> None:
    until = int(slack.now()) + HOUR
    if reason == "dnd":
        slack.act("pause", user="U0DAN", until=until)
    else:
        slack.act("status", user="U0DAN", text="At the sea", emoji=":palm_tree:", until=until)
    send(slack)

    slack.wait(minutes=31)

    assert [reminded(slack, "U0DAN"), reminded(slack, "U0KIM")] == [0, 1]
    assert "Claim" in about(slack, "U0KIM", "is unassigned")[0].buttons
    (spoken,) = escalations(database_url)
    assert spoken.facts["climbed"] == ["later"]
    assert spoken.facts["held"][0][:2] == ["U0DAN", reason]
    cause = {"dnd": "paused", "away": "away"}[reason]
    line = next(line for line in why(slack, "U0DAN").splitlines() if "Dan Roth*" in line)
    assert "waiting until <!date" in line
    assert cause in line
    slack.wait(minutes=29, seconds=10)
    assert [reminded(slack, "U0DAN"), reminded(slack, "U0KIM")] == [1, 1]
    slack.wait(hours=2)
    assert reminded(slack, "U0KIM") == 2, "in their own time they hear again"
    assert slack.problems() == []


@pytest.mark.parametrize("reason", ["dnd", "away"])
def test_whoever_is_back_early_hears_at_once_and_once(slack: Workspace, northwind: Running, reason: str) -> None:
    until = int(slack.now()) + 8 * HOUR
    if reason == "dnd":
        slack.act("pause", user="U0DAN", until=until)
    else:
        slack.act("status", user="U0DAN", text="At the sea", emoji=":palm_tree:", until=until)
    send(slack)
    slack.wait(minutes=31)
    assert reminded(slack, "U0DAN") == 0

    slack.act("pause" if reason == "dnd" else "status", user="U0DAN")

    assert reminded(slack, "U0DAN") == 1
    slack.wait(hours=9)
    assert reminded(slack, "U0DAN") == 1
    assert slack.problems() == []


def test_a_status_without_an_end_holds_nothing_back(slack: Workspace, northwind: Running) -> None:
    slack.act("status", user="U0DAN", text="Working from home", emoji=":house:")
    send(slack)

    slack.wait(minutes=31)

    assert [reminded(slack, "U0DAN"), reminded(slack, "U0KIM")] == [1, 0]


def test_whoever_has_left_is_passed_by_and_the_history_says_so(
    slack: Workspace, northwind: Running, database_url: str
) -> None:
    send(slack)
    slack.change("user", id="U0DAN", deleted=True)

    slack.wait(minutes=31)

    assert reminded(slack, "U0KIM") == 1
    (spoken,) = escalations(database_url)
    assert ["U0DAN", "gone"] in spoken.facts["skipped"]
    assert [(n.hear_at, n.message) for n in noticed(database_url) if n.recipient == "U0DAN"] == [(None, None)]
    line = next(line for line in why(slack, "U0KIM").splitlines() if "Dan Roth*" in line)
    assert "not notified, because" in line


def test_when_nobody_at_all_can_hear_everybody_hears_when_they_can(slack: Workspace, northwind: Running) -> None:
    now = int(slack.now())
    slack.act("pause", user="U0DAN", until=now + 2 * HOUR)
    slack.act("pause", user="U0KIM", until=now + HOUR)
    send(slack)
    slack.wait(minutes=31)
    assert [reminded(slack, "U0DAN"), reminded(slack, "U0KIM")] == [0, 0]

    slack.wait(minutes=30)
    assert [reminded(slack, "U0DAN"), reminded(slack, "U0KIM")] == [0, 1]
    slack.wait(hours=1)
    assert reminded(slack, "U0DAN") == 1


@EITHER
def test_a_pause_that_begins_while_the_message_is_on_its_way_holds_it(
    slack: Workspace, northwind: Running, database_url: str
) -> None:
    send(slack)
    slack.wait(minutes=29)
    slack.fault("chat.postMessage", {"error": "ratelimited", "retry_after": 60}, times=2)
    slack.wait(minutes=1, seconds=5)
    assert escalations(database_url)[0].facts["told"][0] == "U0DAN"
    assert reminded(slack, "U0DAN") == 0

    slack.act("pause", user="U0DAN", until=int(slack.now()) + HOUR)
    slack.wait(minutes=2)
    slack.wait(minutes=2)
    assert reminded(slack, "U0DAN") == 0
    told = next(line for line in why(slack, "U0DAN").splitlines() if "Dan Roth*, Claim" in line)
    assert "waiting until <!date" in told
    assert "because they have paused notifications; before <!date" in told

    slack.wait(hours=1)
    assert reminded(slack, "U0DAN") == 1
    assert len(slack.alerts("U0DAN")) == 1


def test_a_pause_that_ends_early_lets_the_held_word_through(slack: Workspace, northwind: Running) -> None:
    slack.act("pause", user="U0DAN", until=int(slack.now()) + 8 * HOUR)
    send(slack)
    slack.wait(minutes=31)
    assert reminded(slack, "U0DAN") == 0

    slack.wait(hours=8)
    assert reminded(slack, "U0DAN") == 1
