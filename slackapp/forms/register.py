"""What the form that opens, edits and resends a handoff adds to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.listeners import duplicates, edit, form_buttons, form_walk, opening, starting

CAPABILITY: Final = Capability(
    clicks={**duplicates.CLICKS, **form_buttons.CLICKS, **edit.CLICKS},
    forms={**opening.FORMS, **edit.FORMS},
    closed=form_walk.CLOSED,
    shortcuts={**opening.SHORTCUTS, **starting.SHORTCUTS},
    choices=opening.CHOICES,
    words={**opening.WORDS, **starting.WORDS},
)
