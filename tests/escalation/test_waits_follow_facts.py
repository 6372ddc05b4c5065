"""After any sequence of changes, what waits and until when is what deciding from scratch would say."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.company.actions.apply_config import Changes, apply
from slackapp.company.actions.reapply_policy import reapply_policy
from slackapp.company.queries import export
from slackapp.delivery.gateway import Spot
from slackapp.delivery.model import Delivered, Job, Result, RetryLater, SendJob
from slackapp.delivery.prepare import prepare
from slackapp.delivery.record_results import record_result
from slackapp.delivery.result_context import TokenHealth
from slackapp.directory.actions.people_and_channels import change_group_members, store_person
from slackapp.directory.actions.presence import store_dnd
from slackapp.escalation.rules.recipients_of_step import COVERED
from slackapp.people.rules.availability import Availability, availability, hours_of
from slackapp.people.rules.covering import cover_of
from slackapp.personal.actions.away import end_away, end_due_absences, set_away
from slackapp.personal.actions.settings import change_settings
from slackapp.registers import REGISTERS
from storage.clocks import policies, timers
from storage.clocks.model import Calendar, Interval, Notice
from storage.company import people, queues
from storage.company.model import Person
from storage.db.database import Database, Tx
from storage.db.upgrade import upgrade
from storage.handoffs.acts import Edit
from storage.handoffs.model import Priority
from storage.outbox.outbox import lease
from tests.builders import NOW, TEAM
from tests.escalation.tick_room import HOUR, QUEUE, TARGET, Room, level
from tests.storage.examples import MINUTE

DUE: Final = NOW + TARGET
HANDOFFS: Final = (1, 2)
PEOPLE: Final = ("DAN", "EVA", "KIM", "ADA")
ZONES: Final = ("UTC", "Asia/Tokyo", "America/New_York", None)
HOURS: Final[Mapping[str, tuple[Interval, ...]]] = {
    "morning": (Interval(start=time(8), end=time(10)),),
    "office": (Interval(start=time(9), end=time(17)),),
    "evening": (Interval(start=time(18), end=time(23)),),
    "split": (Interval(start=time(9), end=time(9, 45)), Interval(start=time(12), end=time(13))),
}
LEVELS: Final = (
    level("late", "S0LEADS"),
    level("up", "managers of managers", offset_s=86_400),
    level("top", "admins", offset_s=2 * 86_400),
)


def a_calendar(key: str, hours: str) -> Calendar:
    return Calendar(workspace=TEAM, key=key, timezone="UTC", hours=(HOURS[hours],) * 7)


@dataclass(frozen=True)
class Change:
    """A change of one fact: its kind, whom or what it is about, and a number that it makes of what it likes."""

    kind: str
    who: str
    number: int

    def carry_out(self, room: Room) -> None:
        """Make the change as the product does."""
        CHANGES[self.kind](room, self.who, self.number)


def _priority(room: Room, _who: str, number: int) -> None:
    handoff = room.handoff(1 + number % 2)
    wanted = list(Priority)[number % len(Priority)]
    if handoff.priority is not wanted:
        room.act(Edit(changes={"priority": wanted}), "SENDER", handoff.number)


def _pause(room: Room, who: str, number: int) -> None:
    until = room.clock.now() + (number - 3) * HOUR
    store_dnd(room.baton, TEAM, {who: (None, until if number > 3 else None)})


def _profile(room: Room, who: str, number: int) -> None:
    now = room.clock.now()
    away = now + number * HOUR if number % 3 == 0 else None
    store_person(
        room.baton,
        Person(workspace=TEAM, id=who, name=who, tz=ZONES[number % 4], away_until=away, deleted=number % 5 == 0),
    )


def _group(room: Room, who: str, number: int) -> None:
    change_group_members(room.baton, TEAM, "S0LEADS", **{"added" if number % 2 else "removed": [who]})


def _apply(room: Room, **changes: Any) -> None:
    with room.db.reading() as tx:
        stored = export(tx, TEAM)
    assert isinstance(apply(room.baton, TEAM, replace(stored, **changes), "digest"), Changes)


def _away(room: Room, who: str, number: int) -> None:
    until, cover = room.clock.now() + number * HOUR, (*PEOPLE, None)[number % 5]
    if number % 3:
        set_away(room.baton, workspace=TEAM, user=who, until=until, cover=cover)
    else:
        end_away(room.baton, workspace=TEAM, user=who)


def _quiet(room: Room, who: str, number: int) -> None:
    begins, ends = (time(number), time(number + 3)) if number % 2 else (None, None)
    days = (number % 7,) if number % 3 else ()
    change_settings(
        room.baton,
        workspace=TEAM,
        user=who,
        changed=lambda had: replace(had, quiet_from=begins, quiet_until=ends, quiet_days=days),
    )


def _team_hours(room: Room, _who: str, number: int) -> None:
    with room.db.reading() as tx:
        others = tuple(one for one in export(tx, TEAM).calendars if one.key != "team")
    _apply(room, calendars=(*others, a_calendar("team", list(HOURS)[number % len(HOURS)])))


def _own_hours(room: Room, who: str, number: int) -> None:
    _apply(room, calendars_of={who: list(HOURS)[number % len(HOURS)]} if number % 3 else {})


def _lines(room: Room, who: str, number: int) -> None:
    _apply(room, managers={who: PEOPLE[number % len(PEOPLE)]}, admins=PEOPLE[number % len(PEOPLE) :])


def _policy(room: Room, _who: str, number: int) -> None:
    room.policy(*LEVELS, wake=tuple(list(Priority)[number % len(Priority) :]))
    if number % 2:
        reapply_policy(room.baton, TEAM)


def _time(room: Room, _who: str, number: int) -> None:
    room.tick_at(room.clock.now() + number * 7 * MINUTE)
    end_due_absences(room.baton)
    pump(room)


def _delivery(room: Room, _who: str, _number: int) -> None:
    pump(room)


def pump(room: Room) -> None:
    """Do what the pump does with what is due, except the call to Slack: it takes everything."""
    now, kinds = room.clock.now(), REGISTERS.message_kinds
    while rows := room.db.run_transaction(lambda tx: lease(tx, now, 100, 30, "pump")):
        for row in rows:
            with room.db.transaction() as tx:
                found = prepare(tx, row, now, kinds)
                outcome = (
                    found if not isinstance(found, SendJob) else Delivered(spot=Spot(channel="C1", ts=str(row.id)))
                )
                assert not isinstance(outcome, Job)
                wanted = RetryLater(code="later", wait_s=60) if isinstance(outcome, RetryLater) else outcome
                record_result(tx, Result(row=row, outcome=wanted), now, TokenHealth(), kinds)


CHANGES: Final[Mapping[str, Callable[[Room, str, int], None]]] = {
    "priority": _priority,
    "pause": _pause,
    "profile": _profile,
    "group": _group,
    "away": _away,
    "quiet hours": _quiet,
    "team hours": _team_hours,
    "own hours": _own_hours,
    "reporting lines": _lines,
    "policy": _policy,
    "time": _time,
    "delivery": _delivery,
}
a_change: Final = st.builds(Change, st.sampled_from(sorted(CHANGES)), st.sampled_from(PEOPLE), st.integers(0, 9))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as it is after the migrations."""
    file = tmp_path_factory.mktemp("empty") / "ledger.db"
    upgrade(f"sqlite:///{file}")
    return file


