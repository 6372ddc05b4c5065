"""Reading channels, histories, people and groups, page by page."""

from slack_sdk import WebClient

from tests.local.bolt_app import error_of
from tests.slack_client import Workspace


def test_lists_come_in_pages_with_a_cursor(slack: Workspace, web: WebClient) -> None:
    everyone = {user["id"] for user in web.users_list()["members"]}
    paged: list[str] = []
    cursor = ""
    while True:
        page = web.users_list(limit=5, cursor=cursor)
        paged += [user["id"] for user in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break

    assert len(paged) == len(set(paged))
    assert set(paged) == everyone
    assert error_of(web.users_list, limit=5, cursor="?") == "invalid_cursor"


def test_private_channels_without_the_app_do_not_exist_for_it(slack: Workspace, web: WebClient) -> None:
    assert error_of(web.conversations_info, channel="C0LEADS") == "channel_not_found"
    types = "public_channel,private_channel"
    assert "C0LEADS" not in {channel["id"] for channel in web.conversations_list(types=types)["channels"]}
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0BATON"])
    assert web.conversations_info(channel="C0LEADS")["channel"]["is_private"]
    assert "C0LEADS" in {channel["id"] for channel in web.users_conversations(types=types)["channels"]}


def test_a_channel_tells_membership_archive_and_sharing(slack: Workspace, web: WebClient) -> None:
    shared = web.conversations_info(channel="C0ACME")["channel"]
    own = web.conversations_info(channel="C0SUCCESS", include_num_members=True)["channel"]

    assert (shared["is_ext_shared"], shared["is_member"]) == (True, False)
    assert (own["is_member"], own["is_archived"]) == (True, False)
    assert own["num_members"] == len(web.conversations_members(channel="C0SUCCESS")["members"])


def test_history_is_newest_first_without_replies_and_metadata_only_when_asked(slack: Workspace, web: WebClient) -> None:
    metadata = {"event_type": "card_posted", "event_payload": {"handoff_id": "7"}}
    first = web.chat_postMessage(channel="C0SUCCESS", text="first", metadata=metadata)["ts"]
    second = web.chat_postMessage(channel="C0SUCCESS", text="second")["ts"]
    web.chat_postMessage(channel="C0SUCCESS", text="reply", thread_ts=first)

    window = web.conversations_history(channel="C0SUCCESS", oldest=first, inclusive=True)["messages"]
    assert [message["ts"] for message in window] == [second, first]
    assert window[1]["metadata"] == {"event_type": "card_posted"}
    assert window[1]["reply_count"] == 1
    after = web.conversations_history(channel="C0SUCCESS", oldest=first)["messages"]
    assert [message["ts"] for message in after] == [second]
    full = web.conversations_history(channel="C0SUCCESS", latest=first, inclusive=True, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata
    assert web.conversations_history(channel="C0SUCCESS", limit=1)["has_more"]


def test_replies_begin_with_their_parent(slack: Workspace, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0SUCCESS", text="card")["ts"]
    web.chat_postMessage(channel="C0SUCCESS", text="reply", thread_ts=ts)

    thread = web.conversations_replies(channel="C0SUCCESS", ts=ts)["messages"]
    assert [message["text"] for message in thread] == ["card", "reply"]
    assert error_of(web.conversations_replies, channel="C0SUCCESS", ts="1.0") == "thread_not_found"


def test_reading_a_public_channel_needs_membership(slack: Workspace, web: WebClient) -> None:
    assert error_of(web.conversations_history, channel="C0GENERAL") == "not_in_channel"
    web.conversations_join(channel="C0GENERAL")
    assert web.conversations_history(channel="C0GENERAL")["messages"]


def test_a_direct_message_opens_once_and_not_with_somebody_deactivated(slack: Workspace, web: WebClient) -> None:
    opened = web.conversations_open(users="U0EVA")
    again = web.conversations_open(users="U0EVA")

    assert opened["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"]
    assert error_of(web.conversations_open, users="U0LEO") == "user_disabled"
    assert error_of(web.conversations_open, users="U0NOBODY") == "user_not_found"


def test_people_tell_their_zone_and_whether_they_belong(slack: Workspace, web: WebClient) -> None:
    eva, leo, olga = (web.users_info(user=user)["user"] for user in ("U0EVA", "U0LEO", "U0OLGA"))

    assert eva["tz"] == "Europe/Stockholm"
    assert leo["deleted"]
    assert (olga["is_stranger"], olga["team_id"]) == (True, "T0OTHER")
    assert error_of(web.users_info, user="U0NOBODY") == "user_not_found"


def test_guests_are_listed_and_say_which_kind_they_are_and_a_zone_may_be_unknown(
    slack: Workspace, web: WebClient
) -> None:
    slack.change("user", id="U0NIA", is_restricted=True, tz=None)
    slack.change("user", id="U0ODA", is_restricted=True, is_ultra_restricted=True)

    found = {user["id"]: user for user in web.users_list()["members"]}
    assert [found["U0NIA"][flag] for flag in ("is_restricted", "is_ultra_restricted", "tz")] == [True, False, None]
    assert [found["U0ODA"][flag] for flag in ("is_restricted", "is_ultra_restricted")] == [True, True]


def test_in_an_organisation_people_have_several_workspaces_and_the_list_those_of_this_one(
    slack: Workspace, web: WebClient
) -> None:
    slack.change("team", enterprise_id="E0NORTH", enterprise_name="North")
    slack.change("user", id="U0EVA", team_id="T0EMEA", team_ids=["T0LOCAL", "T0EMEA"], enterprise_id="E0NORTH")
    slack.change("user", id="U0FARID", team_id="T0EMEA", team_ids=["T0EMEA"], enterprise_id="E0NORTH")

    assert web.auth_test()["enterprise_id"] == "E0NORTH"
    found = {user["id"]: user for user in web.users_list()["members"]}
    assert (found["U0EVA"]["team_id"], found["U0EVA"]["enterprise_user"]["teams"]) == ("T0EMEA", ["T0LOCAL", "T0EMEA"])
    assert "U0FARID" not in found


def test_do_not_disturb_is_told_for_up_to_fifty_people(slack: Workspace, web: WebClient) -> None:
    slack.change("user", id="U0EVA", dnd_until=int(slack.now()) + 3600)

    told = web.dnd_teamInfo(users="U0EVA,U0DAN")["users"]
    assert [told[user]["dnd_enabled"] for user in ("U0EVA", "U0DAN")] == [True, False]
    slack.advance(7200)
    assert not web.dnd_info(user="U0EVA")["dnd_enabled"]
    many = ",".join(f"U{n}" for n in range(51))
    assert error_of(web.dnd_teamInfo, users=many) == "too_many_users"


def test_groups_list_their_members(slack: Workspace, web: WebClient) -> None:
    groups = {group["id"]: group for group in web.usergroups_list(include_users=True)["usergroups"]}

    assert groups["S0SUPPORT"]["users"] == ["U0HUGO", "U0INES", "U0JONAS"]
    assert web.usergroups_users_list(usergroup="S0SUPPORT")["users"] == groups["S0SUPPORT"]["users"]
    assert error_of(web.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_presence_is_told(slack: Workspace, web: WebClient) -> None:
    slack.change("user", id="U0EVA", presence="away")
    assert web.users_getPresence(user="U0EVA")["presence"] == "away"
