"""Store people's Do Not Disturb as Slack last reported it, and choose whom to ask Slack about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from slackapp.people.queries import admins_of
from slackapp.runtime.baton import Baton
from storage.clocks import policies
from storage.company import people, queues
from storage.db.database import Tx

Pause: TypeAlias = tuple[datetime | None, datetime | None]
"""Start and end of a person's paused notifications; two None for none."""

_USERS: Final = ("U", "W")
_GROUP: Final = "S"
"""How Slack's ids of people and of user groups begin."""


def store_dnd(baton: Baton, workspace: str, pauses: Mapping[str, Pause]) -> int:
    """Store the Do Not Disturb of people; return for how many it changed.

    People who are not stored are left out: the next sweep stores them and reads their Do Not Disturb. What waits for
    them is decided anew.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> int:
        known = people.get_many(tx, workspace, pauses).values()
        news = [one for one in known if (one.dnd_from, one.dnd_until) != pauses[one.id]]
        if news:
            baton.lock_facts(tx)
        for person in sorted(news, key=lambda one: one.id):
            since, until = pauses[person.id]
            people.set_dnd(tx, workspace, person.id, since, until)
        baton.after_people(tx, workspace, [person.id for person in news], now)
        return len(news)

    count = baton.db.run_transaction(work)
    if count:
        baton.wake_pump()
    return count


def people_to_ask_dnd_of(baton: Baton, workspace: str) -> tuple[str, ...]:
    """Return the ids of everybody whom a queue or an escalation level may notify, sorted.

    These are members, managers and admins, the managers above them, and people named by levels. The sweep reads the Do
    Not Disturb of nobody else; that of other senders and owners is known from Slack's events alone.
    """
    with baton.db.reading() as tx:
        named = _named(tx, workspace)
        found = set(people.expand_groups(tx, workspace, sorted(named)))
        return tuple(sorted(found | _above(tx, workspace, found)))


def _named(tx: Tx, workspace: str) -> set[str]:
    """Return the people and user groups that the configuration names."""
    named = set(admins_of(tx, workspace))
    for queue in queues.list_all(tx, workspace):
        named.update(queue.members, queue.managers)
    for policy in policies.list_policies(tx, workspace):
        named.update(ref for level in policy.levels for ref in (*level.tell, level.to or ""))
    return {ref for ref in named if ref.startswith((*_USERS, _GROUP))}


def _above(tx: Tx, workspace: str, users: Iterable[str]) -> set[str]:
    """Return the managers of people, their managers, and so on; a cycle in the configuration ends where it began."""
    found: set[str] = set()
    asked = set(users)
    while asked:
        known = people.get_many(tx, workspace, sorted(asked)).values()
        asked = {person.manager for person in known if person.manager} - found
        found |= asked
    return found
