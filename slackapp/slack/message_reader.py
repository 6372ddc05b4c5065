"""What a message shows, as plain text: its blocks or its text, its attachments, and its files if there is nothing else.

Slack shows blocks in place of the text, and attachments below them (docs.slack.dev, reference/block-kit/blocks,
legacy/legacy-messaging/legacy-secondary-message-attachments). Unknown blocks are read by the names that texts have in
every block; what only acts, such as buttons, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit.rich_text import plain_of
from slackapp.slack.mrkdwn import TokenKind, plain_text, tokens
from slackapp.slack.payloads import SourceMessage

Names = Mapping[str, str]

_TEXTS: Final = (
    "pretext", "title", "subtitle", "header", "text", "body", "label", "caption", "description", "fields", "elements",
    "element", "blocks", "rows", "columns", "items", "tasks", "cards", "content", "hint", "alt_text", "fallback",
)  # fmt: skip
"""The keys under which blocks have something to read, in the order in which people see it."""
_ACTING: Final = frozenset({"button", "overflow", "checkboxes", "radio_buttons", "divider", "feedback_buttons"})
_ADDRESSES: Final = frozenset(
    {"url", "title_link", "title_url", "author_link", "from_url", "original_url", "thread_url"}
)
_STYLED: Final = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^*_~\n]+)(?<=\S)\1(?![\w*_~])")
"""Bold, italic and struck text in mrkdwn."""
_MENTIONING: Final = frozenset({"user_id", "usergroup_id", "channel_id"})


def words_of(message: SourceMessage, names: Names) -> str:
    """Return everything that a message shows; mentions are replaced by `names`."""
    own = _joined(_block(block, names) for block in message.blocks)
    if is_blank(own):
        own = plain_text(message.text, names).strip()
    shown = _joined([own, *(_attachment(one, names) for one in message.attachments)])
    return shown if not is_blank(shown) else _joined(_file(one) for one in message.files)


def title_of(message: SourceMessage, names: Names) -> str:
    """Return the title that an app gave its message: its header, else the title of an attachment; empty without one.

    What a person wrote has no title: an attachment there is the preview of a link.
    """
    if message.author is not None:
        return ""
    below = (block for one in message.attachments for block in _listed(one, "blocks"))
    headers: list[Any] = [*message.blocks, *below]
    found = [
        *(_block(one, names) for one in headers if isinstance(one, Mapping) and one.get("type") == "header"),
        *(plain_text(str(one.get("title") or ""), names) for one in message.attachments),
    ]
    return next((text.strip() for text in found if not is_blank(text)), "")


def mentioned_in(message: SourceMessage) -> set[str]:
    """Return the ids of the people, groups and channels that a message mentions."""
    found = {text for key, text in _strings([message.blocks, message.attachments]) if key in _MENTIONING}
    written = [message.text, *(text for _, text in _strings([message.blocks, message.attachments]))]
    in_text = (one for text in written for one in tokens(text) if one.kind is not TokenKind.LINK)
    return found | {one.ref for one in in_text}


def addresses_in(message: SourceMessage) -> list[str]:
    """Return the addresses that a message links to, in order."""
    found = []
    for key, text in [*_strings([message.blocks]), ("text", message.text), *_strings([message.attachments])]:
        found += [text] if key in _ADDRESSES else [one.ref for one in tokens(text) if one.kind is TokenKind.LINK]
    return found


def _block(block: Any, names: Names) -> str:
    """Return the text of a block, an element or a text object, or of several."""
    if isinstance(block, str):
        return block
    if isinstance(block, list | tuple):
        return _joined(_block(one, names) for one in block)
    kind = str(block.get("type")) if isinstance(block, Mapping) else ""
    if not isinstance(block, Mapping) or kind in _ACTING:
        return ""
    read = _KINDS.get(kind)
    return read(block, names) if read else _joined(_block(block.get(key), names) for key in _TEXTS)


def _mrkdwn(block: Mapping[str, Any], names: Names) -> str:
    return _STYLED.sub(r"\2", plain_text(str(block.get("text") or ""), names)).strip()


def _as_written(block: Mapping[str, Any], _names: Names) -> str:
    return str(block.get("text") or "").strip()


def _table(block: Mapping[str, Any], names: Names) -> str:
    return _joined(_row(row, names) for row in _listed(block, "rows"))


def _context(block: Mapping[str, Any], names: Names) -> str:
    return " ".join(filter(None, (_block(one, names) for one in _listed(block, "elements"))))


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], Names], str]]] = {
    "rich_text": plain_of,
    "mrkdwn": _mrkdwn,
    "plain_text": _as_written,
    "markdown": _as_written,
    "raw_text": _as_written,
    "raw_number": _as_written,
    "table": _table,
    "data_table": _table,
    "context": _context,
}
"""Readers of blocks and text objects that are not read by the names of their texts."""


def _row(row: Any, names: Names) -> str:
    cells = row if isinstance(row, list) else _listed(row, "cells") if isinstance(row, Mapping) else []
    return " | ".join(_block(cell, names) for cell in cells)


def _attachment(attachment: Mapping[str, Any], names: Names) -> str:
    """Return what an attachment shows; its fallback only if it shows nothing else."""

    def text(key: str) -> str:
        written = attachment.get(key)
        return plain_text(written, names).strip() if isinstance(written, str) else ""

    title, link = text("title"), attachment.get("title_link")
    if isinstance(link, str) and not is_blank(link):
        title = f"{title} ({link})" if title else link
    fields = (one for one in _listed(attachment, "fields") if isinstance(one, Mapping))
    shared = (
        _block(one.get("message"), names) for one in _listed(attachment, "message_blocks") if isinstance(one, dict)
    )
    shown = _joined([
        text("pretext"), text("author_name"), title, text("text"), *(_field(one, names) for one in fields),
        _block(attachment.get("blocks") or [], names), *shared, text("footer"),
    ])  # fmt: skip
    if not is_blank(shown.removesuffix(text("footer"))):
        return shown
    return text("fallback") or text("alt_text") or _joined([shown, text("image_url")])


def _field(field: Mapping[str, Any], names: Names) -> str:
    """Return a field of an attachment on one line."""
    title, value = (plain_text(str(field.get(key) or ""), names).strip() for key in ("title", "value"))
    return f"{title}: {value}" if title and value else title or value


def _file(file: Mapping[str, Any]) -> str:
    """Return what a file shows of itself: its name, and what is in it if Slack tells."""
    name = str(file.get("subject") or file.get("title") or file.get("name") or "")
    return _joined([name, str(file.get("plain_text") or file.get("preview") or "")])


def _strings(part: Any) -> Iterator[tuple[str, str]]:
    """Yield every text at any depth with the key that it stands under."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if isinstance(value, str):
                yield str(key), value
            else:
                yield from _strings(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _strings(one)


def _listed(part: Mapping[str, Any], key: str) -> list[Any]:
    found = part.get(key)
    return found if isinstance(found, list) else []


def _joined(texts: Iterable[str]) -> str:
    """Return texts below each other, each once and without blank ones."""
    return "\n".join(dict.fromkeys(text for text in texts if not is_blank(text)))
