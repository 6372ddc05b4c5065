"""A reply in the thread of a card: the owner's is an update, and the first one may claim; all others are ignored.

Messages are ten times as frequent as all other events, and nearly all of them are irrelevant: one in another thread
costs one indexed read and writes nothing, not even a receipt.
"""

from __future__ import annotations

from slackapp.clocks.rules.clock_changes import PROGRESS_CLOCKS
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.rules.change_messages import card_key
from slackapp.people.rules.standing import is_admitted
from slackapp.runtime.baton import Baton
from slackapp.slack.payloads import ThreadReply
from storage.clocks import timers
from storage.company import people, queues
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Act, Claim, Continue
from storage.handoffs.lifecycle import Moved, State
from storage.handoffs.model import Handoff
from storage.outbox import posted_messages


def apply_reply(baton: Baton, workspace: str, reply: ThreadReply) -> bool:
    """Carry out what a reply in the thread of a card means; return whether it changed anything.

    The owner's reply is an update, where a clock waits for one. The first reply claims, where the team's configuration
    says so: by somebody who may claim, and who did not send the work, whose replies are about it. A reply in any other
    thread, or from before the handoff came into its state, changes nothing. One that comes twice counts once.

    Raises:
        DatabaseBusy: the database had no room within the time that the listener has.
        DatabaseUnavailable: the database cannot be reached.
    """
    with baton.db.reading() as tx:
        found = _act_of(tx, workspace, reply)
    if found is None:
        return False
    handoff, act = found
    request = Request(
        workspace=workspace,
        handoff_id=handoff.id,
        act=act,
        user=reply.user,
        form=f"reply:{reply.channel}:{reply.ts}",
    )
    return isinstance(carry_out(baton, request), Moved)


def _act_of(tx: Tx, workspace: str, reply: ThreadReply) -> tuple[Handoff, Act] | None:
    """What the reply does and to which handoff; None for nothing."""
    about = posted_messages.get_by_ts(tx, workspace, reply.channel, reply.thread_ts)
    handoff = handoffs.get(tx, workspace, about.handoff_id) if about and about.handoff_id else None
    if about is None or handoff is None or reply.at < handoff.state_since:
        return None
    if handoff.state is State.OPEN and about.key == card_key(handoff) and _claims(tx, handoff, reply.user):
        return handoff, Claim(by="reply")
    return (handoff, Continue(by="reply")) if _is_awaited(tx, handoff, reply.user) else None


def _claims(tx: Tx, handoff: Handoff, user: str) -> bool:
    """Whether a reply of this person claims the handoff, as far as their team's configuration and the sender decide."""
    queue = queues.get(tx, handoff.workspace, handoff.queue)
    if queue is None or not queue.claim_by_reply or user in {handoff.sender, handoff.originator}:
        return False
    person = people.get(tx, handoff.workspace, user)
    return person is not None and is_admitted(person)


def _is_awaited(tx: Tx, handoff: Handoff, user: str) -> bool:
    """Whether a clock of the handoff waits for an update by this person, who owns it."""
    if handoff.state is not State.CLAIMED or handoff.owner != user:
        return False
    running = timers.list_live_for_handoff(tx, handoff.id)
    return any(one.clock in PROGRESS_CLOCKS and one.running_since for one in running)
