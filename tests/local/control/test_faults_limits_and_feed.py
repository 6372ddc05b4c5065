"""Faults on order, rate limits, the record of calls, and the feed that wakes pages."""

import json
import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.sync.client import connect

from tests.local.bolt_app import error_of
from tests.local.conftest import HERE
from tests.local.sample_blocks import card
from tests.slack_client import WAIT_S, Message, RefusedError, Workspace


def test_an_ordered_error_comes_as_often_as_ordered_and_has_no_effect(slack: Workspace, web: WebClient) -> None:
    slack.fault("chat.postMessage", {"error": "fatal_error"}, times=2)
    for _ in range(2):
        assert error_of(web.chat_postMessage, channel="C0SUCCESS", text="lost") == "fatal_error"
    web.chat_postMessage(channel="C0SUCCESS", text="kept")

    assert [message.text for message in slack.messages("U0EVA", "success")][1:] == ["kept"]


def test_an_ordered_status_and_rate_limit_come_with_their_headers(slack: Workspace, web: WebClient) -> None:
    slack.fault("auth.test", {"status": 503})
    slack.fault("auth.test", {"error": "ratelimited", "retry_after": 7})
    with pytest.raises(SlackApiError) as broken:
        web.auth_test()
    with pytest.raises(SlackApiError) as limited:
        web.auth_test()

    assert broken.value.response.status_code == 503
    assert limited.value.response.status_code == 429
    headers = {name.lower(): value for name, value in limited.value.response.headers.items()}
    assert headers["retry-after"] == "7"


def test_a_lost_answer_leaves_the_message_posted(slack: Workspace, web: WebClient) -> None:
    slack.fault("chat.postMessage", {"lose_answer": True})
    with pytest.raises(OSError, match=r"closed|reset"):
        web.chat_postMessage(channel="C0SUCCESS", text="posted all the same")

    assert slack.find("U0EVA", "success", "posted all the same").exists
    assert slack.calls("chat.postMessage")[0]["status"] == 0


def test_a_slow_answer_comes_after_its_effect(slack: Workspace, web: WebClient) -> None:
    slack.fault("chat.postMessage", {"delay_s": 0.3})
    begun = time.monotonic()
    web.chat_postMessage(channel="C0SUCCESS", text="slow")
    assert time.monotonic() - begun > 0.3


def test_an_unknown_fault_is_refused(slack: Workspace) -> None:
    with pytest.raises(RefusedError, match="unknown fault"):
        slack.fault("auth.test", {"explode": True})


def test_a_channel_takes_a_short_burst_and_then_a_message_a_second(slack: Workspace, web: WebClient) -> None:
    for n in range(5):
        web.chat_postMessage(channel="C0SUCCESS", text=str(n))
    with pytest.raises(SlackApiError) as limited:
        web.chat_postMessage(channel="C0SUCCESS", text="too many")

    assert limited.value.response["error"] == "ratelimited"
    assert limited.value.response.status_code == 429
    assert web.chat_postMessage(channel="C0SUPPORT", text="elsewhere")["ok"]
    slack.advance(5)
    assert web.chat_postMessage(channel="C0SUCCESS", text="later")["ok"]


def test_a_tier_allows_its_number_a_minute_and_can_be_switched_off(slack: Workspace, web: WebClient) -> None:
    for _ in range(20):
        web.usergroups_list()
    assert error_of(web.usergroups_list) == "ratelimited"
    slack.rate_limits(enabled=False)
    assert web.usergroups_list()["ok"]


def test_calls_are_recorded_in_order_with_arguments_and_answers(slack: Workspace, web: WebClient) -> None:
    web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=card())
    last = slack.calls()[-1]
    web.auth_test()

    assert (last["kind"], last["method"], last["status"]) == ("web_api", "chat.postMessage", 200)
    assert last["args"]["blocks"] == card()
    assert last["answer"]["ok"]
    assert [call["method"] for call in slack.calls(after=last["n"])] == ["auth.test"]


def test_a_reset_brings_the_seed_back(slack: Workspace, web: WebClient) -> None:
    slack.change("channel", id="C0SUCCESS", members=["U0EVA", "U0BATON"], is_archived=True)
    slack.change("user", id="U0NEW", name="new", real_name="New Person")
    slack.advance(3600)
    slack.fault("auth.test", {"status": 500})
    slack.reset()

    overview = slack.overview()
    assert "U0NEW" not in {user["id"] for user in overview["users"]}
    success = next(channel for channel in overview["channels"] if channel["id"] == "C0SUCCESS")
    assert (success["is_archived"], "U0DAN" in success["members"]) == (False, True)
    assert overview["clock"]["offset_s"] == 0
    assert slack.calls() == []
    assert web.auth_test()["ok"]


def test_another_seed_is_another_world_to_which_resets_go_back() -> None:
    with Workspace.start(manifest=HERE / "manifest.yml") as slack:
        slack.post("/control/world/seed", {"users": [{"id": "U0ONE", "name": "one", "real_name": "One"}]})
        with pytest.raises(RefusedError, match="User has no"):
            slack.post("/control/world/seed", {"users": [{"id": "U0ONE", "name": "one", "nonsense": 1}]})
        slack.reset()

        assert {user["id"] for user in slack.overview()["users"]} == {"U0ONE", "U0BATON"}


def test_the_feed_wakes_those_who_see_a_change(slack: Workspace, web: WebClient) -> None:
    feed = slack.base_url.replace("http", "ws") + "/control/feed?user="
    with connect(feed + "U0EVA", proxy=None) as eva, connect(feed + "U0BEN", proxy=None) as ben:
        ts = web.chat_postMessage(channel="C0SUPPORT", text="<@U0EVA>")["ts"]
        woken: set[str] = set()
        while not {"channel:C0SUPPORT", "alerts"} <= woken:
            woken |= set(json.loads(eva.recv(timeout=WAIT_S))["changed"])
        slack.advance(1)
        assert "clock" in json.loads(ben.recv(timeout=WAIT_S))["changed"]
    assert Message(slack, "U0EVA", "C0SUPPORT", ts).exists
