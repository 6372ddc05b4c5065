"""Paused notifications and statuses: what the app can read of them, and what it is told."""

from slack_sdk import WebClient

from tests.local.bolt_app import BoltApp, error_of
from tests.local.delivery.test_events import events_of, kept
from tests.slack_client import Workspace

HOUR = 3600


def in_hours(slack: Workspace, hours: float) -> int:
    return int(slack.now() + hours * HOUR)


def test_a_person_pauses_notifications_and_the_app_hears_until_when(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "dnd_updated_user", "user_change")
    until = in_hours(slack, 1)
    slack.act("pause", user="U0EVA", until=until)
    slack.act("pause", user="U0EVA")

    paused, resumed = events_of(heard)
    assert (paused["type"], paused["user"]) == ("dnd_updated_user", "U0EVA")
    assert paused["dnd_status"]["dnd_enabled"] is True
    assert paused["dnd_status"]["next_dnd_start_ts"] <= slack.now() < paused["dnd_status"]["next_dnd_end_ts"] == until
    assert resumed["dnd_status"] == {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


def test_without_its_scope_do_not_disturb_is_neither_told_nor_read(
    slack: Workspace, app: BoltApp, web: WebClient
) -> None:
    heard = kept(app, "dnd_updated_user")
    slack.change("scopes", granted=["users:read"])
    slack.act("pause", user="U0EVA", until=in_hours(slack, 1))

    assert heard == []
    assert error_of(web.dnd_teamInfo, users="U0EVA") == "missing_scope"


def test_a_window_that_begins_later_is_told_before_it_begins(slack: Workspace, web: WebClient) -> None:
    since, until = in_hours(slack, 2), in_hours(slack, 10)
    slack.change("user", id="U0EVA", dnd_from=since, dnd_until=until)

    told = web.dnd_teamInfo(users="U0EVA")["users"]["U0EVA"]
    assert told == {"dnd_enabled": True, "next_dnd_start_ts": since, "next_dnd_end_ts": until}


def test_team_info_wants_somebody_and_leaves_out_whom_it_does_not_know(slack: Workspace, web: WebClient) -> None:
    assert error_of(web.dnd_teamInfo, users=" ,") == "no_users_provided"
    assert set(web.dnd_teamInfo(users="U0EVA, U0NOBODY")["users"]) == {"U0EVA"}


def test_nobody_is_alerted_while_notifications_are_paused(slack: Workspace) -> None:
    slack.act("pause", user="U0EVA", until=in_hours(slack, 1))
    slack.message("U0DAN", "<@U0EVA> are you there?", channel="success")
    assert slack.alerts("U0EVA") == []

    slack.advance(2 * HOUR)
    slack.message("U0DAN", "<@U0EVA> and now?", channel="success")
    assert len(slack.alerts("U0EVA")) == 1


def test_a_status_is_part_of_the_profile_until_it_ends(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    heard = kept(app, "user_change")
    until = in_hours(slack, 48)
    slack.act("status", user="U0EVA", text="Vacationing", emoji=":palm_tree:", until=until)

    expected = {"status_text": "Vacationing", "status_emoji": ":palm_tree:", "status_expiration": until}
    (event,) = events_of(heard)
    assert expected.items() <= event["user"]["profile"].items()
    assert expected.items() <= web.users_info(user="U0EVA")["user"]["profile"].items()

    slack.advance(49 * HOUR)
    profile = web.users_info(user="U0EVA")["user"]["profile"]
    assert (profile["status_emoji"], profile["status_expiration"]) == ("", 0)


def test_a_status_is_cleared(slack: Workspace, app: BoltApp) -> None:
    slack.act("status", user="U0EVA", text="Thinking", until=in_hours(slack, 1))
    heard = kept(app, "user_change")
    slack.act("status", user="U0EVA")

    (event,) = events_of(heard)
    assert event["user"]["profile"]["status_emoji"] == ""


def test_a_text_without_an_emoji_gets_a_speech_balloon(slack: Workspace, web: WebClient) -> None:
    slack.act("status", user="U0EVA", text="Thinking")
    assert web.users_info(user="U0EVA")["user"]["profile"]["status_emoji"] == ":speech_balloon:"
