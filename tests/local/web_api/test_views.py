"""Modals and Home tabs: trigger ids, stacks, hashes."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.local.bolt_app import BoltApp, error_of
from tests.local.sample_blocks import button, modal, text_field
from tests.slack_client import Json, Workspace


@pytest.fixture
def triggers(slack: Workspace, app: BoltApp) -> list[str]:
    """Two fresh trigger ids of Ben's shortcuts."""
    app.bolt.shortcut("open_form")(app.keep)
    for _ in range(2):
        slack.shortcut("U0BEN", "open_form")
    return [body["trigger_id"] for body in app.heard]


def home(text: str = "Hello") -> Json:
    return {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


def test_a_trigger_opens_one_view_only(slack: Workspace, web: WebClient, triggers: list[str]) -> None:
    web.views_open(trigger_id=triggers[0], view=modal())

    assert error_of(web.views_open, trigger_id=triggers[0], view=modal()) == "exchanged_trigger_id"
    assert error_of(web.views_open, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"


def test_a_trigger_lives_three_seconds_of_real_time(slack: Workspace, web: WebClient, triggers: list[str]) -> None:
    slack.advance(3600)
    web.views_open(trigger_id=triggers[0], view=modal())
    slack.patience(1)
    time.sleep(3.05)

    assert error_of(web.views_open, trigger_id=triggers[1], view=modal()) == "expired_trigger_id"


def test_a_wrong_view_does_not_use_the_trigger_up(slack: Workspace, web: WebClient, triggers: list[str]) -> None:
    assert error_of(web.views_open, trigger_id=triggers[0], view={"type": "modal"}) == "invalid_arguments"
    assert error_of(web.views_open, trigger_id=triggers[0], view=home()) == "invalid_arguments"
    big = modal(blocks=[text_field(f"f{n}", "x" * 2000) for n in range(99)], private_metadata="x" * 60_000)
    assert error_of(web.views_open, trigger_id=triggers[0], view=big) == "view_too_large"
    assert web.views_open(trigger_id=triggers[0], view=modal())["ok"]


def test_an_update_needs_the_hash_it_saw(slack: Workspace, web: WebClient, triggers: list[str]) -> None:
    opened = web.views_open(trigger_id=triggers[0], view=modal(external_id="form-1"))["view"]
    updated = web.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Two"))["view"]

    assert updated["hash"] != opened["hash"]
    stale = error_of(web.views_update, view_id=opened["id"], hash=opened["hash"], view=modal("Three"))
    assert stale == "hash_conflict"
    assert error_of(web.views_update, view_id="V0NONE", view=modal()) == "not_found"


def test_a_view_can_be_found_by_its_external_id_which_nobody_else_may_have(
    slack: Workspace, web: WebClient, triggers: list[str]
) -> None:
    web.views_open(trigger_id=triggers[0], view=modal(external_id="form-1"))
    again = error_of(web.views_open, trigger_id=triggers[1], view=modal(external_id="form-1"))

    assert again == "duplicate_external_id"
    assert web.views_update(external_id="form-1", view=modal("Found"))["ok"]
    assert slack.modal("U0BEN").title == "Found"


def test_a_closed_view_can_no_longer_be_updated(slack: Workspace, web: WebClient, triggers: list[str]) -> None:
    opened = web.views_open(trigger_id=triggers[0], view=modal())["view"]
    slack.modal("U0BEN").close()
    assert error_of(web.views_update, view_id=opened["id"], view=modal()) == "not_found"


def test_three_views_are_the_deepest_stack(slack: Workspace, app: BoltApp) -> None:
    deeper = {"type": "actions", "block_id": "row", "elements": [button("Deeper", "deeper")]}
    errors: list[str] = []

    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=[deeper]))
        ack()

    @app.bolt.action("deeper")
    def pushed(ack: Any, client: WebClient, body: Any) -> None:
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(blocks=[deeper]))
        except SlackApiError as error:
            errors.append(error.response["error"])
        ack()

    slack.shortcut("U0BEN", "open_form")
    for _ in range(3):
        slack.modal("U0BEN").click("Deeper")

    stack = slack.views("U0BEN")
    assert len(stack) == 3
    assert errors == ["push_limit_reached"]
    assert stack[2].raw["previous_view_id"] == stack[1].id
    assert stack[2].raw["root_view_id"] == stack[0].id
    stack[2].close()
    assert len(slack.views("U0BEN")) == 2


def test_a_push_needs_a_trigger_from_inside_a_view(slack: Workspace, web: WebClient, triggers: list[str]) -> None:
    assert error_of(web.views_push, trigger_id=triggers[0], view=modal()) == "not_found"


def test_initial_values_are_the_state_of_a_fresh_form(slack: Workspace, web: WebClient, triggers: list[str]) -> None:
    select = {
        "type": "static_select",
        "action_id": "value",
        "options": [{"text": {"type": "plain_text", "text": "High"}, "value": "high"}],
    }
    priority = {
        "type": "input",
        "block_id": "priority",
        "label": {"type": "plain_text", "text": "Priority"},
        "element": {**select, "initial_option": select["options"][0]},
    }
    web.views_open(
        trigger_id=triggers[0], view=modal(blocks=[text_field("title", "Title", initial_value="Acme"), priority])
    )

    values = slack.modal("U0BEN").values
    assert values["title"]["value"] == {"type": "plain_text_input", "value": "Acme"}
    assert values["priority"]["value"]["selected_option"]["value"] == "high"


def test_a_home_tab_is_published_and_guarded_by_its_hash(slack: Workspace, web: WebClient) -> None:
    first = web.views_publish(user_id="U0EVA", view=home())["view"]
    web.views_publish(user_id="U0EVA", view=home("Again"), hash=first["hash"])

    assert slack.sees("U0EVA")["home"]["blocks"][0]["text"]["text"] == "Again"
    assert error_of(web.views_publish, user_id="U0EVA", view=home(), hash=first["hash"]) == "hash_conflict"
    assert error_of(web.views_publish, user_id="U0NOBODY", view=home()) == "user_not_found"


def test_opening_the_home_tab_tells_the_app(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    app.bolt.event("app_home_opened")(app.keep)
    web.views_publish(user_id="U0EVA", view=home())
    slack.home("U0EVA")

    event = app.heard[0]["event"]
    assert (event["user"], event["tab"]) == ("U0EVA", "home")
    assert event["view"]["type"] == "home"
