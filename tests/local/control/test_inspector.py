"""What the inspector reads: the calls with their reasons, and what the app says of a message."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.local.bolt_app import BoltApp
from tests.local.inspected_app import InspectedApp, telling
from tests.local.sample_blocks import card, section
from tests.slack_client import WAIT_S, Json, RefusedError, Workspace

METADATA: Json = {"event_type": "order_shown", "event_payload": {"order": "7", "version": 2, "deep": {"x": 1}}}


def refused(call: Any, **arguments: Any) -> None:
    with pytest.raises(SlackApiError):
        call(**arguments)


def posted(slack: Workspace, web: WebClient, **more: Any) -> Json:
    answer = web.chat_postMessage(channel="C0SUCCESS", text="Order 7", **more)
    return {"channel": answer["channel"], "ts": answer["ts"]}


def lent(slack: Workspace, address: str) -> None:
    slack.get("/clock", process="the app", wait=0, inspect=address)


def test_a_refused_call_says_why_and_where(slack: Workspace, web: WebClient) -> None:
    refused(web.chat_postMessage, channel="C0SUCCESS", text="x", blocks=[section("y" * 3001)])

    (call,) = slack.calls("chat.postMessage")

    assert call["why"] == "Slack would refuse the blocks. The problems are listed below."
    assert call["problems"][0]["pointer"] == "/blocks/0/text/text"


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ({"api_method": "chat.scheduleMessage"}, "This workspace does not know the method."),
        (
            {"api_method": "chat.postMessage", "json": {"channel": "C0NONE", "text": "x"}},
            "There is no such channel, or it is private and the app is not in it.",
        ),
    ],
)
def test_every_refusal_has_a_sentence(slack: Workspace, web: WebClient, call: Any, why: str) -> None:
    refused(web.api_call, **call)

    assert slack.calls()[-1]["why"] == why


def test_a_missing_scope_is_named(slack: Workspace, web: WebClient) -> None:
    slack.change("scopes", granted=["commands"])
    refused(web.chat_postMessage, channel="C0SUCCESS", text="x")

    assert slack.calls()[-1]["why"] == "The app was not given the scope that this method needs. It needs chat:write."


def test_what_went_well_has_no_reason(slack: Workspace, web: WebClient) -> None:
    web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=card())

    call = slack.calls()[-1]

    assert call["why"] is None
    assert call["took_ms"] >= 0


def test_a_delivery_that_nobody_acknowledged_says_so(slack: Workspace, app: BoltApp) -> None:
    slack.patience(0.1)
    slack.command("U0BEN", "")  # the app has no listener for it

    assert slack.calls("slash_command")[-1]["why"] == "The app did not acknowledge within three seconds."


def test_a_lost_answer_says_that_the_call_took_effect(slack: Workspace, web: WebClient) -> None:
    slack.fault("chat.postMessage", {"lose_answer": True})
    with pytest.raises(OSError):  # noqa: PT011 - whatever the client makes of a hang-up
        web.chat_postMessage(channel="C0SUCCESS", text="x")

    assert "took effect" in slack.calls("chat.postMessage")[-1]["why"]


def test_a_delivery_begins_before_the_calls_made_while_it_was_answered(
    slack: Workspace, app: BoltApp, web: WebClient
) -> None:
    def answer(ack: Ack) -> None:
        web.auth_test()
        ack()

    app.bolt.command("/handoff")(answer)
    slack.command("U0BEN", "")

    delivery, call = slack.calls("slash_command")[-1], slack.calls("auth.test")[-1]

    assert delivery["n"] > call["n"]
    assert delivery["begun"] < call["begun"]


def test_no_token_is_in_the_record(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    app.bolt.command("/handoff")(app.keep)
    slack.command("U0BEN", "")
    web.api_call("auth.test", json={"token": "xoxb-local-bot"})
    web.apps_connections_open(app_token="xapp-local-app")

    recorded = json.dumps(slack.calls())

    assert app.heard[0]["token"] not in recorded
    for secret in ("xoxb-", "xapp-", "ticket="):
        assert secret not in recorded


def test_the_newest_calls_are_read_alone_and_clearing_is_told(slack: Workspace, web: WebClient) -> None:
    for _ in range(3):
        web.auth_test()

    read = slack.get("/control/calls", newest=2)
    assert [call["n"] for call in read["calls"]] == [read["last"] - 1, read["last"]]
    slack._exchange("DELETE", "/control/calls", None)

    cleared = slack.get("/control/calls")
    assert (cleared["calls"], cleared["cleared"]) == ([], read["last"])


def test_the_feed_tells_followers_of_calls_and_no_person(slack: Workspace, web: WebClient) -> None:
    async def heard(user: str) -> Any:
        url = f"{slack.base_url}/control/feed?user={user}"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await asyncio.to_thread(web.auth_test)
            await asyncio.to_thread(slack.advance, 1)
            return await socket.receive_json(timeout=WAIT_S)

    assert asyncio.run(heard(":calls"))["changed"][0] == "calls"
    assert asyncio.run(heard("U0BEN"))["changed"] == ["clock"]


def test_the_app_is_asked_with_the_flat_facts_of_a_message(slack: Workspace, web: WebClient) -> None:
    told = InspectedApp()
    with telling(told) as address:
        lent(slack, address)
        said = slack.get("/control/inspect", **posted(slack, web, metadata=METADATA))

    assert told.asked == [{"order": ["7"], "version": ["2"]}]
    assert said["ok"]
    assert said["title"] == "Order 7"
    assert said["sections"][0]["rows"] == [["state", "open"], ["count", "3"]]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((404, {}, b"{}"), "knows nothing of this message"),
        ((302, {"Location": "http://192.0.2.1/"}, b""), "it answered 302"),
        ((200, {}, b"[]"), "not a title with sections"),
        ((200, {}, b"no JSON"), "does not answer"),
        ((200, {}, b" " * 1_000_001), "too long"),
    ],
)
def test_an_app_that_tells_nothing_useful_is_a_sentence(
    slack: Workspace, web: WebClient, answer: Any, sentence: str
) -> None:
    told = InspectedApp()
    told.answer = answer
    with telling(told) as address:
        lent(slack, address)
        said = slack.get("/control/inspect", **posted(slack, web, metadata=METADATA))

    assert not said["ok"]
    assert sentence in said["error"]


def test_an_app_that_went_away_is_a_sentence(slack: Workspace, web: WebClient) -> None:
    lent(slack, "http://127.0.0.1:9/inspect")

    said = slack.get("/control/inspect", **posted(slack, web, metadata=METADATA))

    assert said["error"] == "The app does not answer at the inspection address it gave. Is it still running?"


def test_a_message_without_metadata_is_a_sentence(slack: Workspace, web: WebClient) -> None:
    assert "no metadata" in slack.get("/control/inspect", **posted(slack, web))["error"]


def test_a_message_that_is_gone_is_a_sentence(slack: Workspace) -> None:
    assert "gone" in slack.get("/control/inspect", channel="C0SUCCESS", ts="1.1")["error"]


@pytest.mark.parametrize(
    "address",
    ["http://192.0.2.1/inspect", "https://127.0.0.1/inspect", "http://127.0.0.1/x?y=1", "file:///etc/passwd", "/x"],
)
def test_only_an_address_on_this_machine_is_taken(slack: Workspace, address: str) -> None:
    with pytest.raises(RefusedError, match="on this machine"):
        lent(slack, address)
