"""Register the form that opens, edits and resends a handoff: its buttons, submits, shortcuts and commands."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.forms.listeners import buttons, duplicates, edit, open_form, pages, start_form

CAPABILITY: Final = Capability(
    clicks={**duplicates.CLICKS, **buttons.CLICKS, **edit.CLICKS},
    forms={**open_form.FORMS, **edit.FORMS},
    closed=pages.CLOSED,
    shortcuts={**open_form.SHORTCUTS, **start_form.SHORTCUTS},
    choices=open_form.CHOICES,
    words={**open_form.WORDS, **start_form.WORDS},
)
