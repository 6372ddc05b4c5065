"""What the app is sent when people act, and what it may answer."""

import json
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.local.bolt_app import BoltApp
from tests.local.sample_blocks import card, option, section
from tests.slack_client import Json, Message, RefusedError, Workspace


def respond(url: str, body: Json) -> tuple[int, str]:
    """Post to a response_url and return status and body."""
    answer = WebhookClient(url, retry_handlers=[]).send_dict(body)
    return answer.status_code, answer.body if answer.body == "ok" else json.loads(answer.body)["error"]


@pytest.fixture
def posted(slack: Workspace, app: BoltApp, web: WebClient) -> Message:
    """A card in #success whose clicks the app keeps."""
    app.bolt.action("claim")(app.keep)
    app.bolt.action("more")(app.keep)
    ts = web.chat_postMessage(channel="C0SUCCESS", text="Acme", blocks=card())["ts"]
    return Message(slack, "U0EVA", "C0SUCCESS", ts)


def test_a_click_in_a_message_brings_everything_slack_sends(slack: Workspace, app: BoltApp, posted: Message) -> None:
    posted.click("Claim", by="U0EVA")

    (body,) = app.heard
    container = {"type": "message", "message_ts": posted.ts, "channel_id": "C0SUCCESS", "is_ephemeral": False}
    assert body["type"] == "block_actions"
    assert body["container"] == container
    assert body["channel"] == {"id": "C0SUCCESS", "name": "success"}
    assert body["user"] == {"id": "U0EVA", "username": "eva", "name": "eva", "team_id": "T0LOCAL"}
    assert body["team"] == {"id": "T0LOCAL", "domain": "northwind"}
    assert (body["enterprise"], body["is_enterprise_install"]) == (None, False)
    assert body["message"]["ts"] == posted.ts
    assert body["state"] == {"values": {}}
    (action,) = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("claim", "acts", "v1:1")
    assert action["action_ts"]
    assert body["trigger_id"]
    assert body["response_url"].startswith(f"{slack.base_url}/response/")


def test_a_choice_from_the_menu_brings_its_option(slack: Workspace, app: BoltApp, posted: Message) -> None:
    posted.choose("Put back", by="U0EVA")
    assert app.heard[0]["actions"][0]["selected_option"] == option("Put back", "release")


@pytest.mark.parametrize(("action_id", "value"), [("claim", "v1:1"), ("more", "release")], ids=["button", "menu"])
def test_a_press_at_the_moment_of_a_change_reaches_what_replaced_it(
    slack: Workspace, app: BoltApp, posted: Message, action_id: str, value: str
) -> None:
    where = {"user": "U0EVA", "channel": "C0SUCCESS", "ts": posted.ts, "action_id": action_id, "block_id": "before"}
    assert slack.act("click", **where, value=value).ok
    with pytest.raises(RefusedError, match="has no element"):
        slack.act("click", **where, value="nothing of this message")

    assert [body["actions"][0]["block_id"] for body in app.heard] == ["acts"]


def test_a_forged_action_goes_out_as_it_is(slack: Workspace, app: BoltApp, posted: Message) -> None:
    forged = {"action_id": "claim", "value": "v1:somebody-elses"}
    slack.act("click", user="U0EVA", channel="C0SUCCESS", ts=posted.ts, action_id="claim", forge=forged)
    assert app.heard[0]["actions"][0]["value"] == "v1:somebody-elses"


def test_people_cannot_click_what_they_do_not_see(slack: Workspace, app: BoltApp, posted: Message) -> None:
    with pytest.raises(RefusedError, match="Ines Ortega is not in success"):
        posted.click("Claim", by="U0INES")
    with pytest.raises(RefusedError, match="Leo Brandt is deactivated"):
        posted.click("Claim", by="U0LEO")
    with pytest.raises(RefusedError, match="has no element"):
        slack.act("click", user="U0EVA", channel="C0SUCCESS", ts=posted.ts, action_id="shout")
    assert app.heard == []


