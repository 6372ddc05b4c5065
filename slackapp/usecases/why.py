"""Reads who was told what about a handoff, and how each of its clocks stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from slackapp.usecases.baton import PATIENCE_S, Baton
from slackapp.usecases.look import calendars_of, on_their_way
from slackapp.usecases.look_up import Seen, seen_by
from slackapp.usecases.outcomes import Missing
from storage import handoffs, messages, notices, people, timers
from storage.company import Calendar
from storage.outbox import Pending
from storage.records import Notice, Posted, Timer


@dataclass(frozen=True, kw_only=True)
class Told:
    """Everything that was, is or will be said about a handoff, and why."""

    seen: Seen
    """With its history, in which held messages stand."""
    clocks: Sequence[Timer]
    """Every run of every clock, oldest first."""
    notices: Sequence[Notice]
    posted: Sequence[Posted]
    pending: Sequence[Pending]
    calendars: Mapping[str, Calendar]


def why(baton: Baton, *, workspace: str, number: int, user: str) -> Told | Missing:
    """Look up the handoff that people call `#number`, if this person may see it."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        handoff = handoffs.by_number(tx, workspace, number)
        seen = seen_by(tx, workspace, handoff.id, user, now, history=True) if handoff else Missing()
        if handoff is None or isinstance(seen, Missing) or not seen.visible:
            return Missing()
        told = notices.of(tx, handoff.id)
        posted = messages.of(tx, handoff.id)
        clocks = timers.of(tx, handoff.id)
        pending = on_their_way(tx, handoff, told)
        addresses = [*(message.to for message in posted), *(one.wanted.to for one in pending)]
        users = {notice.recipient for notice in told} | {to.user or "" for to in addresses}
        names = {person.id: person.name for person in people.many(tx, workspace, users - {""}).values()}
        picture = replace(seen.picture, names={**seen.picture.names, **names})
        return Told(
            seen=replace(seen, picture=picture),
            clocks=clocks,
            notices=told,
            posted=posted,
            pending=pending,
            calendars=calendars_of(tx, workspace, clocks),
        )
