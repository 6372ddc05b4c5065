"""Events reach the app as the manifest subscribes, and again until they are acknowledged."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

from tests.local.bolt_app import BoltApp, error_of
from tests.slack_client import Json, Workspace


def kept(app: BoltApp, *names: str) -> list[Json]:
    """Keep events of these types; the list fills as they come."""
    for name in names:
        app.bolt.event(name)(app.keep)
    return app.heard


def events_of(heard: list[Json]) -> list[Json]:
    return [body["event"] for body in heard]


def test_a_deactivated_person_is_told_in_a_whole_envelope(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "user_change")
    slack.change("user", id="U0EVA", deleted=True)

    (envelope,) = heard
    assert envelope["event"]["user"]["deleted"] is True
    assert envelope["type"] == "event_callback"
    assert envelope["event_id"].startswith("Ev")
    assert (envelope["team_id"], envelope["api_app_id"]) == ("T0LOCAL", "A0BATON")
    assert envelope["authorizations"][0]["user_id"] == "U0BATON"
    assert envelope["is_ext_shared_channel"] is False


def test_archiving_and_renaming_are_told(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "channel_archive", "channel_unarchive", "channel_rename", "channel_deleted")
    slack.change("channel", id="C0SUCCESS", is_archived=True)
    slack.change("channel", id="C0SUCCESS", is_archived=False)
    slack.change("channel", id="C0SUCCESS", name="customer-success")
    slack.change("channel", id="C0SUCCESS", deleted=True)

    types = [event["type"] for event in events_of(heard)]
    assert types == ["channel_archive", "channel_unarchive", "channel_rename", "channel_deleted"]


def test_a_channels_new_id_is_told_and_the_old_one_is_gone(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    heard = kept(app, "channel_id_changed")
    slack.change("channel", id="C0SUCCESS", new_id="C1SUCCESS")

    (event,) = events_of(heard)
    assert (event["old_channel_id"], event["new_channel_id"]) == ("C0SUCCESS", "C1SUCCESS")
    assert error_of(web.conversations_info, channel="C0SUCCESS") == "channel_not_found"
    assert web.conversations_info(channel="C1SUCCESS")["channel"]["name"] == "success"


def test_private_channels_without_the_app_tell_nothing(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "group_archive")
    slack.change("channel", id="C0LEADS", is_archived=True)
    assert heard == []
    slack.change("channel", id="C0LEADS", is_archived=False, members=["U0ANA", "U0BATON"])
    slack.change("channel", id="C0LEADS", is_archived=True)
    assert [event["type"] for event in events_of(heard)] == ["group_archive"]


def test_joining_and_leaving_are_told_also_of_the_app_itself(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "member_joined_channel", "member_left_channel")
    slack.change("channel", id="C0SUPPORT", members=["U0HUGO", "U0INES", "U0JONAS", "U0EVA", "U0DAN", "U0KIM"])
    slack.change("channel", id="C0SUPPORT", members=["U0HUGO", "U0INES", "U0JONAS", "U0BATON"])
    slack.change("channel", id="C0SUPPORT", members=["U0HUGO", "U0JONAS", "U0BATON", "U0BEN"])

    told = [(event["type"], event["user"]) for event in events_of(heard)]
    assert told[:2] == [("member_left_channel", "U0BATON"), ("member_joined_channel", "U0BATON")]
    assert set(told[2:]) == {("member_left_channel", "U0INES"), ("member_joined_channel", "U0BEN")}


def test_a_groups_change_names_who_came_and_went(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "subteam_members_changed", "subteam_updated", "subteam_created")
    slack.change("usergroup", id="S0CS", users=["U0DAN", "U0INES"])

    changed = next(event for event in events_of(heard) if event["type"] == "subteam_members_changed")
    assert changed["added_users"] == ["U0INES"]
    assert set(changed["removed_users"]) == {"U0EVA", "U0FARID", "U0GRACE"}


def test_uninstalling_revokes_the_token_and_tells_both(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "tokens_revoked", "app_uninstalled")
    slack.change("token", uninstalled=True)
    assert {event["type"] for event in events_of(heard)} == {"tokens_revoked", "app_uninstalled"}


def test_messages_come_only_where_subscribed(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "message")
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0BATON"])
    slack.message("U0BEN", "public", channel="sales")
    slack.message("U0ANA", "private", channel="leads")

    assert [event["text"] for event in events_of(heard)] == ["private"]


def test_a_mention_tells_the_app_in_channels_only(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "app_mention")
    slack.message("U0BEN", "<@U0BATON> hello", channel="sales")
    slack.message("U0BEN", "no mention", channel="sales")
    slack.message("U0BEN", "<@U0BATON> hello", channel="U0BATON")
    slack.message("U0ANA", "<@U0BATON> it is not here", channel="leads")

    assert [(event["user"], event["channel"], event["text"]) for event in events_of(heard)] == [
        ("U0BEN", "C0SALES", "<@U0BATON> hello")
    ]


def test_a_reaction_tells_the_app_in_its_channels_only(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "reaction_added", "reaction_removed")
    here, elsewhere = slack.message("U0BEN", "hello", channel="sales"), slack.message("U0ANA", "hi", channel="leads")
    for message in (here, elsewhere):
        for remove in (False, True):
            react = {"channel": message.channel, "ts": message.ts, "emoji": "eyes", "remove": remove}
            slack.act("react", user="U0ANA", **react)

    assert [event["type"] for event in events_of(heard)] == ["reaction_added", "reaction_removed"]
    for event in events_of(heard):
        assert (event["user"], event["reaction"], event["item_user"]) == ("U0ANA", "eyes", "U0BEN")
        assert event["item"] == {"type": "message", "channel": "C0SALES", "ts": here.ts}


def test_sharing_a_channel_and_making_it_private_are_told(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "channel_shared", "channel_unshared", "message")
    slack.change("channel", id="C0SUCCESS", is_ext_shared=True)
    slack.change("channel", id="C0SUCCESS", is_ext_shared=False)
    slack.change("channel", id="C0SUCCESS", is_private=True)

    told = events_of(heard)
    assert [(event["type"], event.get("subtype")) for event in told] == [
        ("channel_shared", None), ("channel_unshared", None), ("message", "channel_convert_to_private"),
    ]  # fmt: skip
    assert {event["channel"] for event in told} == {"C0SUCCESS"}


def test_nobody_writes_to_an_app_whose_messages_tab_is_read_only(tmp_path: Path) -> None:
    manifest = yaml.safe_load((Path(__file__).parents[1] / "manifest.yml").read_text("utf-8"))
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(manifest), "utf-8")

    with Workspace.start(manifest=path) as slack, pytest.raises(Exception, match="read-only"):
        slack.message("U0BEN", "hello", channel="U0BATON")


def test_a_reply_in_a_thread_names_its_thread_and_an_edit_is_another_kind(
    slack: Workspace, app: BoltApp, web: WebClient
) -> None:
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0BATON"])
    card = web.chat_postMessage(channel="C0LEADS", text="A lead")["ts"]
    slack.message("U0ANA", "I have called them", channel="leads", thread_ts=card)
    web.chat_update(channel="C0LEADS", ts=card, text="A lead, called")
    slack.settle()

    _, reply, change = (call["args"]["event"] for call in slack.calls("event:message"))
    assert (reply["user"], reply["channel"], reply["channel_type"]) == ("U0ANA", "C0LEADS", "group")
    assert (reply["thread_ts"], "subtype" in reply) == (card, False)
    assert reply["ts"] != card
    assert (change["subtype"], change["message"]["text"]) == ("message_changed", "A lead, called")
    assert (change["previous_message"]["text"], change["previous_message"].get("edited")) == ("A lead", None)


def test_without_its_scope_an_event_is_not_sent(slack: Workspace, app: BoltApp) -> None:
    heard = kept(app, "user_change")
    slack.change("scopes", granted=["chat:write"])
    slack.change("user", id="U0EVA", deleted=True)
    assert heard == []


def test_an_unacknowledged_event_comes_again_with_the_same_id_and_its_attempt(slack: Workspace, app: BoltApp) -> None:
    @app.bolt.event("user_change")
    def fails(body: Any) -> None:
        app.heard.append(body)
        if len(app.heard) < 3:
            raise ValueError("not stored")

    slack.patience(1)
    slack.change("user", id="U0EVA", deleted=True)
    slack.settle()
    slack.wait(seconds=61)
    slack.wait(minutes=6)

    attempts = [call["args"]["retry_attempt"] for call in slack.calls("event:user_change")]
    assert attempts == [0, 1, 2]
    assert len({body["event_id"] for body in app.heard}) == 1
