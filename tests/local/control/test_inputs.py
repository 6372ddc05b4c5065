"""What people can enter, what of it tells the app at once, and what Slack's own form refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.local.bolt_app import BoltApp
from tests.local.sample_blocks import modal, option
from tests.slack_client import Json, Modal, RefusedError, Workspace

COLOURS = [option("Red", "red"), option("Green", "green"), option("Blue", "blue")]
OpenForm = Callable[..., Modal]


def field(element: Json, **more: Any) -> Json:
    inner = {"action_id": "value", **element}
    label = {"type": "plain_text", "text": "Field"}
    return {"type": "input", "block_id": "field", "label": label, "element": inner, **more}


@pytest.fixture
def open_form(slack: Workspace, app: BoltApp) -> OpenForm:
    """Ben opens a form with these blocks; what he does in it is kept."""

    def open_form(*blocks: Json, **more: Any) -> Modal:
        @app.bolt.shortcut("open_form")
        def opened(ack: Any, client: WebClient, body: Any) -> None:
            client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=list(blocks), **more))
            ack()

        app.bolt.view("form")(app.keep)
        app.bolt.action("value")(app.keep)
        assert slack.shortcut("U0BEN", "open_form").ok
        return slack.modal("U0BEN")

    return open_form


TELLING: list[tuple[Json, Any, Json]] = [
    ({"type": "static_select", "options": COLOURS}, "red", {"selected_option": COLOURS[0]}),
    ({"type": "radio_buttons", "options": COLOURS}, "green", {"selected_option": COLOURS[1]}),
    ({"type": "checkboxes", "options": COLOURS}, ["red", "blue"], {"selected_options": [COLOURS[0], COLOURS[2]]}),
    ({"type": "checkboxes", "options": COLOURS, "initial_options": COLOURS[:1]}, [], {"selected_options": []}),
    ({"type": "multi_static_select", "options": COLOURS}, ["blue"], {"selected_options": [COLOURS[2]]}),
    ({"type": "users_select"}, "U0ANA", {"selected_user": "U0ANA"}),
    ({"type": "multi_users_select"}, ["U0ANA", "U0EVA"], {"selected_users": ["U0ANA", "U0EVA"]}),
    ({"type": "datepicker"}, "2027-02-28", {"selected_date": "2027-02-28"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "datetimepicker"}, 1_800_000_000, {"selected_date_time": 1_800_000_000}),
    ({"type": "plain_text_input"}, "Acme", {"value": "Acme"}),
    ({"type": "number_input", "is_decimal_allowed": True}, 2.5, {"value": "2.5"}),
]


@pytest.mark.parametrize(("element", "value", "told"), TELLING, ids=lambda one: str(one)[:40])
def test_a_field_that_dispatches_tells_the_app_at_once(
    app: BoltApp, open_form: OpenForm, element: Json, value: Any, told: Json
) -> None:
    form = open_form(field(element, dispatch_action=True))

    assert form.choose("Field", value).ok

    heard = app.heard[-1]
    (action,) = heard["actions"]
    assert action.items() >= {"type": element["type"], "block_id": "field", "action_id": "value", **told}.items()
    assert heard["view"]["state"]["values"]["field"]["value"] == {"type": element["type"], **told}
    assert form.values["field"]["value"] == {"type": element["type"], **told}


@pytest.mark.parametrize("element", [one[0] for one in TELLING], ids=lambda one: str(one["type"]))
def test_a_field_that_does_not_dispatch_tells_nothing_before_the_form_is_sent(
    app: BoltApp, open_form: OpenForm, element: Json
) -> None:
    form = open_form(field(element))

    with pytest.raises(RefusedError, match="no dispatch_action"):
        form.choose("Field", None)

    assert app.heard == []


def test_what_was_typed_elsewhere_comes_with_a_choice_that_dispatches(app: BoltApp, open_form: OpenForm) -> None:
    select = field({"type": "static_select", "options": COLOURS}, dispatch_action=True)
    other = {
        **field({"type": "plain_text_input"}),
        "block_id": "other",
        "label": {"type": "plain_text", "text": "Other"},
    }
    form = open_form(select, other)

    form.fill({"Other": "half a sen"}).choose("Field", "red")

    assert app.heard[-1]["view"]["state"]["values"]["other"]["value"]["value"] == "half a sen"


BOUNDED: Json = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "10"}
PRECISE: Json = {"type": "number_input", "is_decimal_allowed": True, "min_value": "-0.5"}
REFUSED: list[tuple[Json, Any, str]] = [
    (BOUNDED, "0", "Please enter 1 or more."),
    (BOUNDED, "11", "Please enter 10 or less."),
    (BOUNDED, "1.5", "Please enter a valid number."),
    (BOUNDED, "ten", "Please enter a valid number."),
    (PRECISE, "-0.51", "Please enter -0.5 or more."),
    (PRECISE, "1e3", "Please enter a valid number."),
    ({"type": "url_text_input"}, "example.org", "Please enter an address that begins with https://."),
    ({"type": "email_text_input"}, "nobody", "Please enter an e-mail address."),
    ({"type": "plain_text_input", "min_length": 5}, "abc", "Please enter at least 5 characters."),
    ({"type": "plain_text_input", "max_length": 2}, "abc", "Please enter at most 2 characters."),
    ({"type": "multi_static_select", "options": COLOURS}, [], "Please complete this required field."),
    ({"type": "checkboxes", "options": COLOURS}, [], "Please complete this required field."),
    ({"type": "radio_buttons", "options": COLOURS}, None, "Please complete this required field."),
]


@pytest.mark.parametrize(("element", "value", "sentence"), REFUSED, ids=lambda one: str(one)[:50])
def test_what_slacks_own_form_refuses_never_reaches_the_app(
    app: BoltApp, open_form: OpenForm, element: Json, value: Any, sentence: str
) -> None:
    form = open_form(field(element))

    assert form.submit({"Field": value}).error == "form_not_complete"

    assert form.errors == {"field": sentence}
    assert app.heard == []


@pytest.mark.parametrize(("element", "value"), [(BOUNDED, "1"), (BOUNDED, 10), (PRECISE, "-0.5"), (PRECISE, 1000.25)])
def test_a_number_within_its_bounds_is_taken(app: BoltApp, open_form: OpenForm, element: Json, value: Any) -> None:
    assert open_form(field(element)).submit({"Field": value}).ok

    assert app.heard[-1]["view"]["state"]["values"]["field"]["value"]["value"] == str(value)


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "multi_static_select", "options": COLOURS, "max_selected_items": 1}, ["red", "blue"]),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U0ANA", "U0EVA"]),
        ({"type": "static_select", "options": COLOURS}, "pink"),
        ({"type": "datepicker"}, "2027-02-30"),
        ({"type": "datepicker"}, "tomorrow"),
        ({"type": "timepicker"}, "25:00"),
        ({"type": "datetimepicker"}, "2027-02-28"),
        ({"type": "datepicker"}, {"type": "datepicker", "selected_date": "28.2.2027"}),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_nobody_could_choose_in_slack_cannot_be_chosen_here(
    open_form: OpenForm, element: Json, value: Any
) -> None:
    form = open_form(field(element))

    with pytest.raises(RefusedError):
        form.submit({"Field": value})


@pytest.mark.parametrize("clear", [False, True])
def test_closing_a_form_tells_the_app_nothing_of_what_was_typed(
    slack: Workspace, app: BoltApp, open_form: OpenForm, clear: bool
) -> None:
    select = field({"type": "static_select", "options": COLOURS, "initial_option": COLOURS[0]}, dispatch_action=True)
    form = open_form(select, notify_on_close=True)
    app.bolt.view_closed("form")(app.keep)
    form.choose("Field", "red")
    typed = app.heard[-1]["view"]["state"]["values"]

    assert slack.act("close", user="U0BEN", view_id=form.id, clear=clear).ok

    closed = app.heard[-1]
    assert typed
    assert closed["type"] == "view_closed"
    assert closed["is_cleared"] is clear
    assert closed["view"]["state"] == {"values": {}}
    assert closed["view"]["blocks"][0]["block_id"] == "field"
