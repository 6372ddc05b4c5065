"""Facts that change while the clock fires and people act: whoever is last decides by all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from slackapp.company.actions.apply_config import apply
from slackapp.company.queries import export
from slackapp.directory.actions.people_and_channels import change_group_members
from slackapp.directory.actions.presence import store_dnd
from slackapp.escalation.actions import decide_anew
from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.runtime.baton import Baton
from storage.clocks import notices
from storage.clocks.model import Notice
from storage.company import people, queues
from storage.db.database import Database
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.handoffs.acts import Edit
from storage.handoffs.model import Priority
from tests.batons import a_baton
from tests.builders import NOW, TEAM
from tests.databases import POSTGRESQL
from tests.escalation.tick_room import HOUR, QUEUE, TARGET, Room, level
from tests.manual_clock import ManualClock
from tests.storage.examples import at_once

DUE = NOW + TARGET
HANDOFFS = range(1, 31)


@pytest.fixture
def room(database: Database) -> Room:
    """The managers are a group, and DAN of it cannot be notified."""
    found = Room(database)
    found.policy(level("late", "managers"), level("later", "ADA", offset_s=86_400))
    with database.transaction() as tx:
        people.put_group(tx, TEAM, "S0LEADS", "leads", "Leads", ["DAN"], NOW)
        queues.put(tx, replace(QUEUE, managers=("S0LEADS",)))
    found.person("DAN", manager="KIM", dnd_until=DUE + 8 * HOUR)
    return found


@pytest.fixture
def processes(room: Room, database_url: str) -> Iterator[list[Baton]]:
    """Five processes' worth of Baton, each with connections of its own."""
    opened = [Database.open(database_url, pool_size=2) for _ in range(5)]
    yield [a_baton(one, ManualClock(DUE)) for one in opened]
    for one in opened:
        one.close()


def raise_priorities(baton: Baton) -> None:
    for number in HANDOFFS[::3]:
        act = Edit(changes={"priority": Priority.CRITICAL})
        request = Request(workspace=TEAM, handoff_id=f"h{number}", act=act, user="SENDER")
        for _ in range(20):  # a person would try again too
            with suppress(DatabaseBusy, DatabaseUnavailable):
                carry_out(baton, request)
                break


def change_pauses(baton: Baton) -> None:
    for until in (None, DUE + HOUR, None, DUE + 2 * HOUR):
        store_dnd(baton, TEAM, {"DAN": (None, until)})


def change_the_group(baton: Baton) -> None:
    change_group_members(baton, TEAM, "S0LEADS", added=["EVA"])
    change_group_members(baton, TEAM, "S0LEADS", removed=["EVA"])
    change_group_members(baton, TEAM, "S0LEADS", added=["KIM"])


def apply_the_file(baton: Baton) -> None:
    with baton.db.reading() as tx:
        stored = export(tx, TEAM)
    for admins in (("ADA", "EVA"), ("ADA",)):
        apply(baton, TEAM, replace(stored, admins=admins, managers={"DAN": admins[-1]}), "digest")


AT_ONCE: tuple[Callable[[Baton], object], ...] = (
    tick,
    raise_priorities,
    change_pauses,
    change_the_group,
    apply_the_file,
)


def kept(room: Room) -> dict[str, list[Notice]]:
    with room.db.reading() as tx:
        return {f"h{number}": notices.list_for_handoff(tx, f"h{number}") for number in HANDOFFS}


@POSTGRESQL
def test_of_facts_that_change_while_the_clock_fires_none_is_missed(room: Room, processes: list[Baton]) -> None:
    for number in HANDOFFS:
        room.open(number)
    room.clock.set(DUE)

    at_once(len(AT_ONCE), lambda nth: AT_ONCE[nth](processes[nth]))

    found = kept(room)
    assert all(found.values())
    with room.db.transaction() as tx:
        decide_anew.for_handoffs(tx, TEAM, list(found), DUE)
    assert kept(room) == found
