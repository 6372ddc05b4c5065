"""The directory stores people, groups and channels from sweeps and events, and repairs what they affect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from slackapp.directory.actions import people_and_channels
from slackapp.directory.listeners.events import LEARN
from slackapp.directory.listeners.sweep import Directory
from slackapp.dispatch.bolt import event_handler
from slackapp.people.rules.standing import Standing, standing
from slackapp.registers import CAPABILITIES, join
from slackapp.runtime.baton import Baton
from slackapp.slack import objects
from storage.company import joined_channels, people, queues, workspaces
from storage.company.model import Channel, Person, Queue
from storage.db.database import Database
from storage.handoffs import handoffs
from tests.batons import a_baton
from tests.builders import a_handoff
from tests.manual_clock import ManualClock
from tests.slack.test_manifest import EVENT_SCOPES
from tests.slack_client import Workspace

TEAM = "T0LOCAL"
SUCCESS, LEADS = "C0SUCCESS", "C0LEADS"


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    return a_baton(database, clock)


@pytest.fixture
def client(slack: Workspace) -> WebClient:
    return WebClient(token="xoxb-local-bot", base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def reader(baton: Baton, client: WebClient) -> Directory:
    return Directory(baton, client, TEAM)


def add_queue(baton: Baton, key: str, channel: str, **more: Any) -> None:
    queue = Queue(workspace=TEAM, key=key, name=key.title(), channel=channel, **more)
    baton.db.run_transaction(lambda tx: queues.put(tx, queue))


def person(baton: Baton, user: str) -> Person | None:
    with baton.db.reading() as tx:
        return people.get(tx, TEAM, user)


def channel(baton: Baton, channel_id: str) -> Channel | None:
    with baton.db.reading() as tx:
        return people.get_channel(tx, TEAM, channel_id)


def trouble(baton: Baton, key: str) -> str | None:
    with baton.db.reading() as tx:
        queue = queues.get(tx, TEAM, key)
    assert queue is not None
    return queue.trouble


def members(baton: Baton, group: str) -> tuple[str, ...]:
    with baton.db.reading() as tx:
        return people.get_group_members(tx, TEAM, group)


def add_handoff(baton: Baton, *, owner: str) -> str:
    now = baton.clock.now()
    handoff = a_handoff(workspace=TEAM, id="h_1", by=owner, at=now)
    baton.db.run_transaction(lambda tx: handoffs.add(tx, handoff))
    return handoff.id


def accountable(baton: Baton, handoff_id: str) -> str:
    with baton.db.reading() as tx:
        handoff = handoffs.get(tx, TEAM, handoff_id)
    assert handoff is not None
    return handoff.accountable


def test_a_sweep_stores_everybody_every_group_and_the_queues_channels(baton: Baton, reader: Directory) -> None:
    add_queue(baton, "success", SUCCESS)

    swept = reader.sweep()

    assert swept.problems == []
    dan = person(baton, "U0DAN")
    assert dan is not None
    assert (dan.name, dan.tz, dan.team, standing(dan), dan.seen_at) == (
        "Dan Roth",
        "Europe/Berlin",
        TEAM,
        Standing.COLLEAGUE,
        baton.clock.now(),
    )
    assert members(baton, "S0CS") == ("U0DAN", "U0EVA", "U0FARID", "U0GRACE")
    success = channel(baton, SUCCESS)
    assert success is not None
    assert (success.name, success.has_bot, success.is_archived) == ("success", True, False)
    assert channel(baton, "C0GENERAL") is None


def test_a_sweep_remembers_who_we_are_and_what_we_may(baton: Baton, reader: Directory, slack: Workspace) -> None:
    slack.change("scopes", granted=["chat:write", "users:read"])

    reader.sweep()

    with baton.db.reading() as tx:
        found = workspaces.get(tx, TEAM)
    assert found is not None
    assert (found.name, found.bot_user, set(found.scopes)) == ("Northwind", "U0BATON", {"chat:write", "users:read"})


@pytest.mark.parametrize(("user", "expected"), [("U0LEO", Standing.DEACTIVATED), ("U0BATON", Standing.BOT)])
def test_the_deactivated_and_bots_are_stored_as_such(
    baton: Baton, reader: Directory, user: str, expected: Standing
) -> None:
    reader.sweep()

    found = person(baton, user)
    assert found is not None
    assert standing(found) is expected


def test_hundreds_of_people_come_in_one_page(baton: Baton, reader: Directory, slack: Workspace) -> None:
    slack.change("scopes", granted=[])  # So that nobody has to be told of each of them.
    for n in range(250):
        slack.change("user", id=f"U1{n:03}", name=f"p{n}", real_name=f"Person {n}")
    slack.change("scopes", granted=["users:read", "usergroups:read", "channels:read", "groups:read"])

    assert reader.sweep().people > 250
    assert person(baton, "U1249") is not None
    assert len(slack.calls("users.list")) == 1


def test_a_second_sweep_writes_only_what_changed(
    baton: Baton, reader: Directory, slack: Workspace, clock: ManualClock
) -> None:
    reader.sweep()
    first = clock.now()
    baton.db.run_transaction(lambda tx: people.set_manager(tx, TEAM, "U0DAN", "U0KIM"))  # Not Slack's to change.
    slack.change("user", id="U0EVA", real_name="Eva Berg")
    clock.advance(timedelta(hours=1))

    reader.sweep()

    eva, dan = person(baton, "U0EVA"), person(baton, "U0DAN")
    assert eva is not None
    assert dan is not None
    assert (eva.name, eva.seen_at, dan.seen_at) == ("Eva Berg", clock.now(), first)


def test_a_sweep_keeps_a_persons_manager_and_direct_channel(baton: Baton, reader: Directory, slack: Workspace) -> None:
    reader.sweep()
    baton.db.run_transaction(lambda tx: people.set_manager(tx, TEAM, "U0EVA", "U0DAN"))
    baton.db.run_transaction(lambda tx: people.set_dm_channel(tx, TEAM, "U0EVA", "D1"))
    slack.change("user", id="U0EVA", real_name="Eva Berg")

    reader.sweep()

    eva = person(baton, "U0EVA")
    assert eva is not None
    assert (eva.manager, eva.dm_channel) == ("U0DAN", "D1")


def test_somebody_who_left_between_two_sweeps_no_longer_answers_for_their_work(
    baton: Baton, reader: Directory, slack: Workspace
) -> None:
    add_queue(baton, "success", SUCCESS, managers=("U0DAN",))
    reader.sweep()
    handoff = add_handoff(baton, owner="U0EVA")
    slack.change("user", id="U0EVA", deleted=True)

    assert reader.sweep().gone == ("U0EVA",)
    assert accountable(baton, handoff) == "queue:success"
    assert reader.sweep().gone == ()


def test_somebody_who_was_moved_to_another_workspace_of_the_organisation_has_left_as_well(
    baton: Baton, reader: Directory, slack: Workspace
) -> None:
    add_queue(baton, "success", SUCCESS, managers=("U0DAN",))
    reader.sweep()
    handoff = add_handoff(baton, owner="U0EVA")
    both = a_user("U0EVA", team_id="T0EMEA", enterprise_user={"enterprise_id": "E0N", "teams": [TEAM, "T0EMEA"]})
    elsewhere = both | {"enterprise_user": {"enterprise_id": "E0N", "teams": ["T0EMEA"]}}

    tell(baton, type="user_change", user=both)
    assert accountable(baton, handoff) == "U0EVA"
    tell(baton, type="user_change", user=elsewhere)
    assert accountable(baton, handoff) == "queue:success"


def test_a_plan_without_user_groups_is_said_and_the_rest_is_read(
    baton: Baton, reader: Directory, slack: Workspace
) -> None:
    slack.fault("usergroups.list", {"error": "plan_upgrade_required"})

    swept = reader.sweep()

    (problem,) = swept.problems
    assert problem.endswith("This Slack plan has no user groups; name people in the configuration instead.")
    assert person(baton, "U0DAN") is not None


def test_a_sweep_names_the_highest_of_the_workspaces_owners_and_admins(reader: Directory, slack: Workspace) -> None:
    assert reader.sweep().owner == "U0KIM"
    slack.change("user", id="U0EVA", is_owner=True)
    assert reader.sweep().owner == "U0EVA"
    slack.change("user", id="U0BEN", is_primary_owner=True)
    assert reader.sweep().owner == "U0BEN"
    slack.change("user", id="U0BEN", deleted=True)
    assert reader.sweep().owner == "U0EVA"


def test_before_there_is_a_team_the_channels_that_have_baton_are_stored(reader: Directory, baton: Baton) -> None:
    reader.sweep()

    with baton.db.reading() as tx:
        first = joined_channels.get_first(tx, TEAM)
    assert first
    assert (first.id, first.has_bot) == ("C0SALES", True)


def test_a_missing_scope_is_said_and_the_rest_is_read(baton: Baton, reader: Directory, slack: Workspace) -> None:
    slack.change("scopes", granted=["usergroups:read"])

    problems = reader.sweep().problems

    assert [problem.partition(" could")[0] for problem in problems] == ["People", "Channels"]
    assert all("could not be read from Slack. The scope for it was not granted" in problem for problem in problems)
    assert members(baton, "S0CS") != ()


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "fatal_error"}, {"lose_answer": True}])
def test_a_slack_that_fails_is_no_crash(reader: Directory, slack: Workspace, fault: dict[str, Any]) -> None:
    slack.fault("users.list", fault, times=5)

    assert [problem.split(".")[0] for problem in reader.sweep().problems] == ["People could not be read from Slack"]


def test_a_revoked_token_ends_the_sweep_with_a_sentence(reader: Directory, slack: Workspace) -> None:
    slack.change("token", revoked=True)

    (problem,) = reader.sweep().problems

    assert problem.startswith("The workspace could not be read from Slack.")


def test_too_many_questions_are_asked_again_after_the_wait_slack_names(
    baton: Baton, reader: Directory, slack: Workspace
) -> None:
    slack.fault("users.list", {"error": "ratelimited", "retry_after": 1})

    assert reader.sweep().problems == []
    assert person(baton, "U0DAN") is not None


def test_stopping_does_not_wait_for_slacks_rate_limit(reader: Directory, slack: Workspace) -> None:
    slack.fault("users.list", {"error": "ratelimited", "retry_after": 60})
    reader.stop()

    assert reader.sweep().problems == ["People could not be read from Slack. Slack says ratelimited."]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": SUCCESS, "is_archived": True}, "is_archived"),
        ({"id": SUCCESS, "deleted": True}, "channel_not_found"),
        ({"id": SUCCESS, "is_private": True, "members": ["U0DAN"]}, "channel_not_found"),
    ],
)
def test_a_sweep_finds_channels_that_cannot_be_posted_to(
    baton: Baton, reader: Directory, slack: Workspace, change: dict[str, Any], code: str
) -> None:
    add_queue(baton, "team", SUCCESS)
    slack.change("channel", **change)

    reader.sweep()

    assert trouble(baton, "team") == code


def test_a_public_channel_without_the_bot_is_trouble_only_where_posting_needs_an_invitation(
    baton: Baton, reader: Directory, slack: Workspace
) -> None:
    add_queue(baton, "team", "C0GENERAL")
    reader.sweep()
    assert trouble(baton, "team") is None
    granted = ["users:read", "usergroups:read", "channels:read", "groups:read"]
    slack.change("scopes", granted=granted)

    reader.sweep()

    assert trouble(baton, "team") == "not_in_channel"


def test_a_channel_that_is_well_again_opens_its_queue(baton: Baton, reader: Directory, slack: Workspace) -> None:
    add_queue(baton, "success", SUCCESS)
    slack.change("channel", id=SUCCESS, is_archived=True)
    reader.sweep()
    slack.change("channel", id=SUCCESS, is_archived=False)

    reader.sweep()

    assert trouble(baton, "success") is None


def test_a_trouble_that_facts_cannot_judge_is_left_to_whoever_found_it(baton: Baton, reader: Directory) -> None:
    add_queue(baton, "success", SUCCESS)
    baton.db.run_transaction(lambda tx: queues.set_trouble(tx, TEAM, "success", "restricted_action"))

    reader.sweep()

    assert trouble(baton, "success") == "restricted_action"


def test_every_event_of_the_manifest_is_learned_and_messages_are_heard_elsewhere() -> None:
    others = ("message.", "app_mention", "app_home", "reaction_")
    assert set(LEARN) == {event for event in EVENT_SCOPES if not event.startswith(others)}


def tell(baton: Baton, **event: Any) -> None:
    event_handler(join(CAPABILITIES), event["type"])(baton, TEAM, event)


def a_user(user: str, **more: Any) -> dict[str, Any]:
    return {"id": user, "team_id": TEAM, "name": user.lower(), "profile": {"real_name": user.title()}, **more}


def test_a_deactivated_person_no_longer_answers_for_their_work(baton: Baton) -> None:
    add_queue(baton, "success", SUCCESS)
    handoff = add_handoff(baton, owner="U1")
    tell(baton, type="team_join", user=a_user("U1"))
    assert accountable(baton, handoff) == "U1"

    tell(baton, type="user_change", user=a_user("U1", deleted=True))

    assert accountable(baton, handoff) == "queue:success"


def test_somebody_who_comes_and_goes_between_two_sweeps_leaves_nothing_unattended(baton: Baton) -> None:
    add_queue(baton, "success", SUCCESS)
    handoff = add_handoff(baton, owner="U1")

    tell(baton, type="user_change", user=a_user("U1", deleted=True))

    assert accountable(baton, handoff) == "queue:success"


def test_people_may_join_and_leave_a_group_while_it_is_being_renamed(baton: Baton) -> None:
    subteam = {"id": "S1", "handle": "cs", "name": "CS", "users": ["U1", "U2"]}
    tell(baton, type="subteam_created", subteam=subteam)

    tell(baton, type="subteam_members_changed", subteam_id="S1", added_users=["U3"], removed_users=["U1"])
    tell(baton, type="subteam_updated", subteam={"id": "S1", "handle": "success", "name": "Success"})

    assert members(baton, "S1") == ("U2", "U3")


def test_a_disabled_group_has_nobody_in_it(baton: Baton) -> None:
    subteam = {"id": "S1", "handle": "cs", "name": "CS", "users": ["U1"]}
    tell(baton, type="subteam_created", subteam=subteam)

    tell(baton, type="subteam_updated", subteam={**subteam, "date_delete": 1_700_000_000})

    assert members(baton, "S1") == ()


def test_a_change_of_an_unknown_group_waits_for_the_sweep(baton: Baton) -> None:
    assert not people_and_channels.change_group_members(baton, TEAM, "S9", added=["U1"])
    assert members(baton, "S9") == ()


def test_archiving_a_channel_shuts_its_queue_and_unarchiving_opens_it(baton: Baton) -> None:
    add_queue(baton, "success", SUCCESS)

    tell(baton, type="channel_archive", channel=SUCCESS, user="U1")
    assert trouble(baton, "success") == "is_archived"
    tell(baton, type="channel_unarchive", channel=SUCCESS, user="U1")

    assert trouble(baton, "success") is None


def test_removing_baton_from_a_private_channel_shuts_its_queue_until_it_is_invited_again(
    baton: Baton, reader: Directory, slack: Workspace
) -> None:
    add_queue(baton, "leads", LEADS)
    slack.change("channel", id=LEADS, members=["U0ANA", "U0BATON"])
    reader.sweep()

    tell(baton, type="member_left_channel", channel=LEADS, user="U0ANA")
    assert trouble(baton, "leads") is None
    tell(baton, type="member_left_channel", channel=LEADS, user="U0BATON")
    assert trouble(baton, "leads") == "channel_not_found"
    tell(baton, type="member_joined_channel", channel=LEADS, user="U0BATON")

    assert trouble(baton, "leads") is None


def test_a_deleted_channel_shuts_its_queue(baton: Baton) -> None:
    add_queue(baton, "success", SUCCESS)

    tell(baton, type="channel_deleted", channel=SUCCESS)

    assert trouble(baton, "success") == "channel_not_found"


def test_a_channel_with_a_new_id_takes_its_queue_along(baton: Baton, reader: Directory) -> None:
    add_queue(baton, "success", SUCCESS)
    reader.sweep()

    tell(baton, type="channel_id_changed", old_channel_id=SUCCESS, new_channel_id="C0NEW")

    with baton.db.reading() as tx:
        assert [queue.key for queue in queues.list_by_channel(tx, TEAM, "C0NEW")] == ["success"]
    moved = channel(baton, "C0NEW")
    assert moved is not None
    assert moved.name == "success"


def test_a_renamed_channel_is_known_by_its_new_name(baton: Baton, reader: Directory) -> None:
    add_queue(baton, "success", SUCCESS)
    reader.sweep()

    tell(baton, type="channel_rename", channel={"id": SUCCESS, "name": "customers"})

    renamed = channel(baton, SUCCESS)
    assert renamed is not None
    assert renamed.name == "customers"


def test_channels_of_no_queue_are_none_of_our_business(baton: Baton) -> None:
    tell(baton, type="channel_archive", channel="C0OTHER")

    assert channel(baton, "C0OTHER") is None


def test_events_of_no_interest_are_passed_over(baton: Baton) -> None:
    tell(baton, type="app_home_opened", user="U1")


def test_a_person_of_another_company_is_seen_as_one() -> None:
    stranger = objects.person({"id": "U9", "team_id": "T0OTHER", "is_stranger": True}, TEAM)
    colleague = objects.person({"id": "U8", "team_id": "T0HQ", "enterprise_user": {"teams": [TEAM]}}, TEAM)

    assert (standing(stranger), stranger.name) == (Standing.OUTSIDER, "U9")
    assert standing(colleague) is Standing.COLLEAGUE


def test_slackbot_is_a_bot_although_slack_denies_it() -> None:
    assert objects.person({"id": "USLACKBOT", "is_bot": False, "team_id": TEAM}, TEAM).is_bot
