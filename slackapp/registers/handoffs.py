"""What the acts on one handoff add to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.listeners import cards, details, forms, handoff_commands, notes, own_notes

CAPABILITY: Final = Capability(
    clicks={**cards.CLICKS, **details.CLICKS, **own_notes.CLICKS},
    forms={**forms.FORMS, **own_notes.FORMS},
    shortcuts=notes.SHORTCUTS,
    words=handoff_commands.WORDS,
)
