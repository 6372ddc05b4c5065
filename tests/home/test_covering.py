"""A Home tab shows what needs the people for whom its reader covers, with the reason, until they are back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slackapp.home.model import HomeList
from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.queries import load_page
from storage.company import absences
from storage.db.database import Database
from storage.handoffs.acts import Claim
from storage.handoffs.lifecycle import State
from storage.outbox import homes
from storage.outbox.model import HOME
from tests.builders import NOW, TEAM
from tests.handoffs.statements import statements_of
from tests.handoffs.views.view_checks import elements
from tests.home.rooms import HOUR, HomeRoom
from tests.home.test_open_tabs import drained, drawn_again
from tests.home.test_whose_tab import STATEMENTS


@pytest.fixture
def room(database: Database) -> HomeRoom:
    room = HomeRoom(database)
    room.known("EVA", name="Eva Lindqvist")
    with room.db.transaction() as tx:
        absences.put(tx, TEAM, "EVA", since=NOW, until=NOW + 24 * HOUR, cover="DAN")
    return room


def back(room: HomeRoom) -> None:
    """Eva is back."""
    with room.db.transaction() as tx:
        absences.remove(tx, TEAM, "EVA")
        room.baton.after_people(tx, TEAM, ["EVA", "DAN"], NOW)


def test_what_needs_somebody_who_is_away_needs_who_covers(room: HomeRoom) -> None:
    room.add(1, title="of DAN", offered_to="DAN")
    room.add(2, title="offered", offered_to="EVA")
    room.add(3, title="late", state=State.CLAIMED, owner="EVA", deadline=NOW - HOUR)
    room.add(4, title="in time", state=State.CLAIMED, owner="EVA", deadline=NOW + HOUR)
    room.add(5, title="question", state=State.CLAIMED, owner="OWNER", by="EVA", asked_at=NOW, private=True)
    room.add(6, title="sent to EVA", state=State.CLAIMED, owner="EVA", by="DAN", deadline=NOW - HOUR)

    read = room.text("DAN")
    needs = read.split("Needs you (5)")[1].split("Your teams")[0]

    order = [needs.index(title) for title in ("of DAN", "offered", "question", "late", "sent to EVA")]
    assert order == sorted(order)
    assert needs.count("Covering for Eva Lindqvist until ") == 4
    assert "in time" not in read
    assert "You sent" not in read, "each handoff is in one list"
    pressed = [one["action_id"] for one in elements(room.blocks("DAN")) if one["action_id"].startswith("handoff.")]
    assert pressed == ["handoff.claim", "handoff.claim", "handoff.answer", *["handoff.complete"] * 2, "handoff.open"]


def test_nobody_else_sees_it_and_nobody_after_the_absence(room: HomeRoom) -> None:
    room.add(1, title="Secret", private=True, offered_to="EVA")
    assert "Secret" in room.text("DAN")
    assert "Secret" not in room.text("OWNER")

    back(room)

    assert "Secret" not in room.text("DAN")
    assert "Secret" in room.text("EVA")


def test_the_list_of_what_needs_a_person_has_the_same(room: HomeRoom) -> None:
    for number in range(1, 20):
        room.add(number, offered_to="EVA")

    page = load_page(room.baton, workspace=TEAM, user="DAN", query=ListQuery(kind=ListKind.NEEDS_ME))

    assert page.total == 19
    assert "And 7 more" in room.text("DAN")


def test_a_change_of_their_work_draws_the_tab_of_who_covers(room: HomeRoom) -> None:
    room.open(1, offered_to="EVA")
    room.team("theirs", members=("EVA",))
    scene = None
    for user in ("DAN", "EVA"):
        room.look(user)
        scene = room.scene(user)
        assert scene is not None
        with room.db.transaction() as tx:
            home = homes.get(tx, TEAM, user)
            assert home is not None
            drawn = room.drawn(user)
            homes.set_teams(tx, replace(home, teams=drawn.teams))
    drained(room)

    room.act(Claim(), "EVA")
    assert "DAN" in drawn_again(room)

    drained(room)
    back(room)
    assert f"{HOME}:DAN" in room.waiting(), "the absence ended"


def test_covering_costs_no_statement(room: HomeRoom) -> None:
    room.add(1, offered_to="EVA")
    room.look("DAN")
    with statements_of(room.db) as found:
        scene = room.scene("DAN")

    assert scene is not None
    assert [one.absent.id for one in scene.work.covering] == ["EVA"]
    assert scene.work.of(HomeList.NEEDS) == ()
    assert len(found) <= STATEMENTS + (room.db.dialect == "postgresql")
