"""What Slack takes, and one payload for each thing it refuses of blocks and whole payloads."""

from typing import Any

from slackapp.local.blockkit.problem import BlockKitProblem, Surface
from slackapp.local.blockkit.surfaces import problems
from tests.local.blockkit.builders import (
    NOTE,
    WORD,
    actions,
    asked,
    button,
    confirm,
    home,
    in_emoji,
    message,
    modal,
    mrkdwn,
    option,
    plain,
    rich,
    rich_section,
    section,
    select,
)
from tests.tables import check_rows

EVERY_INPUT: list[dict[str, Any]] = [
    {"type": "plain_text_input", "multiline": True, "max_length": 3000, "initial_value": "x" * 3000},
    {"type": "rich_text_input", "initial_value": NOTE},
    {"type": "email_text_input", "placeholder": plain("you@example.org")},
    {"type": "url_text_input", "initial_value": "https://example.org"},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": "9"},
    {"type": "datepicker", "initial_date": "2026-11-20"},
    {"type": "timepicker", "initial_time": "09:30", "timezone": "Europe/Berlin"},
    {"type": "datetimepicker", "initial_date_time": 1793000000},
    select(initial_option=option(2)),
    {"type": "static_select", "option_groups": [{"label": plain("Group"), "options": [option()]}]},
    {"type": "external_select", "min_query_length": 0, "initial_option": option(7)},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "conversations_select", "filter": {"include": ["public"]}, "default_to_current_conversation": True},
    {"type": "channels_select"},
    {"type": "multi_static_select", "options": [option()], "initial_options": [option()], "max_selected_items": 1},
    {"type": "multi_external_select"},
    {"type": "multi_users_select", "initial_users": ["U1", "U2"]},
    {"type": "multi_conversations_select"},
    {"type": "multi_channels_select"},
    {
        "type": "checkboxes",
        "options": [{"text": mrkdwn("*Told*"), "value": "y", "description": mrkdwn("_so_")}],
    },
    {"type": "radio_buttons", "options": [option(n) for n in range(10)]},
    {"type": "file_input", "max_files": 10},
]
CARD = message(
    {"type": "header", "text": plain("Acme renewal")},
    section("*Acme*", block_id="a", accessory=button(), fields=[mrkdwn("x" * 2000)] * 2),
    {"type": "context", "elements": [mrkdwn("Due soon"), {"type": "image", "image_url": "https://x", "alt_text": "x"}]},
    {"type": "divider"},
    NOTE,
    actions(
        button(style="primary", value="v1:1", confirm=confirm(style="danger")),
        button("Open", action_id="open", url="https://example.org"),
        {"type": "overflow", "action_id": "more", "options": [option(1, url="https://example.org")]},
    ),
    {"type": "image", "image_url": "https://x", "alt_text": "A chart", "title": plain("Chart")},
    metadata={"event_type": "handoff_posted", "event_payload": {"handoff_id": "1", "version": 3}},
)

