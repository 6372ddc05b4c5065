"""What making templates in Slack adds to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.listeners import template_forms, templates

CAPABILITY: Final = Capability(clicks=templates.CLICKS, forms=template_forms.FORMS, words=templates.WORDS)
