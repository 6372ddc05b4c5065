"""Register set-up: its buttons, forms, searches and word, and its part of Home."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, HomePart, MessageKind
from slackapp.setup import queries
from slackapp.setup.listeners import buttons, demo, forms, presses, searches
from slackapp.setup.model import Progress, WelcomeScene
from slackapp.setup.views import checklist, welcome
from storage.outbox.model import WELCOME

CAPABILITY: Final = Capability(
    clicks={**buttons.CLICKS, **presses.CLICKS, **demo.CLICKS},
    opens=buttons.OPENS,
    forms={**forms.FORMS, **demo.FORMS},
    choices=searches.CHOICES,
    words=buttons.WORDS,
    message_kinds={WELCOME: MessageKind[WelcomeScene](load=queries.welcome_scene, draw=welcome.draw)},
    home_parts=(
        HomePart[Progress](load=queries.at_home, draw=lambda found, _now: checklist.for_home(found), is_first=True),
    ),
)
