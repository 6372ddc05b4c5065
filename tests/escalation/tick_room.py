"""A database with a queue, a policy and people for tests of the tick."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from slackapp.clocks.queries import terms
from slackapp.clocks.rules import timekeeping
from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from storage.clocks import notices, policies, timers
from storage.clocks.model import Calendar, ClockKind, Duration, Interval, Level, Notice, Policy, Timer
from storage.company import people, queues, workspaces
from storage.company.model import Person, Workspace
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import Act
from storage.handoffs.lifecycle import Moved, State, Verb
from storage.handoffs.model import Handoff, Priority
from storage.outbox.outbox import lease, mark_sent
from storage.outbox.tables import outbox
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff, a_queue
from tests.manual_clock import ManualClock
from tests.storage.examples import as_posted

HOUR = timedelta(hours=1)
TARGET = timedelta(minutes=30)
"""The target of every clock in the room."""
QUEUE = a_queue(members=("EVA", "OWNER"), managers=("DAN",), policy="standard")


class Room:
    """One queue `success` with DAN as manager, whose manager is KIM; ADA is admin; EVA is a member."""

    def __init__(self, database: Database) -> None:
        self.clock = ManualClock(NOW)
        self.baton = a_baton(database, self.clock)
        self.db = database
        with database.transaction() as tx:
            workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="BOT"))
            workspaces.set_config(tx, TEAM, None, ["ADA"])
            queues.put(tx, QUEUE)
        self.person("DAN", manager="KIM")
        for user in ("KIM", "ADA", "EVA", "OWNER", "SENDER"):
            self.person(user)

    def person(self, user: str, **facts: Any) -> None:
        """Store what is known of somebody; what is not named is plain."""
        self.db.run_transaction(
            lambda tx: people.put(tx, Person(**{"workspace": TEAM, "id": user, "name": user, **facts}))
        )

    def policy(self, *ladder: Level, **changes: Any) -> None:
        """Every clock has the target of 30 minutes and these levels."""
        targets = {clock: {Priority.NORMAL: Duration(seconds=int(TARGET.total_seconds()))} for clock in ClockKind}
        plain = {"workspace": TEAM, "key": "standard", "targets": targets, "levels": ladder}
        self.db.run_transaction(lambda tx: policies.put_policy(tx, Policy(**{**plain, **changes})))

    def hours(self, user: str, opens: int, closes: int) -> None:
        """Give somebody working hours of their own, every day from one full hour (UTC) to another."""
        day = (Interval(start=time(opens), end=time(closes)),)
        with self.db.transaction() as tx:
            policies.put_calendar(tx, Calendar(workspace=TEAM, key=user, timezone="UTC", hours=(day,) * 7))
            people.set_calendar(tx, TEAM, user, user)

    def open(
        self, number: int = 1, clock: ClockKind = ClockKind.CLAIM, since: datetime | None = None, **facts: Any
    ) -> Handoff:
        """Store a handoff in which a clock began to run now, or at `since`; claimed where the clock needs an owner."""
        state = State.OPEN if clock is ClockKind.CLAIM else State.CLAIMED
        handoff = a_handoff(**{"number": number, "state": state, **facts})
        with self.db.transaction() as tx:
            own = terms(tx, QUEUE)
            assert own.policy is not None
            running = timekeeping.start(
                handoff,
                clock,
                timer_id=f"t{number}",
                policy=own.policy,
                calendar=own.calendar,
                now=since or self.clock.now(),
            )
            assert running is not None
            handoffs.add(tx, handoff)
            timers.put(tx, running)
        return handoff

    def act(self, act: Act, user: str, number: int = 1) -> None:
        """Somebody does something to a handoff."""
        outcome = carry_out(self.baton, Request(workspace=TEAM, handoff_id=f"h{number}", act=act, user=user))
        assert isinstance(outcome, Moved), outcome

    def tick_at(self, instant: datetime) -> int:
        """Move the clock and tick."""
        self.clock.set(instant)
        return tick(self.baton)

    def deliver(self) -> list[str]:
        """Let Slack have everything that may be sent now; return the keys of what is new to it."""
        now, new = self.clock.now(), []
        while rows := self.db.run_transaction(lambda tx: lease(tx, now, 100, 30, "pump")):
            for row in rows:
                new += [row.wanted.key] if row.posted is None else []
                said = row.posted or replace(as_posted(row.wanted, ts=f"1.{row.id:04}"), posted_at=now)
                with self.db.transaction() as tx:
                    mark_sent(tx, row, said, now)
                    notices.mark_heard(tx, TEAM, row.wanted.key, now)
        return new

    def waiting(self) -> dict[str, datetime]:
        """What waits to be sent, by key, and from when on it may be."""
        with self.db.transaction() as tx:
            return {row.key: row.not_before for row in tx.execute(_OUTBOX)}

    def payload(self, key: str) -> dict[str, Any]:
        """What a waiting message carries."""
        with self.db.transaction() as tx:
            return {row.key: dict(row.payload) for row in tx.execute(_OUTBOX)}[key]

    def facts(self, number: int = 1) -> list[dict[str, Any]]:
        """What the audit says of each level that spoke."""
        with self.db.reading() as tx:
            return [
                dict(entry.facts) for entry in audit.list_for_handoff(tx, f"h{number}") if entry.verb == Verb.ESCALATE
            ]

    def verbs(self, number: int = 1) -> list[str]:
        """Everything the audit says was done."""
        with self.db.reading() as tx:
            return [entry.verb for entry in audit.list_for_handoff(tx, f"h{number}")]

    def notices(self, number: int = 1) -> dict[str, Notice]:
        """The last notice of each recipient."""
        with self.db.reading() as tx:
            return {notice.recipient: notice for notice in notices.list_for_handoff(tx, f"h{number}")}

    def timer(self, clock: ClockKind, number: int = 1) -> Timer | None:
        """The clock that has not stopped, if there is one."""
        with self.db.reading() as tx:
            return next(
                (timer for timer in timers.list_live_for_handoff(tx, f"h{number}") if timer.clock is clock), None
            )

    def handoff(self, number: int = 1) -> Handoff:
        """The handoff as it is stored."""
        with self.db.reading() as tx:
            found = handoffs.get(tx, TEAM, f"h{number}")
        assert found is not None
        return found


_OUTBOX = select(outbox.c.key, outbox.c.not_before, outbox.c.payload)


def level(key: str, *tell: str, **changes: Any) -> Level:
    """A level of the claim clock at its target."""
    return Level(**{"key": key, "clock": ClockKind.CLAIM, "tell": tell, **changes})
