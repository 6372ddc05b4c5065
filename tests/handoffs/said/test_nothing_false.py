"""At rest the last thing that each person was told is true, after any history of verbs by anybody and of the clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from slackapp.bulk.actions import prepare
from slackapp.bulk.actions.carry_on import carry_on
from slackapp.clocks.queries import terms
from slackapp.clocks.rules import apply_changes
from slackapp.company.actions.reapply_policy import reapply_policy
from slackapp.directory.actions import repair
from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.rules import change_messages
from slackapp.personal.actions.away import end_away, end_due_absences, set_away
from slackapp.slack import ids
from slackapp.watching.actions import stop_watching, watch
from storage.bulk.model import BulkKind
from storage.clocks import timers
from storage.clocks.model import ClockKind, Duration, Level, LevelAction
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Ask,
    Assign,
    Cancel,
    Claim,
    Complete,
    Confirm,
    Continue,
    Correct,
    Decline,
    Edit,
    Extend,
    GiveReadBack,
    Release,
    Reopen,
    Resend,
    Return,
    Snooze,
    Transfer,
)
from storage.handoffs.lifecycle import Moved, ReadBackMode, State, Verb
from storage.handoffs.model import Handoff, Priority, Source, Text
from storage.outbox import outbox, posted_messages
from tests.builders import TEAM, a_handoff
from tests.databases import ONE_ELSE_BOTH, SQLITE
from tests.escalation.tick_room import QUEUE, Room, level
from tests.handoffs.said.oracle import false_in, statements
from tests.handoffs.said.screen import Screen, Shown

SUPPORT: Final = Queue(
    workspace=TEAM, key="support", name="Support", channel="C2", members=("INES", "EVA"), managers=("GRACE",),
    policy="standard",
)  # fmt: skip
TEAMS: Final = {"success": replace(QUEUE, members=("EVA", "INES", "BEN")), "support": SUPPORT}
PEOPLE: Final = ("BEN", "EVA", "INES", "DAN", "GRACE")
"""Who began it, two members, and the managers of the two teams."""
WORDS: Final = Text(plain="Words")


# The world


class World:
    """One handoff from BEN in two teams with clocks, and what Slack shows of it."""

    def __init__(self, database: Database) -> None:
        self.room = Room(database)
        self.screen = Screen(db=database, clock=self.room.clock)
        for user in PEOPLE:
            self.room.person(user)
        with database.transaction() as tx:
            for queue in TEAMS.values():
                queues.put(tx, queue)
        self.room.policy(
            level("late", "channel", "managers", "sender"),
            Level(key="ask", clock=ClockKind.UPDATE, tell=("owner",), do=LevelAction.CHECK, within_s=1200),
            Level(key="slow", clock=ClockKind.FINISH, percent=150, tell=("owner", "managers")),
            Level(key="silent", clock=ClockKind.RESPOND, tell=("sender",)),
            Level(key="promised", clock=ClockKind.NEEDED_BY, tell=("owner", "managers", "sender")),
            Level(key="higher", clock=ClockKind.CLAIM, percent=200, do=LevelAction.RAISE),
        )
        self.number = 0
        self.deleted: set[str] = set()
        """The keys of messages that a person has deleted."""
        self.told: set[str] = set()
        """The keys of the messages that somebody must have been sent."""
        self.accountable = set[str]()
        """Those among them that tell somebody that they are accountable, as they still are."""

    def open(self, offered_to: str | None, mode: ReadBackMode) -> None:
        """Forget what was, and open a handoff."""
        if self.number:
            assert self.act("DAN", Cancel()) or self.act("GRACE", Cancel()) or self.handoff.final
        self.screen.rest()
        self.room.clock.advance(timedelta(days=1))
        self.screen.shown.clear()
        self.deleted.clear()
        self.told.clear()
        self.accountable.clear()
        self.number += 1
        now = self.room.clock.now()
        opened = a_handoff(
            by="BEN",
            at=now,
            number=self.number,
            offered_to=offered_to,
            read_back_mode=mode,
            needed_by=now + timedelta(hours=2),
            source=Source(channel="C9", ts="1.1"),
        )

        def work(tx: Tx) -> None:
            handoffs.add(tx, opened)
            audit.add(
                tx, handoff=opened, workspace=TEAM, at=now, verb=Verb.OPEN, actor="BEN", before=None, after=State.OPEN
            )
            timers.put_many(tx, apply_changes.start_clocks(opened, terms(tx, TEAMS["success"]), ids.new_id))
            outbox.put(tx, change_messages.for_opening(opened, TEAMS["success"]), now)

        self.room.db.run_transaction(work)

    @property
    def handoff(self) -> Handoff:
        """The handoff as it is stored."""
        return self.room.handoff(self.number)

    def act(self, user: str, act: Act) -> bool:
        """Let somebody try something; return whether it was allowed."""
        before = self.handoff
        outcome = carry_out(self.room.baton, Request(workspace=TEAM, handoff_id=before.id, act=act, user=user))
        if not isinstance(outcome, Moved):
            return False
        self._expect(outcome)
        return True

    def _expect(self, moved: Moved) -> None:
        """Note who must be sent a message: who is accountable now, and who began it, of its hops and its end.

        Who is accountable no more before a message could be sent that they were needs none.
        """
        after = moved.after
        now, told = set[str](), set[str]()
        if after.accountable != moved.before.accountable:
            self.told -= self.accountable - set(self.screen.posted)
            self.accountable = now = self._messages(moved, {after.accountable})
        if moved.verb in {Verb.TRANSFER, Verb.COMPLETE, Verb.CANCEL, Verb.REOPEN}:
            told = self._messages(moved, {after.originator})
        self.accountable = self.accountable - told
        self.told |= now | told
        if moved.verb is Verb.TRANSFER:
            self._knows(moved.actor.user)

    def _knows(self, user: str) -> None:
        """Who passed it on knows that they are accountable, without a message that was not sent before."""
        self.told -= {key for key in self.accountable if key.endswith(f":{user}")} - set(self.screen.posted)

    def _messages(self, moved: Moved, people: set[str]) -> set[str]:
        return {f"dm:{moved.after.id}:{moved.after.version}:{user}" for user in people - {moved.actor.user}}

    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.room.clock.advance(timedelta(minutes=minutes))
        tick(self.room.baton)
        end_due_absences(self.room.baton)

    def leave(self, user: str, n: int) -> None:
        """Let somebody be away for a while, with one of the others who covers for them, or nobody."""
        until, cover = self.room.clock.now() + timedelta(minutes=25 + n), (*PEOPLE, None)[n % (len(PEOPLE) + 1)]
        set_away(self.room.baton, workspace=TEAM, user=user, until=until, cover=cover)

    def come_back(self, user: str) -> None:
        """Let somebody be back who was away."""
        end_away(self.room.baton, workspace=TEAM, user=user)

    def hand_over(self, user: str, n: int) -> None:
        """Let somebody hand over all that they own to a person or a team, or put it back."""
        kind = (BulkKind.PERSON, BulkKind.TEAM, BulkKind.BACK)[n % 3]
        run_id = prepare.begin_hand_over(
            self.room.baton,
            workspace=TEAM,
            user=user,
            kind=kind,
            person=PEOPLE[n % len(PEOPLE)] if kind is BulkKind.PERSON else None,
            queue=list(TEAMS)[n % len(TEAMS)] if kind is BulkKind.TEAM else None,
            note=WORDS,
            form=ids.new_id("V"),
        )
        prepare.submit(self.room.baton, workspace=TEAM, user=user, run_id=run_id)
        self._carry_on(run_id)
        self._knows(user)

    def claim_several(self, user: str) -> None:
        """Let somebody claim what there is, in the form for several."""
        run_id = prepare.begin_claim(
            self.room.baton, workspace=TEAM, user=user, handoff_ids=[self.handoff.id], form=ids.new_id("V")
        )
        self._carry_on(run_id)

    def _carry_on(self, run_id: str) -> None:
        """Carry a run out. What it tells people is in its own messages, and who was accountable may be so no more."""
        before = self.handoff.accountable
        assert carry_on(self.room.baton, run_id, TEAM, within_s=60)
        if self.handoff.accountable != before:
            self.told -= self.accountable - set(self.screen.posted)
            self.accountable = set()

    def watch(self, user: str, n: int) -> None:
        """Let somebody watch the handoff, or no longer."""
        act = watch if n % 3 else stop_watching
        act(self.room.baton, workspace=TEAM, handoff_id=self.handoff.id, user=user)

    def delete(self, n: int) -> None:
        """Let a person delete a message; cards and lists come again, so they stay."""
        spots = [spot for spot, one in self.screen.shown.items() if not one.key.startswith(("card", "bundle"))]
        if spots:
            spot = spots[n % len(spots)]
            self.deleted.add(self.screen.shown[spot].key)
            self.screen.delete(spot)

    def doing(self) -> Mapping[str, Callable[[str, int], object]]:
        """What each kind of step in a history does, with who does it and a number."""
        return {
            "act": lambda user, n: self.act(user, _acts(self.room.clock.now())[n]),
            "draw": lambda _, n: self.screen.draw(n),
            "land": lambda _, __: self.screen.land(),
            "wait": lambda _, n: self.wait(n),
            "delete": lambda _, n: self.delete(n),
            "rest": lambda _, __: self.screen.rest(),
            "leave": self.leave,
            "back": lambda user, _: self.come_back(user),
            "hand over": self.hand_over,
            "claim several": lambda user, _: self.claim_several(user),
            "watch": self.watch,
        }

    def false(self) -> list[str]:
        """Everything that Slack shows and that is not so."""
        handoff = self.handoff
        with self.room.db.reading() as tx:
            return [wrong for shown in self._shown() for wrong in false_in(tx, shown.said, handoff)]

    def silent(self) -> list[str]:
        """The newest messages to a person that leave open how it stands."""
        newest: dict[str, Shown] = {}
        for shown in sorted(self._shown(), key=lambda one: one.ts):
            if shown.reader is not None and not _is_note(shown):
                newest[shown.reader] = shown
        return [
            f"{shown.key}: {shown.message.text}"
            for shown in newest.values()
            if not [kind for kind, _ in statements(shown.said) if kind != "deadline"]
            and not re.search(r"You said|answer|You no longer watch", shown.message.text)
        ]

    def _shown(self) -> list[Shown]:
        several = ("bundle", "bulk")
        return [one for one in self.screen.shown.values() if self.handoff.id in one.key or one.key.startswith(several)]


def _is_note(shown: Shown) -> bool:
    return "added a note to" in shown.message.text


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


# Histories


def _acts(now: datetime) -> list[Act]:
    return [
        Claim(), Claim(), Claim(), Release(text=WORDS), Assign(person="EVA"), Assign(person="INES"), Decline(),
        Transfer(queue="support"), Transfer(queue="success", person="EVA"), Transfer(queue="support", person="INES"),
        Return(text=WORDS), Resend(text=WORDS), Edit(changes={"priority": Priority.HIGH}),
        Edit(changes={"title": "Globex"}), AddNote(text=WORDS), Extend(seconds=1800),
        Snooze(until=now + timedelta(minutes=45)), Continue(), GiveReadBack(text=WORDS), Confirm(), Correct(text=WORDS),
        Ask(text=WORDS), Answer(text=WORDS), Complete(text=WORDS), Cancel(text=WORDS), Reopen(text=WORDS),
    ]  # fmt: skip


_MANY: Final = len(_acts(datetime(2026, 1, 1, tzinfo=UTC)))
STEPS: Final = st.one_of(
    *[st.tuples(st.just("act"), st.sampled_from(PEOPLE), st.integers(0, _MANY - 1))] * 5,
    st.tuples(st.just("draw"), st.just(""), st.integers(1, 4)),
    st.tuples(st.just("land"), st.just(""), st.just(0)),
    st.tuples(st.just("wait"), st.just(""), st.sampled_from([1, 10, 31])),
    st.tuples(st.just("delete"), st.just(""), st.integers(0, 50)),
    st.tuples(st.just("rest"), st.just(""), st.just(0)),
    *[st.tuples(st.just(kind), st.sampled_from(PEOPLE), st.integers(0, 9)) for kind in ("leave", "back", "hand over")],
    *[st.tuples(st.just(kind), st.sampled_from(PEOPLE), st.integers(0, 9)) for kind in ("claim several", "watch")],
)
HISTORIES: Final = st.tuples(
    st.sampled_from([None, "EVA"]), st.sampled_from(list(ReadBackMode)), st.lists(STEPS, min_size=4, max_size=30)
)


def play(world: World, history: tuple[str | None, ReadBackMode, list[tuple[str, str, int]]]) -> None:
    """Play a history, let everything come to rest, and compare what people see with the ledger."""
    offered_to, mode, steps = history
    world.open(offered_to, mode)
    posted_from = len(world.screen.posted)
    doing = world.doing()
    for kind, user, n in steps:
        doing[kind](user, n)
    world.screen.rest()
    assert world.false() == [], "also while somebody is away"
    for user in PEOPLE:
        world.come_back(user)
    world.screen.rest()

    assert world.false() == []
    if not world.deleted:
        assert world.silent() == []
    posted = world.screen.posted[posted_from:]
    assert world.told <= set(posted), "whoever has to know was sent a message"
    once = [key for key in posted if not key.startswith(("card", "bundle"))]
    assert len(once) == len(set(once)), "nobody is told twice, and what a person deleted stays away"


def in_many_histories(world: World, examples: int) -> Callable[[], None]:
    """The test of that many random histories."""

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), print_blob=True, phases=[Phase.generate])
    @given(history=HISTORIES)
    def check(history: tuple[str | None, ReadBackMode, list[tuple[str, str, int]]]) -> None:
        play(world, history)

    return check


@SQLITE
def test_a_reminder_that_was_on_its_way_when_somebody_claimed_offers_no_claim(world: World) -> None:
    world.open(None, ReadBackMode.OFF)
    world.screen.rest()
    world.wait(31)
    while "level" not in {job.row.wanted.kind for job in world.screen.in_flight}:
        world.screen.land()
        assert world.screen.draw()
    assert world.act("EVA", Claim())
    world.screen.rest()

    assert any(key.startswith("level") for key in world.screen.posted)
    assert world.false() == []


@SQLITE
@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        ([("EVA", Claim())], ("EVA", Release(text=WORDS))),
        ([("BEN", Return(text=WORDS))], ("BEN", Resend(text=WORDS))),
    ],
    ids=["claimed", "sent back"],
)
def test_what_became_of_a_reminder_goes_on_with_what_came_after(
    world: World, outcome: list[tuple[str, Act]], after: tuple[str, Act]
) -> None:
    world.open(None, ReadBackMode.OFF)
    world.wait(31)
    world.screen.rest()

    for user, act in [*outcome, after]:
        assert world.act(user, act)
        world.screen.rest()
        assert (world.false(), world.silent()) == ([], [])


@SQLITE
def test_a_deleted_message_stays_away_though_a_change_has_asked_for_it_meanwhile(world: World) -> None:
    world.open(None, ReadBackMode.OFF)
    world.screen.rest()
    line = next(spot for spot, shown in world.screen.shown.items() if shown.key.startswith("sent"))
    assert world.act("EVA", Claim())
    world.screen.delete(line)
    while "sent" not in {job.row.wanted.kind for job in world.screen.in_flight}:
        world.screen.land()
        assert world.screen.draw()
    assert world.act("EVA", Release(text=WORDS))
    world.screen.rest()

    assert line not in world.screen.shown
    assert world.screen.posted.count(f"sent:{world.handoff.id}") == 1


@SQLITE
def test_a_new_policy_moves_the_deadlines_in_everything_that_was_said(world: World) -> None:
    world.open(None, ReadBackMode.OFF)
    assert world.act("EVA", Claim())
    world.wait(31)
    world.screen.rest()
    slower = {clock: {Priority.NORMAL: Duration(seconds=7200)} for clock in ClockKind}
    world.room.policy(Level(key="slow", clock=ClockKind.FINISH, tell=("owner", "managers")), targets=slower, version=2)

    assert reapply_policy(world.room.baton, TEAM) == 1
    world.screen.rest()

    assert world.false() == []


@SQLITE
def test_an_offer_to_somebody_who_has_left_is_no_offer_any_more(world: World) -> None:
    world.open("EVA", ReadBackMode.OFF)
    world.screen.rest()
    posted = len(world.screen.posted)
    world.room.person("EVA", deleted=True)

    world.room.baton.db.run_transaction(
        lambda tx: repair.release_work_of(tx, TEAM, "EVA", world.room.baton.clock.now())
    )
    world.screen.rest()

    assert world.handoff.offered_to is None
    assert world.false() == []
    assert all(key.startswith("trouble") for key in world.screen.posted[posted:]), "the manager alone is notified"


@SQLITE
def test_of_many_messages_to_one_person_only_the_newest_is_redrawn_again(world: World) -> None:
    world.open(None, ReadBackMode.OFF)
    for user in ("EVA", "INES", "EVA", "INES"):
        assert world.act(user, Claim())
        world.screen.rest()
        assert world.act(user, Release(text=WORDS))
        world.screen.rest()
    world.act("EVA", Claim())
    world.screen.rest()

    with world.room.db.reading() as tx:
        posted = posted_messages.list_for_handoff(tx, world.handoff.id)
    told = [key for key in world.screen.posted if key.startswith("dm")]
    assert len(told) == 4, "Ben was told each time it was put back, and sees each claim in the message he has"
    assert [one.key for one in posted if one.kind == "dm" and not one.settled] == told[-1:]


@SQLITE
@pytest.mark.timeout(900)
def test_at_rest_the_last_thing_that_each_person_was_told_is_true(world: World, *, long: bool) -> None:
    in_many_histories(world, 200 if long else 8)()


@pytest.mark.soak
@pytest.mark.timeout(900)
@ONE_ELSE_BOTH
def test_on_every_database(world: World) -> None:
    in_many_histories(world, 200)()
