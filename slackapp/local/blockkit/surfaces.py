"""Messages, modals and Home tabs: the outermost shapes, and the rules that look at a whole payload."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from slackapp.local.blockkit.blocks import blocks_on
from slackapp.local.blockkit.composition import ID
from slackapp.local.blockkit.lengths import utf16_units
from slackapp.local.blockkit.problem import BlockKitProblem, Surface, step
from slackapp.local.blockkit.schema import Flag, ListOf, Mrkdwn, Shape, String, TextObject, Value

MESSAGE_TEXT: Final = 40_000  # chat.postMessage cuts there; docs.slack.dev/reference/methods/chat.postMessage
BLOCKS_TEXT: Final = 13_200  # msg_blocks_too_long; measured by others (metabase issue 79908), not published by Slack
MARKDOWN_TEXT: Final = 12_000  # of all markdown blocks of one payload together
VIEW_BYTES: Final = 250_000  # view_too_large; docs.slack.dev/reference/methods/views.open
TABLES: Final = 1  # tables in one message
METADATA_BYTES: Final = 1_000  # ours: Slack does not publish its limit (metadata_too_large)
_SNAKE_CASE: Final = r"[a-z][a-z0-9_]*"  # docs.slack.dev/messaging/message-metadata

_METADATA: Final = Shape(
    fields={
        "event_type": String(most=255, pattern=_SNAKE_CASE, required=True),
        "event_payload": Shape(fields={}, closed=False, required=True),
        "entities": Value(),
    }
)
_ATTACHMENT: Final = Shape(fields={"blocks": blocks_on("message", fewest=0, required=False)}, closed=False)

_VIEW_FIELDS: Final = {
    "private_metadata": String(most=3000, fewest=0),
    "callback_id": ID,
    "external_id": ID,
}
SURFACES: Final[dict[Surface, Shape]] = {
    "message": Shape(
        closed=False,  # the other arguments of chat.postMessage and its kin are no business of Block Kit
        fields={
            "text": Mrkdwn(most=MESSAGE_TEXT, fewest=0),
            "blocks": blocks_on("message", fewest=0, required=False),
            "attachments": ListOf(of=_ATTACHMENT, most=100, fewest=0),
        },
    ),
    "modal": Shape(
        fields={
            **_VIEW_FIELDS,
            "type": String(choices=("modal",), required=True),
            "title": TextObject(most=24, plain=True, required=True),
            "submit": TextObject(most=24, plain=True),
            "close": TextObject(most=24, plain=True),
            "blocks": blocks_on("modal", fewest=1, required=True),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        }
    ),
    "home": Shape(
        fields={
            **_VIEW_FIELDS,
            "type": String(choices=("home",), required=True),
            "blocks": blocks_on("home", fewest=1, required=True),
        }
    ),
}


def problems(payload: Mapping[str, Any], surface: Surface) -> list[BlockKitProblem]:
    """List what Slack would refuse in `payload`.

    Args:
        payload: for a message the arguments of chat.postMessage (text, blocks, metadata, attachments ...), decoded;
            for a modal or a Home tab the view. Whatever JSON is in it, nothing is raised.
        surface: where it is to be shown.

    Returns:
        All problems in the order of the payload; empty when Slack would take it.
    """
    if surface == "message":  # an argument that is null counts as left out
        payload = {key: value for key, value in payload.items() if value is not None}
    found = [*SURFACES[surface].check(payload, ""), *_unique_block_ids(payload)]
    found += _message_rules(payload) if surface == "message" else _view_rules(payload, surface)
    return found


def _message_rules(message: Mapping[str, Any]) -> Iterator[BlockKitProblem]:
    yield from _text_is_there(message)
    yield from _metadata_rules(message)
    blocks = _blocks(message)
    if sum(map(_text_length, blocks)) > BLOCKS_TEXT:
        text = f"all texts together must have at most {BLOCKS_TEXT} characters"
        yield BlockKitProblem(pointer="/blocks", rule="msg_blocks_too_long", message=text)
    markdown = [block["text"] for block in blocks if block.get("type") == "markdown" and _is_text(block.get("text"))]
    if sum(map(utf16_units, markdown)) > MARKDOWN_TEXT and len(markdown) > 1:
        text = f"markdown blocks together must have at most {MARKDOWN_TEXT} characters"
        yield BlockKitProblem(pointer="/blocks", rule="too_long", message=text)
    if sum(block.get("type") == "table" for block in blocks) > TABLES:
        yield BlockKitProblem(pointer="/blocks", rule="several_tables", message="must have at most one table")


def _text_is_there(message: Mapping[str, Any]) -> Iterator[BlockKitProblem]:
    """Find a message that says nothing, and our own rule: blocks come with a `text`, which screen readers read."""
    text = message.get("text")
    if (isinstance(text, str) and text.strip()) or message.get("delete_original") is True:
        return
    if message.get("blocks"):
        why = "must say in words what the blocks show: screen readers and notifications use it"
        yield BlockKitProblem(pointer="/text", rule="text_missing", message=why)
    elif not message.get("attachments"):
        yield BlockKitProblem(pointer="", rule="no_text", message="must have text, blocks or attachments")


def _metadata_rules(message: Mapping[str, Any]) -> Iterator[BlockKitProblem]:
    metadata = message.get("metadata")
    if metadata is None or metadata == {}:  # {} removes the metadata in chat.update
        return
    yield from _METADATA.check(metadata, "/metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, Mapping) else None
    if not isinstance(payload, Mapping):
        return
    for key, value in payload.items():
        at = step("/metadata/event_payload", key)
        yield from String(pattern=_SNAKE_CASE).check(key, at)
        if not isinstance(value, str | int | float):
            yield BlockKitProblem(pointer=at, rule="not_flat", message="must be a text, a number or true or false")
    if _size(metadata) > METADATA_BYTES:
        text = f"must have at most {METADATA_BYTES} bytes"
        yield BlockKitProblem(pointer="/metadata", rule="metadata_too_large", message=text)


def _view_rules(view: Mapping[str, Any], surface: Surface) -> Iterator[BlockKitProblem]:
    blocks = _blocks(view)
    if surface == "modal" and "submit" not in view and any(block.get("type") == "input" for block in blocks):
        yield BlockKitProblem(
            pointer="/submit", rule="submit_missing", message="must be there when a block is an input"
        )
    if _size(view) > VIEW_BYTES:
        yield BlockKitProblem(pointer="", rule="view_too_large", message=f"must have at most {VIEW_BYTES} bytes")
    if sum(map(_wanted_focus, blocks)) > 1:
        yield BlockKitProblem(
            pointer="/blocks", rule="several_focus", message="focus_on_load may be true for one element only"
        )


def _unique_block_ids(payload: Mapping[str, Any]) -> Iterator[BlockKitProblem]:
    ids = Counter(block["block_id"] for block in _blocks(payload) if _is_text(block.get("block_id")))
    for block_id, times in ids.items():
        if times > 1:
            yield BlockKitProblem(
                pointer="/blocks", rule="duplicate_block_id", message=f"block_id {block_id} is used twice"
            )


def _wanted_focus(block: Mapping[str, Any]) -> int:
    elements = [block.get("element"), block.get("accessory"), *_listed(block.get("elements"))]
    return sum(isinstance(element, Mapping) and element.get("focus_on_load") is True for element in elements)


def _text_length(value: Any) -> int:
    """Count the UTF-16 units of every `text` inside, as far as a person would read them."""
    todo, length = [value], 0
    while todo:
        item = todo.pop()
        if isinstance(item, Mapping):
            length += utf16_units(item["text"]) if _is_text(item.get("text")) else 0
            todo += [child for child in item.values() if not isinstance(child, str)]
        elif isinstance(item, list):
            todo += item
    return length


def _size(value: Any) -> int:
    """Measure JSON in UTF-8 bytes, without spaces."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return len(text.encode("utf-8", "surrogatepass"))


def _blocks(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [block for block in _listed(payload.get("blocks")) if isinstance(block, Mapping)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
