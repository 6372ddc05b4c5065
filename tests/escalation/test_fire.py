"""Firing a due timer: who is notified, who is skipped, which steps stay silent, and the next due time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.clocks.rules import timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.escalation.model import Audience, TimerFired
from slackapp.escalation.rules.fire import fire
from slackapp.escalation.rules.recipients_of_step import QueueContext
from slackapp.people.rules.availability import Availability, Unavailable
from storage.clocks.model import ClockKind, Duration, Level, LevelAction, Policy, Timer
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Priority
from tests.builders import NOW, TEAM, a_handoff

TARGET = timedelta(minutes=30)
DUE = NOW + TARGET
PEOPLE = ["DAN", "KIM", "ADA", "SENDER"]
WORDS = [*PEOPLE, "channel", "owner", "webhook x"]


def a_policy(*ladder: Level) -> Policy:
    return Policy(
        workspace=TEAM,
        key="standard",
        targets={ClockKind.CLAIM: {Priority.NORMAL: Duration(seconds=1800)}},
        levels=ladder,
    )


def started(policy: Policy) -> Timer:
    timer = timekeeping.start(a_handoff(), ClockKind.CLAIM, timer_id="t1", policy=policy, calendar=None, now=NOW)
    assert timer is not None
    return timer


def queue_context(*asleep: str, gone: str = "") -> QueueContext:
    def availability_of(user: str) -> Availability:
        return (
            Availability(at=DUE + timedelta(hours=8), why=Unavailable.HOURS) if user in asleep else Availability(at=DUE)
        )

    return QueueContext(
        audience=Audience(managers=("DAN",), admins=("ADA",), gone=frozenset(gone.split())),
        availability_of=availability_of,
    )


def fired(*ladder: Level, near: QueueContext | None = None, after: timedelta = TARGET, **changes: object) -> TimerFired:
    policy = a_policy(*ladder)
    handoff = replace(a_handoff(), **changes)  # type: ignore[arg-type]  # a test names columns
    return fire(handoff, started(policy), Terms(policy=policy), near or queue_context(), NOW + after)


def late(key: str, *tell: str, **changes: object) -> Level:
    return Level(**{"key": key, "clock": ClockKind.CLAIM, "tell": tell, **changes})  # type: ignore[arg-type]  # as above


def test_the_clock_is_armed_for_the_level_that_follows_and_keeps_its_deadline() -> None:
    found = fired(late("late", "managers"), late("later", "admins", offset_s=600))

    assert (found.timer.fired, found.timer.next_level) == (("late",), "later")
    assert found.timer.due_at == DUE + timedelta(minutes=10)
    assert found.timer.deadline_at == found.deadline_at == DUE


def test_after_the_last_level_the_clock_runs_on_unarmed() -> None:
    found = fired(late("late", "managers"))

    assert (found.timer.next_level, found.timer.due_at, found.timer.running_since) == (None, None, NOW)


def test_a_clock_that_was_due_too_early_is_only_armed_anew() -> None:
    found = fired(late("late", "managers"), after=TARGET - timedelta(seconds=1))

    assert found.levels_fired == ()
    assert not found.is_news
    assert (found.timer.due_at, found.timer.fired) == (DUE, ())


def test_before_the_target_it_is_no_news_and_the_sender_is_left_in_peace() -> None:
    found = fired(late("nudge", "managers", percent=50), after=TARGET / 2)

    assert [level_fired.notified_now for level_fired in found.levels_fired] == [("DAN",)]
    assert not found.is_news


def test_a_sender_who_is_not_accountable_sees_it_in_their_message_and_is_not_notified() -> None:
    found = fired(late("late", "managers"), state=State.CLAIMED, owner="EVA", accountable="EVA")

    assert found.is_news, "so that all messages are drawn again"
    assert "SENDER" not in found.levels_fired[0].notified_now


@pytest.mark.parametrize(("ladder", "is_news"), [(("nudge",), True), (("nudge", "late"), False)])
def test_late_is_news_once_in_a_run(ladder: tuple[str, ...], is_news: bool) -> None:
    policy = a_policy(late("nudge", percent=50), late("late", "DAN"), late("later", "ADA", offset_s=600))
    timer = replace(started(policy), fired=ladder)
    now = DUE if is_news else DUE + timedelta(minutes=10)

    found = fire(a_handoff(), timer, Terms(policy=policy), queue_context(), now)

    assert found.is_news is is_news
    assert [("SENDER" in level_fired.notified_now) for level_fired in found.levels_fired] == [is_news]


def test_of_two_levels_at_one_height_the_first_tells_the_sender_and_both_climb_on_their_own() -> None:
    found = fired(late("one", "DAN"), late("two", "KIM"), late("up", "ADA", offset_s=60), near=queue_context("KIM"))

    assert [(level_fired.notified_now, level_fired.climbed) for level_fired in found.levels_fired] == [
        (("DAN", "SENDER"), ()),
        (("ADA",), ("up",)),
    ]


def test_a_level_below_is_never_climbed_to() -> None:
    found = fired(late("low", "ADA", percent=50), late("late", "DAN"), near=queue_context("DAN"))

    assert found.levels_fired[0].climbed == ()
    assert found.levels_fired[0].notified_now == ("SENDER",)


def test_a_question_is_the_owners_first_and_anybody_elses_after() -> None:
    level = late("quiet", "managers", do=LevelAction.CHECK, within_s=60)

    found = fired(level, owner="OWNER")

    assert [notification.recipient for notification in found.levels_fired[0].notifications] == [
        "OWNER",
        "DAN",
        "SENDER",
    ]


@given(
    asleep=st.sets(st.sampled_from(PEOPLE)),
    gone=st.sets(st.sampled_from(PEOPLE)),
    priority=st.sampled_from(Priority),
    tells=st.lists(st.lists(st.sampled_from(WORDS), max_size=3), min_size=1, max_size=4),
)
def test_nobody_is_forgotten_and_nobody_hears_in_their_sleep(
    asleep: set[str], gone: set[str], priority: Priority, tells: list[list[str]]
) -> None:
    ladder = [late(f"l{n}", *tell, offset_s=n * 600) for n, tell in enumerate(tells)]

    found = fired(*ladder, near=queue_context(*asleep, gone=" ".join(gone)), priority=priority)

    (level_fired,) = found.levels_fired
    notifications = {notification.recipient: notification for notification in level_fired.notifications}
    meant = {word.replace("webhook ", "webhook:") for word in tells[0] if word != "owner"}
    assert meant | {"SENDER"} <= notifications.keys()
    for who, notification in notifications.items():
        if who in gone:
            assert (notification.at, notification.why) == (None, "gone")
        elif who in asleep and priority is not Priority.CRITICAL:
            assert notification.why == "hours"
            assert notification.at is not None
            assert notification.at > DUE
        elif notification.at is not None:
            assert (notification.at, notification.why) == (DUE, None)
    heard_too = {who for n, tell in enumerate(tells) if n == 0 or f"l{n}" in level_fired.climbed for who in tell}
    uncounted = {"SENDER"} - heard_too  # a sender whom no level names hears of lateness, but is not meant
    instants = {
        notification.at
        for who, notification in notifications.items()
        if notification.at is not None and who not in uncounted
    }
    can_hear = {word.replace("webhook ", "webhook:") for tell in tells for word in tell} - asleep - gone - {"owner"}
    if tells[0] and can_hear:
        assert any(notifications[who].at == DUE for who in can_hear & notifications.keys()), (
            "it climbs until somebody hears"
        )
    assert (found.timer.quiet_until is None) == (DUE in instants or not instants)
