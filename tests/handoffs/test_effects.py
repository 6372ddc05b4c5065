"""Effects of a change beyond its own messages run in order, inside the change's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.runtime.baton import Effect
from storage.db.database import Database, Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Act, Claim, Snooze
from storage.handoffs.lifecycle import Moved, State, Verb
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import NOW, TEAM
from tests.databases import SQLITE
from tests.escalation.tick_room import HOUR, TARGET, Room, level


@pytest.fixture
def room(database: Database) -> Room:
    found = Room(database)
    found.policy(level("late", "owner"))
    return found


def message(key: str) -> OutboxMessage:
    return OutboxMessage(workspace=TEAM, key=key, kind="level", handoff_id=None, to=Destination(user="EVA"))


def do(room: Room, act: Act, *effects: Effect) -> object:
    asked = Request(workspace=TEAM, handoff_id="h1", act=act, user="EVA")
    return carry_out(replace(room.baton, effects=effects), asked)


def test_each_effect_is_told_of_the_change_as_it_is_stored_and_puts_its_messages_beside_the_handoffs_own(
    room: Room,
) -> None:
    room.open()
    seen: list[tuple[str, Verb, State]] = []

    def first(tx: Tx, moved: Moved) -> Iterable[OutboxMessage]:
        stored = handoffs.get(tx, TEAM, moved.after.id)
        assert stored == moved.after
        seen.append(("first", moved.verb, stored.state))
        return [message("first:1"), message("first:2")]

    def second(_tx: Tx, moved: Moved) -> Iterable[OutboxMessage]:
        seen.append(("second", moved.verb, moved.after.state))
        return ()

    assert isinstance(do(room, Claim(), first, second), Moved)

    assert seen == [("first", Verb.CLAIM, State.CLAIMED), ("second", Verb.CLAIM, State.CLAIMED)]
    assert {"first:1", "first:2", "card:h1:1"} <= set(room.waiting())


@SQLITE
def test_what_an_effect_cannot_do_undoes_the_change(room: Room) -> None:
    room.open()

    def fails(_tx: Tx, _moved: Moved) -> Iterable[OutboxMessage]:
        raise LookupError("no such thing")

    with pytest.raises(LookupError):
        do(room, Claim(), fails)

    assert (room.handoff().state, room.waiting(), room.verbs()) == (State.OPEN, {}, [])


@SQLITE
def test_a_refused_act_has_no_effect(room: Room) -> None:
    room.open()
    room.act(Claim(), "OWNER")

    assert not isinstance(do(room, Claim(), lambda _tx, _moved: [message("never")]), Moved)

    assert "never" not in room.waiting()


@SQLITE
def test_what_the_clock_changes_has_the_same_effects(room: Room) -> None:
    room.open()
    room.act(Claim(), "EVA")
    room.act(Snooze(until=NOW + HOUR), "EVA")
    told: list[Verb] = []

    def tell(_tx: Tx, moved: Moved) -> Iterable[OutboxMessage]:
        told.append(moved.verb)
        return ()

    room.baton = replace(room.baton, effects=(tell,))
    room.tick_at(NOW + HOUR + TARGET / 10)

    assert told == [Verb.REMIND]
