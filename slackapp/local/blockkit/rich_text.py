"""The structure of `rich_text` blocks.

Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block. It names no lengths; the text of all blocks of a
message counts towards the message's total.
"""

from typing import Final

from slackapp.local.blockkit.composition import ID, URL
from slackapp.local.blockkit.schema import Flag, Integer, ListOf, Shape, String, TypedObject, Value

_STYLES: Final = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE: Final = Shape(fields={name: Flag() for name in _STYLES})
_TYPE: Final = Value()
_LATEST_SECOND: Final = 253_402_300_799  # the last second of the year 9999

INLINE: Final = {
    "text": Shape(fields={"type": _TYPE, "text": String(required=True), "style": _STYLE}),
    "link": Shape(
        fields={
            "type": _TYPE,
            "url": String(most=URL.most, required=True),
            "text": String(fewest=0),
            "unsafe": Flag(),
            "style": _STYLE,
        }
    ),
    "user": Shape(fields={"type": _TYPE, "user_id": String(required=True), "style": _STYLE}),
    "channel": Shape(fields={"type": _TYPE, "channel_id": String(required=True), "style": _STYLE}),
    "usergroup": Shape(fields={"type": _TYPE, "usergroup_id": String(required=True), "style": _STYLE}),
    "team": Shape(fields={"type": _TYPE, "team_id": String(required=True), "style": _STYLE}),
    "emoji": Shape(
        fields={
            "type": _TYPE,
            "name": String(required=True),
            "unicode": String(),
            "skin_tone": Integer(low=1, high=6),
            "url": URL,
            "style": _STYLE,
        }
    ),
    "broadcast": Shape(
        fields={"type": _TYPE, "range": String(choices=("here", "channel", "everyone"), required=True), "style": _STYLE}
    ),
    "date": Shape(
        fields={
            "type": _TYPE,
            "timestamp": Integer(low=0, high=_LATEST_SECOND, required=True),
            "format": String(required=True),
            "url": URL,
            "fallback": String(),
            "style": _STYLE,
        }
    ),
    "color": Shape(fields={"type": _TYPE, "value": String(required=True, pattern="#[0-9A-Fa-f]{6}"), "style": _STYLE}),
}

_ANY_INLINE: Final = TypedObject(noun="rich text", known=INLINE)
_INLINES: Final = ListOf(of=_ANY_INLINE, fewest=0, required=True)
_PLAIN_INLINES: Final = ListOf(
    of=TypedObject(noun="rich text", known=INLINE, allowed=frozenset({"text", "link"})), fewest=0, required=True
)
_SECTION: Final = Shape(fields={"type": _TYPE, "elements": _INLINES})
_BORDER: Final = Integer(low=0, high=1)

_LIST: Final = Shape(
    fields={
        "type": _TYPE,
        "style": String(choices=("bullet", "ordered"), required=True),
        "elements": ListOf(of=TypedObject(noun="list item", known={"rich_text_section": _SECTION}), required=True),
        "indent": Integer(low=0, high=8),
        "offset": Integer(low=0, high=1_000_000),
        "border": _BORDER,
    }
)
_PARTS: Final = {
    "rich_text_section": _SECTION,
    "rich_text_list": _LIST,
    "rich_text_quote": Shape(fields={"type": _TYPE, "elements": _INLINES, "border": _BORDER}),
    "rich_text_preformatted": Shape(
        fields={"type": _TYPE, "elements": _PLAIN_INLINES, "border": _BORDER, "language": String()}
    ),
}

RICH_TEXT: Final = Shape(
    fields={
        "type": _TYPE,
        "block_id": ID,
        "elements": ListOf(of=TypedObject(noun="rich text", known=_PARTS), required=True),
    }
)
