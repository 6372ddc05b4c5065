"""After any sequence of acts the clocks satisfy the invariants: clock changes and invariants agree.

`apply_changes` says what each change does, `invariants` what must hold after any. Neither knows the other.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from slackapp.clocks.rules import apply_changes, invariants, timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.clocks.rules.durations import parse
from slackapp.clocks.rules.invariants import ClockFacts
from storage.clocks.model import OWN_CLOCKS, POLICY_CLOCKS, ClockKind, Level, Policy, TargetRule, Timer
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
    Lapse,
    Release,
    Remind,
    Reopen,
    Resend,
    Return,
    Snooze,
    Transfer,
)
from storage.handoffs.lifecycle import Actor, Moved, ReadBackMode, Role, State, decide
from storage.handoffs.model import Priority, Text
from tests.builders import TEAM, a_handoff
from tests.clocks.timekeeping.life import OFFICE, mark
from tests.handoffs.samples import a_timer
from tests.manual_clock import MONDAY_9
from tests.thoroughness import examples

TARGETS = {
    ClockKind.CLAIM: {Priority.NORMAL: parse("30m"), Priority.LOW: parse("24h wall")},
    ClockKind.FIRST_ACTION: {Priority.HIGH: parse("20m"), Priority.NORMAL: parse("40m")},
    ClockKind.UPDATE: {Priority.NORMAL: parse("1h")},
    ClockKind.FINISH: {Priority.HIGH: parse("4h")},
    ClockKind.RESPOND: {Priority.CRITICAL: parse("1h")},
}
POLICY = Policy(
    workspace=TEAM,
    key="standard",
    targets=TARGETS,
    levels=tuple(
        Level(key=f"{clock}-{percent}", clock=clock, percent=percent, tell=("DAN",), repeat_times=2, repeat_every_s=900)
        for clock in POLICY_CLOCKS
        for percent in (50, 100)
    ),
    rules=(TargetRule(when={"priority": ("normal",)}, targets={ClockKind.FINISH: {Priority.NORMAL: parse("1d")}}),),
)
PEOPLE = st.sampled_from(["SENDER", "ANA", "BEN"])
WORDS = Text(plain="Because.", reason="unclear")
SPANS = st.sampled_from([1, 60, 1800, 7200, 90_000]).map(lambda seconds: timedelta(seconds=seconds))
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.sampled_from(
        [Claim(), Decline(), Release(text=WORDS), Return(text=WORDS), Resend(), Complete(), Cancel(), Reopen()]
    ),
    st.sampled_from([AddNote(text=WORDS), Continue(), Extend(seconds=3600), Lapse(text=Text(reason="no_answer"))]),
    st.sampled_from([Ask(), Ask(), Answer(), GiveReadBack(text=WORDS), Confirm(), Correct()]),
    st.builds(Assign, person=PEOPLE),
    st.builds(Transfer, queue=st.sampled_from(["success", "support"]), person=st.none() | PEOPLE),
    st.builds(lambda priority: Edit(changes={"priority": priority}), st.sampled_from(list(Priority))),
)


class Life(RuleBasedStateMachine):
    """One handoff, its clocks, and people who do things to it while time passes."""

    @initialize(calendar=st.sampled_from([None, OFFICE]), priority=st.sampled_from(list(Priority)), dated=st.booleans())
    def open(self, *, calendar: object, priority: Priority, dated: bool) -> None:
        self.now = MONDAY_9
        needed_by = MONDAY_9 + timedelta(days=2) if dated else None
        self.handoff = a_handoff(
            state_since=self.now,
            created_at=self.now,
            priority=priority,
            needed_by=needed_by,
            queue="success",
            read_back_mode=ReadBackMode.HARD,
        )
        self.terms = Terms(policy=POLICY, calendar=OFFICE if calendar else None)
        self.timers: dict[str, Timer] = {}
        self.ids = itertools.count(1)
        self.keep(apply_changes.start_clocks(self.handoff, self.terms, self.new_id))

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self.ids)}"

    def keep(self, timers: list[Timer]) -> None:
        self.timers |= {timer.id: timer for timer in timers}

    def live(self) -> list[tuple[Timer, Terms]]:
        return [(timer, self.terms) for timer in self.timers.values() if timer.stopped_at is None]

    @rule(act=ACTS, user=PEOPLE, span=SPANS)
    def somebody_acts(self, act: Act, user: str, span: timedelta) -> None:
        self.now += span
        outcome = decide(self.handoff, act, Actor(user=user, roles=frozenset(Role)), self.now)
        if isinstance(outcome, Moved):
            self.handoff = outcome.after
            self.keep(apply_changes.apply_change(outcome, self.live(), self.terms, self.new_id))

    @rule(user=PEOPLE, hours=st.integers(1, 30))
    def somebody_lets_it_rest(self, user: str, hours: int) -> None:
        self.somebody_acts(Snooze(until=self.now + timedelta(hours=hours, minutes=1)), user, timedelta(minutes=1))

    @rule(days=st.sampled_from([-1, 1, 3]))
    def it_is_needed_at_another_time(self, days: int) -> None:
        needed_by: datetime | None = self.now + timedelta(days=days) if days > 0 else None
        self.somebody_acts(Edit(changes={"needed_by": needed_by}), "SENDER", timedelta(minutes=1))

    @rule(span=SPANS)
    def the_clock_ticks(self, span: timedelta) -> None:
        """What is due speaks; a snooze that is over ends."""
        self.now += span
        for timer, terms in self.live():
            ladder, calendar = terms.levels(timer.clock), terms.calendar
            if timer.due_at is None or timer.due_at > self.now:
                continue
            if timer.clock in OWN_CLOCKS:
                act = Remind()
                self.somebody_acts(act, "clock", timedelta())
                continue
            reached = timekeeping.due_steps(timer, ladder, calendar, self.now)
            self.keep([mark(timer, reached.keys, ladder, calendar, self.now)])

    @invariant()
    def nothing_is_to_be_mended(self) -> None:
        begun = frozenset(t.clock for t in self.timers.values() if t.started_at >= self.handoff.state_since)
        known = ClockFacts(terms=self.terms, terms_since=MONDAY_9 - timedelta(seconds=1), begun=begun)
        assert invariants.find_faults(self.handoff, self.live(), known, self.now, self.new_id) == []


_RESTS = {"snoozed_until": MONDAY_9 + timedelta(days=1)}
_ASKED = {"asked_at": MONDAY_9}
_OWNED = {"state": State.CLAIMED, "owner": "ANA", "last_owner": "ANA", "accountable": "ANA"}
_STANDING: dict[str, dict[str, Any]] = {
    "open": {},
    "claimed": _OWNED,
    "snoozed": {**_OWNED, **_RESTS},
    "asked": {**_OWNED, **_ASKED},
    "snoozed and asked": {**_OWNED, **_RESTS, **_ASKED},
    "returned": {"state": State.RETURNED, "last_owner": "ANA", "rounds": 1},
}
_HERE: dict[ClockKind, set[str]] = {
    ClockKind.CLAIM: {"open"},
    ClockKind.FIRST_ACTION: {"claimed", "snoozed", "asked", "snoozed and asked"},
    ClockKind.UPDATE: {"claimed", "snoozed", "asked", "snoozed and asked"},
    ClockKind.FINISH: set(_STANDING),
    ClockKind.RESPOND: {"asked", "snoozed and asked", "returned"},
    ClockKind.NEEDED_BY: set(_STANDING),
    ClockKind.SNOOZE: {"snoozed", "snoozed and asked"},
    ClockKind.CHECK: {"claimed"},
}


@pytest.mark.parametrize("standing", _STANDING)
@pytest.mark.parametrize("clock", ClockKind)
def test_a_clock_goes_on_only_where_there_is_such_a_clock(clock: ClockKind, standing: str) -> None:
    handoff = a_handoff(state_since=MONDAY_9, created_at=MONDAY_9, queue="success", **_STANDING[standing])
    terms = Terms(policy=POLICY, calendar=None)
    found = invariants.find_faults(
        handoff,
        [(a_timer(clock), terms)],
        ClockFacts(terms=terms, terms_since=None),
        MONDAY_9,
        lambda prefix: f"{prefix}1",
    )

    strays = [fault.clock for fault in found if fault.kind is invariants.FaultKind.STRAY]
    assert strays == ([] if standing in _HERE[clock] else [clock])


Life.TestCase.settings = settings(max_examples=examples(150), stateful_step_count=25)
TestLife = Life.TestCase
