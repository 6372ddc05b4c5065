"""Every limit from both sides: Slack takes the longest and refuses one more. Of a bare object nothing may miss."""

from collections.abc import Callable
from typing import Any

from slackapp.local.blockkit.surfaces import problems
from tests.local.blockkit.builders import (
    WORD,
    actions,
    asked,
    button,
    confirm,
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

Payload = dict[str, Any]
Build = Callable[[Any], Payload]
TYPED = ["plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input"]
PICKED = ["datepicker", "timepicker"]
CHOSEN = ["external_select", "users_select", "conversations_select", "channels_select"]
SEVERAL = ["multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"]
EXTRAS: dict[str, Payload] = {
    "number_input": {"is_decimal_allowed": True},
    "static_select": {"options": [option()]},
    "multi_static_select": {"options": [option()]},
}
WITH_PLACEHOLDER = [*TYPED, *PICKED, *CHOSEN, *SEVERAL, "static_select", "multi_static_select"]


def form(kind: str, **more: Any) -> Payload:
    return modal(asked({"type": kind, **EXTRAS.get(kind, {}), **more}))


def sized(kind: str, field: str, make: Callable[[Any], Any] = lambda n: n) -> Build:
    """Make the form whose input of that kind has that field made of what is given."""
    return lambda n: form(kind, **{field: make(n)})


def posted(**block: Any) -> Payload:
    return message(block)


def pressed(**more: Any) -> Payload:
    return message(actions(button(**more)))


def words(length: int) -> Payload:
    return plain("x" * length)


LIST: Payload = {"type": "rich_text_list", "style": "bullet", "elements": [rich_section(WORD)]}

# fmt: off
LONGEST: dict[str, tuple[int, Build]] = {
    **{f"placeholder of {kind}": (150, sized(kind, "placeholder", words)) for kind in WITH_PLACEHOLDER},
    "initial text": (3000, lambda n: form("plain_text_input", initial_value="x" * n)),
    "min_lines": (100, lambda n: form("rich_text_input", min_lines=n)),
    "max_lines": (100, lambda n: form("rich_text_input", max_lines=n)),
    "confirm button": (30, lambda n: pressed(confirm=confirm(confirm=words(n)))),
    "people who see a button": (10, lambda n: pressed(visible_to_user_ids=["U1"] * n)),
    "options of a group": (100, lambda n: modal(asked(
        {"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()] * n}]}))),
    "letters before a search": (255, lambda n: form("external_select", min_query_length=n)),
    "instant": (9_999_999_999, lambda n: form("datetimepicker", initial_date_time=n)),
    **{f"choices in {kind}": (100, sized(kind, "max_selected_items"))
       for kind in [*SEVERAL, "multi_static_select"]},
    "initial options": (100, lambda n: form("multi_static_select", initial_options=[option()] * n)),
    "initial options from outside": (100, lambda n: form("multi_external_select", initial_options=[option()] * n)),
    "tick's text": (75, lambda n: form("checkboxes", options=[option(text=words(n))])),
    "tick's value": (150, lambda n: form("checkboxes", options=[option(value="x" * n)])),
    "tick's description": (75, lambda n: form("checkboxes", options=[option(description=words(n))])),
    "option's address": (3000, lambda n: message(actions({"type": "overflow", "options": [option(url="x" * n)]}))),
    "alt text in a section": (2000, lambda n: message(
        section(accessory={"type": "image", "image_url": "x", "alt_text": "x" * n}))),
    "workflow button": (75, lambda n: message(actions({"type": "workflow_button", "workflow": {}, "text": words(n)}))),
    "icon button's text": (75, lambda n: icon(text=words(n))),
    "icon button's value": (2000, lambda n: icon(value="x" * n)),
    "people who see an icon": (10, lambda n: icon(visible_to_user_ids=["U1"] * n)),
    "feedback text": (75, lambda n: feedback(text=words(n))),
    "feedback value": (2000, lambda n: feedback(value="x" * n)),
    "heading level": (4, lambda n: posted(type="header", text=plain("x"), level=n)),
    "mrkdwn in a context": (3000, lambda n: posted(type="context", elements=[mrkdwn("x" * n)])),
    "image title": (2000, lambda n: posted(type="image", image_url="x", alt_text="x", title=words(n))),
    "column settings": (20, lambda n: table(column_settings=[{"align": "left"}] * n)),
    "video author": (49, lambda n: video(author_name="x" * n)),
    "video description": (200, lambda n: video(description=words(n))),
    "card title": (150, lambda n: posted(type="card", title=words(n))),
    "card subtitle": (150, lambda n: posted(type="card", title=words(1), subtitle=words(n))),
    "card buttons": (25, lambda n: posted(type="card", actions=[button()] * n)),
    "blocks of an attachment": (50, lambda n: {"text": "x", "attachments": [{"blocks": [section()] * n}]}),
    "list indent": (8, lambda n: message(rich({**LIST, "indent": n}))),
    "list border": (1, lambda n: message(rich({**LIST, "border": n}))),
    "skin tone": (6, lambda n: message(rich(rich_section({"type": "emoji", "name": "wave", "skin_tone": n})))),
}
# fmt: on


def icon(**more: Any) -> Payload:
    return posted(
        type="context_actions",
        elements=[{"type": "icon_button", "icon": "trash", "text": plain("Away"), "action_id": "a", **more}],
    )


def feedback(**more: Any) -> Payload:
    return opinions(positive_button={"text": plain("Good"), "value": "1", **more})


def table(**more: Any) -> Payload:
    return posted(type="table", rows=[[{"type": "raw_text", "text": "x"}]], **more)


def video(**more: Any) -> Payload:
    needed = {"alt_text": "x", "title": plain("x"), "thumbnail_url": "x", "video_url": "x"}
    return posted(type="video", **needed, **more)


def test_slack_takes_the_longest_and_refuses_one_more() -> None:
    def rules(payload: Payload) -> list[str]:
        return [one.rule for one in problems(payload, "modal" if "title" in payload else "message")]

    def check(name: str) -> None:
        most, build = LONGEST[name]
        assert rules(build(most)) == []
        assert set(rules(build(most + 1))) & {"too_long", "too_many", "out_of_range"}

    check_rows(LONGEST, check)


def test_an_emoji_counts_as_two_at_every_limit_of_a_text() -> None:
    def check(name: str) -> None:
        most, build = LONGEST[name]
        surface: Any = "modal" if "title" in build(most) else "message"
        assert problems(in_emoji(build(most)), surface) == []
        assert [one.rule for one in problems(in_emoji(build(most + 1)), surface)] == ["too_long"]

    limits = [name for name, (most, build) in LONGEST.items() if in_emoji(build(most)) != build(most)]
    assert {"initial text", "tick's text", "mrkdwn in a context", "card title"} <= set(limits)
    check_rows(limits, check)


SMALLEST: dict[str, tuple[int, Build]] = {
    "max_length": (1, lambda n: form("plain_text_input", max_length=n)),
    "min_length": (0, lambda n: form("plain_text_input", min_length=n)),
    "min_lines": (1, lambda n: form("rich_text_input", min_lines=n)),
    "max_lines": (1, lambda n: form("rich_text_input", max_lines=n)),
    "files": (1, lambda n: form("file_input", max_files=n)),
    "letters before a search": (0, lambda n: form("external_select", min_query_length=n)),
    "instant": (1_000_000_000, lambda n: form("datetimepicker", initial_date_time=n)),
    "choices": (1, lambda n: form("multi_users_select", max_selected_items=n)),
}


def test_slack_takes_the_smallest_and_refuses_one_less() -> None:
    def check(name: str) -> None:
        fewest, build = SMALLEST[name]
        assert problems(build(fewest), "modal") == []
        assert [one.rule for one in problems(build(fewest - 1), "modal")] == ["out_of_range"]

    check_rows(SMALLEST, check)


BARE_BLOCKS: list[Payload] = [
    {"type": "header", "text": plain("x")},
    {"type": "context", "elements": [plain("x")]},
    {"type": "actions", "elements": [button()]},
    {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain("x")}]},
    {"type": "image", "image_url": "x", "alt_text": "x"},
    {"type": "markdown", "text": "x"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    {"type": "video", "alt_text": "x", "title": plain("x"), "thumbnail_url": "x", "video_url": "x"},
    {"type": "alert", "text": plain("x")},
    rich(rich_section(WORD)),
]
BARE_WORDS: list[Payload] = [
    WORD,
    {"type": "link", "url": "https://example.org"},
    {"type": "user", "user_id": "U1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "team", "team_id": "T1"},
    {"type": "emoji", "name": "wave"},
    {"type": "broadcast", "range": "here"},
    {"type": "date", "timestamp": 1, "format": "{date}"},
    {"type": "color", "value": "#ffffff"},
]
BARE_PARTS: list[Payload] = [
    rich_section(WORD),
    LIST,
    {"type": "rich_text_quote", "elements": [WORD]},
    {"type": "rich_text_preformatted", "elements": [WORD]},
]

# Objects with nothing to spare, each with how it comes into a payload.
BARE: dict[str, tuple[Payload, Build]] = {
    "confirm": (confirm(), lambda one: pressed(confirm=one)),
    "option": (option(), lambda one: message(actions(select(options=[one])))),
    "tick": (option(), lambda one: form("checkboxes", options=[one])),
    "group": (
        {"label": plain("x"), "options": [option()]},
        lambda one: modal(asked({"type": "static_select", "option_groups": [one]})),
    ),
    "button": ({"type": "button", "text": plain("x")}, lambda one: message(actions(one))),
    "overflow": ({"type": "overflow", "options": [option()]}, lambda one: message(actions(one))),
    "workflow": (
        {"type": "workflow_button", "text": plain("x"), "workflow": {}},
        lambda one: message(actions(one)),
    ),
    "icon": (
        {"type": "icon_button", "icon": "trash", "text": plain("x")},
        lambda one: posted(type="context_actions", elements=[one]),
    ),
    "feedback side": ({"text": plain("Good"), "value": "1"}, lambda one: opinions(positive_button=one)),
    "feedback": (
        {"type": "feedback_buttons", "positive_button": {"text": plain("x"), "value": "1"}}
        | {"negative_button": {"text": plain("x"), "value": "1"}},
        lambda one: posted(type="context_actions", elements=[one]),
    ),
    "picture": (
        {"type": "image", "image_url": "x", "alt_text": "x"},
        lambda one: message(section(accessory=one)),
    ),
    "ticks": ({"type": "checkboxes", "options": [option()]}, lambda one: modal(asked(one))),
    "plain context": (plain("x"), lambda one: posted(type="context", elements=[one])),
    "mrkdwn context": (mrkdwn("x"), lambda one: posted(type="context", elements=[one])),
    "raw cell": ({"type": "raw_text", "text": "x"}, lambda one: posted(type="table", rows=[[one]])),
    "number cell": ({"type": "raw_number", "value": 1}, lambda one: posted(type="table", rows=[[one]])),
    **{
        f"{block['type']} block": (block, lambda one: message(one) if one.get("type") != "alert" else modal(one))
        for block in BARE_BLOCKS
    },
    **{f"rich {piece['type']}": (piece, lambda one: message(rich(rich_section(one)))) for piece in BARE_WORDS},
    **{f"rich {piece['type']}": (piece, lambda one: message(rich(one))) for piece in BARE_PARTS},
    "modal": ({"type": "modal", "title": plain("x"), "blocks": [section()]}, lambda one: one),
}


def opinions(**more: Any) -> Payload:
    side = {"text": plain("Good"), "value": "1"}
    buttons = {"type": "feedback_buttons", "positive_button": side, "negative_button": side, **more}
    return posted(type="context_actions", elements=[buttons])


def test_of_a_bare_object_nothing_may_be_left_out() -> None:
    def judged(payload: Payload) -> list[Any]:
        return problems(payload, "message" if "text" in payload else "modal")

    def check(name: str) -> None:
        bare, build = BARE[name]
        assert judged(build(bare)) == []
        for key in bare:
            assert judged(build({other: bare[other] for other in bare if other != key})), f"{key} was not missed"

    check_rows(BARE, check)


PLAIN_ONLY: dict[str, Build] = {
    **{f"placeholder of {kind}": sized(kind, "placeholder") for kind in WITH_PLACEHOLDER},
    "confirm title": lambda text: pressed(confirm=confirm(title=text)),
    "confirm yes": lambda text: pressed(confirm=confirm(confirm=text)),
    "confirm no": lambda text: pressed(confirm=confirm(deny=text)),
    "option description": lambda text: message(actions(select(options=[option(description=text)]))),
    "group": lambda text: modal(
        asked({"type": "static_select", "option_groups": [{"label": text, "options": [option()]}]})
    ),
    "workflow button": lambda text: message(actions({"type": "workflow_button", "workflow": {}, "text": text})),
    "icon button": lambda text: icon(text=text),
    "feedback": lambda text: feedback(text=text),
    "image title": lambda text: posted(type="image", image_url="x", alt_text="x", title=text),
    "label": lambda text: modal(asked({"type": "users_select"}, label=text)),
    "hint": lambda text: modal(asked({"type": "users_select"}, hint=text)),
    "video description": lambda text: video(description=text),
    "submit": lambda text: modal(section(), submit=text),
    "close": lambda text: modal(section(), close=text),
}


def test_mrkdwn_may_not_stand_where_slack_wants_plain_text() -> None:
    def check(name: str) -> None:
        payload = PLAIN_ONLY[name](mrkdwn("x"))
        surface: Any = "modal" if "title" in payload else "message"
        assert problems(PLAIN_ONLY[name](plain("x")), surface) == []
        assert [one.rule for one in problems(payload, surface)] == ["plain_text_needed"]

    check_rows(PLAIN_ONLY, check)
