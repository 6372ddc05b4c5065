"""What a Home tab shows to whom, in which order, and at what cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from slackapp.capability import HOME_PART_BLOCKS, HomePart, HomeReader
from slackapp.home import queries, views
from slackapp.home.model import HomeList
from slackapp.home.views import MOST_BLOCKS, ROWS, TEAMS
from slackapp.local.blockkit.surfaces import problems
from slackapp.registers import REGISTERS
from slackapp.slack.block_kit.blocks import Block, section
from storage.company import people
from storage.db.database import Database, Tx
from storage.handoffs.lifecycle import ReadBackMode, ReadBackStatus, State
from storage.outbox.model import home_of
from tests.builders import NOW, TEAM
from tests.databases import SQLITE
from tests.handoffs.statements import statements_of
from tests.handoffs.views.view_checks import elements, words_of
from tests.home.rooms import HOUR, LONGEST, HomeRoom

STATEMENTS = 6
"""The most statements that a Home tab is read with."""


@pytest.fixture
def room(database: Database) -> HomeRoom:
    return HomeRoom(database)


def titles(room: HomeRoom, user: str, part: HomeList) -> list[str]:
    """The titles in one of a person's lists, in order."""
    room.look(user)
    scene = room.scene(user)
    assert scene is not None
    return [details.handoff.title for details in scene.work.of(part)]


def test_what_needs_a_person_comes_first_in_the_order_of_who_waits(room: HomeRoom) -> None:
    eva: dict[str, Any] = {"state": State.CLAIMED, "owner": "EVA"}
    asked: dict[str, Any] = {"state": State.CLAIMED, "owner": "OWNER", "by": "EVA"}
    room.add(1, title="late", deadline=NOW - HOUR, **eva)
    room.add(2, title="later", deadline=NOW + 2 * HOUR, **eva)
    room.add(3, title="soon", deadline=NOW + HOUR, **eva)
    room.add(4, title="offer", offered_to="EVA")
    room.add(5, title="sent back", state=State.RETURNED, by="EVA")
    room.add(6, title="question", asked_at=NOW, **asked)
    room.add(7, title="read back", read_back_mode=ReadBackMode.HARD, read_back=ReadBackStatus.GIVEN, **asked)
    room.add(8, title="late elsewhere", deadline=NOW - HOUR, **asked)
    room.add(9, title="unassigned", by="EVA")
    room.add(10, title="passed on", originator="EVA", by="OWNER", state=State.CLAIMED, owner="DAN")
    room.add(11, title="done", by="EVA", state=State.DONE)

    assert titles(room, "EVA", HomeList.NEEDS) == ["offer", "question", "sent back", "late", "read back"]
    assert titles(room, "EVA", HomeList.YOURS) == ["soon", "later"]
    assert titles(room, "EVA", HomeList.SENT) == ["late elsewhere", "unassigned", "passed on"]


@SQLITE
def test_a_question_is_answered_and_an_offer_claimed_from_the_row(room: HomeRoom) -> None:
    room.add(1, offered_to="EVA")
    room.add(2, state=State.CLAIMED, owner="OWNER", by="EVA", asked_at=NOW)
    room.add(3, state=State.RETURNED, by="EVA")
    room.add(4, state=State.CLAIMED, owner="EVA")

    pressed = [one["action_id"] for one in elements(room.blocks("EVA")) if one["action_id"].startswith("handoff.")]

    assert pressed == ["handoff.claim", "handoff.answer", "handoff.resend", "handoff.complete", "handoff.open"]


def test_teams_with_unassigned_work_come_first_with_their_counts(room: HomeRoom) -> None:
    room.team("alpha", members=("EVA",))
    room.team("beta", members=("S0B",))
    room.team("gamma", members=("OWNER",))
    with room.db.transaction() as tx:
        people.put_group(tx, TEAM, "S0B", "b", "B", ["EVA"], NOW)
    room.add(1, queue="beta", deadline=NOW - HOUR)
    room.add(2, queue="beta", state=State.CLAIMED, owner="OWNER", deadline=NOW + HOUR)
    room.add(3, queue="gamma")
    room.add(4, queue="alpha", private=True, state=State.CLAIMED, owner="OWNER")

    teams = room.text("EVA").split("Your teams\n")[1]

    read = [line for line in teams.splitlines() if line and not line.startswith("Open list")]
    assert read[:6] == [
        "*Beta*", "🟡 1 unassigned · 🔴 1 late · 2 open",
        "*Alpha*", "🟢 All assigned · 1 open",
        "*Customer Success*", "No open handoffs",
    ]  # fmt: skip
    assert "Gamma" not in teams


def test_a_manager_and_their_manager_see_the_team(room: HomeRoom) -> None:
    assert "*Customer Success*" in room.text("DAN")
    assert "*Customer Success*" in room.text("KIM"), "whose report manages it"
    assert "*Customer Success*" not in room.text("ADA"), "an admin is of no team by that"


