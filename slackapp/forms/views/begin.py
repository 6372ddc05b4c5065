"""Private messages that offer to begin a handoff with a message: after a mention in a thread, or an emoji on it."""

from __future__ import annotations

from datetime import datetime

from slackapp.forms.model import Begun, ReactionScene
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, actions, button, divider, escape, section

_ASK = "Hand this thread off?"


def thread_begun(begun: Begun, answer: Post) -> Post:
    """Return the answer to a mention, with the handoff that the thread above it has become."""
    text = told(begun, "this thread")
    return Post(text=f"{text} {answer.text}", blocks=[section(text), *_details(begun), divider(), *answer.blocks])


def thread_offer(channel: str, ts: str, answer: Post) -> Post:
    """Return the answer to a mention with the offer to hand off the thread above it."""
    return Post(
        text=f"{_ASK} {answer.text}", blocks=[section(f"*{_ASK}*"), *_button(channel, ts), divider(), *answer.blocks]
    )


def reaction_offer(scene: ReactionScene, _now: datetime) -> Post:
    """Return the direct message to the person who reacted to a message with the emoji that begins a handoff."""
    reacted = f"You reacted with :{escape(scene.emoji)}: to a message in <#{scene.channel}>."
    if scene.begun is not None:
        text = f"{reacted} {told(scene.begun, 'it')}"
        return Post(text=text, blocks=[section(text), *_details(scene.begun)], settled=True)
    text = f"{reacted} Hand it off?"
    return Post(text=text, blocks=[section(text), *_button(scene.channel, scene.ts)], settled=True)


def told(begun: Begun, what: str) -> str:
    """Return who handed a message off, for somebody who was about to do that."""
    if not begun.is_visible:
        return f"Someone has handed {what} off already. Look at the replies in its thread."
    person = "You" if begun.sender == begun.reader else phrases.person(begun.names, begun.sender)
    return f"{person} handed {what} off: #{begun.number}."


def _details(begun: Begun) -> list[Block]:
    value = ids.button_value(begun.handoff_id)
    return actions(button(phrases.DETAILS, ids.SHOW, value, about=f"#{begun.number}")) if begun.is_visible else []


def _button(channel: str, ts: str) -> list[Block]:
    return actions(button("Hand off", ids.FORM_BEGIN, ids.menu_value(channel, ts), about="this message"))
