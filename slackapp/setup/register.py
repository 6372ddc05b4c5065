"""Register set-up: its buttons, forms, searches and word."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.setup.listeners import buttons, demo, forms, presses, searches

CAPABILITY: Final = Capability(
    clicks={**buttons.CLICKS, **presses.CLICKS, **demo.CLICKS},
    opens=buttons.OPENS,
    forms={**forms.FORMS, **demo.FORMS},
    choices=searches.CHOICES,
    words=buttons.WORDS,
)