@contextmanager
def late_work(empty: Path) -> Iterator[Room]:
    """Two handoffs that have just become late, one of them critical, in a team with hours and a group of leads."""
    with TemporaryDirectory() as folder:
        file = shutil.copy(empty, folder)
        database = Database.open(f"sqlite:///{file}")
        room = Room(database)
        room.policy(*LEVELS)
        with database.transaction() as tx:
            for key in HOURS:
                policies.put_calendar(tx, a_calendar(key, key))
            policies.put_calendar(tx, a_calendar("team", "evening"))
            people.put_group(tx, TEAM, "S0LEADS", "leads", "Leads", ["DAN", "EVA"], NOW)
            queues.put(tx, replace(QUEUE, managers=("S0LEADS",), calendar="team"))
        room.open(1)
        room.open(2, priority=Priority.CRITICAL)
        room.tick_at(DUE)
        yield room
        database.close()


Standing: TypeAlias = tuple[datetime | None, str | None]
"""From when on somebody may hear, None for never, and why not now."""


class Scratch:
    """Decides from scratch when each recipient of the level "late" may hear, person by person.

    Only what cannot be taken back is taken from what is stored: who has heard, and which levels were told as well.
    """

    def __init__(self, tx: Tx, room: Room, number: int) -> None:
        self.now, self.told = room.clock.now(), room.notices(number)
        self.team = policies.get_calendar(tx, TEAM, "team")
        self.calendars = {one.key: one for one in policies.list_calendars(tx, TEAM)}
        self.people = people.get_many(tx, TEAM, {*PEOPLE, "SENDER"})
        (timer,) = timers.list_live_for_handoff(tx, f"h{number}")
        policy = policies.get_policy(tx, TEAM, timer.policy, timer.policy_version)
        self.wakes = policy is not None and room.handoff(number).priority in policy.wake
        leads = people.get_group_members(tx, TEAM, "S0LEADS")
        self.meant = {
            "late": leads,
            "up": tuple(dict.fromkeys(line for lead in leads if (line := self.people[lead].manager))),
            "top": tuple(admin for admin in export(tx, TEAM).admins if not self.people[admin].deleted),
        }

    def availability(self, who: str) -> Availability:
        """When somebody can be notified, whatever the priority."""
        person = self.people[who]
        own = self.calendars.get(person.calendar or "")
        return availability(person, hours_of(person, own, self.team), self.now)

    def standing(self, who: str) -> Standing:
        """When somebody is notified."""
        can = self.availability(who)
        return (self.now, None) if self.wakes and can.at else (can.at, can.why and can.why.value)

    def meant_as(self, who: str) -> Iterator[tuple[str, Standing, bool]]:
        """Who is notified in place of somebody, and they themselves; each with whether they can hear now."""
        cover = cover_of(self.people[who], self.people, self.now)
        told = cover or who
        yield told, self.standing(told), self.availability(told).at == self.now
        if cover:
            yield who, (None, COVERED), False

    def decided(self) -> dict[str, Standing]:
        """Everybody's standing."""
        heard = any(one.heard_at and one.via for one in self.told.values())
        joined = {one.via for one in self.told.values()} - {"late", None}
        found: dict[str, Standing] = {}
        awake = False
        for key in ("late", "up", "top"):
            if key != "late" and key not in joined and (awake or heard):
                continue
            for who, standing, is_awake in (one for user in self.meant[key] for one in self.meant_as(user)):
                if who in self.told or not heard:
                    found.setdefault(who, standing)
                    awake = awake or is_awake
        informed = [one for who, told in self.told.items() if told.via is None for one in self.meant_as(who)]
        for who, standing, _ in informed:
            found.setdefault(who, standing)
        return {who: found.get(who, (None, "left")) for who in found | dict(self.told)}


