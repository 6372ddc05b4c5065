"""Whatever people do in whatever order, what must hold holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

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
    Delete,
    Edit,
    Escalate,
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
from storage.handoffs.lifecycle import (
    RULES,
    Actor,
    Moved,
    ReadBackMode,
    RefusalReason,
    Refused,
    Role,
    State,
    allowed,
    decide,
    has_taken_over,
)
from storage.handoffs.model import Text
from tests.builders import NOW, a_handoff
from tests.thoroughness import examples

PEOPLE = ("SENDER", "ANA", "BEN", "CHLOE", "MARA")
people = st.sampled_from(PEOPLE)
queue_roles = st.frozensets(st.sampled_from([Role.MEMBER, Role.MANAGER, Role.ADMIN, Role.VIEWER]))
actors = st.builds(Actor, user=people, roles=queue_roles)
acts: st.SearchStrategy[Act] = st.one_of(
    st.sampled_from([Claim(), Decline(), Release(), Return(), Resend(), Complete(), Cancel(), Reopen(), Delete()]),
    st.sampled_from([AddNote(text=Text(plain="a note")), Extend(seconds=60), Continue(), Continue(by="reply")]),
    st.sampled_from([GiveReadBack(text=Text(plain="Call them")), Confirm(), Correct(), Ask(), Answer()]),
    st.builds(Snooze, until=st.sampled_from([NOW + timedelta(hours=1), NOW + timedelta(days=1)])),
    st.builds(Assign, person=people),
    st.builds(Transfer, queue=st.sampled_from(["success", "support"]), person=st.none() | people),
    st.builds(Edit, changes=st.fixed_dictionaries({"title": st.sampled_from(["One", "Two"])})),
)
CLOCK = Actor(user="clock", roles=frozenset({Role.CLOCK}))
ESCALATE = Escalate(clock="claim", level="late")


class Life(RuleBasedStateMachine):
    """One handoff, and people who do things to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.handoff = a_handoff()

    @initialize(mode=st.sampled_from(ReadBackMode))
    def it_may_ask_for_a_read_back(self, mode: ReadBackMode) -> None:
        self.handoff = replace(self.handoff, read_back_mode=mode)

    def act(self, act: Act, actor: Actor) -> None:
        self.now += timedelta(minutes=1)
        before = self.handoff
        outcome = decide(before, act, actor, self.now)
        if isinstance(outcome, Refused):
            assert not allowed(before, act.verb, actor) or outcome.why is RefusalReason.SAME
            return
        after = outcome.after
        assert allowed(before, act.verb, actor)
        assert after.version == before.version + 1
        assert after.state is (RULES[act.verb].end or before.state)
        turned = (after.state, after.owner) != (before.state, before.owner)
        assert (after.state_since == self.now) is turned, "since when it is so, or since when its owner has it"
        assert replace(after, **{name: getattr(before, name) for name in ("version", *self.may_change)}) == before
        self.handoff = after

    may_change = (
        "state", "state_since", "title", "queue", "hop", "rounds", "sender", "owner", "last_owner", "offered_to",
        "accountable", "next_step", "link", "needed_by", "fields", "source",
        "snoozed_until", "read_back", "asked_at",
    )  # fmt: skip

    @rule(act=acts, actor=actors)
    def somebody_acts(self, act: Act, actor: Actor) -> None:
        self.act(act, actor)

    @rule(act=acts)
    def a_manager_acts(self, act: Act) -> None:
        self.act(act, Actor(user="MARA", roles=frozenset({Role.MANAGER})))

    @rule(act=acts)
    def the_sender_acts(self, act: Act) -> None:
        self.act(act, Actor(user=self.handoff.sender))

    @rule(act=acts)
    def the_owner_acts(self, act: Act) -> None:
        self.act(act, Actor(user=self.handoff.owner or "ANA"))

    @rule()
    def the_clock_escalates(self) -> None:
        self.act(ESCALATE, CLOCK)

    @invariant()
    def it_has_an_owner_exactly_while_claimed(self) -> None:
        assert (self.handoff.owner is not None) is (self.handoff.state is State.CLAIMED)

    @rule(act=st.sampled_from([Lapse(), Remind()]))
    def the_clock_acts(self, act: Act) -> None:
        self.act(act, CLOCK)

    @invariant()
    def it_rests_only_while_somebody_has_it(self) -> None:
        assert self.handoff.snoozed_until is None or self.handoff.state is State.CLAIMED

    @invariant()
    def a_read_back_and_a_question_are_its_owners(self) -> None:
        handoff = self.handoff
        assert handoff.owner is not None or (handoff.read_back, handoff.asked_at) == (None, None)
        is_asked_for = handoff.read_back_mode is not ReadBackMode.OFF and handoff.owner not in {None, handoff.sender}
        assert (handoff.read_back is not None) is is_asked_for
        assert handoff.asked_at is None or handoff.owner != handoff.sender

    @invariant()
    def somebody_answers_for_it(self) -> None:
        owner = self.handoff.owner if has_taken_over(self.handoff) else None
        assert self.handoff.accountable == (owner or self.handoff.sender)
        assert self.handoff.accountable

    @invariant()
    def it_is_offered_only_while_open(self) -> None:
        assert self.handoff.offered_to is None or self.handoff.state is State.OPEN

    @invariant()
    def what_is_offered_is_claimed_by_that_person_or_a_manager_only(self) -> None:
        if self.handoff.offered_to is None:
            return
        for user in PEOPLE:
            for role in Role:
                outcome = decide(self.handoff, Claim(), Actor(user=user, roles=frozenset({role})), self.now)
                may = user == self.handoff.offered_to or role in {Role.MANAGER, Role.OFFERED}
                assert isinstance(outcome, Moved) is may

    @invariant()
    def no_clock_speaks_once_it_is_final(self) -> None:
        outcome = decide(self.handoff, ESCALATE, CLOCK, self.now)
        assert isinstance(outcome, Refused) is self.handoff.final

    @invariant()
    def deleted_is_blank_and_for_ever(self) -> None:
        if self.handoff.state is not State.DELETED:
            return
        assert not any((self.handoff.title, self.handoff.next_step, self.handoff.link, self.handoff.fields))
        everything = Actor(user=self.handoff.sender, roles=frozenset(Role))
        for act in (Reopen(), Claim(), AddNote(text=Text(plain="x")), Delete()):
            outcome = decide(self.handoff, act, everything, self.now)
            assert isinstance(outcome, Refused)
            assert outcome.why is RefusalReason.DELETED


Life.TestCase.settings = settings(max_examples=examples(150), stateful_step_count=30, deadline=None)
TestLife = Life.TestCase
