"""Blocks, their limits, and where each may stand.

Sources: docs.slack.dev/reference/block-kit/blocks, one page per block; for `alert` and `card` slackapi/node-slack-sdk
pull request 2567 and slackapi/java-slack-sdk.
"""

from typing import Final

from slackapp.local.blockkit.composition import ID, IMAGE_URL, SLACK_FILE, URL
from slackapp.local.blockkit.elements import (
    ELEMENTS,
    IMAGE_ELEMENT,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
)
from slackapp.local.blockkit.problem import Surface
from slackapp.local.blockkit.rich_text import RICH_TEXT
from slackapp.local.blockkit.rules import at_least_one, exactly_one, unique_action_ids
from slackapp.local.blockkit.schema import (
    Flag,
    Integer,
    ListOf,
    Mrkdwn,
    Rule,
    Shape,
    String,
    TextObject,
    TypedObject,
    Value,
)


def _block(*rules: Rule, **fields: Value) -> Shape:
    return Shape(fields={"type": Value(), "block_id": ID, **fields}, rules=rules)


# A text of a context block has no published limit of its own; a text object holds at most 3000.
_CONTEXT_ELEMENT: Final = TypedObject(
    noun="context element",
    known={
        "image": IMAGE_ELEMENT,
        "plain_text": Shape(fields={"type": Value(), "text": String(most=3000, required=True), "emoji": Flag()}),
        "mrkdwn": Shape(fields={"type": Value(), "text": Mrkdwn(most=3000, required=True), "verbatim": Flag()}),
    },
)
_CELL: Final = TypedObject(
    noun="table cell",
    known={
        "raw_text": Shape(fields={"type": Value(), "text": String(required=True)}),
        "raw_number": Shape(fields={"type": Value(), "value": Value(required=True), "text": String()}),
        "rich_text": RICH_TEXT,
    },
)
_COLUMN: Final = Shape(fields={"align": String(choices=("left", "center", "right")), "is_wrapped": Flag()})

BLOCKS: Final = {
    "section": _block(
        at_least_one("text", "fields"),
        text=TextObject(most=3000),
        fields=ListOf(of=TextObject(most=2000), most=10),
        accessory=TypedObject(noun="element", known=ELEMENTS, allowed=IN_SECTION),
        expand=Flag(),
    ),
    "header": _block(text=TextObject(most=150, plain=True, required=True), level=Integer(low=1, high=4)),
    "divider": _block(),
    "context": _block(elements=ListOf(of=_CONTEXT_ELEMENT, most=10, required=True)),
    "actions": _block(
        unique_action_ids,
        elements=ListOf(of=TypedObject(noun="element", known=ELEMENTS, allowed=IN_ACTIONS), most=25, required=True),
    ),
    "context_actions": _block(
        unique_action_ids,
        elements=ListOf(
            of=TypedObject(noun="element", known=ELEMENTS, allowed=IN_CONTEXT_ACTIONS), most=5, required=True
        ),
    ),
    "image": _block(
        exactly_one("image_url", "slack_file"),
        image_url=IMAGE_URL,
        slack_file=SLACK_FILE,
        alt_text=String(most=2000, required=True),
        title=TextObject(most=2000, plain=True),
    ),
    "input": _block(
        label=TextObject(most=2000, plain=True, required=True),
        element=TypedObject(noun="element", known=ELEMENTS, allowed=IN_INPUT, required=True),
        hint=TextObject(most=2000, plain=True),
        optional=Flag(),
        dispatch_action=Flag(),
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block(text=String(most=12_000, required=True)),
    "table": _block(
        rows=ListOf(of=ListOf(of=_CELL, most=20), most=100, required=True),
        column_settings=ListOf(of=_COLUMN, most=20, fewest=0),
    ),
    "video": _block(
        alt_text=String(required=True),
        title=TextObject(most=199, plain=True, required=True),
        title_url=URL,
        thumbnail_url=String(required=True),
        video_url=String(required=True),
        author_name=String(most=49),
        description=TextObject(most=200, plain=True),
        provider_name=String(),
        provider_icon_url=URL,
    ),
    "alert": _block(
        text=TextObject(most=200, required=True),
        level=String(choices=("default", "info", "warning", "error", "success")),
    ),
    "card": _block(
        at_least_one("hero_image", "title", "actions", "body"),
        hero_image=IMAGE_ELEMENT,
        icon=IMAGE_ELEMENT,
        title=TextObject(most=150),
        subtitle=TextObject(most=150),
        body=TextObject(most=200),
        actions=ListOf(of=TypedObject(noun="element", known=ELEMENTS, allowed=frozenset({"button"})), most=25),
    ),
}

# Slack has these too; without a documented fallback for old clients the app should not send them.
_NOT_MODELLED: Final = frozenset(
    {
        "auth_provider",
        "call",
        "carousel",
        "container",
        "data_table",
        "data_visualization",
        "file",
        "plan",
        "task_card",
    }
)

_EVERYWHERE: Final = frozenset({"section", "header", "divider", "context", "actions", "image", "rich_text", "video"})
_ALLOWED: Final[dict[Surface, frozenset[str]]] = {
    "message": _EVERYWHERE | {"input", "markdown", "table", "card", "context_actions"},
    "modal": _EVERYWHERE | {"input", "alert"},
    "home": _EVERYWHERE | {"input"},
}
_MOST: Final[dict[Surface, int]] = {
    "message": 50,
    "modal": 100,
    "home": 100,
}  # docs.slack.dev/reference/block-kit/blocks


def blocks_on(surface: Surface, *, fewest: int, required: bool) -> ListOf:
    """Describe the `blocks` list of a surface: which blocks, and how many at most (50 in a message, else 100)."""
    block = TypedObject(noun="block", known=BLOCKS, allowed=_ALLOWED[surface], not_modelled=_NOT_MODELLED)
    return ListOf(of=block, most=_MOST[surface], fewest=fewest, required=required)
