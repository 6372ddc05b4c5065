"""Register the directory's Slack events and the message kind `trouble`."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability, Kinds, MessageKind, team_matters
from slackapp.directory.actions import repair
from slackapp.directory.listeners import events
from slackapp.directory.model import TroubleScene
from slackapp.directory.views import message

_MESSAGE_KINDS: Final[Kinds] = {
    "trouble": MessageKind[TroubleScene](
        load=repair.scene,
        draw=message,
        about=lambda scene: scene.details.handoff if scene.details else None,
        topic=team_matters,
    ),
}

CAPABILITY: Final = Capability(events={**events.LEARN, **events.CONVERSIONS}, message_kinds=_MESSAGE_KINDS)