def test_a_click_in_an_ephemeral_message_names_it_without_sending_it(
    slack: Workspace, app: BoltApp, web: WebClient
) -> None:
    app.bolt.action("claim")(app.keep)
    web.chat_postEphemeral(channel="C0SUCCESS", user="U0EVA", text="psst", blocks=card())
    (note,) = slack.ephemerals("U0EVA", "success")
    note.click("Claim", by="U0EVA")

    (body,) = app.heard
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    respond(body["response_url"], {"text": "better", "replace_original": True})
    assert note.text == "better"
    respond(body["response_url"], {"delete_original": True})
    assert not note.exists


def test_in_a_thread_the_container_names_the_thread(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    app.bolt.action("claim")(app.keep)
    parent = web.chat_postMessage(channel="C0SUCCESS", text="parent")["ts"]
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=card(), thread_ts=parent)["ts"]
    Message(slack, "U0EVA", "C0SUCCESS", ts).click("Claim", by="U0EVA")

    assert app.heard[0]["container"]["thread_ts"] == parent


def test_outsiders_click_buttons_but_have_no_commands_and_shortcuts(
    slack: Workspace, app: BoltApp, web: WebClient
) -> None:
    app.bolt.action("claim")(app.keep)
    slack.change("channel", id="C0ACME", members=["U0DAN", "U0OLGA", "U0BATON"])
    ts = web.chat_postMessage(channel="C0ACME", text="x", blocks=card())["ts"]

    assert Message(slack, "U0OLGA", "C0ACME", ts).click("Claim", by="U0OLGA").ok
    assert app.heard[0]["user"]["team_id"] == "T0OTHER"
    assert app.heard[0]["team"]["id"] == "T0LOCAL"
    assert slack.command("U0OLGA", channel="acme-project").error == "app_not_available"
    assert slack.shortcut("U0OLGA", "open_form").error == "app_not_available"
    assert Message(slack, "U0OLGA", "C0ACME", ts).shortcut("from_message", by="U0OLGA").error == "app_not_available"


def test_in_an_organisation_a_click_names_it_and_perhaps_another_workspace_of_the_person(
    slack: Workspace, app: BoltApp, web: WebClient
) -> None:
    app.bolt.action("claim")(app.keep)
    app.bolt.command("/handoff")(app.keep)
    slack.change("team", enterprise_id="E0NORTH", enterprise_name="North")
    slack.change("user", id="U0EVA", team_id="T0EMEA", team_ids=["T0LOCAL", "T0EMEA"], enterprise_id="E0NORTH")
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=card())["ts"]

    assert Message(slack, "U0EVA", "C0SUCCESS", ts).click("Claim", by="U0EVA").ok
    assert slack.command("U0EVA", channel="success").ok
    click, command = app.heard
    assert (click["team"]["id"], click["user"]["team_id"]) == ("T0LOCAL", "T0EMEA")
    assert click["enterprise"] == {"id": "E0NORTH", "name": "North"}
    assert (command["team_id"], command["enterprise_id"]) == ("T0LOCAL", "E0NORTH")


