"""The registrations of the template editor: clicks, forms and words of the command."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.template_editor.listeners import buttons, forms

CAPABILITY: Final = Capability(clicks=buttons.CLICKS, opens=buttons.OPENS, forms=forms.FORMS, words=buttons.WORDS)
