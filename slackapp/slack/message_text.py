"""Conversion of Slack messages and typed text to plain text with names instead of mentions.

Stored text with names can be read without Slack, and quoting it notifies nobody.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit.rich_text import plain_of, rich_of
from slackapp.slack.conversation import Context
from slackapp.slack.field_problems import is_link
from slackapp.slack.payloads import SourceMessage
from storage.company import people
from storage.handoffs.model import Text

_IDS: Final = re.compile(r'"(?:user|usergroup|channel)_id": "([A-Z0-9]+)"')
"""Whom and what a rich_text block as JSON mentions."""
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LINK: Final = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>")
_LABELLED: Final = re.compile(r"<[!#][^|<>]+\|([^<>]+)>")
_GROUP: Final = re.compile(r"<!(channel|here|everyone)>")


@dataclass(frozen=True, kw_only=True)
class MessageText:
    """A message's plain text and its author's name."""

    words: str
    author: str


def with_names(context: Context, text: Text) -> Text:
    """Return a form's text with a plain version that has the names of mentioned people."""
    mentioned = _IDS.findall(json.dumps(text.rich)) if text.rich else []
    if not mentioned:
        return text
    return Text(plain=plain_of(text.rich, _names(context, mentioned)), rich=text.rich, reason=text.reason)


def read_message(context: Context, message: SourceMessage) -> MessageText:
    """Return a message's plain text and its author's name."""
    mentioned = [*_MENTION.findall(message.text), *_IDS.findall(json.dumps(message.blocks))]
    names = _names(context, {*mentioned, message.author or ""})
    blocks = [block for block in message.blocks if block.get("type") == "rich_text"]
    shown = "\n".join(plain_of(block, names) for block in blocks).strip()
    words = _plain(message.text, names) if is_blank(shown) else shown
    return MessageText(words=words, author=names.get(message.author or "") or message.author_name or "an app")


def quote_as_note(said: MessageText) -> Text:
    """Return a message as a note: its text as a quotation, and its author."""
    rich = rich_of(f"Written by {said.author}", quoted=said.words)
    return Text(plain=plain_of(rich), rich=rich)


def join_notes(notes: Iterable[Text]) -> Text:
    """Return several notes as one."""
    parts = [part for note in notes for part in (note.rich or {}).get("elements", ())]
    rich = {"type": "rich_text", "elements": parts}
    return Text(plain=plain_of(rich), rich=rich)


def list_links(message: SourceMessage) -> tuple[str, ...]:
    """Return the web addresses in a message, in order, without duplicates."""
    found = [*_links_in(message.blocks), *(html.unescape(url) for url, _ in _LINK.findall(message.text))]
    return tuple(dict.fromkeys(url for url in found if is_link(url)))


def _links_in(part: Any) -> Iterator[str]:
    """Yield the addresses of links in rich text, at any depth."""
    if isinstance(part, Mapping):
        if part.get("type") == "link":
            yield str(part.get("url"))
        yield from _links_in(list(part.values()))
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _links_in(one)


def _names(context: Context, mentioned: Iterable[str]) -> Mapping[str, str]:
    return get_names(context.baton, workspace=context.workspace, mentioned=mentioned)


def _plain(text: str, names: Mapping[str, str]) -> str:
    """Return Slack's mrkdwn as plain text: names for mentions, links as they are, entities resolved."""
    text = _MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    text = _GROUP.sub(r"@\1", _LABELLED.sub(r"\1", text))
    return html.unescape(text)


def get_names(baton: Baton, *, workspace: str, mentioned: Iterable[str]) -> dict[str, str]:
    """Return the stored names of people, user groups and channels, by id."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return people.get_names(tx, workspace, mentioned)
