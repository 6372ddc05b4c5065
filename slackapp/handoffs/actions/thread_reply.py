"""An owner's reply in the thread of their card counts as an update; every other message is ignored.

Messages are ten times as frequent as all other events, and nearly all of them are irrelevant: one in another thread
costs one indexed read and writes nothing, not even a receipt.
"""

from __future__ import annotations

from slackapp.clocks.rules.clock_changes import PROGRESS_CLOCKS
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.runtime.baton import Baton
from slackapp.slack.payloads import ThreadReply
from storage.clocks import timers
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Continue
from storage.handoffs.lifecycle import Moved, State
from storage.handoffs.model import Handoff
from storage.outbox import posted_messages


def record_owner_reply(baton: Baton, workspace: str, reply: ThreadReply) -> bool:
    """Apply an owner's reply in their card's thread to the clocks that wait for one; return whether it was one.

    A reply by anybody else, in any other thread, while no clock waits for it, or from before its author owned the
    handoff changes nothing. One that comes twice counts once.

    Raises:
        DatabaseBusy: the database had no room within the time that the listener has.
        DatabaseUnavailable: the database cannot be reached.
    """
    with baton.db.reading() as tx:
        handoff = _handoff_awaiting_reply(tx, workspace, reply)
    if handoff is None:
        return False
    request = Request(
        workspace=workspace,
        handoff_id=handoff.id,
        act=Continue(by="reply"),
        user=reply.user,
        form=f"reply:{reply.channel}:{reply.ts}",
    )
    return isinstance(carry_out(baton, request), Moved)


def _handoff_awaiting_reply(tx: Tx, workspace: str, reply: ThreadReply) -> Handoff | None:
    """The handoff whose clocks wait for this reply; None if there is none."""
    about = posted_messages.get_by_ts(tx, workspace, reply.channel, reply.thread_ts)
    if about is None or about.handoff_id is None:
        return None
    handoff = handoffs.get(tx, workspace, about.handoff_id)
    if handoff is None or handoff.state is not State.CLAIMED or handoff.owner != reply.user:
        return None
    if reply.at < handoff.state_since:
        return None
    waiting = (
        one
        for one in timers.list_live_for_handoff(tx, handoff.id)
        if one.clock in PROGRESS_CLOCKS and one.running_since
    )
    return handoff if any(waiting) else None
