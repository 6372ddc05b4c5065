"""The text after a slash command, split into words at any white space, with mentions and links told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.mrkdwn import Token, TokenKind, plain_text, whole_token

_CHUNK: Final = re.compile(r"(\s*)((?:<[^<>]*>|\S)+)")
_UNSEEN: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Characters that come with what is copied, around words."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word as people see it, and what it is if it is a mention or a link."""

    text: str
    token: Token | None = None
    space: str = " "
    """What separates it from the word before."""

    def refers_to(self, *kinds: TokenKind) -> bool:
        """Whether it is a mention or link of one of these kinds."""
        return self.token is not None and self.token.kind in kinds


class CommandText(str):
    """The text as people see it, and its words."""

    __slots__ = ("words",)
    words: tuple[Word, ...]

    @classmethod
    def of(cls, words: Iterable[Word]) -> Self:
        """Return these words as a text."""
        found = tuple(words)
        text = cls("".join(f"{word.space if n else ''}{word.text}" for n, word in enumerate(found)))
        text.words = found
        return text

    @property
    def first(self) -> str:
        """The first word in lower case, by which a subcommand is found; empty without one."""
        return self.words[0].text.lower() if self.words else ""

    @property
    def rest(self) -> CommandText:
        """The text without its first word."""
        return CommandText.of(self.words[1:])


def split(text: str) -> CommandText:
    """Split what Slack sends as the text of a command (`should_escape` in the manifest)."""
    if isinstance(text, CommandText):
        return text
    words = (_word(space, chunk) for space, chunk in _CHUNK.findall(text))
    return CommandText.of(word for word in words if not is_blank(word.text))


def _word(space: str, chunk: str) -> Word:
    bare = chunk.strip(_UNSEEN)
    token = whole_token(bare)
    if token is not None and token.kind is TokenKind.LINK:
        return Word(text=token.ref, token=token, space=space)
    return Word(text=token.words({}) if token else plain_text(bare, {}), token=token, space=space)
