"""First action, update, respond and needed-by clocks: what counts as progress, and when they start and stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from slackapp.clocks.rules.apply_changes import Terms
from storage.clocks.model import ClockKind, Policy, TargetRule
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
from storage.handoffs.lifecycle import ReadBackMode
from storage.handoffs.model import Priority
from tests.clocks.timekeeping.life import MONDAY_9, OFFICE, Life, a_level, some_targets, words

PATIENT = Policy(
    workspace="T1",
    key="patient",
    targets=some_targets(claim="30m", first_action="20m", update="2h", finish="8h", respond="1h"),
    levels=(
        a_level("silent", ClockKind.UPDATE, "100%"),
        a_level("early", ClockKind.NEEDED_BY, "50%"),
        a_level("soon", ClockKind.NEEDED_BY, "100%-45m"),
        a_level("sooner", ClockKind.NEEDED_BY, "100%-1h"),
    ),
)
LATER = MONDAY_9 + timedelta(hours=4)
NOTE = AddNote(text=words("Called them"))
SAID = GiveReadBack(text=words("Call them"))
Did = tuple[Act, str]


def by_owner(*acts: Act) -> list[Did]:
    return [(act, "EVA") for act in acts]


def by_manager(*acts: Act) -> list[Did]:
    return [(act, "MARA") for act in acts]


CLAIMED = by_owner(Claim())
READS_BACK = CLAIMED
"""The work of these tables asks for a read-back."""
ASSIGN = Assign(person="GRACE")
FIRST_ACTION: Sequence[tuple[str, Sequence[Did], list[str]]] = (
    ("there is none before the claim", (), []),
    ("it starts with the claim", CLAIMED, ["runs"]),
    ("a note of the owner meets it", [*CLAIMED, *by_owner(NOTE)], ["met"]),
    ("a note of somebody else does not", [*CLAIMED, *by_manager(NOTE)], ["runs"]),
    ("still on it meets it", [*CLAIMED, *by_owner(Continue())], ["met"]),
    ("a reply in the thread meets it", [*CLAIMED, *by_owner(Continue(by="reply"))], ["met"]),
    ("once met it does not come again", [*CLAIMED, *by_owner(NOTE, NOTE)], ["met"]),
    ("passing it on meets it", [*CLAIMED, *by_owner(Transfer(queue="support"))], ["met"]),
    ("finishing meets it", [*CLAIMED, *by_owner(Complete())], ["met"]),
    ("the owner's snooze meets it", [*CLAIMED, *by_owner(Snooze(until=LATER))], ["met"]),
    ("a manager's snooze lets it stand still", [*CLAIMED, *by_manager(Snooze(until=LATER))], ["paused"]),
    (
        "the end of a manager's snooze lets it run on",
        [*CLAIMED, *by_manager(Snooze(until=LATER)), (Remind(), "clock")],
        ["runs"],
    ),
    (
        "a note of the owner meets it while it stands still",
        [*CLAIMED, *by_manager(Snooze(until=LATER)), *by_owner(NOTE)],
        ["met"],
    ),
    ("put back it ends", [*CLAIMED, *by_owner(Release())], ["dropped"]),
    ("lapsed it ends", [*CLAIMED, (Lapse(), "clock")], ["dropped"]),
    ("sent back it ends", [*CLAIMED, *by_owner(Return())], ["dropped"]),
    ("cancelled it ends", [*CLAIMED, *by_owner(Cancel())], ["dropped"]),
    ("each claim starts it", [*CLAIMED, *by_owner(Release(), Claim())], ["dropped", "runs"]),
    ("a new owner has it anew", [*CLAIMED, *by_manager(Assign(person="GRACE"))], ["dropped", "runs"]),
    ("a read-back meets it", [*READS_BACK, *by_owner(SAID)], ["met"]),
    ("a question meets it", [*CLAIMED, *by_owner(Ask())], ["met"]),
    ("other words change nothing", [*CLAIMED, *by_owner(Edit(changes={"title": "Acme"}))], ["runs"]),
    ("more time is not for it", [*CLAIMED, *by_manager(Extend(seconds=60))], ["runs"]),
)
UPDATE: Sequence[tuple[str, Sequence[Did], list[str]]] = (
    ("there is none before the claim", (), []),
    ("it starts with the claim", CLAIMED, ["runs"]),
    ("a note of the owner begins it afresh", [*CLAIMED, *by_owner(NOTE)], ["met", "runs"]),
    ("a note of somebody else does not", [*CLAIMED, *by_manager(NOTE)], ["runs"]),
    ("still on it begins it afresh", [*CLAIMED, *by_owner(Continue())], ["met", "runs"]),
    ("a snooze lets it stand still", [*CLAIMED, *by_owner(Snooze(until=LATER))], ["paused"]),
    ("a word while it rests does not wake it", [*CLAIMED, *by_owner(Snooze(until=LATER), NOTE)], ["paused"]),
    (
        "the end of the snooze begins it afresh",
        [*CLAIMED, *by_owner(Snooze(until=LATER)), (Remind(), "clock")],
        ["dropped", "runs"],
    ),
    ("so does going on before the end", [*CLAIMED, *by_owner(Snooze(until=LATER), Continue())], ["met", "runs"]),
    ("a reply leaves it resting", [*CLAIMED, *by_owner(Snooze(until=LATER), Continue(by="reply"))], ["paused"]),
    ("a new owner has it anew", [*CLAIMED, *by_manager(Assign(person="GRACE"))], ["dropped", "runs"]),
    (
        "a new owner of resting work too",
        [*CLAIMED, *by_owner(Snooze(until=LATER)), *by_manager(Assign(person="GRACE"))],
        ["dropped", "runs"],
    ),
    ("a read-back begins it afresh", [*READS_BACK, *by_owner(SAID)], ["met", "runs"]),
    ("a question lets it stand still", [*CLAIMED, *by_owner(Ask())], ["paused"]),
    ("a word while the question is open does not wake it", [*CLAIMED, *by_owner(Ask(), NOTE)], ["paused"]),
    ("the answer begins it afresh", [*CLAIMED, *by_owner(Ask()), (Answer(), "BEN")], ["dropped", "runs"]),
    ("so does an owner who knows it now", [*CLAIMED, *by_owner(Ask(), Answer())], ["met", "runs"]),
    (
        "an answer leaves snoozed work resting",
        [*CLAIMED, *by_owner(Ask(), Snooze(until=LATER)), (Answer(), "BEN")],
        ["paused"],
    ),
    (
        "the end of a snooze leaves what waits for an answer resting",
        [*CLAIMED, *by_owner(Snooze(until=LATER), Ask()), (Remind(), "clock")],
        ["paused"],
    ),
    ("a new owner of asked work has it anew", [*CLAIMED, *by_owner(Ask()), *by_manager(ASSIGN)], ["dropped", "runs"]),
    ("done it ends", [*CLAIMED, *by_owner(Complete())], ["dropped"]),
    ("put back it ends", [*CLAIMED, *by_owner(Release())], ["dropped"]),
    ("deleted it ends", [*CLAIMED, *by_owner(Delete())], ["dropped"]),
)
RESPOND: Sequence[tuple[str, Sequence[Did], list[str]]] = (
    ("there is none before it is sent back", CLAIMED, []),
    ("sent back it starts", by_owner(Return()), ["runs"]),
    ("sent again it is met", by_owner(Return(), Resend()), ["met"]),
    ("cancelled it ends", by_owner(Return(), Cancel()), ["dropped"]),
    ("a note changes nothing", by_owner(Return(), NOTE), ["runs"]),
    ("a question starts it", [*CLAIMED, *by_owner(Ask())], ["runs"]),
    ("the sender's answer meets it", [*CLAIMED, *by_owner(Ask()), (Answer(), "BEN")], ["met"]),
    ("a manager's answer meets it", [*CLAIMED, *by_owner(Ask()), *by_manager(Answer())], ["met"]),
    ("whoever asked and knows it now ends it", [*CLAIMED, *by_owner(Ask(), Answer())], ["dropped"]),
    ("a snooze leaves it running", [*CLAIMED, *by_owner(Ask(), Snooze(until=LATER))], ["runs"]),
    ("sent back instead it starts afresh", [*CLAIMED, *by_owner(Ask(), Return())], ["dropped", "runs"]),
    ("put back it ends", [*CLAIMED, *by_owner(Ask(), Release())], ["dropped"]),
    ("done it ends", [*CLAIMED, *by_owner(Ask(), Complete())], ["dropped"]),
    ("a new owner ends it", [*CLAIMED, *by_owner(Ask()), *by_manager(ASSIGN)], ["dropped"]),
    ("asked twice it starts twice", [*CLAIMED, *by_owner(Ask()), (Answer(), "BEN"), *by_owner(Ask())], ["met", "runs"]),
    ("sent back twice it starts twice", by_owner(Return(), Resend(), Return()), ["met", "runs"]),
)
NEEDED_BY: Sequence[tuple[str, Sequence[Did], list[str]]] = (
    ("it starts at opening", (), ["runs"]),
    ("a claim changes nothing", CLAIMED, ["runs"]),
    ("it never stands still", [*CLAIMED, *by_owner(Ask(), Snooze(until=LATER), Return())], ["runs"]),
    ("done it is met", [*CLAIMED, *by_owner(Complete())], ["met"]),
    ("cancelled it ends", by_owner(Cancel()), ["dropped"]),
    ("another queue starts it afresh", by_owner(Transfer(queue="support")), ["dropped", "runs"]),
    ("reopened it starts afresh", by_owner(Cancel(), Reopen()), ["dropped", "runs"]),
    ("without the instant it ends", by_owner(Edit(changes={"needed_by": None})), ["dropped"]),
    (
        "named again it starts again",
        by_owner(Edit(changes={"needed_by": None}), Edit(changes={"needed_by": LATER})),
        ["dropped", "runs"],
    ),
    ("another instant is the same clock", by_owner(Edit(changes={"needed_by": LATER - timedelta(hours=1)})), ["runs"]),
)
ROWS = [
    pytest.param(clock, acts, told, id=f"{clock}: {name}")
    for clock, table in (
        (ClockKind.FIRST_ACTION, FIRST_ACTION),
        (ClockKind.UPDATE, UPDATE),
        (ClockKind.RESPOND, RESPOND),
        (ClockKind.NEEDED_BY, NEEDED_BY),
    )
    for name, acts, told in table
]


@pytest.mark.parametrize(("clock", "acts", "told"), ROWS)
def test_what_becomes_of_the_clock(clock: ClockKind, acts: Sequence[Did], told: list[str]) -> None:
    life = Life(policy=PATIENT, needed_by=LATER, read_back_mode=ReadBackMode.SOFT)

    for act, by in acts:
        life.do(act, by=by, after_min=1)

    assert life.told(clock) == told


@pytest.mark.parametrize(
    ("clock", "before", "minutes", "act"),
    [
        (ClockKind.FIRST_ACTION, [Claim()], 20, NOTE),
        (ClockKind.UPDATE, [Claim()], 120, NOTE),
        (ClockKind.RESPOND, [Return()], 60, Resend()),
        (ClockKind.RESPOND, [Claim(), Ask()], 60, Answer()),
        (ClockKind.NEEDED_BY, [Claim()], 240, Complete()),
    ],
)
def test_at_the_deadline_it_is_met_and_a_second_later_missed(
    clock: ClockKind, before: Sequence[Act], minutes: int, act: Act
) -> None:
    for late_min, verdict in ((0, "met"), (1 / 60, "missed")):
        life = Life(policy=PATIENT, needed_by=LATER)
        for first in before:
            life.do(first, by="EVA" if act is not NOTE else "DAN")
        life.do(act, after_min=minutes + late_min, by="DAN")

        assert life.told(clock)[0] == verdict


def test_a_late_sign_of_life_has_missed_its_time_and_begins_another() -> None:
    life = Life(policy=PATIENT).do(Claim()).do(NOTE, after_min=121)

    assert life.told(ClockKind.UPDATE) == ["missed", "runs"]
    assert life.left_min(ClockKind.UPDATE) == 120


def test_the_finish_clock_stands_still_while_it_rests_and_remembers_for_how_long() -> None:
    life = Life(policy=PATIENT).do(Claim()).do(Snooze(until=LATER), after_min=60).do(Remind(), after_min=180)

    assert (life.left_min(ClockKind.FINISH), life.one(ClockKind.FINISH).paused_s) == (420, 180 * 60)
    life.do(Snooze(until=LATER + timedelta(days=1))).do(Assign(person="GRACE"), after_min=10, by="MARA")
    assert (life.left_min(ClockKind.FINISH), life.one(ClockKind.FINISH).paused_s) == (420, 190 * 60)


def test_the_finish_clock_stands_still_until_the_answer_comes() -> None:
    life = Life(policy=PATIENT).do(Claim()).do(Ask(), after_min=60)
    assert life.told(ClockKind.FINISH) == ["paused"]

    life.do(Answer(), after_min=180, by="BEN")

    assert (life.left_min(ClockKind.FINISH), life.one(ClockKind.FINISH).paused_s) == (420, 180 * 60)


def test_asked_work_that_is_put_back_or_sent_back_and_again_runs_on() -> None:
    put_back = Life(policy=PATIENT).do(Claim()).do(Ask(), after_min=60).do(Release(), after_min=60)
    assert put_back.left_min(ClockKind.FINISH) == 420

    sent_back = Life(policy=PATIENT).do(Claim()).do(Ask(), after_min=60).do(Return(), after_min=60)
    assert sent_back.told(ClockKind.FINISH) == ["paused"]
    assert sent_back.do(Resend(), after_min=60).left_min(ClockKind.FINISH) == 420


def test_resting_work_that_is_sent_back_stands_still_throughout() -> None:
    life = Life(policy=PATIENT).do(Claim()).do(Snooze(until=LATER), after_min=60).do(Return(), after_min=60)
    assert life.told(ClockKind.FINISH) == ["paused"]

    life.do(Resend(), after_min=60)

    assert (life.left_min(ClockKind.FINISH), life.one(ClockKind.FINISH).paused_s) == (420, 120 * 60)


def test_work_that_was_needed_before_it_changed_queues_was_late() -> None:
    life = Life(policy=PATIENT, needed_by=LATER).do(Transfer(queue="support"), after_min=241)

    assert life.told(ClockKind.NEEDED_BY) == ["missed"]
    assert Life(policy=PATIENT, needed_by=LATER).do(Cancel()).do(Reopen(), after_min=241).told(ClockKind.NEEDED_BY) == [
        "dropped"
    ]


def test_the_instant_goes_over_to_the_policy_of_the_new_queue() -> None:
    life = Life(policy=PATIENT, needed_by=LATER)
    life.terms = Terms(policy=replace(PATIENT, key="other", levels=()), calendar=OFFICE)

    timer = life.do(Transfer(queue="support"), after_min=60).one(ClockKind.NEEDED_BY)

    assert (timer.policy, timer.calendar, timer.deadline_at, timer.due_at) == ("other", "office", LATER, LATER)


def test_no_instant_or_no_policy_means_no_such_clock() -> None:
    assert Life(policy=PATIENT).all(ClockKind.NEEDED_BY) == []
    assert Life(policy=None, needed_by=LATER).timers == {}


def test_other_fields_give_a_clock_the_target_of_their_rule() -> None:
    gold = TargetRule(when={"plan": ("gold",)}, targets=some_targets(update="1h"))
    life = Life(policy=replace(PATIENT, rules=(gold,))).do(Claim())

    life.do(Edit(changes={"fields": {"plan": "gold"}}), after_min=10)

    assert life.left_min(ClockKind.UPDATE) == 50
    assert life.left_min(ClockKind.FINISH) == 470


def test_an_edit_that_leaves_the_target_as_it_is_leaves_granted_time_too() -> None:
    life = Life(policy=PATIENT).do(Claim()).do(Extend(seconds=3600))

    life.do(Edit(changes={"priority": Priority.HIGH, "fields": {"plan": "gold"}}))

    assert life.left_min(ClockKind.FINISH) == 540


def test_an_edit_does_not_bring_back_a_clock_that_was_met() -> None:
    life = Life(policy=PATIENT).do(Claim()).do(NOTE).do(Edit(changes={"priority": Priority.HIGH}))

    assert life.told(ClockKind.FIRST_ACTION) == ["met"]


def test_a_target_that_comes_while_the_work_rests_waits_until_it_is_taken_up_again() -> None:
    urgent_only = replace(PATIENT, targets=some_targets(update={"high": "2h"}))
    life = Life(policy=urgent_only).do(Claim()).do(Snooze(until=LATER))

    assert life.do(Edit(changes={"priority": Priority.HIGH})).all(ClockKind.UPDATE) == []
    assert life.do(Remind()).left_min(ClockKind.UPDATE) == 120
