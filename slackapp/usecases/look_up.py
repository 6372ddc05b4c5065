"""What people ask to see: one handoff with what they may do with it, their own list, a queue's list, queues by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.people.queries import actor_for
from slackapp.policy import reactions
from slackapp.policy.privacy import stub
from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.usecases.look import glance, picture
from slackapp.usecases.outcomes import Missing
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import Actor, Role, Verb, why_not
from storage.handoffs.model import Handoff
from storage.outbox import outbox, posted_messages
from storage.picture import Picture

LISTED: Final = 20
"""Handoffs shown in a list."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A handoff as one person sees it."""

    picture: Picture
    actor: Actor
    now: datetime

    @property
    def visible(self) -> bool:
        """Whether this person may see it at all."""
        return Role.VIEWER in self.actor.roles

    @property
    def may(self) -> frozenset[Verb]:
        """What they may do with it now."""
        return frozenset(v for v in Verb if why_not(self.picture.handoff, v, self.actor) is None)


@dataclass(frozen=True, kw_only=True)
class Own:
    """What a person has, what is offered to them, and what they sent that is not finished.

    Each holds one more than `LISTED` where there are more than that.
    """

    owned: Sequence[Picture]
    offered: Sequence[Picture]
    sent: Sequence[Picture]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits to be claimed: the first `LISTED` of `total`, the longest waiting first."""

    shown: Sequence[Picture]
    total: int
    now: datetime
    hidden: bool = False
    """Whether none of the queues asked about may be seen by this person."""


def look_up(baton: Baton, *, workspace: str, handoff_id: str, user: str, history: bool = False) -> Seen | Missing:
    """One handoff, with everything around it when `history` is asked for."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return seen_by(tx, workspace, handoff_id, user, now, history=history)


def by_number(baton: Baton, *, workspace: str, number: int, user: str) -> Seen | Missing:
    """The handoff that people call `#number`."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        handoff = handoffs.get_by_number(tx, workspace, number)
        return seen_by(tx, workspace, handoff.id, user, now) if handoff else Missing()


def behind_message(baton: Baton, *, workspace: str, channel: str, ts: str) -> str | None:
    """The id of the handoff that a message of ours (a card, usually) is about."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        posted = posted_messages.get_by_ts(tx, workspace, channel, ts)
    return posted.handoff_id if posted else None


def mine(baton: Baton, *, workspace: str, user: str) -> Own:
    """The person's own list."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return Own(
            owned=_glances(tx, handoffs.list_owned_by(tx, workspace, user, LISTED + 1)),
            offered=_glances(tx, handoffs.list_offered_to(tx, workspace, user, LISTED + 1)),
            sent=_glances(tx, handoffs.list_sent_by(tx, workspace, user, LISTED + 1)),
            now=now,
        )


def waiting(baton: Baton, *, workspace: str, user: str, queue: Queue | None) -> Waiting:
    """What waits to be claimed in a queue, or in all whose handoffs the person may see."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        asked = [queue] if queue else queues.list_all(tx, workspace)
        visible = [q.key for q in asked if Role.VIEWER in actor_for(tx, user, q).roles]
        counts = handoffs.count_open_by_queue(tx, workspace)
        found = [handoff for key in visible for handoff in handoffs.list_open_in_queue(tx, workspace, key, LISTED)]
        oldest = sorted(found, key=lambda handoff: handoff.state_since)[:LISTED]
        total = sum(counts.get(key, 0) for key in visible)
        return Waiting(shown=_glances(tx, oldest), total=total, now=now, hidden=not visible)


def find_queues(baton: Baton, *, workspace: str, text: str, limit: int) -> Sequence[Queue]:
    """Queues whose name or key contains the text."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return queues.search(tx, workspace, text, limit)


def redraw(baton: Baton, seen: Seen, text: str | None, drawn: str) -> None:
    """Have the card drawn again if `text`, which somebody saw, is not what it should say; unless that is on its way."""
    handoff = seen.picture.handoff
    if text is None or text == drawn:
        return

    def work(tx: Tx) -> None:
        card = reactions.card(handoff, seen.picture.queue)
        if card.key not in outbox.list_keys_for_handoff(tx, handoff.id):
            outbox.put(tx, [card], seen.now)

    baton.db.listener(work)
    baton.wake_pump()


def seen_by(
    tx: Tx, workspace: str, handoff_id: str, user: str, now: datetime, *, history: bool = False
) -> Seen | Missing:
    """One handoff as this person sees it, in a transaction of the caller's.

    Whoever is not entitled to private work sees a stub of it.
    """
    found = picture(tx, workspace, handoff_id, history=history)
    if found is None:
        return Missing()
    actor = actor_for(tx, user, found.queue, found.handoff)
    return Seen(picture=found if Role.VIEWER in actor.roles else stub(found), actor=actor, now=now)


def _glances(tx: Tx, found: Iterable[Handoff]) -> list[Picture]:
    return [glance(tx, handoff) for handoff in found]