GOOD: dict[str, tuple[Surface, dict[str, Any]]] = {
    "a card with everything on it": ("message", CARD),
    "a message that is only text": ("message", {"channel": "C1", "text": "Hello"}),
    "a message that is taken away": ("message", {"delete_original": True}),
    "metadata that is taken away": ("message", {"text": "Hello", "metadata": {}}),
    "a summary in markdown and a table": (
        "message",
        message(
            {"type": "markdown", "text": "**x**"}, {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
        ),
    ),
    "a form with every input": ("modal", modal(*[asked(one, block_id=f"b{n}") for n, one in enumerate(EVERY_INPUT)])),
    "a modal without inputs needs no submit": (
        "modal",
        {"type": "modal", "title": plain("Wait"), "blocks": [section(), {"type": "alert", "text": plain("Mind")}]},
    ),
    "a Home tab": ("home", home(section(), callback_id="home", private_metadata="")),
    "fifty blocks in a message": ("message", message(*[section()] * 50)),
    "a hundred blocks in a modal": ("modal", modal(*[section()] * 100)),
}


def test_slack_takes() -> None:
    def check(name: str) -> None:
        surface, payload = GOOD[name]
        assert problems(payload, surface) == []

    check_rows(GOOD, check)


Bad = tuple[str, str, Any]  # the rule, the pointer below what stands there, and what stands there

# As a block of a message.
BAD_BLOCKS: dict[str, Bad] = {
    "a block that is no object": ("wrong_type", "", "x"),
    "a block without type": ("required", "", {}),
    "an unknown block": ("unknown_type", "", {"type": "sections"}),
    "a block nobody described here": ("not_modelled", "", {"type": "carousel"}),
    "an alert in a message": ("not_allowed_here", "", {"type": "alert", "text": plain("x")}),
    "a key Slack does not know": ("unknown_key", "", section(color="red")),
    "emoji on mrkdwn": ("unknown_key", "/text", {"type": "section", "text": {**mrkdwn("x"), "emoji": True}}),
    "a block_id over 255": ("too_long", "/block_id", section(block_id="x" * 256)),
    "an action_id used twice in a block": ("duplicate_action_id", "/elements/1/action_id", actions(button(), button())),
    "a section without text and fields": ("at_least_one", "", {"type": "section"}),
    "a section over 3000": ("too_long", "/text/text", section("x" * 3001)),
    "an empty text": ("too_short", "/text/text", section("")),
    "a text of an unknown kind": (
        "unknown_type",
        "/text/type",
        {"type": "section", "text": {"type": "md", "text": "x"}},
    ),
    "a text that is a string": ("wrong_type", "/text", {"type": "section", "text": "x"}),
    "more than 10 fields": ("too_many", "/fields", {"type": "section", "fields": [plain("x")] * 11}),
    "a field over 2000": ("too_long", "/fields/0/text", {"type": "section", "fields": [plain("x" * 2001)]}),
    "an input as accessory": (
        "not_allowed_here",
        "/accessory",
        section(accessory={"type": "plain_text_input", "action_id": "a"}),
    ),
    "a header over 150": ("too_long", "/text/text", {"type": "header", "text": plain("x" * 151)}),
    "a header in mrkdwn": ("plain_text_needed", "/text/type", {"type": "header", "text": mrkdwn("x")}),
    "more than 10 things in a context": ("too_many", "/elements", {"type": "context", "elements": [plain("x")] * 11}),
    "an empty context": ("too_few", "/elements", {"type": "context", "elements": []}),
    "a button in a context": ("unknown_type", "/elements/0", {"type": "context", "elements": [button()]}),
    "more than 25 buttons": ("too_many", "/elements", actions(*[button(action_id=f"a{n}") for n in range(26)])),
    "an image without words": ("required", "", {"type": "image", "image_url": "https://x"}),
    "an image from two places": (
        "exactly_one",
        "",
        {"type": "image", "alt_text": "x", "image_url": "https://x", "slack_file": {"id": "F1"}},
    ),
    "an image address over 3000": (
        "too_long",
        "/image_url",
        {"type": "image", "alt_text": "x", "image_url": "x" * 3001},
    ),
    "an alt text over 2000": ("too_long", "/alt_text", {"type": "image", "alt_text": "x" * 2001, "image_url": "x"}),
    "a context text over 3000": (
        "too_long",
        "/elements/0/text",
        {"type": "context", "elements": [plain("x" * 3001)]},
    ),
    "six things to do in a context": (
        "too_many",
        "/elements",
        {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "icon": "trash", "text": plain("Away"), "action_id": f"a{n}"} for n in range(6)
            ],
        },
    ),
    "an icon other than the bin": (
        "not_one_of",
        "/elements/0/icon",
        {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "star", "text": plain("x")}]},
    ),
    "a video's title of 200": (
        "too_long",
        "/title/text",
        {"type": "video", "alt_text": "x", "title": plain("x" * 200), "thumbnail_url": "x", "video_url": "x"},
    ),
    "markdown over 12000": ("too_long", "/text", {"type": "markdown", "text": "x" * 12_001}),
    "a table of 21 columns": (
        "too_many",
        "/rows/0",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]},
    ),
    "a table of 101 rows": (
        "too_many",
        "/rows",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101},
    ),
    "a card body over 200": ("too_long", "/body/text", {"type": "card", "body": plain("x" * 201)}),
    "rich text of an unknown part": ("unknown_type", "/elements/0", rich({"type": "rich_text_table", "elements": []})),
    "rich text with an unknown word": ("unknown_type", "/elements/0/elements/0", rich(rich_section({"type": "word"}))),
    "a rich link without address": (
        "required",
        "/elements/0/elements/0",
        rich(rich_section({"type": "link", "text": "x"})),
    ),
    "an empty rich word": (
        "too_short",
        "/elements/0/elements/0/text",
        rich(rich_section({"type": "text", "text": ""})),
    ),
    "a rich style nobody knows": (
        "unknown_key",
        "/elements/0/elements/0/style",
        rich(rich_section({**WORD, "style": {"loud": True}})),
    ),
    "a list without bullets or numbers": (
        "required",
        "/elements/0",
        rich({"type": "rich_text_list", "elements": [rich_section(WORD)]}),
    ),
    "a list item that is no section": (
        "unknown_type",
        "/elements/0/elements/0",
        rich({"type": "rich_text_list", "style": "bullet", "elements": [WORD]}),
    ),
    "a mention in code": (
        "not_allowed_here",
        "/elements/0/elements/0",
        rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}),
    ),
    "rich text of nothing": ("too_few", "/elements", rich()),
}
# As a whole payload.
BAD_PAYLOADS: dict[str, tuple[str, str, Surface, dict[str, Any]]] = {
    "blocks without text for screen readers": ("text_missing", "/text", "message", {"blocks": [section()]}),
    "a message that says nothing": ("no_text", "", "message", {"text": " "}),
    "a text over 40000": ("too_long", "/text", "message", {"text": "x" * 40_001}),
    "more than 50 blocks in a message": ("too_many", "/blocks", "message", message(*[section()] * 51)),
    "more than 100 blocks in a modal": ("too_many", "/blocks", "modal", modal(*[section()] * 101)),
    "more than 100 blocks in a Home tab": ("too_many", "/blocks", "home", home(*[section()] * 101)),
    "more than 100 attachments": ("too_many", "/attachments", "message", message(section(), attachments=[{}] * 101)),
    "a bad block in an attachment": (
        "required",
        "/attachments/0/blocks/0",
        "message",
        message(section(), attachments=[{"blocks": [{"type": "header"}]}]),
    ),
    "texts of all blocks over 13200": (
        "msg_blocks_too_long",
        "/blocks",
        "message",
        message(*[section("x" * 2700)] * 5),
    ),
    "blocks that are no list": ("wrong_type", "/blocks", "message", {"text": "x", "blocks": "[]"}),
    "markdown in a modal": ("not_allowed_here", "/blocks/0", "modal", modal({"type": "markdown", "text": "x"})),
    "a table in a Home tab": (
        "not_allowed_here",
        "/blocks/0",
        "home",
        home({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}),
    ),
    "a block_id used twice": (
        "duplicate_block_id",
        "/blocks",
        "message",
        message(section(block_id="x"), section(block_id="x")),
    ),
    "markdown over 12000 together": (
        "too_long",
        "/blocks",
        "message",
        message(*[{"type": "markdown", "text": "x" * 6001}] * 2),
    ),
    "two tables": (
        "several_tables",
        "/blocks",
        "message",
        message(*[{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2),
    ),
    "an alert over 200": (
        "too_long",
        "/blocks/0/text/text",
        "modal",
        modal({"type": "alert", "text": plain("x" * 201)}),
    ),
    "an alert of an unknown level": (
        "not_one_of",
        "/blocks/0/level",
        "modal",
        modal({"type": "alert", "text": plain("x"), "level": "loud"}),
    ),
    "an input without label": (
        "required",
        "/blocks/0",
        "modal",
        modal({"type": "input", "element": {"type": "users_select"}}),
    ),
    "an input without element": ("required", "/blocks/0", "modal", modal({"type": "input", "label": plain("x")})),
    "a label over 2000": (
        "too_long",
        "/blocks/0/label/text",
        "modal",
        modal(asked({"type": "users_select"}, label=plain("x" * 2001))),
    ),
    "a hint over 2000": (
        "too_long",
        "/blocks/0/hint/text",
        "modal",
        modal(asked({"type": "users_select"}, hint=plain("x" * 2001))),
    ),
    "a flag that is a word": (
        "wrong_type",
        "/blocks/0/optional",
        "modal",
        modal(asked({"type": "users_select"}, optional="yes")),
    ),
    "an input in a modal without submit": (
        "submit_missing",
        "/submit",
        "modal",
        {"type": "modal", "title": plain("x"), "blocks": [asked({"type": "users_select"})]},
    ),
    "two elements that want the focus": (
        "several_focus",
        "/blocks",
        "modal",
        modal(*[asked({"type": "users_select", "focus_on_load": True})] * 2),
    ),
    "a modal without title": ("required", "", "modal", {"type": "modal", "blocks": [section()]}),
    "a title over 24": ("too_long", "/title/text", "modal", modal(section(), title=plain("x" * 25))),
    "a submit over 24": ("too_long", "/submit/text", "modal", modal(section(), submit=plain("x" * 25))),
    "a close over 24": ("too_long", "/close/text", "modal", modal(section(), close=plain("x" * 25))),
    "a title in mrkdwn": ("plain_text_needed", "/title/type", "modal", modal(section(), title=mrkdwn("x"))),
    "a modal that says it is a Home tab": ("not_one_of", "/type", "modal", modal(section(), type="home")),
    "a modal of no blocks": ("too_few", "/blocks", "modal", modal()),
    "a callback_id over 255": ("too_long", "/callback_id", "modal", modal(section(), callback_id="x" * 256)),
    "an external_id over 255": ("too_long", "/external_id", "modal", modal(section(), external_id="x" * 256)),
    "private_metadata over 3000": (
        "too_long",
        "/private_metadata",
        "modal",
        modal(section(), private_metadata="x" * 3001),
    ),
    "a view over 250 kB": ("view_too_large", "", "modal", modal(*[section("x" * 3000)] * 84)),
    "a Home tab with a title": ("unknown_key", "", "home", home(section(), title=plain("x"))),
    "attachments that are no list": ("wrong_type", "/attachments", "message", {"text": "x", "attachments": {}}),
    "metadata that is a list": ("wrong_type", "/metadata", "message", {"text": "x", "metadata": [1]}),
    "metadata without a type": ("required", "/metadata", "message", {"text": "x", "metadata": {"event_payload": {}}}),
    "metadata of a type in capitals": (
        "bad_format",
        "/metadata/event_type",
        "message",
        {"text": "x", "metadata": {"event_type": "Posted", "event_payload": {}}},
    ),
    "metadata with a key in capitals": (
        "bad_format",
        "/metadata/event_payload/handoffId",
        "message",
        {"text": "x", "metadata": {"event_type": "a", "event_payload": {"handoffId": 1}}},
    ),
    "metadata that is nested": (
        "not_flat",
        "/metadata/event_payload/a",
        "message",
        {"text": "x", "metadata": {"event_type": "a", "event_payload": {"a": {"b": 1}}}},
    ),
    "metadata over a kilobyte": (
        "metadata_too_large",
        "/metadata",
        "message",
        {"text": "x", "metadata": {"event_type": "a", "event_payload": {"a": "x" * 1000}}},
    ),
}

BAD: dict[str, tuple[str, str, Surface, dict[str, Any]]] = {
    **{name: (rule, f"/blocks/0{at}", "message", message(block)) for name, (rule, at, block) in BAD_BLOCKS.items()},
    **BAD_PAYLOADS,
}


TOO_LONG = [name for name, (rule, *_) in BAD.items() if rule in {"too_long", "msg_blocks_too_long"}]


def test_slack_counts_an_emoji_as_two() -> None:
    def check(name: str) -> None:
        rule, pointer, surface, payload = BAD[name]
        assert in_emoji(payload) != payload
        assert [(one.rule, one.pointer) for one in problems(in_emoji(payload), surface)] == [(rule, pointer)]

    check_rows([name for name in TOO_LONG if in_emoji(BAD[name][3]) != BAD[name][3]], check)
    assert len(TOO_LONG) > 20


def test_slack_refuses() -> None:
    def check(name: str) -> None:
        rule, pointer, surface, payload = BAD[name]
        found = problems(payload, surface)
        assert [(one.rule, one.pointer) for one in found] == [(rule, pointer)]
        assert found[0].message

    check_rows(BAD, check)


def test_a_problem_reads_like_slacks_own_words() -> None:
    problem = BlockKitProblem(pointer="/blocks/0/text", rule="too_long", message="must have at most 150 characters")

    assert str(problem) == "[ERROR] must have at most 150 characters [json-pointer:/blocks/0/text]"


def test_a_pointer_escapes_the_signs_it_is_made_of() -> None:
    payload = {"text": "x", "metadata": {"event_type": "a", "event_payload": {"a/b~c": 1}}}

    assert [one.pointer for one in problems(payload, "message")] == ["/metadata/event_payload/a~1b~0c"]
