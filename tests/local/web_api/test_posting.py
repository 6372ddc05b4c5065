"""Messages the app posts, changes and deletes, with Slack's errors for what it may not do."""

import json

from slack_sdk import WebClient

from tests.local.bolt_app import error_of
from tests.local.sample_blocks import card, section
from tests.slack_client import Json, Workspace


def test_a_posted_message_is_seen_by_members_only(slack: Workspace, web: WebClient) -> None:
    posted = web.chat_postMessage(channel="C0SUCCESS", text="Acme renewal", blocks=card())

    assert slack.find("U0EVA", "success", "Acme").ts == posted["ts"]
    assert "C0SUCCESS" not in {channel["id"] for channel in slack.sees("U0JONAS")["channels"]}


def test_every_block_and_button_gets_an_id_as_slack_gives_them(slack: Workspace, web: WebClient) -> None:
    posted = web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=[section("one"), section("two")])

    first, second = posted["message"]["blocks"]
    assert first["block_id"]
    assert first["block_id"] != second["block_id"]


def test_timestamps_in_a_channel_only_grow(slack: Workspace, web: WebClient) -> None:
    slack.rate_limits(enabled=False)
    stamps = [web.chat_postMessage(channel="C0SUCCESS", text=str(n))["ts"] for n in range(5)]
    slack.advance(-3600)
    stamps.append(web.chat_postMessage(channel="C0SUCCESS", text="earlier?")["ts"])

    assert stamps == sorted(set(stamps))


def test_a_persons_id_opens_the_direct_message_with_them(slack: Workspace, web: WebClient) -> None:
    posted = web.chat_postMessage(channel="U0EVA", text="You have it")

    assert posted["channel"].startswith("D")
    assert [message.text for message in slack.dms("U0EVA")] == ["You have it"]
    assert slack.alerts("U0EVA") == ["Baton: You have it"]
    assert slack.dms("U0DAN") == []


def test_a_message_without_words_or_blocks_is_refused(slack: Workspace, web: WebClient) -> None:
    arguments = {"channel": "C0SUCCESS", "blocks": []}
    assert error_of(web.api_call, api_method="chat.postMessage", json=arguments) == "no_text"


def test_channels_the_app_cannot_use_answer_with_slacks_words(slack: Workspace, web: WebClient) -> None:
    slack.change("channel", id="C0SALES", is_archived=True)
    slack.change("user", id="U0EVA", deleted=True)

    answers = {
        channel: error_of(web.chat_postMessage, channel=channel, text="x")
        for channel in ("C0NOWHERE", "C0LEADS", "C0GENERAL", "C0SALES", "U0EVA")
    }
    assert answers == {
        "C0NOWHERE": "channel_not_found",
        "C0LEADS": "channel_not_found",
        "C0GENERAL": "not_in_channel",
        "C0SALES": "is_archived",
        "U0EVA": "user_disabled",
    }


def test_with_the_public_scope_the_app_posts_where_it_is_no_member(slack: Workspace, web: WebClient) -> None:
    slack.change("scopes", granted=["chat:write", "chat:write.public"])

    assert web.chat_postMessage(channel="C0GENERAL", text="x")["ok"]
    assert error_of(web.chat_postMessage, channel="C0LEADS", text="x") == "channel_not_found"


def test_an_update_with_text_alone_takes_the_blocks_away_and_says_edited(slack: Workspace, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=card())["ts"]
    web.chat_update(channel="C0SUCCESS", ts=ts, text="done", metadata={})

    raw = slack.find("U0EVA", "success", "done").raw
    assert raw["blocks"] == []
    assert raw["edited"]["user"] == "U0BATON"


def test_an_update_with_blocks_leaves_no_edited_mark_and_keeps_the_metadata(slack: Workspace, web: WebClient) -> None:
    metadata = {"event_type": "card_posted", "event_payload": {"handoff_id": "1"}}
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=card(), metadata=metadata)["ts"]
    web.chat_update(channel="C0SUCCESS", ts=ts, text="y", blocks=card("*Changed*"))

    raw = slack.find("U0EVA", "success", "Changed").raw
    assert "edited" not in raw
    assert raw["metadata"] == metadata


def test_empty_metadata_in_an_update_removes_it(slack: Workspace, web: WebClient) -> None:
    metadata = {"event_type": "card_posted", "event_payload": {"handoff_id": "1"}}
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x", metadata=metadata)["ts"]
    web.api_call("chat.update", json={"channel": "C0SUCCESS", "ts": ts, "text": "y", "metadata": {}})

    assert "metadata" not in slack.find("U0EVA", "success", "y").raw


def test_updates_that_slack_refuses(slack: Workspace, web: WebClient) -> None:
    own = web.chat_postMessage(channel="C0SUCCESS", text="x")["ts"]
    theirs = slack.message("U0EVA", "mine", channel="success").ts
    note = web.chat_postEphemeral(channel="C0SUCCESS", user="U0EVA", text="psst")["message_ts"]

    def refused(ts: str, text: str = "y", channel: str = "C0SUCCESS") -> str:
        return error_of(web.chat_update, channel=channel, ts=ts, text=text)

    assert refused("1.000001") == "message_not_found"
    assert refused(theirs) == "cant_update_message"
    assert refused(note) == "message_not_found"
    assert refused(own, "y" * 4001) == "msg_too_long"
    assert refused(own, channel="U0EVA") == "channel_not_found"
    slack.change("channel", id="C0SUCCESS", is_archived=True)
    assert refused(own) == "is_inactive"


