"""`/handoff` and what follows it: which conversation is meant. Everything is answered to the person alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.capability import Word
from slackapp.handoffs.views import lists
from slackapp.slack.conversation import Context, Reply, Tell
from slackapp.slack.payloads import Command

HELP: Final = "help"
"""The one word that belongs to no package."""


@dataclass(frozen=True, kw_only=True)
class Commands:
    """The conversations behind `/handoff`, by word: see `Capability.words`."""

    words: Mapping[str, Word[Any]]

    def answer(self, context: Context, said: Command) -> Reply:
        """Have the conversation that is meant; whatever means none gets the usage."""
        word, _, rest = said.text.partition(" ")
        if word.lower() == HELP:
            return Tell(post=lists.usage(self.usage))
        named = self._named(word.lower())
        examples = (one for one in self.words.values() if one.is_example)
        for one, typed in [(named, rest.strip())] if named else [(one, said.text) for one in examples]:
            found = one.reads(typed)
            if found is not None:
                return one.talk(context, said, found)
        return Tell(post=lists.unknown(said.text, self.usage))

    @property
    def usage(self) -> tuple[str, ...]:
        """The lines of the help, in the order of the rows."""
        return tuple(one.usage for one in self.words.values())

    def _named(self, word: str) -> Word[Any] | None:
        named = ((key, one) for key, one in self.words.items() if not one.is_example)
        return next((one for key, one in named if word == key or word in one.also), None)
