"""Dispatch of `/handoff` to its subcommands. Every reply is private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.capability import Subcommand
from slackapp.handoffs.views import lists
from slackapp.slack.command_text import CommandText, split
from slackapp.slack.conversation import Context, PrivateMessage, Reply
from slackapp.slack.payloads import Command

HELP: Final = "help"
"""The one word that belongs to no package."""


@dataclass(frozen=True, kw_only=True)
class Commands:
    """The subcommands of `/handoff` by word (see `Capability.words`)."""

    words: Mapping[str, Subcommand[Any]]

    def answer(self, context: Context, said: Command) -> Reply:
        """Return the reply of the subcommand that was typed, or say what is missing or not understood."""
        text = split(said.text)
        found = self._find(text)
        if found is not None:
            subcommand, parsed = found
            return subcommand.handle(context, said, parsed)
        if text.first == HELP:
            return PrivateMessage(post=lists.usage(self.usage))
        named = self._named(text.first)
        if named is not None and named.asks and not text.rest:
            return PrivateMessage(post=lists.question(named.asks))
        return PrivateMessage(post=lists.unknown(text, self.usage, after=text.first if named else ""))

    def opens(self, text: str) -> str:
        """Return the title of the modal that a typed text opens, if that is all it does; else an empty string."""
        found = self._find(split(text))
        return found[0].opens if found else ""

    def _find(self, text: CommandText) -> tuple[Subcommand[Any], Any] | None:
        if text.first == HELP:
            return None
        named = self._named(text.first)
        examples = (one for one in self.words.values() if one.is_example)
        for one, typed in [(named, text.rest)] if named else [(one, text) for one in examples]:
            found = one.parse(typed)
            if found is not None:
                return one, found
        return None

    @property
    def usage(self) -> tuple[str, ...]:
        """The lines of the help, in the order of the rows."""
        return tuple(one.usage for one in self.words.values())

    def _named(self, word: str) -> Subcommand[Any] | None:
        named = ((key, one) for key, one in self.words.items() if not one.is_example)
        return next((one for key, one in named if word == key or word in one.aliases), None)
