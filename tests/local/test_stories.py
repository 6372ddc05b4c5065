"""Whole conversations over real Socket Mode."""

from collections.abc import Iterator
from typing import Any

from slack_sdk import WebClient

from tests.local.bolt_app import BoltApp
from tests.local.sample_blocks import button, card, modal, option, section, text_field
from tests.slack_client import Json, Workspace


def test_a_command_opens_a_form_whose_submit_posts_a_card_that_somebody_claims(slack: Workspace, app: BoltApp) -> None:
    @app.bolt.command("/handoff")
    def command(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @app.bolt.view("form")
    def submitted(ack: Any, client: WebClient, view: Any) -> None:
        title = view["state"]["values"]["title"]["value"]["value"]
        ack()
        client.chat_postMessage(channel="C0SUCCESS", text=title, blocks=card(title))

    @app.bolt.action("claim")
    def claimed(ack: Any, client: WebClient, body: Any) -> None:
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        client.chat_update(channel=channel, ts=ts, text="taken", blocks=[section(f"<@{body['user']['id']}> has it")])
        ack()

    assert slack.command("U0BEN", channel="sales").ok
    form = slack.modal("U0BEN")
    assert form.title == "Hand off"
    assert form.fields == ["Title", "Note"]
    assert form.submit({"Title": "Acme", "note": "call Ana"}).ok
    assert slack.views("U0BEN") == []

    posted = slack.find("U0DAN", "success", "Acme")
    assert set(posted.buttons) == {"Claim"}
    assert posted.menu == ["Put back", "Edit"]
    assert posted.click("Claim", by="U0EVA").ok
    assert "<@U0EVA> has it" in posted.all_text()
    assert posted.buttons == {}


def test_an_answer_in_a_commands_acknowledgement_is_seen_by_that_person_only(slack: Workspace, app: BoltApp) -> None:
    @app.bolt.command("/handoff")
    def command(ack: Any) -> None:
        ack("Usage: /handoff help")

    assert slack.command("U0BEN", "help", channel="sales").ok

    assert [m.text for m in slack.ephemerals("U0BEN", "sales")] == ["Usage: /handoff help"]
    assert slack.ephemerals("U0ANA", "sales") == []


def test_a_form_with_a_wrong_field_stays_open_and_keeps_what_was_typed(slack: Workspace, app: BoltApp) -> None:
    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @app.bolt.view("form")
    def submitted(ack: Any) -> None:
        ack(response_action="errors", errors={"title": "Say which customer"})

    slack.shortcut("U0BEN", "open_form")
    form = slack.modal("U0BEN")
    form.submit({"title": "x", "note": "y"})

    assert form.errors == {"title": "Say which customer"}
    assert form.values["note"]["value"]["value"] == "y"


def test_a_required_field_left_empty_never_reaches_the_app(slack: Workspace, app: BoltApp) -> None:
    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    slack.shortcut("U0BEN", "open_form")
    answer = slack.modal("U0BEN").submit({"title": "x"})

    assert answer.error == "form_not_complete"
    assert list(slack.modal("U0BEN").errors) == ["note"]
    assert slack.calls("view_submission") == []


def test_forms_can_be_updated_pushed_and_cleared_by_the_answer_to_a_submit(slack: Workspace, app: BoltApp) -> None:
    steps: Iterator[Json] = iter(
        [
            {"response_action": "update", "view": modal("Second")},
            {"response_action": "push", "view": modal("Third")},
            {"response_action": "clear"},
        ]
    )

    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal("First"))
        ack()

    @app.bolt.view("form")
    def submitted(ack: Any) -> None:
        ack(**next(steps))

    slack.shortcut("U0BEN", "open_form")
    values = {"title": "x", "note": "y"}
    slack.modal("U0BEN").submit(values)
    assert [view.title for view in slack.views("U0BEN")] == ["Second"]
    slack.modal("U0BEN").submit(values)
    assert [view.title for view in slack.views("U0BEN")] == ["Second", "Third"]
    slack.modal("U0BEN").submit(values)
    assert slack.views("U0BEN") == []


