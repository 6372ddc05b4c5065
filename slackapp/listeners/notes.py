"""A reply in a card's thread is kept with the handoff, through the message's menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.slack import message_text
from slackapp.slack.conversation import Context, Reply, Tell, tell
from slackapp.slack.ids import Shortcut
from slackapp.slack.payloads import Chosen
from slackapp.usecases.carry_out import Request, carry_out
from slackapp.usecases.look_up import behind_message, look_up
from slackapp.usecases.outcomes import Missing, Repeated
from slackapp.views import answers, refusals
from storage.handoffs.acts import AddNote
from storage.handoffs.lifecycle import Refused

NOT_A_REPLY: Final = (
    "This works on a reply in the thread of a handoff's card. Use it there, or press Add note on the card."
)
KEPT_BEFORE: Final = "This reply is among the handoff's notes already."


def keep(desk: Context, chosen: Chosen) -> Reply:
    """Add the reply to the notes, quoted with its author."""
    message = chosen.message
    if message is None or message.thread_ts is None:
        return tell(NOT_A_REPLY)
    handoff_id = behind_message(desk.baton, workspace=desk.workspace, channel=message.channel, ts=message.thread_ts)
    if handoff_id is None:
        return tell(NOT_A_REPLY)
    request = Request(
        workspace=desk.workspace,
        handoff_id=handoff_id,
        act=AddNote(text=message_text.quoted(message_text.words_of(desk, message))),
        user=chosen.who.user,
        form=f"{message.channel}:{message.ts}",
    )
    outcome = carry_out(desk.baton, request)
    if isinstance(outcome, Repeated):
        return tell(KEPT_BEFORE)
    seen = look_up(desk.baton, workspace=desk.workspace, handoff_id=handoff_id, user=chosen.who.user)
    if isinstance(seen, Missing):
        return tell(refusals.GONE)
    if isinstance(outcome, Refused):
        return tell(refusals.refusal(outcome, seen.picture, seen.now))
    return Tell(post=answers.noted(seen.picture))


SHORTCUTS: Final[Mapping[str, Callable[[Context, Chosen], Reply]]] = {Shortcut.NOTE_FROM_MESSAGE: keep}
