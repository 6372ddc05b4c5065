"""Properties of all clocks under any sequence of acts and due steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.clocks.rules import business_hours, timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from storage.clocks.model import Calendar, ClockKind, Policy, TargetRule, Timer
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Ask,
    Assign,
    Cancel,
    Claim,
    Complete,
    Continue,
    Decline,
    Delete,
    Edit,
    Extend,
    GiveReadBack,
    Lapse,
    Release,
    Remind,
    Reopen,
    Resend,
    Return,
    Snooze,
    Transfer,
)
from storage.handoffs.lifecycle import Actor, Refused, Role, State, decide
from storage.handoffs.model import Handoff, Priority
from tests.clocks.timekeeping.life import MONDAY_9, OFFICE, Life, a_level, mark, some_targets, words
from tests.thoroughness import examples

POLICY = Policy(
    workspace="T1",
    key="all",
    targets=some_targets(
        claim={"normal": "30m", "high": "24h wall"},
        first_action="20m",
        update={"high": "2h"},
        finish="8h",
        respond="1h",
    ),
    rules=(TargetRule(when={"plan": ("gold",)}, targets=some_targets(finish={"high": "2h"}, update="40m")),),
    levels=tuple(
        replace(a_level(f"{clock}-{at}", clock, at), repeat_times=2, repeat_every_s=900)
        for clock in (
            ClockKind.CLAIM,
            ClockKind.FIRST_ACTION,
            ClockKind.UPDATE,
            ClockKind.FINISH,
            ClockKind.RESPOND,
            ClockKind.NEEDED_BY,
        )
        for at in ("50%", "100%", "-20m", "+1h")
    ),
)
hours_on = st.sampled_from([1, 5, 30])
acts: st.SearchStrategy[Act | None] = st.one_of(
    st.none(),
    st.sampled_from([Claim(), Claim(), Claim(), Decline(), Release(), Lapse(), Return(), Resend(), Complete()]),
    st.sampled_from([Cancel(), Reopen(), Delete(), Remind(), Continue(), Continue(by="reply")]),
    st.sampled_from([AddNote(text=words("Hello")), Extend(seconds=1800)]),
    st.sampled_from([Ask(), Answer(), GiveReadBack(text=words("Call them"))]),
    st.builds(Assign, person=st.sampled_from(["EVA", "GRACE"])),
    st.builds(Transfer, queue=st.sampled_from(["success", "support"]), person=st.sampled_from([None, "EVA"])),
    st.builds(Snooze, until=hours_on.map(lambda hours: MONDAY_9 + timedelta(days=2, hours=hours))),
    st.builds(Edit, changes=st.fixed_dictionaries({"priority": st.sampled_from(Priority)})),
    st.builds(Edit, changes=st.fixed_dictionaries({"fields": st.sampled_from([{}, {"plan": "gold"}])})),
    st.builds(
        Edit,
        changes=st.fixed_dictionaries(
            {"needed_by": st.none() | hours_on.map(lambda hours: MONDAY_9 + timedelta(hours=hours))}
        ),
    ),
)
moves = st.lists(
    st.tuples(acts, st.sampled_from(["EVA", "GRACE", "MARA"]), st.integers(0, 5000)), min_size=1, max_size=25
)


class Watched(Life):
    """A life that is looked at after every move; a move of None is a look at the clock that lets due levels speak."""

    def __init__(self, policy: Policy | None, calendar: Calendar | None) -> None:
        super().__init__(policy=policy, calendar=calendar, needed_by=MONDAY_9 + timedelta(hours=30))
        self.said: Counter[tuple[str, str]] = Counter()

    def move(self, act: Act | None, by: str, later_s: int) -> None:
        before, was = dict(self.timers), self.handoff
        self.now += timedelta(seconds=later_s)
        if act is None:
            self.tick()
        elif not isinstance(decide(self.handoff, act, Actor(user=by, roles=frozenset(Role)), self.now), Refused):
            self.do(act, by=by)
        self.check(before, was)

    def tick(self) -> None:
        for timer in [timer for timer in self.timers.values() if timer.due_at and timer.due_at <= self.now]:
            ladder, calendar = self.terms.levels(timer.clock), self.terms.calendar
            due = timekeeping.due_steps(timer, ladder, calendar, self.now)
            self.said.update((timer.id, step.key) for step in due.notifying)
            marked = mark(timer, due.keys, ladder, calendar, self.now)
            assert due.notifying or due.is_deadline, "a clock that is due has something to say or to show"
            assert marked.due_at is None or marked.due_at > self.now
            self.timers[timer.id] = marked

    def check(self, before: dict[str, Timer], was: Handoff) -> None:
        live = [timer for timer in self.timers.values() if timer.stopped_at is None]
        assert max(Counter(timer.clock for timer in live).values(), default=1) == 1, "one live timer per clock"
        assert not (self.handoff.final and live), "no clock of finished work goes on"
        assert max(self.said.values(), default=1) == 1, "a step speaks once in a run"
        runs = [(timer.clock, timer.run) for timer in self.timers.values()]
        assert len(runs) == len(set(runs)), "every start of a clock has a number of its own"
        for timer in self.timers.values():
            self.check_one(timer, before.get(timer.id), was)

    def check_one(self, timer: Timer, before: Timer | None, was: Handoff) -> None:
        ladder, calendar = self.terms.levels(timer.clock), self.terms.calendar
        assert timekeeping.rearm(timer, ladder, calendar, self.now) == timer, "it is armed for what its count leads to"
        if before is None:
            return
        assert timer.consumed_s >= before.consumed_s
        assert timer.paused_s >= before.paused_s
        assert set(timer.fired) >= set(before.fired)
        if before.stopped_at is not None:
            assert timer == before, "over is over"
        elif timer.met is not None and before.deadline_at is not None:
            assert timer.met is (self.now <= before.deadline_at)


@settings(max_examples=examples(250), deadline=None)
@given(moves=moves, calendar=st.sampled_from([None, OFFICE]), policy=st.sampled_from([None, POLICY]))
def test_whatever_happens(
    moves: Sequence[tuple[Act | None, str, int]], calendar: Calendar | None, policy: Policy | None
) -> None:
    life = Watched(policy, calendar)
    for move in moves:
        life.move(*move)
        resting = life.handoff.snoozed_until is not None
        assert bool([timer for timer in life.all(ClockKind.SNOOZE) if timer.stopped_at is None]) is resting


def rests_now(handoff: Handoff) -> bool:
    waits = handoff.state is State.RETURNED or handoff.asked_at is not None
    return waits or handoff.snoozed_until is not None


def counted(handoff_at: Sequence[tuple[datetime, Handoff]], calendar: Calendar | None, now: datetime) -> int:
    """Slow reference: the minutes from the claim until `now` that are open and in which the work does not rest."""
    minute, total, place = handoff_at[0][0], 0, 0
    while minute < now:
        while place + 1 < len(handoff_at) and handoff_at[place + 1][0] <= minute:
            place += 1
        handoff = handoff_at[place][1]
        rests = rests_now(handoff)
        is_open = calendar is None or (minute.weekday() < 5 and 9 <= minute.hour < 17)
        total += is_open and not rests
        minute += timedelta(minutes=1)
    return total


WORK: st.SearchStrategy[Act] = st.sampled_from([
    Release(), Claim(), Return(), Resend(), Continue(), AddNote(text=words("Hello")), Remind(), Assign(person="GRACE"),
    Ask(), Ask(), Answer(),
    Snooze(until=MONDAY_9 + timedelta(days=9)), Snooze(until=MONDAY_9 + timedelta(days=8)),
])  # fmt: skip


@settings(max_examples=examples(100), deadline=None)
@given(work=st.lists(st.tuples(WORK, st.integers(0, 900)), max_size=15), calendar=st.sampled_from([None, OFFICE]))
def test_the_finish_clock_counts_what_a_slow_count_by_the_minute_counts(
    work: Sequence[tuple[Act, int]], calendar: Calendar | None
) -> None:
    patient = replace(POLICY, targets=some_targets(finish="200h"), rules=())
    life = Life(policy=patient, calendar=calendar).do(Claim(), by="EVA")
    told, paused_s = [(life.now, life.handoff)], 0.0
    for act, later_min in work:
        before = life.handoff
        life.now += timedelta(minutes=later_min)
        if rests_now(before):
            paused_s += later_min * 60
        by = before.owner or "EVA"
        if not isinstance(decide(before, act, Actor(user=by, roles=frozenset(Role)), life.now), Refused):
            life.do(act, by=by)
            told.append((life.now, life.handoff))

        timer = life.one(ClockKind.FINISH)
        minutes = counted(told, calendar, life.now)
        assert timekeeping.consumed(timer, calendar, life.now) == minutes * 60
        since = (life.now - timer.paused_at).total_seconds() if timer.paused_at else 0
        assert timer.paused_s + since == paused_s
        if timer.running_since is not None and timer.deadline_at is not None:
            left_s = 200 * 3600 - minutes * 60
            assert timer.deadline_at == business_hours.add(calendar, life.now, left_s)


def test_a_clock_without_its_policy_is_only_batons_own() -> None:
    assert Terms().levels(ClockKind.CLAIM) == ()
