"""Register the command `/handoff context`."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.reports.listeners import WORDS

CAPABILITY: Final = Capability(words=WORDS)
