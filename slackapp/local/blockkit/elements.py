"""Interactive elements and their limits.

Sources: docs.slack.dev/reference/block-kit/block-elements, one page per element; slack_sdk 3.47 where it says the same.
"""

from typing import Final

from slackapp.local.blockkit.composition import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    ID,
    IMAGE_URL,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    URL,
)
from slackapp.local.blockkit.rich_text import RICH_TEXT
from slackapp.local.blockkit.rules import (
    exactly_one,
    initial_among_options,
    initial_items_fit,
    initial_value_fits,
    lines_in_order,
)
from slackapp.local.blockkit.schema import Flag, Integer, ListOf, Rule, Shape, String, TextObject, Value

_DATE: Final = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME: Final = r"([01]\d|2[0-3]):[0-5]\d"
_NUMBER: Final = r"-?\d+(\.\d+)?"
_SLACK_ID: Final = String()
_SLACK_IDS: Final = ListOf(of=String(), fewest=0)


def _element(*rules: Rule, **fields: Value) -> Shape:
    """Describe an element that has an action_id and may have the focus."""
    common = {"type": Value(), "action_id": ID, "focus_on_load": Flag()}
    return Shape(fields={**common, **fields}, rules=rules)


def _menu(*rules: Rule, **fields: Value) -> Shape:
    """Describe a select menu: placeholder at most 150, and a confirm dialog."""
    return _element(*rules, placeholder=TextObject(most=150, plain=True), confirm=CONFIRM, **fields)


def _multi_menu(*rules: Rule, **fields: Value) -> Shape:
    return _menu(initial_items_fit, *rules, max_selected_items=Integer(low=1, high=100), **fields)


def _typed_input(*rules: Rule, **fields: Value) -> Shape:
    """Describe an input that is typed into and may send block_actions while it is typed."""
    return _element(
        *rules, placeholder=TextObject(most=150, plain=True), dispatch_action_config=DISPATCH_CONFIG, **fields
    )


_CONVERSATIONS: Final = {
    "filter": CONVERSATION_FILTER,
    "default_to_current_conversation": Flag(),
}
_STATIC: Final = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_CHOICES: Final = ListOf(of=RICH_OPTION, most=10, required=True)  # checkboxes and radio buttons: at most 10
_MIN_QUERY: Final = Integer(low=0, high=255)

# plain_text_input: min_length at most 3000 per the docs; max_length the same by Slack's schema.
_INPUTS: Final = {
    "plain_text_input": _typed_input(
        initial_value_fits,
        initial_value=String(most=3000, fewest=0),
        multiline=Flag(),
        min_length=Integer(low=0, high=3000),
        max_length=Integer(low=1, high=3000),
    ),
    "rich_text_input": _typed_input(
        lines_in_order,
        initial_value=RICH_TEXT,
        min_lines=Integer(low=1, high=100),
        max_lines=Integer(low=1, high=100),
    ),
    "email_text_input": _typed_input(initial_value=String(fewest=0)),
    "url_text_input": _typed_input(initial_value=String(fewest=0)),
    "number_input": _typed_input(
        is_decimal_allowed=Flag(required=True),
        initial_value=String(pattern=_NUMBER),
        min_value=String(pattern=_NUMBER),
        max_value=String(pattern=_NUMBER),
    ),
    "file_input": _element(filetypes=ListOf(of=String()), max_files=Integer(low=1, high=10)),
}

_PICKERS: Final = {
    "datepicker": _menu(initial_date=String(pattern=_DATE)),
    "timepicker": _menu(initial_time=String(pattern=_TIME), timezone=String()),
    "datetimepicker": _element(confirm=CONFIRM, initial_date_time=Integer(low=1_000_000_000, high=9_999_999_999)),
}

_SELECTS: Final = {
    "static_select": _menu(
        exactly_one("options", "option_groups"), initial_among_options, **_STATIC, initial_option=OPTION
    ),
    "external_select": _menu(initial_option=OPTION, min_query_length=_MIN_QUERY),
    "users_select": _menu(initial_user=_SLACK_ID),
    "conversations_select": _menu(initial_conversation=_SLACK_ID, response_url_enabled=Flag(), **_CONVERSATIONS),
    "channels_select": _menu(initial_channel=_SLACK_ID, response_url_enabled=Flag()),
}

