"""What the template editor adds to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.template_editor.listeners import buttons, forms

CAPABILITY: Final = Capability(clicks=buttons.CLICKS, forms=forms.FORMS, words=buttons.WORDS)