def test_a_closed_form_tells_the_app_only_if_the_app_asked(slack: Workspace, app: BoltApp) -> None:
    views = iter([modal(notify_on_close=True), modal()])

    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=next(views))
        ack()

    app.bolt.view_closed("form")(app.keep)
    for _ in range(2):
        slack.shortcut("U0BEN", "open_form")
        slack.modal("U0BEN").close()

    assert [(body["type"], body["is_cleared"]) for body in app.heard] == [("view_closed", False)]


def test_a_select_with_search_offers_what_the_app_answers(slack: Workspace, app: BoltApp) -> None:
    select = {"type": "external_select", "action_id": "value", "min_query_length": 0}
    label = {"type": "plain_text", "text": "Queue"}
    field = {"type": "input", "block_id": "queue", "label": label, "element": select}

    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=[field]))
        ack()

    @app.bolt.options("value")
    def offered(ack: Any, body: Any) -> None:
        typed = body["value"]
        ack(options=[{"text": {"type": "plain_text", "text": f"Queue {typed}"}, "value": typed}])

    app.bolt.view("form")(app.keep)
    slack.shortcut("U0BEN", "open_form")
    form = slack.modal("U0BEN")
    assert form.suggest("Queue", "success") == ["success"]
    assert form.submit({"Queue": "success"}).ok

    chosen = app.heard[0]["view"]["state"]["values"]["queue"]["value"]["selected_option"]
    assert chosen == {"text": {"type": "plain_text", "text": "Queue success"}, "value": "success"}


def test_more_options_than_slack_shows_are_refused(slack: Workspace, app: BoltApp) -> None:
    select = {"type": "external_select", "action_id": "value", "min_query_length": 0}
    label = {"type": "plain_text", "text": "Queue"}
    field = {"type": "input", "block_id": "queue", "label": label, "element": select}

    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=[field]))
        ack()

    @app.bolt.options("value")
    def offered(ack: Any) -> None:
        ack(options=[option(f"Queue {n}", str(n)) for n in range(101)])

    slack.shortcut("U0BEN", "open_form")
    place = {"block_id": "queue", "action_id": "value"}
    answer = slack.act("suggest", user="U0BEN", view_id=slack.modal("U0BEN").id, value="", **place)
    assert answer.error == "invalid_options"


def test_a_message_shortcut_brings_the_whole_message(slack: Workspace, app: BoltApp) -> None:
    app.bolt.shortcut("from_message")(app.keep)
    said = slack.message("U0BEN", "Acme & <!channel> sign today", channel="sales")
    assert said.shortcut("from_message", by="U0ANA").ok

    (body,) = app.heard
    assert body["message"]["text"] == "Acme &amp; &lt;!channel&gt; sign today"
    assert body["message"]["user"] == "U0BEN"
    assert body["channel"] == {"id": "C0SALES", "name": "sales"}
    assert body["message_ts"] == said.ts
    assert body["response_url"].startswith(slack.base_url)


def test_a_button_in_a_form_brings_what_was_typed_and_the_form_keeps_it(slack: Workspace, app: BoltApp) -> None:
    row = {"type": "actions", "block_id": "row", "elements": [button("Preview", "preview")]}

    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=[text_field("title", "Title"), row]))
        ack()

    @app.bolt.action("preview")
    def preview(ack: Any, client: WebClient, body: Any) -> None:
        app.heard.append(body)
        view = modal("Preview", blocks=[text_field("title", "Title"), row])
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
        ack()

    slack.shortcut("U0BEN", "open_form")
    form = slack.modal("U0BEN")
    assert form.click("Preview", {"Title": "Acme"}).ok

    assert app.heard[0]["container"] == {"type": "view", "view_id": form.id}
    assert app.heard[0]["view"]["state"]["values"]["title"]["value"]["value"] == "Acme"
    assert form.title == "Preview"
    assert form.values["title"]["value"]["value"] == "Acme"
