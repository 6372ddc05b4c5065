"""Dispatch of `/handoff` to its subcommands. Every reply is private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.capability import Subcommand
from slackapp.handoffs.views import lists
from slackapp.slack.conversation import Context, PrivateMessage, Reply
from slackapp.slack.payloads import Command

HELP: Final = "help"
"""The one word that belongs to no package."""


@dataclass(frozen=True, kw_only=True)
class Commands:
    """The subcommands of `/handoff` by word (see `Capability.words`)."""

    words: Mapping[str, Subcommand[Any]]

    def answer(self, context: Context, said: Command) -> Reply:
        """Return the reply of the subcommand that was typed, or the help if there is none."""
        word, _, rest = said.text.partition(" ")
        if word.lower() == HELP:
            return PrivateMessage(post=lists.usage(self.usage))
        named = self._named(word.lower())
        examples = (one for one in self.words.values() if one.is_example)
        for one, typed in [(named, rest.strip())] if named else [(one, said.text) for one in examples]:
            found = one.parse(typed)
            if found is not None:
                return one.handle(context, said, found)
        return PrivateMessage(post=lists.unknown(said.text, self.usage))

    @property
    def usage(self) -> tuple[str, ...]:
        """The lines of the help, in the order of the rows."""
        return tuple(one.usage for one in self.words.values())

    def _named(self, word: str) -> Subcommand[Any] | None:
        named = ((key, one) for key, one in self.words.items() if not one.is_example)
        return next((one for key, one in named if word == key or word in one.aliases), None)
