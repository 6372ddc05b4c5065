"""Register the word, the form, the buttons and the messages about absences."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, HomePart, Kinds, MessageKind
from slackapp.personal import queries
from slackapp.personal.actions import check_covers
from slackapp.personal.actions.away import COVER, UNCOVERED
from slackapp.personal.listeners.away import CLICKS, FORMS, OPENS, WORDS
from slackapp.personal.model import Away, CoverScene
from slackapp.personal.views import away

_MESSAGE_KINDS: Final[Kinds] = {
    COVER: MessageKind[CoverScene](load=queries.scene, draw=away.cover),
    UNCOVERED: MessageKind[CoverScene](load=queries.scene, draw=away.uncovered),
}

CAPABILITY: Final = Capability(
    clicks=CLICKS,
    forms=FORMS,
    opens=OPENS,
    words=WORDS,
    message_kinds=_MESSAGE_KINDS,
    people_effects=(check_covers.after_people,),
    home_parts=(HomePart[Away](load=queries.at_home, draw=away.home),),
)
