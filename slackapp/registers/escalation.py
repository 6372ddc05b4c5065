"""What clocks and their reminders add to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.listeners import why

CAPABILITY: Final = Capability(words=why.WORDS)