_MULTI_SELECTS: Final = {
    "multi_static_select": _multi_menu(
        exactly_one("options", "option_groups"),
        initial_among_options,
        **_STATIC,
        initial_options=ListOf(of=OPTION, most=100),
    ),
    "multi_external_select": _multi_menu(initial_options=ListOf(of=OPTION, most=100), min_query_length=_MIN_QUERY),
    "multi_users_select": _multi_menu(initial_users=_SLACK_IDS),
    "multi_conversations_select": _multi_menu(initial_conversations=_SLACK_IDS, **_CONVERSATIONS),
    "multi_channels_select": _multi_menu(initial_channels=_SLACK_IDS),
}

_CHOOSERS: Final = {
    "checkboxes": _element(
        initial_among_options, options=_CHOICES, initial_options=ListOf(of=RICH_OPTION, most=10), confirm=CONFIRM
    ),
    "radio_buttons": _element(initial_among_options, options=_CHOICES, initial_option=RICH_OPTION, confirm=CONFIRM),
}

_LABEL: Final = String(most=75)  # accessibility_label

_BUTTONS: Final = {
    "button": Shape(
        fields={
            "type": Value(),
            "text": TextObject(most=75, plain=True, required=True),
            "action_id": ID,
            "value": String(most=2000, fewest=0),
            "url": URL,
            "style": String(choices=("primary", "danger")),
            "confirm": CONFIRM,
            "accessibility_label": _LABEL,
            "visible_to_user_ids": ListOf(of=String(), most=10),  # documented for icon_button; the same is assumed here
        }
    ),
    # One option is enough since 2025; the older documentation said two.
    "overflow": Shape(
        fields={
            "type": Value(),
            "action_id": ID,
            "options": ListOf(of=OVERFLOW_OPTION, most=5, required=True),
            "confirm": CONFIRM,
        }
    ),
    "workflow_button": Shape(
        fields={
            "type": Value(),
            "text": TextObject(most=75, plain=True, required=True),
            "action_id": ID,
            "workflow": Value(required=True),
            "style": String(choices=("primary", "danger")),
            "accessibility_label": _LABEL,
        }
    ),
}

_FEEDBACK: Final = Shape(
    fields={
        "text": TextObject(most=75, plain=True, required=True),
        "value": String(most=2000, required=True),
        "accessibility_label": _LABEL,
    }
)
_CONTEXT_ACTIONS: Final = {
    "feedback_buttons": Shape(
        fields={
            "type": Value(),
            "action_id": ID,
            "positive_button": Shape(fields=_FEEDBACK.fields, required=True),
            "negative_button": Shape(fields=_FEEDBACK.fields, required=True),
        }
    ),
    "icon_button": Shape(
        fields={
            "type": Value(),
            "action_id": ID,
            "icon": String(choices=("trash",), required=True),
            "text": TextObject(most=75, plain=True, required=True),
            "value": String(most=2000),
            "confirm": CONFIRM,
            "accessibility_label": _LABEL,
            "visible_to_user_ids": ListOf(of=String(), most=10),
        }
    ),
}

IMAGE_ELEMENT: Final = Shape(
    fields={
        "type": Value(),
        "image_url": IMAGE_URL,
        "slack_file": SLACK_FILE,
        "alt_text": String(most=2000, required=True),
    },
    rules=(exactly_one("image_url", "slack_file"),),
)

ELEMENTS: Final = {
    **_INPUTS,
    **_PICKERS,
    **_SELECTS,
    **_MULTI_SELECTS,
    **_CHOOSERS,
    **_BUTTONS,
    **_CONTEXT_ACTIONS,
    "image": IMAGE_ELEMENT,
}

IN_INPUT: Final = frozenset({*_INPUTS, *_PICKERS, *_SELECTS, *_MULTI_SELECTS, *_CHOOSERS})
# Slack's pages disagree about multi-selects and rich_text_input in an actions block; the stricter reading is kept.
IN_ACTIONS: Final = frozenset({*_BUTTONS, *_PICKERS, *_SELECTS, *_CHOOSERS})
IN_SECTION: Final = frozenset({*_BUTTONS, "datepicker", "timepicker", *_SELECTS, *_MULTI_SELECTS, *_CHOOSERS, "image"})
IN_CONTEXT_ACTIONS: Final = frozenset(_CONTEXT_ACTIONS)
