"""Read what a batch of due clocks needs besides the handoffs, in a few queries however many handoffs there are.

A batch holds hundreds of handoffs of a handful of queues. So queues, policies, calendars, groups and people are read
once each, and what follows from them (roles, availability) is worked out once per queue and user.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from slackapp.clocks.queries import terms, terms_of
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.escalation.model import Audience
from slackapp.escalation.rules import audience
from slackapp.escalation.rules.recipients_of_step import QueueContext
from slackapp.people.queries import admins_of
from slackapp.people.rules import covering, permissions
from slackapp.people.rules.availability import Availability, availability, hours_of
from slackapp.people.rules.permissions import ACTING_ROLES, Team, people_involved
from slackapp.people.rules.standing import is_admitted
from storage.clocks import policies
from storage.clocks.model import Calendar, Timer
from storage.company import people, queues, workspaces
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs.model import Handoff


class BatchContext:
    """Queues, clock terms and people around some handoffs of one workspace, each read once."""

    def __init__(self, tx: Tx, workspace: str, now: datetime) -> None:
        found = workspaces.get(tx, workspace)
        self._tx, self.workspace, self._now = tx, workspace, now
        self._admins: tuple[str, ...] = found.admins if found else ()
        self._terms: dict[tuple[str, int, str | None], Terms] = {}
        self._new_terms: dict[str, Terms] = {}
        self._queues: dict[str, Queue] = {}
        self._groups: dict[str, tuple[str, ...]] = {}
        self._people: dict[str, Person] = {}
        self._calendars: dict[str, Calendar | None] = {}
        self._queue_contexts: dict[str, QueueContext] = {}
        self._roles: dict[tuple[str, str, bool], list[str]] = {}
        self._teams: dict[str, Team] = {}
        self._hours: str | None = found.calendar if found else None
        self._managers_of: dict[str, str] = {}
        self._gone: frozenset[str] = frozenset()

    @classmethod
    def read(
        cls,
        tx: Tx,
        workspace: str,
        handoffs: Iterable[Handoff],
        timers: Sequence[Timer],
        now: datetime,
        *,
        also: Iterable[str] = (),
    ) -> BatchContext:
        """Read the context of these handoffs and their clocks, and `also` of these people."""
        found = cls(tx, workspace, now)
        many = list(handoffs)
        tell = {word for timer in timers for word in found._words(timer)}
        if audience.ADMINS in tell:
            found._admins = admins_of(tx, workspace)
        found._queues = queues.get_many(tx, workspace, {handoff.queue for handoff in many})
        teams = {ref for queue in found._queues.values() for ref in (*queue.members, *queue.managers)}
        found._groups = people.get_groups(tx, workspace, tell | teams)
        named = {who for who in also if audience.is_person(who)}
        named |= {user for handoff in many for user in people_involved(handoff)}
        named |= {word for word in tell if audience.is_person(word)} | teams | set(found._admins)
        found._read_people(named.union(*found._groups.values()), audience.chain_length(tell))
        return found

    def queue(self, handoff: Handoff) -> Queue | None:
        """Return the queue of a handoff; None if it is not configured any more."""
        return self._queues.get(handoff.queue)

    def terms_of(self, timer: Timer) -> Terms:
        """Return the policy and calendar that a clock runs under."""
        key = (timer.policy, timer.policy_version, timer.calendar)
        if key not in self._terms:
            self._terms[key] = terms_of(self._tx, timer)
        return self._terms[key]

    def terms(self, queue: Queue) -> Terms:
        """Return the policy and calendar of clocks that start now in a queue."""
        if queue.key not in self._new_terms:
            self._new_terms[queue.key] = terms(self._tx, queue)
        return self._new_terms[queue.key]

    def queue_context(self, queue: Queue) -> QueueContext:
        """Return the people around a queue: whom a level's `tell` means, and when each is available."""
        if queue.key not in self._queue_contexts:
            self._queue_contexts[queue.key] = self._build_queue_context(queue)
        return self._queue_contexts[queue.key]

    def roles(self, queue: Queue, user: str, handoff: Handoff) -> list[str]:
        """Return a person's roles in the queue, sorted; they decide which buttons a message has."""
        key = (queue.key, user, handoff.private)
        if key not in self._roles:
            actor = permissions.actor(user, self._people.get(user), self._team(queue), handoff)
            self._roles[key] = sorted(ACTING_ROLES & actor.roles)
        return self._roles[key]

    def _words(self, timer: Timer) -> set[str]:
        """Return whom the levels of a clock notify, and to whom they assign the work."""
        policy = self.terms_of(timer).policy
        levels = policy.levels if policy else ()
        return {word for level in levels for word in (*level.tell, level.to) if word}

    def _read_people(self, users: Iterable[str], steps_up: int) -> None:
        """Read people and their managers, as many steps up as a level may name and one more for roles."""
        wanted = set(users)
        for _ in range(steps_up + 2):
            self._people |= people.get_many(self._tx, self.workspace, wanted)
            above = {person.manager for person in self._people.values() if person.manager}
            wanted = above - self._people.keys() - wanted
            if not wanted:
                break
        covers = {person.cover for person in self._people.values() if person.cover} - self._people.keys()
        self._people |= people.get_many(self._tx, self.workspace, covers) if covers else {}
        self._managers_of = {user: person.manager for user, person in self._people.items() if person.manager}
        self._gone = frozenset(user for user, person in self._people.items() if not is_admitted(person))

    def _team(self, queue: Queue) -> Team:
        if queue.key not in self._teams:
            managers = self._expand(queue.managers)
            above = {self._people[user].manager for user in managers if user in self._people}
            self._teams[queue.key] = Team(
                members=frozenset(self._expand(queue.members)),
                managers=managers,
                admins=self._admins,
                above={user for user in above if user},
            )
        return self._teams[queue.key]

    def _expand(self, refs: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(user for ref in refs for user in self._groups.get(ref, (ref,))))

    def _build_queue_context(self, queue: Queue) -> QueueContext:
        key = queue.calendar or self._hours
        hours = self._calendar(key) if key else None
        known: dict[str, Availability] = {}

        def availability_of(user: str) -> Availability:
            if user not in known:
                person = self._people.get(user)
                own = self._calendar(person.calendar) if person and person.calendar else None
                known[user] = availability(person, hours_of(person, own, hours), self._now)
            return known[user]

        def cover_of(user: str) -> str | None:
            return covering.cover_of(self._people.get(user), self._people, self._now)

        return QueueContext(audience=self._audience(queue), availability_of=availability_of, cover_of=cover_of)

    def _audience(self, queue: Queue) -> Audience:
        return Audience(
            managers=self._expand(queue.managers),
            managers_of=self._managers_of,
            admins=self._admins,
            groups=self._groups,
            gone=self._gone,
        )

    def _calendar(self, key: str) -> Calendar | None:
        if key not in self._calendars:
            self._calendars[key] = policies.get_calendar(self._tx, self.workspace, key)
        return self._calendars[key]
