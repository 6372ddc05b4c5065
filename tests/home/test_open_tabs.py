"""Which open Home tabs a change draws again, and that nothing is done for people who do not look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from slackapp.delivery import rate_limits
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.home import queries
from slackapp.home.model import Work
from storage.clocks.model import ClockKind
from storage.company import people
from storage.company.model import Person
from storage.db.database import Database
from storage.handoffs.acts import Claim, Transfer
from storage.handoffs.model import Text
from storage.outbox import homes, outbox, tables
from storage.outbox.homes import OPEN_FOR
from storage.outbox.model import HOME, Destination, LeasedMessage, OpenHome, home_of
from storage.outbox.pacing import block, list_blocked
from tests.builders import NOW, TEAM
from tests.databases import SQLITE
from tests.escalation.tick_room import TARGET, level
from tests.handoffs.statements import statements_of
from tests.home.rooms import HomeRoom
from tests.storage.examples import a_message


@pytest.fixture
def room(database: Database) -> HomeRoom:
    return HomeRoom(database)


def looking(room: HomeRoom, *users: str) -> None:
    """Have people open their Home tabs and see them, with the teams that they are of."""
    for user in users:
        room.look(user)
        scene = room.scene(user)
        assert scene is not None
        with room.db.transaction() as tx:
            home = homes.get(tx, TEAM, user)
            assert home is not None
            homes.set_teams(tx, replace(home, teams=tuple(row.queue.key for row in scene.teams)))
    drained(room)


def drained(room: HomeRoom) -> None:
    """Let the pump have taken all that waits."""
    with room.db.transaction() as tx:
        for row in outbox.lease(tx, room.clock.now(), 100, 30, "pump"):
            outbox.mark_done(tx, row)


def leased(room: HomeRoom, at: datetime, most: int) -> list[LeasedMessage]:
    """What the pump takes at an instant, at Slack's pace; it is done at once."""
    with room.db.transaction() as tx:
        slots = rate_limits.Slots(now=at, allowed=list_blocked(tx, at, after=at - rate_limits.LONGEST_BURST))
        rows = outbox.lease(
            tx, at, most, 30, "pump", admit=lambda one: slots.take(rate_limits.buckets(one, rate_limits.SLACK))
        )
        for name, until in slots.taken.items():
            block(tx, name, until, at)
        for row in rows:
            outbox.mark_done(tx, row)
    return list(rows)


def drawn_again(room: HomeRoom) -> set[str]:
    """The people whose Home tab waits to be drawn."""
    return {key.removeprefix(f"{HOME}:") for key in room.waiting() if key.startswith(f"{HOME}:")}


def test_a_change_draws_the_tabs_of_exactly_those_whom_it_concerns(room: HomeRoom) -> None:
    room.team("support", members=("UMA",))
    for user in ("UMA", "STRANGER"):
        room.person(user)
    room.open(1)
    looking(room, "SENDER", "EVA", "DAN", "UMA", "STRANGER")

    room.act(Claim(), "OWNER")
    assert drawn_again(room) == {"SENDER", "EVA", "DAN"}

    drained(room)
    room.act(Transfer(queue="support"), "OWNER")
    assert drawn_again(room) == {"SENDER", "EVA", "DAN", "UMA"}, "the team that had it and the team that gets it"


def test_a_new_handoff_appears_in_the_tabs_of_its_team(room: HomeRoom) -> None:
    draft = NewHandoff(title="Acme", queue="success", next_step="Call", note=Text(plain="Soon"))
    open_handoff(room.baton, workspace=TEAM, user="SENDER", draft=draft, form="V0")
    drained(room)  # with a company's first one set-up is over, which changes every tab
    looking(room, "EVA", "ADA")

    open_handoff(room.baton, workspace=TEAM, user="SENDER", draft=draft, form="V1")

    assert drawn_again(room) == {"EVA"}


def test_nothing_is_put_for_those_who_looked_more_than_ten_minutes_ago(room: HomeRoom) -> None:
    room.open(1)
    looking(room, "EVA")
    room.clock.set(NOW + OPEN_FOR)

    room.act(Claim(), "OWNER")

    assert not drawn_again(room)


def test_a_change_costs_no_statement_more_for_those_who_look(room: HomeRoom) -> None:
    for number in (1, 2, 3):
        room.open(number)
    room.act(Claim(), "OWNER", 1)  # so that connections are open and their settings made
    with statements_of(room.db) as before:
        room.act(Claim(), "OWNER", 2)
    looking(room, "EVA", "DAN", "SENDER")
    with statements_of(room.db) as after:
        room.act(Claim(), "OWNER", 3)

    assert drawn_again(room) == {"EVA", "DAN", "SENDER"}
    more = 0 if room.db.dialect == "postgresql" else len(after) - len(before)
    assert more == 0, "\n".join(after)


