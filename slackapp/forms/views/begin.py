"""Private messages that offer to begin a handoff with a message: after a mention in a thread, or an emoji on it."""

from __future__ import annotations

from datetime import datetime

from slackapp.forms.model import ReactionScene
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Block, Post, actions, button, divider, escape, section

_ASK = "Hand this thread off?"


def thread_offer(channel: str, ts: str, answer: Post) -> Post:
    """Return the answer to a mention with the offer to hand off the thread above it."""
    return Post(
        text=f"{_ASK} {answer.text}", blocks=[section(f"*{_ASK}*"), *_button(channel, ts), divider(), *answer.blocks]
    )


def reaction_offer(scene: ReactionScene, _now: datetime) -> Post:
    """Return the direct message to the person who reacted to a message with the emoji that begins a handoff."""
    text = f"You reacted with :{escape(scene.emoji)}: to a message in <#{scene.channel}>. Hand it off?"
    return Post(text=text, blocks=[section(text), *_button(scene.channel, scene.ts)], settled=True)


def _button(channel: str, ts: str) -> list[Block]:
    return actions(button("Hand off", ids.FORM_BEGIN, ids.menu_value(channel, ts), about="this message"))
