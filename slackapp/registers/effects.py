"""What a change of a handoff puts into the outbox besides the handoff's own messages, in the order in which it runs."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Effect
from slackapp.usecases import digests

EFFECTS: Final[tuple[Effect, ...]] = (digests.naming,)
