"""Register the buttons of watching and the messages to people who watch."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, Kinds, MessageKind
from slackapp.handoffs.rules.change_messages import WATCH, WATCH_NEWS
from slackapp.watching import listeners, queries, views
from slackapp.watching.model import WatchScene
from storage.company.model import Topic
from storage.handoffs.model import Handoff


def _handoff(scene: WatchScene) -> Handoff:
    return scene.scene.details.handoff


def _reader(scene: WatchScene) -> str | None:
    return scene.reader if scene.is_visible else None


_MESSAGE_KINDS: Final[Kinds] = {
    WATCH: MessageKind[WatchScene](
        load=queries.scene, draw=views.watched, about=_handoff, private_reader=_reader, shows_card=True
    ),
    WATCH_NEWS: MessageKind[WatchScene](
        load=queries.scene,
        draw=views.news,
        about=_handoff,
        private_reader=_reader,
        topic=lambda _payload: Topic.WATCHED,
        waits_for_return=True,
        shows_card=True,
    ),
}

CAPABILITY: Final = Capability(clicks=listeners.CLICKS, message_kinds=_MESSAGE_KINDS)
