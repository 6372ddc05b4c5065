"""Read the unfinished handoff that a message has become, if any, as one person may know of it."""

from __future__ import annotations

from slackapp.forms.model import Begun, ReactionScene
from slackapp.people.queries import actor_for
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.company import people, queues
from storage.db.database import Tx
from storage.handoffs import handoffs, sources
from storage.handoffs.lifecycle import Role
from storage.handoffs.model import Source
from storage.outbox.model import OutboxMessage


def begun_with(baton: Baton, *, workspace: str, channel: str, ts: str, user: str) -> Begun | None:
    """The handoff that a message has become; None if there is none, or it is finished."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return _begun(tx, workspace, Source(channel=channel, ts=ts), user)


def reaction(tx: Tx, wanted: OutboxMessage, _posted: bool) -> ReactionScene:
    """What the message to a person who reacted is drawn from."""
    facts = wanted.payload
    channel, ts, reader = str(facts["channel"]), str(facts["ts"]), wanted.to.user or ""
    return ReactionScene(
        channel=channel,
        ts=ts,
        emoji=str(facts["emoji"]),
        begun=_begun(tx, wanted.workspace, Source(channel=channel, ts=ts), reader),
    )


def _begun(tx: Tx, workspace: str, message: Source, user: str) -> Begun | None:
    handoff_id = sources.get_handoff_id(tx, workspace, message)
    handoff = handoffs.get(tx, workspace, handoff_id) if handoff_id else None
    if handoff is None or handoff.final:
        return None
    queue = queues.get(tx, workspace, handoff.queue)
    return Begun(
        handoff_id=handoff.id,
        number=handoff.number,
        sender=handoff.originator,
        reader=user,
        is_visible=queue is not None and Role.VIEWER in actor_for(tx, user, queue, handoff).roles,
        names=people.get_names(tx, workspace, {handoff.originator}),
    )
