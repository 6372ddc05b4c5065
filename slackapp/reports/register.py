"""What the numbers for people add to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.listeners import contexts

CAPABILITY: Final = Capability(words=contexts.WORDS)
