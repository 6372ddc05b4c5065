"""After any sequence of changes, what settings hold or collect is what deciding from scratch would say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.capability import MessageKind
from slackapp.delivery.availability import by_choice
from slackapp.delivery.model import ForSummary, Outcome, ReaderUnavailable
from slackapp.directory.actions.people_and_channels import store_person
from slackapp.people.rules.availability import Unavailable
from slackapp.personal.actions.away import end_away, end_due_absences, set_away
from slackapp.personal.actions.settings import change_settings
from slackapp.personal.actions.summaries import summary_key
from slackapp.registers import REGISTERS
from storage.company import people
from storage.company.model import Person, PersonalSettings, Topic
from storage.db.database import Tx
from storage.db.upgrade import upgrade
from storage.handoffs.acts import Assign, Edit
from storage.handoffs.model import Priority
from storage.outbox import outbox
from storage.outbox.model import OutboxMessage
from storage.summaries import collected
from tests.builders import TEAM
from tests.escalation.test_waits_follow_facts import ZONES, late_work, pump
from tests.escalation.tick_room import HOUR, Room

READERS: Final = ("EVA", "ADA")
TOPICS: Final = (Topic.SENT, Topic.OWNED)


def _choose(room: Room, who: str, number: int) -> None:
    chosen = PersonalSettings(
        in_summary=TOPICS[: number % 3],
        never=TOPICS[2 - number % 2 :],
        summary_at=time(number) if number % 4 else None,
        quiet_from=time(number + 8) if number % 2 else None,
        quiet_until=time(number) if number % 2 else None,
        quiet_days=(number % 7,) if number % 3 == 0 else (),
    )
    change_settings(room.baton, workspace=TEAM, user=who, changed=lambda _before: chosen)


def _move(room: Room, who: str, number: int) -> None:
    store_person(room.baton, Person(workspace=TEAM, id=who, name=who, tz=ZONES[number % 4]))


def _away(room: Room, who: str, number: int) -> None:
    if number % 3:
        set_away(room.baton, workspace=TEAM, user=who, until=room.clock.now() + number * HOUR, cover=None)
    else:
        end_away(room.baton, workspace=TEAM, user=who)


def _edit(room: Room, _who: str, number: int) -> None:
    room.act(Edit(changes={"title": f"Acme {room.handoff().version}"}), "SENDER")
    if room.handoff().priority is not (wanted := list(Priority)[number % 4]):
        room.act(Edit(changes={"priority": wanted}), "SENDER")


def _assign(room: Room, _who: str, _number: int) -> None:
    room.act(Assign(person="ADA" if room.handoff().owner == "EVA" else "EVA"), "DAN")


def _time(room: Room, _who: str, number: int) -> None:
    room.tick_at(room.clock.now() + number * HOUR)
    pump(room)


CHANGES: Final[Mapping[str, Callable[[Room, str, int], None]]] = {
    "choose": _choose, "move": _move, "away": _away, "edit": _edit, "assign": _assign, "time": _time,
    "delivery": lambda room, _who, _number: pump(room),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A change: its kind, whom it is about, and a number that it makes of what it likes."""

    kind: str
    who: str
    number: int


def scratch(tx: Tx, room: Room, message: OutboxMessage) -> Outcome | None:
    """What would become of a message if it were about to be sent now."""
    kind, reader = REGISTERS.message_kinds["dm"], people.get(tx, TEAM, message.to.user or "")
    assert isinstance(kind, MessageKind)
    assert reader is not None
    return by_choice(tx, reader, message, kind, kind.load(tx, message, False), room.clock.now())


def check(room: Room) -> None:
    """Compare what waits with what deciding from scratch says."""
    now = room.clock.now()
    with room.db.reading() as tx:
        for one in outbox.list_for_handoff(tx, "h1"):
            if one.wanted.kind == "dm" and one.error in {Unavailable.QUIET, Unavailable.AWAY} and one.not_before > now:
                found = scratch(tx, room, one.wanted)
                if isinstance(found, ReaderUnavailable):  # else it is dropped or collected when its turn comes
                    assert (one.not_before, one.error) == (found.until, found.why), one
                else:
                    assert found is not None, one
        for item in collected.list_waiting(tx, TEAM, READERS, now):
            if item.summary.startswith("summary"):
                again = scratch(tx, room, item.message)
                if not isinstance(again, ReaderUnavailable):  # who is away gets it when they are back
                    assert isinstance(again, ForSummary), item
                    assert item.summary == summary_key(item.message.to.user or "", again.at)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as it is after the migrations."""
    file = tmp_path_factory.mktemp("empty") / "ledger.db"
    upgrade(f"sqlite:///{file}")
    return file


steps = st.builds(Step, st.sampled_from(sorted(CHANGES)), st.sampled_from(READERS), st.integers(0, 9))


@settings(max_examples=15)
@given(found=st.lists(steps, min_size=1, max_size=10))
def test_what_settings_hold_and_collect_is_what_deciding_from_scratch_would_say(empty: Path, found: list[Step]) -> None:
    with late_work(empty) as room:
        for who in READERS:
            room.person(who, tz="UTC")
        room.act(Assign(person="EVA"), "DAN")
        for step in found:
            CHANGES[step.kind](room, step.who, step.number)
            check(room)


def waiting_for(room: Room, user: str) -> dict[str, str | None]:
    """The messages to a person that the outbox still has: their kind, with what holds them."""
    with room.db.reading() as tx:
        found = outbox.list_for_handoff(tx, "h1")
    return {one.wanted.kind: one.error for one in found if one.wanted.to.user == user}


def test_however_soon_the_pump_looks_what_waits_for_a_return_becomes_part_of_its_one_message(empty: Path) -> None:
    with late_work(empty) as room:
        room.person("EVA", tz="UTC")
        since = room.clock.now()
        set_away(room.baton, workspace=TEAM, user="EVA", until=since + HOUR, cover=None)
        room.act(Assign(person="EVA"), "DAN")
        pump(room)
        assert waiting_for(room, "EVA") == {"dm": Unavailable.AWAY}

        for later in (HOUR, timedelta(seconds=1), timedelta(minutes=10)):
            room.clock.advance(later)
            pump(room)
            assert waiting_for(room, "EVA") == {"dm": Unavailable.AWAY}, "its end has not been stored yet"
        end_due_absences(room.baton)

        assert waiting_for(room, "EVA") == {}
        with room.db.reading() as tx:
            back = f"back:EVA:{since.isoformat()}"
            assert [one.message.kind for one in collected.list_for_summary(tx, TEAM, "EVA", back)] == ["dm"]
