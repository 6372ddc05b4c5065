"""Conversion of Slack messages and typed text to plain text with names instead of mentions.

Stored text with names can be read without Slack, and quoting it notifies nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.slack.block_kit.rich_text import plain_of, rich_of
from slackapp.slack.conversation import Context
from slackapp.slack.field_problems import is_link
from slackapp.slack.message_reader import addresses_in, mentioned_in, title_of, words_of
from slackapp.slack.payloads import SourceMessage
from storage.company import people
from storage.handoffs.model import Text

_IDS: Final = re.compile(r'"(?:user|usergroup|channel)_id": "([A-Z0-9]+)"')
"""Whom and what a rich_text block as JSON mentions."""


@dataclass(frozen=True, kw_only=True)
class MessageText:
    """A message's plain text, its author's name, and the title that an app gave it."""

    words: str
    author: str
    title: str = ""


def with_names(context: Context, text: Text) -> Text:
    """Return a form's text with a plain version that has the names of mentioned people."""
    mentioned = _IDS.findall(json.dumps(text.rich)) if text.rich else []
    if not mentioned:
        return text
    return Text(plain=plain_of(text.rich, _names(context, mentioned)), rich=text.rich, reason=text.reason)


def read_message(context: Context, message: SourceMessage) -> MessageText:
    """Return a message's plain text, its author's name and its title."""
    names = _names(context, {*mentioned_in(message), message.author or ""})
    author = names.get(message.author or "") or message.author_name or "an app"
    return MessageText(words=words_of(message, names), author=author, title=title_of(message, names))


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
    return tuple(dict.fromkeys(url for url in addresses_in(message) if is_link(url)))


def _names(context: Context, mentioned: Iterable[str]) -> Mapping[str, str]:
    return get_names(context.baton, workspace=context.workspace, mentioned=mentioned)


def get_names(baton: Baton, *, workspace: str, mentioned: Iterable[str]) -> dict[str, str]:
    """Return the stored names of people, user groups and channels, by id."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return people.get_names(tx, workspace, mentioned)
