"""The statements of a claim: each fact is read once, and each table is written once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slackapp.handoffs.actions.carry_out import Outcome, Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from storage.clocks import policies, timers
from storage.clocks.model import Calendar, ClockKind, Duration, Interval
from storage.company import people, queues
from storage.company.model import Channel
from storage.db.database import Database
from storage.handoffs.acts import Claim
from storage.handoffs.lifecycle import Moved, Refused
from storage.handoffs.model import Handoff, Priority, Text
from storage.outbox import posted_messages
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import NOW, TEAM
from tests.databases import SQLITE
from tests.escalation.tick_room import HOUR, QUEUE, Room, level
from tests.handoffs.statements import statements_of
from tests.storage.examples import as_posted

MOST = 10
"""Statements of a claim."""
EVERYTHING = replace(QUEUE, members=("S0CS",), managers=("S0LEADS",), calendar="office")


@pytest.fixture
def room(database: Database) -> Room:
    """A queue with groups, hours, a policy with all clocks, and a channel."""
    found = Room(database)
    found.policy(level("late", "owner"), level("very", "managers", offset_s=600))
    with database.transaction() as tx:
        day = (Interval(start=NOW.replace(hour=0).time(), end=NOW.replace(hour=23).time()),)
        policies.put_calendar(tx, Calendar(workspace=TEAM, key="office", timezone="UTC", hours=(day,) * 7))
        people.put_group(tx, TEAM, "S0CS", "cs", "Customer Success", ["EVA", "OWNER"], NOW)
        people.put_group(tx, TEAM, "S0LEADS", "leads", "Leads", ["DAN", "KIM"], NOW)
        people.put_channel(tx, Channel(workspace=TEAM, id="C1", name="cs"))
        queues.put(tx, EVERYTHING)
    return found


def opened(room: Room, number: int) -> Handoff:
    """A handoff with all its clocks, whose messages have been posted."""
    draft = NewHandoff(
        title=f"Acme {number}", queue="success", next_step="Call", note=Text(plain="Soon"), person=None,
        needed_by=room.clock.now() + 8 * HOUR,
    )  # fmt: skip
    outcome = open_handoff(room.baton, workspace=TEAM, user="SENDER", draft=draft, form=f"V{number}")
    assert isinstance(outcome, Opened)
    room.deliver()
    return outcome.handoff


def claim(room: Room, handoff: Handoff, user: str = "EVA") -> Outcome:
    return carry_out(room.baton, Request(workspace=TEAM, handoff_id=handoff.id, act=Claim(), user=user))


def test_a_claim_takes_ten_statements_at_most(room: Room) -> None:
    claim(room, opened(room, 1))  # so that connections are open and their settings made
    handoff = opened(room, 2)
    with room.db.transaction() as tx:
        digest = OutboxMessage(
            workspace=TEAM, key=f"digest:success:{NOW.date().isoformat()}", kind="digest", handoff_id=None,
            to=Destination(channel="C1"),
            payload={"queue": "success", "waiting": [[handoff.id, NOW.isoformat()]], "due": [], "missed": []},
        )  # fmt: skip
        posted_messages.put(tx, as_posted(digest, ts="9.1"))
        queues.set_last_digest(tx, TEAM, "success", digest.key)

    with statements_of(room.db) as sent:
        assert isinstance(claim(room, handoff), Moved)

    assert len(sent) <= MOST, "\n".join(sent)
    assert digest.key in room.waiting(), "what it causes elsewhere is among them"
    with room.db.reading() as tx:
        running = {timer.clock for timer in timers.list_live_for_handoff(tx, handoff.id)}
    assert running == {ClockKind.FIRST_ACTION, ClockKind.UPDATE, ClockKind.FINISH, ClockKind.NEEDED_BY}


def test_whoever_comes_too_late_is_refused_after_three_statements(room: Room) -> None:
    handoff = opened(room, 1)
    claim(room, handoff)

    with statements_of(room.db) as sent:
        assert isinstance(claim(room, handoff, "OWNER"), Refused)

    assert len(sent) <= 3, "\n".join(sent)


@SQLITE
@pytest.mark.parametrize(("target_s", "ticks"), [(30, 1), (3600, 0)])
def test_only_a_clock_that_is_due_soon_is_worth_a_tick_of_its_own(room: Room, target_s: int, ticks: int) -> None:
    room.policy(
        level("late", "owner", clock=ClockKind.FINISH),
        targets={ClockKind.FINISH: {Priority.NORMAL: Duration(seconds=target_s)}},
    )
    handoff = opened(room, 1)
    woken: list[str] = []
    room.baton = replace(room.baton, wake_pump=lambda: woken.append("pump"), wake_tick=lambda: woken.append("tick"))

    claim(room, handoff)

    assert woken == ["pump", *["tick"] * ticks]
