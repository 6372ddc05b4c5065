"""A reply in a card's thread is kept with the handoff, through the message's menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.ids import Shortcut
from slackapp.listeners import opening
from slackapp.listeners.desk import Desk, Reply, Tell, tell
from slackapp.listeners.inbound import Chosen
from slackapp.usecases.carry_out import Request, carry_out
from slackapp.usecases.look_up import Seen, behind_message, look_up
from slackapp.views import answers, refusals
from storage.acts import Note
from storage.lifecycle import Moved, Refused


def keep(desk: Desk, chosen: Chosen) -> Reply:
    """Add the reply to the notes, quoted with its author."""
    message = chosen.message
    if message is None or message.thread_ts is None:
        return tell(answers.NOT_A_REPLY)
    handoff_id = behind_message(
        desk.baton, workspace=desk.workspace, channel=message.channel, ts=message.thread_ts
    )
    if handoff_id is None:
        return tell(answers.NOT_A_REPLY)
    outcome = carry_out(
        desk.baton,
        Request(
            workspace=desk.workspace,
            handoff_id=handoff_id,
            act=Note(text=opening.quoted(desk, message)),
            user=chosen.who.user,
            form=f"{message.channel}:{message.ts}",
        ),
    )
    if isinstance(outcome, Refused):
        seen = look_up(desk.baton, workspace=desk.workspace, handoff_id=handoff_id, user=chosen.who.user)
        return tell(refusals.refusal(outcome, seen.picture, seen.now) if isinstance(seen, Seen) else refusals.GONE)
    if isinstance(outcome, Moved):
        return Tell(post=answers.note_kept(outcome.after))
    return tell(answers.NOTE_KEPT_BEFORE)


SHORTCUTS: Final[Mapping[str, Callable[[Desk, Chosen], Reply]]] = {Shortcut.NOTE_FROM_MESSAGE: keep}
