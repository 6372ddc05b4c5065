"""A run that nobody carries out any more is gone on with by the ticks: each row once, and people are told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import text

from slackapp.bulk import queries
from slackapp.bulk.actions import prepare
from slackapp.bulk.actions.carry_on import AT_A_TICK_S, TAKEN_OVER_AFTER, carry_on, go_on_with_runs, next_run_due_at
from slackapp.bulk.views.messages import message
from slackapp.bulk.views.results import result_view
from storage.bulk.model import BulkKind, RowOutcome
from storage.clocks.model import ClockKind
from storage.company import absences
from storage.db.database import Database, Tx
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Text
from storage.outbox import posted_messages
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import NOW, TEAM
from tests.databases import BOTH
from tests.escalation.tick_room import Room
from tests.handoffs.views.view_checks import elements
from tests.waiting import until

MANY = 40


@pytest.fixture
def room(database: Database) -> Room:
    found = Room(database)
    found.policy()
    return found


def outcomes(room: Room, run_id: str, user: str) -> list[RowOutcome | None]:
    seen = queries.get_run(room.baton, workspace=TEAM, user=user, run_id=run_id)
    assert seen is not None
    return [one.row.outcome for one in seen.rows]


@BOTH
def test_a_run_whose_process_has_ended_is_finished_by_a_tick(room: Room) -> None:
    mine = [room.open(number, ClockKind.FINISH, owner="OWNER", last_owner="OWNER") for number in range(1, MANY + 1)]
    run_id = prepare.begin_hand_over(
        room.baton, workspace=TEAM, user="OWNER", kind=BulkKind.PERSON, person="EVA", note=Text(plain="Bye"), form="V1"
    )
    prepare.submit(room.baton, workspace=TEAM, user="OWNER", run_id=run_id)
    assert not carry_on(room.baton, run_id, TEAM, within_s=0), "the process ends after the first row"
    assert next_run_due_at(room.baton) == NOW
    assert outcomes(room, run_id, "OWNER").count(RowOutcome.DONE) == 1

    for _ in range(MANY):
        room.clock.advance(timedelta(seconds=AT_A_TICK_S))
        go_on_with_runs(room.baton)

    assert next_run_due_at(room.baton) is None
    assert outcomes(room, run_id, "OWNER") == [RowOutcome.DONE] * MANY
    assert {room.handoff(number).offered_to for number in range(1, MANY + 1)} == {"EVA"}
    assert room.verbs(1) == ["transfer"]
    new = room.deliver()
    assert [key for key in new if key.startswith("dm:")] == [], "nobody is told of each"
    assert {key.partition(f"{run_id}")[0] + key.partition(run_id)[2] for key in new if run_id in key} == {
        "bulk::EVA", "bulk::SENDER", "bulk_result:",
    }  # fmt: skip
    assert len(mine) == MANY


@BOTH
def test_a_run_that_its_author_waits_for_is_left_to_them_for_a_while(room: Room) -> None:
    room.open(1)
    run_id = prepare.begin_claim(room.baton, workspace=TEAM, user="EVA", handoff_ids=["h1"], form="V1")

    assert go_on_with_runs(room.baton) == 0
    room.clock.advance(TAKEN_OVER_AFTER)
    assert go_on_with_runs(room.baton) == 1
    assert outcomes(room, run_id, "EVA") == [RowOutcome.DONE]
    assert room.handoff(1).owner == "EVA"


@BOTH
def test_who_covers_for_the_person_is_told_too(room: Room) -> None:
    room.open(1, ClockKind.FINISH, owner="OWNER", last_owner="OWNER")
    room.person("COVER")
    with room.db.transaction() as tx:
        absences.put(tx, TEAM, "EVA", since=NOW, until=NOW + timedelta(days=3), cover="COVER")
    run_id = prepare.begin_hand_over(
        room.baton, workspace=TEAM, user="OWNER", kind=BulkKind.PERSON, person="EVA", note=Text(plain="Bye"), form="V1"
    )
    prepare.submit(room.baton, workspace=TEAM, user="OWNER", run_id=run_id)
    assert carry_on(room.baton, run_id, TEAM)
    assert outcomes(room, run_id, "OWNER") == [RowOutcome.DONE]
    room.deliver()
    key = f"bulk:{run_id}:COVER"
    with room.db.reading() as tx:
        wanted = OutboxMessage(
            workspace=TEAM, key=key, kind="bulk", handoff_id=None, to=Destination(user="COVER"),
            payload={"run": run_id, "to": "COVER"},
        )  # fmt: skip
        assert posted_messages.get(tx, TEAM, key) is not None
        scene = queries.scene(tx, wanted, True)
    assert scene is not None
    post = message(scene, NOW)
    assert post is not None
    assert "OWNER offered 1 handoff to EVA. You cover for EVA." in post.text
    assert [element["action_id"] for element in elements(post.blocks)] == ["handoff.claim"]


REFUSE: Final = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE UPDATE ON handoffs WHEN new.id = 'h2' BEGIN SELECT RAISE(ABORT, 'no'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        "CREATE TRIGGER refuse BEFORE UPDATE ON handoffs FOR EACH ROW WHEN (new.id = 'h2') EXECUTE FUNCTION refuse()",
    ],
}


ALLOW: Final = {
    "sqlite": ["DROP TRIGGER refuse"],
    "postgresql": ["DROP TRIGGER refuse ON handoffs", "DROP FUNCTION refuse"],
}


@contextmanager
def refusing(room: Room) -> Iterator[None]:
    """Let the database refuse each change of h2. A database of PostgreSQL is used again, so that has to end."""
    _execute(room, REFUSE[room.db.dialect])
    try:
        yield
    finally:
        _execute(room, ALLOW[room.db.dialect])


def _execute(room: Room, statements: list[str]) -> None:
    with room.db.transaction() as tx:
        for statement in statements:
            tx.execute(text(statement))


@BOTH
def test_a_row_that_the_database_refuses_is_said_and_stops_no_other(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2, 3):
        room.open(number)
    run_id = prepare.begin_claim(room.baton, workspace=TEAM, user="EVA", handoff_ids=["h1", "h2", "h3"], form="V1")

    with refusing(room):
        assert carry_on(room.baton, run_id, TEAM, within_s=60)

    assert outcomes(room, run_id, "EVA") == [RowOutcome.DONE, RowOutcome.FAILED, RowOutcome.DONE]
    seen = queries.get_run(room.baton, workspace=TEAM, user="EVA", run_id=run_id)
    assert seen is not None
    shown = str(result_view(seen)["blocks"])
    assert "2 of 3 handoffs claimed." in shown
    assert "something went wrong, and nothing was changed. Try again on its card." in shown
    told = capsys.readouterr().out
    assert "bulk_row_failed" in told
    assert "h2" in told


@BOTH
def test_a_bug_is_not_hidden_and_its_row_has_had_its_turn(room: Room) -> None:
    for number in (1, 2):
        room.open(number)

    def broken(_tx: Tx, moved: Moved) -> list[OutboxMessage]:
        if moved.after.id == "h1":
            raise AttributeError("a bug")
        return []

    baton = replace(room.baton, effects=(*room.baton.effects, broken))
    run_id = prepare.begin_claim(baton, workspace=TEAM, user="EVA", handoff_ids=["h1", "h2"], form="V1")
    with pytest.raises(AttributeError):
        carry_on(baton, run_id, TEAM, within_s=60)

    room.clock.advance(TAKEN_OVER_AFTER)
    until(lambda: go_on_with_runs(baton) == 1)  # the ticks are not held up by it
    assert outcomes(room, run_id, "EVA") == [RowOutcome.FAILED, RowOutcome.DONE]
