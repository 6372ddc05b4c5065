"""Do Not Disturb and absence from sweeps and events, kept when Slack reports something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from slackapp.directory.actions import presence
from slackapp.directory.listeners.events import LEARN
from slackapp.directory.listeners.sweep import Directory
from slackapp.runtime.baton import Baton
from slackapp.slack import objects
from storage.clocks import policies
from storage.clocks.model import ClockKind, Level, Policy
from storage.company import people, queues, workspaces
from storage.company.model import Person, Queue, Workspace
from storage.db.database import Database
from tests import slack_client
from tests.batons import a_baton
from tests.manual_clock import MONDAY_9

TEAM = "T0LOCAL"
LATER = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def learn(baton: Baton, workspace: str, event: dict[str, Any]) -> None:
    LEARN[event["type"]](baton, workspace, event)


@pytest.fixture
def baton(database: Database) -> Baton:
    return a_baton(database)


@pytest.fixture
def reader(baton: Baton, slack: slack_client.Workspace) -> Directory:
    return Directory(baton, WebClient(token="xoxb-local-bot", base_url=slack.api_url, retry_handlers=[]), TEAM)


def add_queue(baton: Baton, **more: Any) -> None:
    queue = Queue(**{"workspace": TEAM, "key": "success", "name": "Success", "channel": "C0SUCCESS", **more})
    baton.db.run_transaction(lambda tx: queues.put(tx, queue))


def person(baton: Baton, user: str) -> Person:
    with baton.db.reading() as tx:
        found = people.get(tx, TEAM, user)
    assert found is not None
    return found


def dnd(baton: Baton, user: str) -> tuple[float | None, float | None]:
    found = person(baton, user)
    since, until = found.dnd_from, found.dnd_until
    return since.timestamp() if since else None, until.timestamp() if until else None


def asked(slack: slack_client.Workspace) -> list[str]:
    """Everybody whom dnd.teamInfo was asked about."""
    return [user for call in slack.calls("dnd.teamInfo") for user in call["args"]["users"].split(",")]


def paused(user: str, since: int = 100, until: int = 200) -> dict[str, Any]:
    status = {"dnd_enabled": True, "next_dnd_start_ts": since, "next_dnd_end_ts": until}
    return {"type": "dnd_updated_user", "user": user, "dnd_status": status, "event_ts": "1.0"}


def a_user(user: str, **profile: Any) -> dict[str, Any]:
    return {"id": user, "team_id": TEAM, "name": user.lower(), "profile": {"real_name": user.title(), **profile}}


# Do Not Disturb


def test_a_sweep_reads_do_not_disturb_of_those_whom_somebody_may_tell_something(
    baton: Baton, reader: Directory, slack: slack_client.Workspace
) -> None:
    add_queue(baton, members=("U0EVA",), managers=("U0DAN",))
    since, until = int(slack.now()) + 600, int(slack.now()) + 3600
    for user in ("U0EVA", "U0BEN"):
        slack.change("user", id=user, dnd_from=since, dnd_until=until)

    swept = reader.sweep()

    assert (swept.problems, swept.left_out, swept.pauses) == ([], None, 3)
    assert dnd(baton, "U0EVA") == (since, until)
    assert dnd(baton, "U0DAN") == (None, None)
    assert dnd(baton, "U0BEN") == (None, None)
    assert asked(slack) == ["U0DAN", "U0EVA", "U0KIM"]  # Kim, an admin of Slack, is one of Baton's


def test_a_pause_that_was_ended_is_forgotten_at_the_next_sweep(
    baton: Baton, reader: Directory, slack: slack_client.Workspace
) -> None:
    add_queue(baton, members=("U0EVA",))
    slack.change("user", id="U0EVA", dnd_until=int(slack.now()) + 3600)
    reader.sweep()
    slack.change("user", id="U0EVA", dnd_until=0)

    reader.sweep()

    assert dnd(baton, "U0EVA") == (None, None)


def test_fifty_people_are_asked_about_at_once(baton: Baton, reader: Directory, slack: slack_client.Workspace) -> None:
    slack.change("scopes", granted=[])  # So that nobody has to be told of each of them.
    for n in range(60):
        slack.change("user", id=f"U1{n:03}", name=f"p{n}", real_name=f"Person {n}")
    slack.change("scopes", granted=["users:read", "dnd:read", "usergroups:read", "channels:read", "groups:read"])
    add_queue(baton, members=tuple(f"U1{n:03}" for n in range(60)))

    assert reader.sweep().pauses == 61  # with Slack's admin
    assert [len(call["args"]["users"].split(",")) for call in slack.calls("dnd.teamInfo")] == [50, 11]


def test_somebody_slack_does_not_show_hides_nobody_else(
    baton: Baton, reader: Directory, slack: slack_client.Workspace
) -> None:
    add_queue(baton, members=("U0EVA", "U0FARID", "U0DAN"))
    slack.change("user", id="U0KIM", is_admin=False)
    slack.change("user", id="U0EVA", dnd_until=int(slack.now()) + 3600)
    slack.fault("dnd.teamInfo", {"error": "user_not_visible"}, times=2)

    swept = reader.sweep()

    assert swept.problems == []
    assert swept.pauses == 2
    assert dnd(baton, "U0EVA") != (None, None)


def test_where_its_scope_was_declined_nobody_is_asked_about_and_the_reason_is_kept(
    baton: Baton, reader: Directory, slack: slack_client.Workspace
) -> None:
    add_queue(baton, members=("U0EVA",))
    slack.change("scopes", granted=["users:read", "usergroups:read", "channels:read", "groups:read"])

    swept = reader.sweep()

    assert swept.problems == []
    assert swept.left_out == "Do Not Disturb is not looked at: the optional scope dnd:read was not granted."
    assert slack.calls("dnd.teamInfo") == []


def test_an_event_says_when_somebody_is_not_to_be_disturbed(baton: Baton) -> None:
    learn(baton, TEAM, {"type": "user_change", "user": a_user("U0EVA")})
    learn(baton, TEAM, paused("U0EVA"))
    assert dnd(baton, "U0EVA") == (100, 200)

    learn(baton, TEAM, {"type": "user_change", "user": a_user("U0EVA", title="Head of Success")})
    assert dnd(baton, "U0EVA") == (100, 200)

    resumed = paused("U0EVA", 1, 1)
    resumed["dnd_status"]["dnd_enabled"] = False
    learn(baton, TEAM, resumed)
    assert dnd(baton, "U0EVA") == (None, None)


def test_a_pause_of_somebody_unknown_waits_for_the_sweep(baton: Baton) -> None:
    learn(baton, TEAM, paused("U0NEW"))

    with baton.db.reading() as tx:
        assert people.get(tx, TEAM, "U0NEW") is None


def test_the_same_pause_told_twice_is_news_once(baton: Baton) -> None:
    learn(baton, TEAM, {"type": "user_change", "user": a_user("U0EVA")})
    pause = objects.dnd(paused("U0EVA")["dnd_status"])

    assert [presence.store_dnd(baton, TEAM, {"U0EVA": pause}) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    "status",
    [
        {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1},
        {"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1},
        {"dnd_enabled": False, "next_dnd_start_ts": 100, "next_dnd_end_ts": 200},
        {},
    ],
)
def test_no_window_is_no_pause(status: dict[str, Any]) -> None:
    assert objects.dnd(status) == (None, None)


def test_everybody_the_configuration_may_tell_is_asked_about_and_those_above_them(baton: Baton) -> None:
    add_queue(baton, members=("S1", "U1"), managers=("U2",))
    levels = (Level(key="a", clock=ClockKind.CLAIM, tell=("channel", "managers", "U3", "S2", "W4", "webhook ops")),)
    with baton.db.transaction() as tx:
        people.put_group(tx, TEAM, "S1", "s1", "S1", ["U5"], MONDAY_9)
        people.put_group(tx, TEAM, "S2", "s2", "S2", ["U6"], MONDAY_9)
        for user, manager in (("U2", "U7"), ("U7", "U8"), ("U8", "U7")):
            people.put(tx, Person(workspace=TEAM, id=user, name=user, manager=manager))
        policies.put_policy(tx, Policy(workspace=TEAM, key="standard", levels=levels))
        workspaces.put(tx, Workspace(id=TEAM, name="Local", bot_user="UB"))
        workspaces.set_config(tx, TEAM, None, ["U9"])

    assert presence.people_to_ask_dnd_of(baton, TEAM) == ("U1", "U2", "U3", "U5", "U6", "U7", "U8", "U9", "W4")


# Being away


@pytest.mark.parametrize("emoji", [":palm_tree:", ":face_with_thermometer:", ":desert_island::skin-tone-2:"])
def test_a_status_that_says_away_and_ends_is_read(emoji: str) -> None:
    user = a_user("U0EVA", status_emoji=emoji, status_text="private", status_expiration=int(LATER.timestamp()))
    assert objects.person(user, TEAM).away_until == LATER


@pytest.mark.parametrize(
    "profile",
    [
        {"status_emoji": ":palm_tree:", "status_expiration": 0},
        {"status_emoji": ":calendar:", "status_expiration": int(LATER.timestamp())},
        {"status_emoji": ":house_with_garden:", "status_expiration": int(LATER.timestamp())},
        {"status_emoji": "", "status_text": "Vacationing", "status_expiration": int(LATER.timestamp())},
        {},
    ],
)
def test_any_other_status_and_one_without_an_end_say_nothing(profile: dict[str, Any]) -> None:
    assert objects.person(a_user("U0EVA", **profile), TEAM).away_until is None


def test_a_status_is_learned_and_forgotten_by_event_and_its_words_are_kept_nowhere(baton: Baton) -> None:
    ends = int(LATER.timestamp())
    away = a_user("U0EVA", status_emoji=":palm_tree:", status_text="On Crete with Jo", status_expiration=ends)
    learn(baton, TEAM, {"type": "user_change", "user": away})
    assert person(baton, "U0EVA").away_until == LATER
    assert "Crete" not in repr(person(baton, "U0EVA"))

    learn(baton, TEAM, {"type": "user_change", "user": a_user("U0EVA")})
    assert person(baton, "U0EVA").away_until is None


def test_a_sweep_sees_a_status_that_was_set_since_the_last(
    baton: Baton, reader: Directory, slack: slack_client.Workspace
) -> None:
    reader.sweep()
    until = int(slack.now() + timedelta(days=7).total_seconds())
    slack.act("status", user="U0EVA", text="Vacationing", emoji=":palm_tree:", until=until)

    reader.sweep()

    away = person(baton, "U0EVA").away_until
    assert away is not None
    assert away.timestamp() == until
