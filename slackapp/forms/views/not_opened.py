"""The private message about a form that Slack did not open, with the button that opens it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from slackapp.forms.model import NotOpenedScene
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Post, actions, button, section

NOT_OPENED: Final = "Slack didn't open the form in time. Nothing was changed."
_PRESS: Final = "Press Open form."
_TRY_AGAIN: Final = "Please try again."
_ON_THE_CARD: Final = "Open it from the card."
REQUEST_GONE: Final = "This button has expired. Start again with `/handoff` or from the card."


def not_opened(sentence: str, kept_id: str | None) -> Post:
    """Return the message.

    Args:
        sentence: what happened, if it is not just that the form did not open.
        kept_id: what the button opens; None if it could not be kept.
    """
    if kept_id is None:
        return Post(text=f"{sentence} {_ON_THE_CARD}" if sentence else f"{NOT_OPENED} {_TRY_AGAIN}", blocks=[])
    text = f"{sentence or NOT_OPENED} {_PRESS}"
    return Post(text=text, blocks=[section(text), *actions(button("Open form", ids.AGAIN, ids.button_value(kept_id)))])


def message(scene: NotOpenedScene, _now: datetime) -> Post:
    """Return it as a direct message."""
    return not_opened(scene.sentence, scene.kept_id)
