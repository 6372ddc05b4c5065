"""Recipients of a level's `tell`: everybody meant, nobody twice, nobody who has left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from slackapp.clocks.rules.due_times import Step
from slackapp.clocks.rules.timekeeping import DueSteps
from slackapp.escalation.model import Audience
from slackapp.escalation.rules.audience import chain_length, is_late_for_the_first_time, is_person, recipients
from storage.clocks.model import ClockKind, Level, Timer
from storage.handoffs.lifecycle import State
from tests.builders import a_handoff

MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
WAITING = a_handoff(by="BEN", at=MONDAY_9, originator="ANA")
CLAIMED = replace(WAITING, state=State.CLAIMED, owner="EVA", accountable="EVA")
AROUND = Audience(
    managers=("DAN", "HUGO"),
    managers_of={"DAN": "KIM", "EVA": "DAN"},
    admins=("KIM", "ADA"),
    groups={"S0CS": ("EVA", "FARID")},
)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("channel", ("channel",)),
        ("owner", ("EVA",)),
        ("sender", ("BEN",)),
        ("managers", ("DAN", "HUGO")),
        ("managers of managers", ("KIM",)),
        ("admins", ("KIM", "ADA")),
        ("S0CS", ("EVA", "FARID")),
        ("U0LEO", ("U0LEO",)),
    ],
)
def test_every_word_means_somebody(word: str, meant: tuple[str, ...]) -> None:
    assert recipients([word], CLAIMED, AROUND) == meant


def test_the_sender_is_whoever_passed_it_on_last_not_who_opened_it() -> None:
    assert recipients(["sender"], WAITING, AROUND) == ("BEN",)


def test_while_nobody_has_it_there_is_no_owner_to_tell() -> None:
    assert recipients(["owner"], WAITING, AROUND) == ()


def test_nobody_hears_the_same_level_twice_and_the_order_is_the_policys() -> None:
    tell = ["admins", "managers of managers", "owner", "S0CS", "EVA", "managers"]

    assert recipients(tell, CLAIMED, AROUND) == ("KIM", "ADA", "EVA", "FARID", "DAN", "HUGO")


def test_a_level_with_nobody_in_it_tells_nobody() -> None:
    assert recipients(["managers", "admins", "S0EMPTY"], WAITING, Audience(groups={"S0EMPTY": ()})) == ()


def test_a_chain_of_managers_goes_as_far_up_as_it_says_and_ends_where_nobody_is_known() -> None:
    around = Audience(managers=("DAN", "HUGO"), managers_of={"DAN": "KIM", "HUGO": "KIM", "KIM": "ADA", "ADA": "KIM"})

    def told(word: str) -> tuple[str, ...]:
        return recipients([word], WAITING, around)

    assert told("managers of managers") == ("KIM",)
    assert told("managers of managers of managers") == ("ADA",)
    assert told("managers of managers of managers of managers") == ("KIM",), "those who manage each other go round"
    assert recipients(["managers of managers of managers"], WAITING, AROUND) == ()
    assert chain_length(["owner", "managers"]) == 0
    assert chain_length(["managers of managers", "managers of managers of managers", "admins"]) == 2


def test_a_webhook_is_told_by_its_key_and_is_no_person() -> None:
    assert recipients(["webhook pager", "channel"], WAITING, AROUND) == ("webhook:pager", "channel")
    assert [is_person(who) for who in ("webhook:pager", "channel", "DAN")] == [False, False, True]


def test_whoever_has_left_is_still_named_so_that_it_can_be_said_that_they_were_skipped() -> None:
    around = replace(AROUND, gone=frozenset({"DAN"}))

    assert recipients(["managers"], WAITING, around) == ("DAN", "HUGO")


TIMER = Timer(
    id="t1",
    workspace="T1",
    handoff_id="h1",
    clock=ClockKind.CLAIM,
    run=1,
    policy="standard",
    policy_version=1,
    calendar=None,
    target_s=1800,
    started_at=MONDAY_9,
    running_since=MONDAY_9,
)


def step(key: str, budget_s: int) -> Step:
    return Step(key=key, level=Level(key=key, clock=ClockKind.CLAIM), budget_s=budget_s, due_at=MONDAY_9)


NUDGE, LATE, LATER = step("nudge", 900), step("late", 1800), step("later", 3600)


@pytest.mark.parametrize(
    ("reached", "fired", "is_news"),
    [
        pytest.param(DueSteps(notifying=(NUDGE,)), (), False, id="a warning is not lateness"),
        pytest.param(DueSteps(notifying=(LATE,)), ("nudge",), True, id="at the target it is late"),
        pytest.param(DueSteps(notifying=(LATER,)), ("nudge", "late"), False, id="later is no news"),
        pytest.param(DueSteps(notifying=(LATER,), silent=(LATE, NUDGE)), (), True, id="after an outage it is news"),
        pytest.param(DueSteps(), (), False, id="nothing reached is no news"),
    ],
)
def test_it_is_late_for_the_first_time_once(reached: DueSteps, fired: tuple[str, ...], is_news: bool) -> None:
    timer = replace(TIMER, fired=fired)

    assert is_late_for_the_first_time(timer, (NUDGE, LATE, LATER), reached) is is_news
