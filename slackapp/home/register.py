"""Register the Home tab: the event that opens it, its drawing, and what draws it again."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, ViewKind
from slackapp.home import actions, listeners, queries, views
from slackapp.home.model import HomeScene
from storage.outbox.model import HOME

CAPABILITY: Final = Capability(
    events=listeners.EVENTS,
    message_kinds={HOME: ViewKind[HomeScene](load=queries.scene, draw=views.home)},
    people_effects=(actions.follow_people,),
)
