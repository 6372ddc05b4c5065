"""What people, user groups and channels add to the registers."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, Kinds, MessageKind
from slackapp.directory.model import TroubleScene
from slackapp.listeners import news
from slackapp.usecases import repair
from slackapp.views import troubles

_MESSAGE_KINDS: Final[Kinds] = {
    "trouble": MessageKind[TroubleScene](
        load=repair.scene,
        draw=troubles.message,
        about=lambda scene: scene.picture.handoff if scene.picture else None,
    ),
}

CAPABILITY: Final = Capability(events=news.LEARN, message_kinds=_MESSAGE_KINDS)
