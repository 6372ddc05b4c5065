"""Register absences, personal settings and summaries: words, forms, buttons, messages, and the part of Home."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, HomePart, Kinds, MessageKind, team_matters
from slackapp.personal.actions import check_covers, held
from slackapp.personal.actions.away import COVER, UNCOVERED
from slackapp.personal.actions.returned import BACK
from slackapp.personal.actions.summaries import SUMMARY
from slackapp.personal.listeners import settings
from slackapp.personal.listeners.away import CLICKS, FORMS, OPENS, WORDS
from slackapp.personal.model import Away, BackScene, CoverScene, SummaryScene
from slackapp.personal.queries.away import at_home, cover_scene
from slackapp.personal.queries.returned import back_scene
from slackapp.personal.queries.summaries import summary_scene
from slackapp.personal.views import away, returned, summaries
from storage.company.model import Topic

_MESSAGE_KINDS: Final[Kinds] = {
    COVER: MessageKind[CoverScene](load=cover_scene, draw=away.cover, topic=team_matters),
    UNCOVERED: MessageKind[CoverScene](load=cover_scene, draw=away.uncovered),
    SUMMARY: MessageKind[SummaryScene](
        load=summary_scene,
        draw=summaries.message,
        topic=lambda _payload: Topic.SUMMARY,
        waits_for_return=True,
    ),
    BACK: MessageKind[BackScene](load=back_scene, draw=returned.message, topic=lambda _payload: Topic.SUMMARY),
}

CAPABILITY: Final = Capability(
    clicks={**CLICKS, **settings.CLICKS},
    forms={**FORMS, **settings.FORMS},
    opens={**OPENS, **settings.OPENS},
    words={**WORDS, **settings.WORDS},
    message_kinds=_MESSAGE_KINDS,
    people_effects=(check_covers.after_people, held.after_people),
    home_parts=(HomePart[Away](load=at_home, draw=away.home),),
)
