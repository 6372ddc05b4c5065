"""What Slack refuses of buttons, menus and inputs, one payload for each."""

from typing import Any

from slackapp.local.blockkit.problem import Surface
from slackapp.local.blockkit.surfaces import problems
from tests.local.blockkit.builders import actions, asked, button, confirm, message, modal, mrkdwn, option, plain, select
from tests.tables import check_rows

Bad = tuple[str, str, dict[str, Any]]  # the rule, the pointer below what stands there, and what stands there

# Among the elements of an actions block.
BAD_ELEMENTS: dict[str, Bad] = {
    "an action_id over 255": ("too_long", "/action_id", button(action_id="x" * 256)),
    "a text input among buttons": ("not_allowed_here", "", {"type": "plain_text_input", "action_id": "a"}),
    "an unknown element": ("unknown_type", "", {"type": "knob"}),
    "a button text over 75": ("too_long", "/text/text", button("x" * 76)),
    "a button text in mrkdwn": ("plain_text_needed", "/text/type", {"type": "button", "text": mrkdwn("x")}),
    "a button value over 2000": ("too_long", "/value", button(value="x" * 2001)),
    "a button address over 3000": ("too_long", "/url", button(url="x" * 3001)),
    "a button in an unknown style": ("not_one_of", "/style", button(style="default")),
    "a spoken label over 75": ("too_long", "/accessibility_label", button(accessibility_label="x" * 76)),
    "a confirm title over 100": ("too_long", "/confirm/title/text", button(confirm=confirm(title=plain("x" * 101)))),
    "a confirm text over 300": ("too_long", "/confirm/text/text", button(confirm=confirm(text=plain("x" * 301)))),
    "a confirm button over 30": ("too_long", "/confirm/deny/text", button(confirm=confirm(deny=plain("x" * 31)))),
    "a confirm dialog without a way out": (
        "required",
        "/confirm",
        button(confirm={"title": plain("x"), "text": plain("x"), "confirm": plain("x")}),
    ),
    "a group of options without a name": (
        "required",
        "/option_groups/0",
        {"type": "static_select", "option_groups": [{"options": [option()]}]},
    ),
    "a group's name over 75": (
        "too_long",
        "/option_groups/0/label/text",
        {"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": [option()]}]},
    ),
    "more than 100 groups": (
        "too_many",
        "/option_groups",
        {"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()]}] * 101},
    ),
    "an initial option that is in no group": (
        "option_not_listed",
        "/initial_option",
        {
            "type": "static_select",
            "option_groups": [{"label": plain("x"), "options": [option(1)]}],
            "initial_option": option(2),
        },
    ),
    "an overflow menu of six": ("too_many", "/options", {"type": "overflow", "options": [option(n) for n in range(6)]}),
    "an overflow menu of none": ("too_few", "/options", {"type": "overflow", "options": []}),
    "an option text over 75": ("too_long", "/options/0/text/text", select(options=[option(text=plain("x" * 76))])),
    "an option value over 150": ("too_long", "/options/0/value", select(options=[option(value="x" * 151)])),
    "an option description over 75": (
        "too_long",
        "/options/0/description/text",
        select(options=[option(description=plain("x" * 76))]),
    ),
    "an option address outside an overflow menu": (
        "unknown_key",
        "/options/0",
        select(options=[option(url="https://x")]),
    ),
    "a menu option in mrkdwn": (
        "plain_text_needed",
        "/options/0/text/type",
        select(options=[option(text=mrkdwn("x"))]),
    ),
    "more than 100 options": ("too_many", "/options", select(options=[option(n) for n in range(101)])),
    "options and groups at once": (
        "exactly_one",
        "",
        select(option_groups=[{"label": plain("x"), "options": [option()]}]),
    ),
    "a menu without options": ("exactly_one", "", {"type": "static_select"}),
    "an initial option that is not on offer": (
        "option_not_listed",
        "/initial_option",
        select(initial_option=option(9)),
    ),
    "a placeholder over 150": ("too_long", "/placeholder/text", select(placeholder=plain("x" * 151))),
    "a placeholder in mrkdwn": ("plain_text_needed", "/placeholder/type", select(placeholder=mrkdwn("x"))),
}
# As the element of an input block.
BAD_INPUTS: dict[str, Bad] = {
    "a button in an input": ("not_allowed_here", "", button()),
    "a max_length over 3000": ("out_of_range", "/max_length", {"type": "plain_text_input", "max_length": 3001}),
    "a min_length over 3000": ("out_of_range", "/min_length", {"type": "plain_text_input", "min_length": 3001}),
    "a min_length above max_length": (
        "out_of_range",
        "/min_length",
        {"type": "plain_text_input", "min_length": 3, "max_length": 2},
    ),
    "an initial text over max_length": (
        "too_long",
        "/initial_value",
        {"type": "plain_text_input", "max_length": 2, "initial_value": "xxx"},
    ),
    "more than 10 checkboxes": (
        "too_many",
        "/options",
        {"type": "checkboxes", "options": [option(n) for n in range(11)]},
    ),
    "more than 10 radio buttons": (
        "too_many",
        "/options",
        {"type": "radio_buttons", "options": [option(n) for n in range(11)]},
    ),
    "an initial tick that is not on offer": (
        "option_not_listed",
        "/initial_options/0",
        {"type": "checkboxes", "options": [option()], "initial_options": [option(2)]},
    ),
    "more chosen than may be": (
        "too_many",
        "/initial_users",
        {"type": "multi_users_select", "initial_users": ["U1", "U2"], "max_selected_items": 1},
    ),
    "a date that is no date": ("bad_format", "/initial_date", {"type": "datepicker", "initial_date": "20.11.2026"}),
    "a time that is no time": ("bad_format", "/initial_time", {"type": "timepicker", "initial_time": "25:00"}),
    "an instant in milliseconds": (
        "out_of_range",
        "/initial_date_time",
        {"type": "datetimepicker", "initial_date_time": 1793000000000},
    ),
    "a number that does not say whether it may be broken": ("required", "", {"type": "number_input"}),
    "a number as a number": (
        "wrong_type",
        "/min_value",
        {"type": "number_input", "is_decimal_allowed": True, "min_value": 1},
    ),
    "min_lines above max_lines": (
        "out_of_range",
        "/min_lines",
        {"type": "rich_text_input", "min_lines": 9, "max_lines": 8},
    ),
    "an eleventh file": ("out_of_range", "/max_files", {"type": "file_input", "max_files": 11}),
    "a conversation of an unknown sort": (
        "not_one_of",
        "/filter/include/0",
        {"type": "conversations_select", "filter": {"include": ["dm"]}},
    ),
    "dispatch on an unknown key press": (
        "not_one_of",
        "/dispatch_action_config/trigger_actions_on/0",
        {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_blur"]}},
    ),
}

BAD: dict[str, tuple[str, str, Surface, dict[str, Any]]] = {
    **{
        name: (rule, f"/blocks/0/elements/0{at}", "message", message(actions(element)))
        for name, (rule, at, element) in BAD_ELEMENTS.items()
    },
    **{
        name: (rule, f"/blocks/0/element{at}", "modal", modal(asked(element)))
        for name, (rule, at, element) in BAD_INPUTS.items()
    },
}


def test_slack_refuses() -> None:
    def check(name: str) -> None:
        rule, pointer, surface, payload = BAD[name]
        assert [(one.rule, one.pointer) for one in problems(payload, surface)] == [(rule, pointer)]

    check_rows(BAD, check)