def stands(notice: Notice, now: datetime) -> Standing:
    """When a recipient may hear by what is stored; whatever is due may be heard now, whyever it was held before."""
    return (now, None) if notice.hear_at is not None and notice.hear_at <= now else (notice.hear_at, notice.why)


def check(room: Room) -> None:
    """Compare what is stored with what deciding from scratch says."""
    now, waiting = room.clock.now(), room.waiting()
    for number in HANDOFFS:
        with room.db.reading() as tx:
            scratch = Scratch(tx, room, number)
        settled = {who for who, one in scratch.told.items() if one.heard_at or one.why == "calm"}
        unheard = {who: one for who, one in scratch.told.items() if who not in settled}
        wanted = {who: one for who, one in scratch.decided().items() if who not in settled}
        assert {who: stands(one, now) for who, one in unheard.items()} == wanted
        for one in unheard.values():
            assert one.hear_at is None or waiting[str(one.message)] <= max(one.hear_at, now)


def try_out(empty: Path, changes: list[Change]) -> None:
    with late_work(empty) as room:
        check(room)
        for change in changes:
            change.carry_out(room)
            check(room)


@settings(max_examples=15)
@given(changes=st.lists(a_change, min_size=1, max_size=8))
def test_what_waits_and_until_when_is_what_deciding_from_scratch_would_say(empty: Path, changes: list[Change]) -> None:
    try_out(empty, changes)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@settings(max_examples=500)
@given(changes=st.lists(a_change, min_size=1, max_size=16))
def test_so_it_is_after_many_more_changes(empty: Path, changes: list[Change]) -> None:
    try_out(empty, changes)
