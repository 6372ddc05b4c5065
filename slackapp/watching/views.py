"""Messages to people who watch a handoff: the one that is kept current, and the news that it changed hands or ended."""

from __future__ import annotations

from datetime import datetime

from slackapp.handoffs.views import card, headlines, messages, wording
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Post, actions, button, context, link, section
from slackapp.watching.model import WatchScene
from storage.handoffs.lifecycle import State

STOP = "Stop watching"


def watched(scene: WatchScene, now: datetime) -> Post | None:
    """The message that shows how the handoff stands, redrawn through its life."""
    details = scene.scene.details
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return None
    if not scene.is_visible:
        return _over(scene)
    where = [link(details.permalink, "See the card")] if details.permalink else []
    text = f"You watch {wording.numbered(details)} {headlines.headline(details, now, reader=scene.reader)}."
    return Post(
        text=text,
        blocks=[
            section(headlines.two_lines(details, now, reader=scene.reader)),
            context(" · ".join(["👀 You watch this", wording.team(details.queue), wording.number(handoff), *where])),
            *actions(
                card.show_button(handoff),
                button(STOP, ids.WatchAction.STOP, ids.button_value(handoff.id), about=wording.about(handoff)),
            ),
        ],
    )


def news(scene: WatchScene, now: datetime) -> Post | None:
    """A new message: the handoff changed hands or ended."""
    return messages.dm(scene.scene, now) if scene.is_visible else _over(scene)


def _over(scene: WatchScene) -> Post | None:
    """What remains of a message whose reader may no longer see the handoff; a new one is not posted."""
    number = wording.number(scene.scene.details.handoff)
    text = f"You no longer watch {number}, or can no longer see it."
    return card.one_line(text) if scene.scene.posted else None