def test_metadata_that_is_no_metadata_is_refused(slack: Workspace, web: WebClient) -> None:
    def refused(metadata: object) -> str:
        arguments = {"channel": "C0SUCCESS", "text": "x", "metadata": metadata}
        return error_of(web.api_call, api_method="chat.postMessage", json=arguments)

    assert refused("{not json") == "invalid_metadata_format"
    assert refused([1]) == "invalid_metadata_format"
    assert refused({"event_type": "card posted!", "event_payload": {}}) == "invalid_metadata_schema"
    assert refused({"event_type": "card_posted"}) == "invalid_metadata_schema"
    big: Json = {"event_type": "card_posted", "event_payload": {"note": "x" * 9000}}
    assert refused(big) == "metadata_too_large"


def test_an_ephemeral_message_needs_its_reader_in_the_channel(slack: Workspace, web: WebClient) -> None:
    web.chat_postEphemeral(channel="C0SUCCESS", user="U0EVA", text="only you")

    assert [note.text for note in slack.ephemerals("U0EVA", "success")] == ["only you"]
    assert slack.ephemerals("U0DAN", "success") == []
    refused = error_of(web.chat_postEphemeral, channel="C0SUCCESS", user="U0JONAS", text="x")
    assert refused == "user_not_in_channel"


def test_a_deleted_message_is_gone_and_its_replies_stay(slack: Workspace, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0SUCCESS", text="card")["ts"]
    web.chat_postMessage(channel="C0SUCCESS", text="reply", thread_ts=ts)
    web.chat_delete(channel="C0SUCCESS", ts=ts)

    assert "card" not in [message.text for message in slack.messages("U0EVA", "success")]
    assert [message.text for message in slack.messages("U0EVA", "success", thread_ts=ts)] == ["reply"]
    assert error_of(web.chat_delete, channel="C0SUCCESS", ts=ts) == "message_not_found"


def test_a_persons_message_cannot_be_deleted_by_the_app(slack: Workspace, web: WebClient) -> None:
    said = slack.message("U0EVA", "mine", channel="success")
    assert error_of(web.chat_delete, channel="C0SUCCESS", ts=said.ts) == "cant_delete_message"


def test_permalinks_lead_to_the_page_and_name_a_replys_thread(slack: Workspace, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0SUCCESS", text="card")["ts"]
    reply = web.chat_postMessage(channel="C0SUCCESS", text="reply", thread_ts=ts)["ts"]

    digits = ts.replace(".", "")
    link = web.chat_getPermalink(channel="C0SUCCESS", message_ts=ts)["permalink"]
    assert link == f"{slack.base_url}/archives/C0SUCCESS/p{digits}"
    deep = web.chat_getPermalink(channel="C0SUCCESS", message_ts=reply)["permalink"]
    assert deep.endswith(f"?thread_ts={ts}&cid=C0SUCCESS")
    assert error_of(web.chat_getPermalink, channel="C0SUCCESS", message_ts="1.0") == "message_not_found"


def test_mentions_alert_the_mentioned_members_and_nobody_else(slack: Workspace, web: WebClient) -> None:
    slack.rate_limits(enabled=False)
    web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=[section("<@U0EVA> has it, <@U0JONAS> is elsewhere")])
    assert [bool(slack.alerts(user)) for user in ("U0EVA", "U0DAN", "U0JONAS")] == [True, False, False]

    web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=[section("<!subteam^S0CS> please")])
    assert len(slack.alerts("U0EVA")) == 2
    assert len(slack.alerts("U0DAN")) == 1
    assert slack.alerts("U0BEN") == []


def test_the_words_at_channel_ping_everybody_unless_the_text_is_verbatim_or_escaped(
    slack: Workspace, web: WebClient
) -> None:
    slack.rate_limits(enabled=False)
    web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=[section("&lt;!channel&gt; @everyone")])
    assert slack.alerts("U0BEN") == []
    web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=[section("hello @everyone", verbatim=False)])
    assert len(slack.alerts("U0BEN")) == 1
    web.chat_postMessage(channel="C0SUCCESS", text="<!channel> x")
    assert len(slack.alerts("U0BEN")) == 2


def test_rich_text_pings_by_its_user_group_and_broadcast_elements(slack: Workspace, web: WebClient) -> None:
    def post(element: Json) -> None:
        section = {"type": "rich_text_section", "elements": [element]}
        block = {"type": "rich_text", "elements": [section]}
        web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=[block])

    post({"type": "text", "text": "@channel <!channel>"})
    assert slack.alerts("U0EVA") == []
    post({"type": "user", "user_id": "U0EVA"})
    post({"type": "usergroup", "usergroup_id": "S0CS"})
    post({"type": "broadcast", "range": "channel"})
    assert [len(slack.alerts(user)) for user in ("U0EVA", "U0DAN", "U0BEN")] == [3, 2, 1]


def test_unread_messages_count_until_they_are_read(slack: Workspace, web: WebClient) -> None:
    def unread() -> int:
        (channel,) = [c for c in slack.sees("U0EVA")["channels"] if c["id"] == "C0SUCCESS"]
        return int(channel["unread"])

    web.chat_postMessage(channel="C0SUCCESS", text="one")
    assert unread() == 1
    slack.act("read", user="U0EVA", channel="C0SUCCESS")
    assert unread() == 0


def test_arguments_may_come_as_form_query_or_json(slack: Workspace, web: WebClient) -> None:
    blocks = json.dumps([section("in a form")])
    web.api_call("chat.postMessage", data={"channel": "C0SUCCESS", "text": "x", "blocks": blocks})
    web.api_call("chat.postMessage", params={"channel": "C0SUCCESS", "text": "in a query"})
    web.api_call("chat.postMessage", json={"channel": "C0SUCCESS", "text": "in json"})

    for words in ("in a form", "in a query", "in json"):
        assert slack.find("U0EVA", "success", words).exists
