"""Register the form that opens, edits and resends a handoff: its buttons, submits, shortcuts and commands."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, MessageKind
from slackapp.forms.listeners import begin, buttons, duplicates, edit, open_form, pages, start_form, typed_start
from slackapp.forms.model import NotOpenedScene, ReactionScene
from slackapp.forms.queries import begun, kept_requests
from slackapp.forms.views import not_opened
from slackapp.forms.views.begin import reaction_offer
from slackapp.handoffs.rules.offers import BEGIN

CAPABILITY: Final = Capability(
    clicks={**open_form.CLICKS, **duplicates.CLICKS, **begin.CLICKS, **buttons.CLICKS, **edit.CLICKS},
    forms={**open_form.FORMS, **edit.FORMS},
    closed=pages.CLOSED,
    shortcuts={**open_form.SHORTCUTS, **start_form.SHORTCUTS},
    opens={**begin.OPENS, **duplicates.OPENS, **edit.OPENS, **open_form.OPENS, **start_form.OPENS},
    choices=open_form.CHOICES,
    words=typed_start.WORDS,
    message_kinds={
        "not_opened": MessageKind[NotOpenedScene](load=kept_requests.scene, draw=not_opened.message),
        BEGIN: MessageKind[ReactionScene](load=begun.reaction, draw=reaction_offer),
    },
)
