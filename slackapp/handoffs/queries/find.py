"""Find what people ask to see: one handoff, their own list, a queue's list, queues by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails, Missing, OwnList, Seen, WaitingList
from slackapp.handoffs.queries.load import details, summary
from slackapp.handoffs.rules import snooze_options
from slackapp.handoffs.rules.privacy import UNNAMED, stub
from slackapp.handoffs.rules.snooze_options import SnoozeOption
from slackapp.people.queries import actor_for, admins_to_ask, claimable_among, is_in_team, may_send_to, readers_for
from slackapp.people.rules.availability import hours_of
from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.slack.mrkdwn import Token, TokenKind
from storage.clocks import policies
from storage.clocks.model import Calendar
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import Role
from storage.handoffs.model import Handoff
from storage.outbox import posted_messages

LISTED: Final = 20
"""Handoffs shown in a list."""
SEARCHED: Final = 1000
"""Queues searched for a name: an exact match may come after many that only contain it."""


def find_handoff(baton: Baton, *, workspace: str, handoff_id: str, user: str, history: bool = False) -> Seen | Missing:
    """One handoff with the verbs this person may do; `history` adds its history and custody."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return seen_by(tx, workspace, handoff_id, user, now, history=history)


def find_by_number(baton: Baton, *, workspace: str, number: int, user: str) -> Seen | Missing:
    """The handoff that people call `#number`, as this person sees it."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        handoff = handoffs.get_by_number(tx, workspace, number)
        return seen_by(tx, workspace, handoff.id, user, now) if handoff else Missing()


def find_by_message(baton: Baton, *, workspace: str, channel: str, ts: str) -> str | None:
    """The id of the handoff that one of our messages is about, usually a card; None if it is not ours."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        posted = posted_messages.get_by_ts(tx, workspace, channel, ts)
    return posted.handoff_id if posted else None


def list_own(baton: Baton, *, workspace: str, user: str) -> OwnList:
    """The unfinished handoffs that this person owns, is offered, or has sent.

    Each list holds one more than `LISTED` where there are more than that.
    """
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return OwnList(
            owned=_summaries(tx, handoffs.list_owned_by(tx, workspace, user, LISTED + 1)),
            offered=_summaries(tx, handoffs.list_offered_to(tx, workspace, user, LISTED + 1)),
            sent=_summaries(tx, handoffs.list_sent_by(tx, workspace, user, LISTED + 1)),
            now=now,
        )


def list_waiting(baton: Baton, *, workspace: str, user: str, queue: Queue | None) -> WaitingList:
    """The unclaimed handoffs that this person may see, in a queue or in all.

    Private ones are listed for the people of their queue, and for those who are involved.
    """
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        readers = readers_for(tx, user, [queue] if queue else queues.list_all(tx, workspace))
        counts = {
            reader: handoffs.count_open_by_queue(tx, workspace, reader=reader) for reader in set(readers.values())
        }
        found = [
            handoff
            for key, reader in readers.items()
            for handoff in handoffs.list_open_in_queue(tx, workspace, key, LISTED, reader=reader)
        ]
        oldest = sorted(found, key=lambda handoff: handoff.state_since)[:LISTED]
        total = sum(counts[reader].get(key, 0) for key, reader in readers.items())
        claimable = claimable_among(tx, user, {handoff.queue for handoff in oldest}, workspace)
        return WaitingList(shown=_summaries(tx, oldest), total=total, claimable=claimable, now=now)


def find_queues(baton: Baton, *, workspace: str, text: str, limit: int, user: str) -> Sequence[Queue]:
    """Up to `limit` queues that this person may hand work to and whose name or key contains the text."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return search_queues(tx, workspace, text, limit, user=user)


def has_teams(baton: Baton, *, workspace: str) -> bool:
    """Whether any queue is set up."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return bool(queues.list_all(tx, workspace))


def find_admins_to_ask(baton: Baton, *, workspace: str, user: str) -> tuple[str, ...] | None:
    """The people who can set up a team for this person; None if they can do it themselves."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return admins_to_ask(tx, workspace, user)


def find_queues_of(baton: Baton, *, workspace: str, token: Token, user: str) -> Sequence[Queue]:
    """The queues that a mention stands for and that this person may hand work to.

    A channel stands for the queues that post to it, a group and a person for those that they are in.
    """
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        listed = may_send_to(tx, user, queues.list_all(tx, workspace))
        match token.kind:
            case TokenKind.CHANNEL:
                return [queue for queue in listed if queue.channel == token.ref]
            case TokenKind.GROUP:
                return [queue for queue in listed if token.ref in queue.members]
            case TokenKind.USER:
                return [queue for queue in listed if is_in_team(tx, token.ref, queue)]
    return []


def search_queues(tx: Tx, workspace: str, text: str, limit: int, *, user: str) -> Sequence[Queue]:
    """The same as `find_queues`, in the caller's transaction."""
    return may_send_to(tx, user, queues.search(tx, workspace, text, SEARCHED))[:limit]


def seen_by(
    tx: Tx, workspace: str, handoff_id: str, user: str, now: datetime, *, history: bool = False
) -> Seen | Missing:
    """One handoff as this person sees it, read in the caller's transaction.

    A person who may not see private work gets a stub of it.
    """
    found = details(tx, workspace, handoff_id, history=history)
    if found is None:
        return Missing()
    if UNNAMED in found.queue_names.values():
        found = replace(found, queue_names=_names_for(tx, workspace, user, found.queue_names))
    actor = actor_for(tx, user, found.queue, found.handoff)
    return Seen(details=found if Role.VIEWER in actor.roles else stub(found), actor=actor, now=now)


def _names_for(tx: Tx, workspace: str, user: str, names: Mapping[str, str]) -> dict[str, str]:
    """The queues' names as this person may read them."""
    unnamed = [queue for queue in queues.list_all(tx, workspace) if names.get(queue.key) == UNNAMED]
    return {**names, **{queue.key: queue.name for queue in may_send_to(tx, user, unnamed)}}


def _summaries(tx: Tx, found: Iterable[Handoff]) -> list[HandoffDetails]:
    return [summary(tx, handoff) for handoff in found]


def snooze_options_for(baton: Baton, *, workspace: str, handoff_id: str, user: str) -> tuple[SnoozeOption, ...]:
    """The moments that the snooze form offers this person."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=1.0) as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        queue = queues.get(tx, workspace, handoff.queue) if handoff else None
        person = people.get(tx, workspace, user)
        hours = _hours(tx, queue, person)
    return snooze_options.offered(hours, person.tz if person else None, now)


def _hours(tx: Tx, queue: Queue | None, person: Person | None) -> Calendar | None:
    own = policies.get_calendar_of_person(tx, person)
    team = policies.get_calendar_of_queue(tx, queue) if queue and own is None else None
    return hours_of(person, own, snooze_options.personal_week(team) if team else None)
