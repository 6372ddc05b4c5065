"""What people, user groups and channels add to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.listeners import news

CAPABILITY: Final = Capability(events=news.LEARN)
