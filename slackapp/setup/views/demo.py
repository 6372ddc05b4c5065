"""The demo team's forms, buttons and sentences."""

from __future__ import annotations

from typing import Final

from slackapp.setup.model import FormSubject
from slackapp.setup.rules import pages
from slackapp.setup.rules.demo import NAME
from slackapp.setup.views import wording
from slackapp.setup.views.page import act, form
from slackapp.slack.block_kit import inputs, phrases
from slackapp.slack.block_kit.blocks import Block, actions, section
from slackapp.slack.block_kit.modals import ask
from slackapp.slack.ids import SetupAction

_ABOUT: Final = (
    "The demo team has its hours, deadlines and templates filled in, with you on it. Choose a channel that only you or "
    "a few people read. You can remove the team again at any time."
)
MADE: Final = "*The demo team is ready.* Send an example handoff, then claim it in the channel."


REMOVED: Final = "The demo team was removed."
"""The note of the work that is cancelled with it."""
NOT_SENT: Final = ":warning: The demo team is gone, so nothing was sent."


def sent(number: int, channel: str) -> str:
    """The sentence that the example handoff is sent."""
    return f"*#{number} is sent.* Open {wording.channel(channel)} and press Claim."


def removed(cancelled: int) -> str:
    """The sentence that the demo team is removed."""
    if not cancelled:
        return "The demo team is removed."
    return f"The demo team is removed, and {phrases.counted(cancelled, 'handoff')} cancelled."


def demo_form(channel: str | None = None) -> Block:
    """The form that asks for the demo team's channel; the one given is proposed."""
    hint = "For a private channel, type /invite @baton there first."
    blocks = [section(_ABOUT), ask("channel", "Channel", inputs.channel(channel), hint=hint, optional=False)]
    return form("Make a demo team", SetupAction.DEMO, blocks, FormSubject(), submit="Make team")


def remove_form(unfinished: int) -> Block:
    """The confirmation before the demo team is removed."""
    what = f"{unfinished} unfinished {'handoff' if unfinished == 1 else 'handoffs'}"
    cancelled = f" {what[:1].upper()}{what[1:]} will be cancelled." if unfinished else ""
    text = f"*{NAME}* will be removed, with its hours and deadlines.{cancelled}"
    return form("Remove demo team", SetupAction.DEMO_REMOVE, [section(text)], FormSubject(), submit="Remove")


def demo_buttons() -> list[Block]:
    """The buttons on the demo team's page."""
    here = pages.of(pages.TEAM)
    return actions(
        act("Send an example handoff", SetupAction.DEMO_HANDOFF, here, "to the demo team", style="primary"),
        act("Remove demo team", SetupAction.DEMO_REMOVE, here, "and cancel its handoffs"),
    )
