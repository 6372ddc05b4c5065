"""Slack's mrkdwn as plain text: mentions, links, dates and escapes (docs.slack.dev, messaging/formatting-message-text).

Slack writes what is no plain text between angle brackets: `<@U1|ana>`, `<#C1|sales>`, `<!subteam^S1|@cs>`, `<!here>`,
`<!date^1700000000^{date}|Tuesday>`, `<https://acme.example|Acme>`. The label may be missing or empty.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

_TOKEN: Final = re.compile(r"<([@#!]|(?:https?|mailto|tel):)([^<>]*)>")
_SUBTEAM: Final = "subteam^"


class TokenKind(StrEnum):
    """What stands between angle brackets."""

    USER = auto()
    CHANNEL = auto()
    GROUP = auto()
    LINK = auto()
    OTHER = auto()
    """`@here` and its kin, dates."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """What stands between angle brackets: its id or address, and its label."""

    kind: TokenKind
    ref: str
    label: str = ""

    def words(self, names: Mapping[str, str]) -> str:
        """Return it as plain text; `names` are those of people, groups and channels by id."""
        match self.kind:
            case TokenKind.USER:
                return f"@{names.get(self.ref) or self.label.removeprefix('@') or self.ref}"
            case TokenKind.GROUP:
                return f"@{names.get(self.ref) or self.label.removeprefix('@') or self.ref}"
            case TokenKind.CHANNEL:
                return f"#{names.get(self.ref) or self.label.removeprefix('#') or self.ref}"
            case TokenKind.LINK:
                address = self.ref.removeprefix("mailto:").removeprefix("tel:")
                return f"{self.label} ({address})" if self.label not in {"", address} else address
            case TokenKind.OTHER:
                return self.label or f"@{self.ref}"


def tokens(text: str) -> list[Token]:
    """Return what stands between angle brackets, in order."""
    return [_token(found) for found in _TOKEN.finditer(text)]


def whole_token(word: str) -> Token | None:
    """Return the token that a word is, or None if it is a plain word or holds more than a token."""
    found = _TOKEN.fullmatch(word)
    return _token(found) if found else None


def plain_text(text: str, names: Mapping[str, str]) -> str:
    """Return mrkdwn as plain text: names for mentions, links with their address, escapes resolved."""
    parts, end = [], 0
    for found in _TOKEN.finditer(text):
        parts += [html.unescape(text[end : found.start()]), _token(found).words(names)]
        end = found.end()
    return "".join([*parts, html.unescape(text[end:])])


def _token(found: re.Match[str]) -> Token:
    sign, inner = found[1], html.unescape(found[2])
    ref, _, label = inner.partition("|")
    match sign:
        case "@":
            return Token(kind=TokenKind.USER, ref=ref, label=label)
        case "#":
            return Token(kind=TokenKind.CHANNEL, ref=ref, label=label)
        case "!" if ref.startswith(_SUBTEAM):
            return Token(kind=TokenKind.GROUP, ref=ref.removeprefix(_SUBTEAM), label=label)
        case "!":
            return Token(kind=TokenKind.OTHER, ref=ref.partition("^")[0], label=label)
        case _:
            return Token(kind=TokenKind.LINK, ref=f"{sign}{ref}", label=label)