@SQLITE
def test_a_person_sees_only_their_own_work_and_private_work_that_they_are_in(room: HomeRoom) -> None:
    room.add(1, title="Secret of OWNER", private=True, state=State.CLAIMED, owner="OWNER")
    room.add(2, title="Secret of EVA", private=True, state=State.CLAIMED, owner="EVA")
    room.add(3, title="Of others", state=State.CLAIMED, owner="OWNER")

    read = room.text("EVA")

    assert "Secret of EVA" in read
    assert "Secret of OWNER" not in read
    assert "Of others" not in read


@SQLITE
def test_a_guest_sees_their_own_and_their_teams_and_nothing_else(room: HomeRoom) -> None:
    room.known("GUEST", is_guest=True)
    room.team("theirs", members=("GUEST",))
    room.add(1, title="Offered", offered_to="GUEST")
    room.add(2, title="Hidden")

    read = room.text("GUEST")

    assert "Offered" in read
    assert "*Theirs*" in read
    assert "Hidden" not in read
    assert "Customer Success" not in read.split("Your teams\n")[1]


@SQLITE
@pytest.mark.parametrize("facts", [{"deleted": True}, {"is_bot": True}, {"team": "T0OTHER"}])
def test_nobody_who_may_not_use_baton_gets_a_tab(room: HomeRoom, facts: dict[str, object]) -> None:
    room.known("ODD", **facts)
    room.add(1, offered_to="ODD")
    room.look("ODD")

    assert room.scene("ODD") is None


@SQLITE
def test_a_person_whom_nobody_knows_yet_sees_no_work_until_the_directory_has_them(room: HomeRoom) -> None:
    room.add(1, title="Offered", offered_to="NEW")
    assert "Offered" not in room.text("NEW")
    room.deliver()

    room.known("NEW")

    assert "home:NEW" in room.waiting(), "drawn again by what the directory has learnt"
    assert "Offered" in room.text("NEW")


def test_a_home_tab_is_read_with_six_statements(room: HomeRoom) -> None:
    room.add(1, state=State.CLAIMED, owner="EVA", deadline=NOW + HOUR)
    room.look("EVA")

    with statements_of(room.db) as sent:
        assert room.scene("EVA") is not None

    assert len(sent) <= STATEMENTS, "\n".join(sent)


@SQLITE
def test_a_full_tab_stays_under_every_limit(room: HomeRoom) -> None:
    for n in range(30):
        room.team(f"team{n}", name=LONGEST, members=("EVA",))
    kinds: tuple[dict[str, Any], ...] = (
        {"offered_to": "EVA"}, {"state": State.CLAIMED, "owner": "EVA"}, {"by": "EVA"},
        {"state": State.CLAIMED, "owner": "EVA"},
    )  # fmt: skip
    for n in range(200):
        deadline = NOW + (n - 100) * HOUR
        room.add(n + 1, title=LONGEST, queue=f"team{n % 30}", deadline=deadline, **kinds[n % 4])

    blocks = room.blocks("EVA")

    assert problems({"type": "home", "blocks": blocks}, "home") == []
    assert len(blocks) <= MOST_BLOCKS
    rows = [one for one in elements(blocks) if one["action_id"].startswith("handoff.")]
    assert len(rows) == sum(ROWS.values()) + 1
    assert sum(one["text"]["text"] == "Open list" for one in elements(blocks)) == TEAMS == 12


@SQLITE
def test_parts_of_other_packages_come_first_and_leave_room_for_the_work(room: HomeRoom) -> None:
    def asked(_tx: Tx, reader: HomeReader, _now: datetime) -> str | None:
        return "for admins" if reader.is_admin else None

    room.add(1, offered_to="ADA")
    for user in ("ADA", "EVA"):
        room.look(user)
    long = HomePart[str](load=asked, draw=lambda said, _now: [section(said)] * 60)
    parts = (long, replace(long, draw=lambda said, _now: [section("last")]))

    def drawn(user: str) -> list[Block]:
        with room.db.reading() as tx:
            scene = queries.scene(tx, home_of(TEAM, user), NOW, parts)
        assert scene is not None
        found: list[Block] = views.home(scene, NOW).view["blocks"]
        return found

    blocks = drawn("ADA")
    assert blocks[: HOME_PART_BLOCKS + 1] == [section("for admins")] * HOME_PART_BLOCKS + [section("last")]
    assert "Needs you (1)" in words_of(blocks)
    assert "for admins" not in words_of(drawn("EVA"))


@SQLITE
def test_an_admin_sees_the_next_step_of_set_up_first_and_nobody_else_does(room: HomeRoom) -> None:
    for user in ("ADA", "EVA"):
        room.look(user)

    def drawn(user: str) -> str:
        with room.db.reading() as tx:
            scene = queries.scene(tx, home_of(TEAM, user), NOW, REGISTERS.home_parts)
        assert scene is not None
        return words_of(views.home(scene, NOW).view["blocks"])

    assert drawn("ADA").startswith("*Set up Baton*")
    assert "Set up" not in drawn("EVA")
    assert "Away…" in drawn("EVA").split("Needs you")[0]