def test_work_that_becomes_late_is_drawn_again_by_the_tick(room: HomeRoom) -> None:
    room.policy(level("late", "managers"))
    room.open(1, ClockKind.CLAIM)
    looking(room, "EVA", "ADA")

    room.clock.set(NOW + TARGET)
    with room.db.transaction() as tx:  # they look again
        for user in ("EVA", "ADA"):
            home = homes.get(tx, TEAM, user)
            assert home is not None
            homes.put(tx, replace(home, open_until=NOW + TARGET + OPEN_FOR))
    room.tick_at(NOW + TARGET)

    assert drawn_again(room) == {"EVA"}


@SQLITE
def test_a_change_of_a_group_draws_every_open_tab_and_one_of_a_person_theirs(room: HomeRoom) -> None:
    looking(room, "EVA", "DAN")

    room.known("EVA", is_guest=True)
    assert drawn_again(room) == {"EVA"}

    drained(room)
    with room.db.transaction() as tx:
        people.put_group(tx, TEAM, "S0CS", "cs", "CS", ["EVA"], NOW)
        room.baton.after_people(tx, TEAM, ["S0CS"], room.clock.now())
    assert drawn_again(room) == {"EVA", "DAN"}


@SQLITE
def test_two_workspaces_with_the_same_ids_see_nothing_of_each_other(room: HomeRoom) -> None:
    other = OpenHome(
        workspace="T2", user="EVA", opened_at=NOW, open_until=NOW + OPEN_FOR, teams=("success",), digest="of T2"
    )
    with room.db.transaction() as tx:
        homes.put(tx, other)
        people.put(tx, Person(workspace="T2", id="EVA", name="Eva of T2"))
    room.open(1, offered_to="EVA")
    looking(room, "EVA")

    room.act(Claim(), "EVA")

    waits = tables.outbox.c
    with room.db.reading() as tx:
        waiting = tx.execute(select(waits.workspace, waits.key).where(waits.kind == HOME)).all()
        theirs = queries.scene(tx, home_of("T2", "EVA"), NOW, ())
        assert homes.get(tx, "T2", "EVA") == other
    assert [tuple(row) for row in waiting] == [(TEAM, "home:EVA")]
    assert theirs is not None
    assert (theirs.work, theirs.teams) == (Work(), ())


@SQLITE
def test_the_purge_leaves_nothing_of_tabs_that_nobody_looks_at(room: HomeRoom) -> None:
    looking(room, "EVA")
    with room.db.transaction() as tx:
        assert homes.remove_before(tx, NOW + timedelta(minutes=9)) == 0
        assert homes.remove_before(tx, NOW + OPEN_FOR) == 3, "the tab with its two subjects: the person, and their team"
        assert homes.get(tx, TEAM, "EVA") is None
        assert homes.list_open(tx, TEAM, ["EVA"], NOW) == []


def test_a_person_gets_one_tab_a_second_at_most_and_nobody_waits_for_another(room: HomeRoom) -> None:
    def sent(at: datetime) -> set[str]:
        return {row.wanted.key for row in leased(room, at, 10)}

    def changed(*users: str) -> None:
        with room.db.transaction() as tx:
            outbox.put(tx, [home_of(TEAM, user) for user in users], NOW)

    changed("EVA")
    assert sent(NOW) == {"home:EVA"}
    changed("EVA", "DAN")
    assert sent(NOW) == {"home:DAN"}
    assert sent(NOW + timedelta(seconds=0.9)) == set()
    assert sent(NOW + timedelta(seconds=1)) == {"home:EVA"}


@SQLITE
def test_many_tabs_queue_at_slacks_pace_and_no_message_waits_for_them(room: HomeRoom) -> None:
    looks = [home_of(TEAM, f"U{n}") for n in range(150)]
    with room.db.transaction() as tx:
        outbox.put(tx, looks, NOW)
        outbox.put(tx, [a_message(f"dm:{n}", to=Destination(user=f"U{n}")) for n in range(10)], NOW)
    sent: dict[str, float] = {}

    for second in range(121):
        sent |= {row.wanted.key: second for row in leased(room, NOW + timedelta(seconds=second), 64)}

    tabs = [second for key, second in sent.items() if key.startswith(f"{HOME}:")]
    messages = [second for key, second in sent.items() if key.startswith("dm:")]
    assert len(messages) == 10
    assert max(messages) <= 1, "messages go first"
    assert len(tabs) == 150
    assert sum(second < 60 for second in tabs) in range(100, 121), "a hundred a minute, and a few at once"
