"""What people wrote, as words to keep: whom they mention by name, so that reading it later needs nothing from Slack.

Names instead of mentions also mean that keeping or quoting somebody's words notifies nobody.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.slack.block_kit.rich_text import plain_of, rich_of
from slackapp.slack.conversation import Context
from slackapp.slack.field_problems import is_link
from slackapp.slack.payloads import Quoted
from storage.company import people
from storage.handoffs.model import Text

_IDS: Final = re.compile(r'"(?:user|usergroup|channel)_id": "([A-Z0-9]+)"')
"""Whom and what a rich_text block as JSON mentions."""
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LINK: Final = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>")
_LABELLED: Final = re.compile(r"<[!#][^|<>]+\|([^<>]+)>")
_GROUP: Final = re.compile(r"<!(channel|here|everyone)>")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a message says, and what whoever wrote it is called."""

    words: str
    author: str


def named(context: Context, text: Text) -> Text:
    """What was entered in a form, its plain words with the names of those it mentions."""
    mentioned = _IDS.findall(json.dumps(text.rich)) if text.rich else []
    if not mentioned:
        return text
    return Text(plain=plain_of(text.rich, _names(context, mentioned)), rich=text.rich, reason=text.reason)


def words_of(context: Context, message: Quoted) -> Said:
    """Read a message as plain words."""
    mentioned = [*_MENTION.findall(message.text), *_IDS.findall(json.dumps(message.blocks))]
    names = _names(context, {*mentioned, message.author or ""})
    blocks = [block for block in message.blocks if block.get("type") == "rich_text"]
    words = "\n".join(plain_of(block, names) for block in blocks).strip() or _plain(message.text, names)
    return Said(words=words, author=names.get(message.author or "") or message.author_name or "an app")


def quoted(said: Said) -> Text:
    """A message as a note: quoted, with who wrote it."""
    rich = rich_of(f"Written by {said.author}", quoted=said.words)
    return Text(plain=plain_of(rich), rich=rich)


def together(notes: Iterable[Text]) -> Text:
    """Several notes as one."""
    parts = [part for note in notes for part in (note.rich or {}).get("elements", ())]
    rich = {"type": "rich_text", "elements": parts}
    return Text(plain=plain_of(rich), rich=rich)


def links_of(message: Quoted) -> tuple[str, ...]:
    """The web addresses in a message, in order, each once."""
    found = [*_linked(message.blocks), *(html.unescape(url) for url, _ in _LINK.findall(message.text))]
    return tuple(dict.fromkeys(url for url in found if is_link(url)))


def _linked(part: Any) -> Iterator[str]:
    """The addresses that rich text links to, however deep."""
    if isinstance(part, Mapping):
        if part.get("type") == "link":
            yield str(part.get("url"))
        yield from _linked(list(part.values()))
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _linked(one)


def _names(context: Context, mentioned: Iterable[str]) -> Mapping[str, str]:
    return names_of(context.baton, workspace=context.workspace, mentioned=mentioned)


def _plain(text: str, names: Mapping[str, str]) -> str:
    """Slack's mrkdwn as words: mentions by name, links as they are, entities resolved."""
    text = _MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    text = _GROUP.sub(r"@\1", _LABELLED.sub(r"\1", text))
    return html.unescape(text)


def names_of(baton: Baton, *, workspace: str, mentioned: Iterable[str]) -> dict[str, str]:
    """What people, user groups and channels are called by their ids, as far as Slack has told us."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return people.get_names(tx, workspace, mentioned)