def test_private_channels_and_direct_messages_hide_their_names(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    app.bolt.action("claim")(app.keep)
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0BATON"])
    for channel in ("C0LEADS", "U0ANA"):
        posted = web.chat_postMessage(channel=channel, text="x", blocks=card())
        Message(slack, "U0ANA", posted["channel"], posted["ts"]).click("Claim", by="U0ANA")

    assert [body["channel"]["name"] for body in app.heard] == ["privategroup", "directmessage"]


def test_a_command_is_flat_and_names_people_and_channels_by_id(slack: Workspace, app: BoltApp) -> None:
    app.bolt.command("/handoff")(app.keep)
    app.bolt.command("/plain")(app.keep)
    slack.command("U0BEN", "@eva #support a & <b> payload", channel="sales")
    slack.command("U0BEN", "@eva & co", channel="sales", command="/plain")

    escaped, plain = app.heard
    assert escaped["text"] == "<@U0EVA|eva> <#C0SUPPORT|support> a &amp; &lt;b&gt; payload"
    assert plain["text"] == "@eva & co"
    assert (escaped["channel_id"], escaped["channel_name"], escaped["user_name"]) == ("C0SALES", "sales", "ben")
    assert escaped["command"] == "/handoff"


def test_a_response_url_answers_the_person_alone_unless_told_otherwise(
    slack: Workspace, app: BoltApp, posted: Message
) -> None:
    posted.click("Claim", by="U0EVA")
    url = app.heard[0]["response_url"]

    assert respond(url, {"text": "only you"}) == (200, "ok")
    assert respond(url, {"text": "everybody", "response_type": "in_channel"}) == (200, "ok")
    assert respond(url, {"replace_original": True, "text": "new", "blocks": [section("new")]}) == (200, "ok")
    assert [note.text for note in slack.ephemerals("U0EVA", "success")] == ["only you"]
    assert slack.find("U0DAN", "success", "everybody").exists
    assert posted.text == "new"
    assert respond(url, {"delete_original": True}) == (200, "ok")
    assert not posted.exists


def test_a_response_url_is_good_for_five_answers(slack: Workspace, app: BoltApp, posted: Message) -> None:
    posted.click("Claim", by="U0EVA")
    url = app.heard[0]["response_url"]
    answers = [respond(url, {"text": str(n)}) for n in range(6)]
    assert answers == [*[(200, "ok")] * 5, (404, "used_url")]


def test_a_response_url_is_good_for_thirty_minutes(slack: Workspace, app: BoltApp, posted: Message) -> None:
    posted.click("Claim", by="U0EVA")
    url = app.heard[0]["response_url"]
    slack.wait(minutes=29)
    assert respond(url, {"text": "in time"}) == (200, "ok")
    slack.wait(minutes=2)
    assert respond(url, {"text": "late"}) == (404, "expired_url")


def test_an_unanswered_click_is_an_operation_timeout_after_three_seconds(
    slack: Workspace, app: BoltApp, posted: Message
) -> None:
    app.forget()
    slack.patience(1)
    answer = posted.click("Claim", by="U0EVA")

    assert (answer.ok, answer.error) == (False, "operation_timeout")
    assert 2900 < answer.took_ms < 20_000, "a busy machine is late, but not by the ten times of other tests"


def test_what_a_person_types_is_escaped_and_becomes_rich_text(slack: Workspace, app: BoltApp) -> None:
    said = slack.message("U0BEN", "<@U0ANA> <!everyone> & more", channel="sales")

    assert said.text == "<@U0ANA> &lt;!everyone&gt; &amp; more"
    (section,) = said.blocks[0]["elements"]
    assert section["elements"] == [
        {"type": "user", "user_id": "U0ANA"},
        {"type": "text", "text": " <!everyone> & more"},
    ]
    assert len(slack.alerts("U0ANA")) == 1
    assert slack.alerts("U0DAN") == []


def test_a_select_in_a_message_brings_state_and_choice(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    app.bolt.action("who")(app.keep)
    select: Json = {"type": "users_select", "action_id": "who"}
    blocks = [{**section("Assign"), "block_id": "assign", "accessory": select}]
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=blocks)["ts"]
    slack.act("click", user="U0DAN", channel="C0SUCCESS", ts=ts, action_id="who", value="U0EVA")

    body: Any = app.heard[0]
    assert body["actions"][0]["selected_user"] == "U0EVA"
    assert body["state"]["values"]["assign"]["who"] == {"type": "users_select", "selected_user": "U0EVA"}


def test_people_who_press_in_one_moment_all_reach_the_app(app: BoltApp, posted: Message) -> None:
    place = {"act": "click", "channel": "C0SUCCESS", "ts": posted.ts, "action_id": "claim"}
    acts = [{**place, "user": "U0EVA"}, {**place, "user": "U0FARID"}]
    answers = posted.workspace.post("/control/together", {"acts": acts})["answers"]

    assert [answer["ok"] for answer in answers] == [True, True]
    assert {body["user"]["id"] for body in app.heard} == {"U0EVA", "U0FARID"}
