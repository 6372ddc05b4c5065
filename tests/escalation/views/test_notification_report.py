"""The answer to `/handoff why`: the state of the clocks and every notification."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from slackapp.escalation.model import NotificationLog
from slackapp.escalation.views.notification_report import MOST_LINES, report
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import clock_lines, event_sentences
from slackapp.slack.block_kit.blocks import when
from storage.clocks.model import Calendar, ClockKind, Interval, Notice, ReplacedDecision, Timer
from storage.handoffs.lifecycle import Situation, Verb
from storage.handoffs.model import AuditEntry
from storage.outbox.model import Destination, PendingMessage, PostedMessage
from tests.handoffs.samples import (
    ANA,
    BEN,
    EXTREMES,
    MARA,
    MONDAY_9,
    SITUATIONS,
    a_timer,
    an_entry,
    extreme,
    some_details,
)
from tests.handoffs.views.view_checks import sound_message, words_of

DUE = MONDAY_9 + timedelta(minutes=30)
NOW = MONDAY_9 + timedelta(hours=1)
HOUR = timedelta(hours=1)
OFFICE = Calendar(
    workspace="T1",
    key="office",
    timezone="Europe/Berlin",
    hours=tuple((Interval(start=time(9), end=time(18)),) for _ in range(7)),
)


def a_notice(to: str = MARA, level: str = "late", put_at: datetime = DUE, **more: Any) -> Notice:
    return Notice(
        workspace="T1", handoff_id="h_1", recipient=to, clock=ClockKind.CLAIM, level=level, run=1, put_at=put_at, **more
    )


def a_message(kind: str, to: Destination, **payload: Any) -> PostedMessage:
    return PostedMessage(
        workspace="T1",
        key=f"{kind}:1",
        kind=kind,
        handoff_id="h_1",
        to=to,
        payload=payload,
        channel="C1",
        ts="1.1",
        permalink=None,
        posted_at=DUE,
    )


def waiting(
    kind: str,
    to: Destination,
    *,
    not_before: datetime = DUE,
    error: str | None = None,
    erase: bool = False,
    **payload: Any,
) -> PendingMessage:
    wanted = replace(a_message(kind, to, **payload).to_outbox_message(), erase=erase)
    return PendingMessage(wanted=wanted, put_at=DUE, not_before=not_before, attempts=0, lease_until=None, error=error)


def known(
    *told: Notice,
    posted: Sequence[PostedMessage] = (),
    pending: Sequence[PendingMessage] = (),
    timers: Sequence[Timer] = (),
    details: HandoffDetails | None = None,
) -> NotificationLog:
    return NotificationLog(
        details=details or some_details(names={MARA: "Mara", ANA: "Ana"}),
        clocks=timers,
        notices=told,
        posted=posted,
        pending=pending,
        calendars={"office": OFFICE},
        now=NOW,
    )


def said(found: NotificationLog) -> str:
    return words_of(sound_message(report(found)).blocks)


@pytest.mark.parametrize(
    ("notice", "text"),
    [
        (a_notice(hear_at=DUE, heard_at=DUE + timedelta(seconds=2)), "*Mara*, Claim “late”: notified"),
        (a_notice("channel", hear_at=DUE, heard_at=DUE), "*the channel*, Claim “late”: notified"),
        (a_notice("webhook:pager", hear_at=DUE, heard_at=DUE), "*the webhook “pager”*, Claim “late”: notified"),
        (a_notice(ANA, "late#2", hear_at=DUE, heard_at=DUE), "*Ana*, Claim “late” (time 2): notified"),
        (a_notice(hear_at=NOW + timedelta(hours=2), why="dnd"), "because they have paused notifications"),
        (a_notice(hear_at=NOW + timedelta(hours=2), why="hours"), "Claim “late”: waiting until <!date"),
        (a_notice(why="gone"), "Claim “late”: not notified, because they have left"),
        (a_notice(why="nobody"), "not notified, because there is no one to notify"),
        (
            a_notice(hear_at=NOW, heard_at=NOW, why="away"),
            ", because they're away",
        ),
        (a_notice(hear_at=DUE), "not notified: resolved before it could be sent"),
    ],
)
def test_each_notice_says_to_whom_which_level_and_what_came_of_it(notice: Notice, text: str) -> None:
    assert text in said(known(notice))


def test_a_decision_that_was_replaced_is_told_after_the_present_one_the_latest_first() -> None:
    monday, noon = NOW + timedelta(days=2), NOW + timedelta(hours=3)
    held = ReplacedDecision(hear_at=monday, why="hours", replaced_at=NOW)
    gone = ReplacedDecision(hear_at=None, why="gone", replaced_at=NOW + HOUR)
    due = ReplacedDecision(hear_at=NOW, why=None, replaced_at=NOW + 2 * HOUR)
    notice = a_notice(hear_at=noon, why="dnd", replaced=(held, gone, due))

    assert (
        f"waiting until {when(noon)}, because they have paused notifications"
        f"; before {when(NOW + 2 * HOUR)}: to be notified right away"
        f"; before {when(NOW + HOUR)}: not notified, because they have left"
        f"; before {when(NOW)}: waiting until {when(monday)}, because it is outside their working hours"
    ) in said(known(notice))


def test_what_is_heard_within_a_minute_of_its_last_decision_is_heard_at_once() -> None:
    held = ReplacedDecision(hear_at=NOW + HOUR, why="hours", replaced_at=NOW)

    assert "notified; before" in said(known(a_notice(hear_at=NOW, heard_at=NOW, replaced=(held,))))


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("owner", "the owner"),
        ("sender", "the sender"),
        ("admins", "the admins"),
        ("managers", "the managers"),
        ("managers of managers", "the managers of managers"),
        ("S0EMPTY", "an empty user group"),
    ],
)
def test_words_that_mean_nobody_are_told_as_words(word: str, named: str) -> None:
    text = said(known(a_notice(word, why="nobody")))

    assert f"*{named}*, Claim “late”: not notified, because there is no one to notify" in text
    assert "<@" not in text.partition("Notifications")[2]


def test_what_still_waits_is_listed_with_what_holds_it_up() -> None:
    pending = [
        waiting("dm", Destination(user=ANA), verb="claim", actor=BEN, facts={}),
        waiting("reply", Destination(reply_to="x"), not_before=NOW + HOUR, error="ratelimited", verb="note", actor=BEN),
        waiting("card", Destination(channel="C1"), hop=1),
        waiting("sent", Destination(user=ANA), erase=True),
    ]
    posted = [a_message("card", Destination(channel="C1"), hop=1)]

    text = said(known(posted=posted, pending=pending, details=some_details(names={ANA: "Ana", BEN: "Ben"})))

    assert f"{when(DUE)}: *Ana*: Ben claimed it, on its way" in text
    assert (
        f"*the thread*: Ben added a note to it, waiting until {when(NOW + HOUR)}: Slack's rate limit was reached"
        in text
    )
    assert text.count("the card") == 1, "what is only drawn again is not said again"
    assert "the sender's message" not in text, "what is to be removed is not said"


def test_a_reminder_on_its_way_is_listed_once() -> None:
    reminder = waiting("level", Destination(user=MARA), clock="claim", level="late")

    text = said(known(a_notice(hear_at=DUE, message=reminder.wanted.key), pending=[reminder]))

    assert text.count("*Mara*") == 1
    assert "*Mara*, Claim “late”: on its way" in text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "messages_tab_disabled",
            "because direct messages from the app are turned off in Slack (messages_tab_disabled), ask a Slack admin",
        ),
        ("is_archived", "because the channel doesn't accept messages from Baton (is_archived); next try"),
        ("never_heard_of", "because never_heard_of; next try"),
        ("timeout", "because Slack didn't answer (timeout); next try"),
    ],
)
def test_what_slack_refuses_again_and_again_says_since_when_and_why(code: str, text: str) -> None:
    refused = replace(
        waiting("level", Destination(user=MARA), clock="claim", level="late", not_before=NOW + HOUR, error=code),
        refused_since=DUE,
    )
    redrawn = replace(
        waiting("card", Destination(channel="C1"), hop=1, not_before=NOW + HOUR, error=code), refused_since=DUE
    )
    card = a_message("card", Destination(channel="C1"), hop=1)

    noticed = said(known(a_notice(hear_at=DUE, message=refused.wanted.key), pending=[refused]))
    again = said(known(posted=[card], pending=[redrawn]))

    for shown in (noticed, again):
        assert f"not delivered since {when(DUE)}, {text}" in shown
        assert f"next try {when(NOW + HOUR)}" in shown


def test_the_history_says_who_hears_later_who_never_and_who_in_their_place() -> None:
    facts = {
        "clock": "claim",
        "told": [],
        "held": [[MARA, "hours", NOW.isoformat()]],
        "skipped": [[BEN, "gone"], ["admins", "nobody"]],
        "climbed": ["later"],
    }
    details = some_details(names={MARA: "Mara", BEN: "Ben"})

    sentence = event_sentences.sentence(details, Verb.ESCALATE, "clock", facts)

    assert sentence == (
        f"Baton reminded nobody about the claim timer; held for Mara until {when(NOW)}: it is outside their working "
        "hours; not sent to Ben: they have left; not sent to the admins: there is no one to notify; sent to level "
        "“later” instead"
    )


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ([MARA], "Mara"),
        ([MARA, BEN], "Mara and Ben"),
        ([MARA, BEN, ANA], "Mara, Ben and Ana"),
        ([MARA, BEN, ANA, "U9"], "Mara, Ben, Ana and 1 more"),
    ],
)
def test_the_history_names_the_people_who_were_reminded(told: list[str], named: str) -> None:
    details = some_details(names={MARA: "Mara", BEN: "Ben", ANA: "Ana"})

    sentence = event_sentences.sentence(details, Verb.ESCALATE, "clock", {"clock": "claim", "told": told})

    assert sentence == f"Baton reminded {named} about the claim timer"


def test_a_notice_says_when_its_clock_was_due() -> None:
    facts = {"clock": "claim", "level": "late", "deadline_at": MONDAY_9.isoformat()}
    details = some_details(history=(an_entry(Verb.ESCALATE, actor="clock", at=DUE, facts=facts),))

    assert f"“late”, deadline <!date^{int(MONDAY_9.timestamp())}^" in said(known(a_notice(), details=details))


def test_other_messages_and_what_was_held_are_listed_too() -> None:
    held = an_entry("held", actor="baton", at=NOW, facts={"kind": "dm", "reason": "cannot_dm_bot"})
    kept = an_entry(
        "held",
        actor="baton",
        at=NOW,
        facts={"kind": "level", "reason": "dnd", "until": (NOW + timedelta(hours=1)).isoformat()},
    )
    posted = [
        a_message("level", Destination(user=ANA), clock="finish", level="warn"),
        a_message("dm", Destination(user=ANA), verb="claim", actor=BEN, facts={}),
        a_message("reply", Destination(reply_to="card"), verb="release", actor=BEN, facts={}),
        a_message("card", Destination(channel="C1"), hop=1),
    ]

    text = said(known(posted=posted, details=some_details(names={ANA: "Ana", BEN: "Ben"}, history=(held, kept))))

    for part in (
        "*Ana*: Ben claimed it",
        "*Ana*, Finish “warn”: a reminder",
        "*the thread*: Ben put it back",
        "*the channel*: the card",
        "Baton did not send a direct message: the person can't be written to (cannot_dm_bot)",
        "Baton held a reminder until <!date",
        "they have paused notifications",
    ):
        assert part in text


def test_a_reminder_that_has_a_notice_is_listed_once_and_heard_when_slack_had_it() -> None:
    posted = a_message("level", Destination(user=MARA), clock="claim", level="late")

    text = said(known(a_notice(hear_at=DUE, message=posted.key), posted=[posted]))

    assert text.count("*Mara*") == 1
    assert "*Mara*, Claim “late”: notified" in text


def test_the_newest_come_first_and_the_rest_is_counted() -> None:
    many = [a_notice(level=f"n{n}", put_at=MONDAY_9 + timedelta(seconds=n)) for n in range(100)]

    text = said(known(*many))

    assert text.index("“n99”") < text.index("“n98”")
    assert text.count("Claim “n") == MOST_LINES
    assert "And 40 earlier notifications not shown." in text


def test_without_anything_it_says_so() -> None:
    text = said(known())

    assert "No timer has run yet." in text
    assert "Nobody has been notified." in text


@pytest.mark.parametrize(
    ("timer", "text"),
    [
        (a_timer(ClockKind.CLAIM, deadline=NOW + timedelta(minutes=5)), "*Claim:* by <!date"),
        (a_timer(ClockKind.CLAIM, deadline=NOW + timedelta(minutes=5)), "(in 5 min), 1 h used of 30 min"),
        (a_timer(ClockKind.CLAIM), "(30 min), 1 h used of 30 min"),
        (
            a_timer(
                ClockKind.FINISH, running_since=None, deadline_at=None, paused_at=MONDAY_9, paused_s=600, consumed_s=60
            ),
            "*Finish:* paused, 1 min used of 30 min, paused 1 h 10 min",
        ),
        (
            a_timer(ClockKind.CLAIM, running_since=None, stopped_at=NOW, met=True, consumed_s=720, paused_s=120),
            "target 30 min, paused 2 min",
        ),
        (
            a_timer(ClockKind.CLAIM, running_since=None, stopped_at=NOW, met=True, consumed_s=720),
            "*Claim:* met in 12 min, <!",
        ),
        (
            a_timer(ClockKind.CLAIM, running_since=None, stopped_at=NOW, met=False, consumed_s=7200),
            "*Claim:* missed, took 2 h, <!",
        ),
        (a_timer(ClockKind.CLAIM, running_since=None, stopped_at=NOW, met=None), "*Claim:* cancelled, <!date"),
        (a_timer(ClockKind.SNOOZE, deadline=NOW), "*Snooze:* until <!date"),
        (a_timer(ClockKind.CHECK, running_since=None, stopped_at=NOW), "*Answer to “Still on it?”:* over, <!date"),
        (a_timer(ClockKind.NEEDED_BY), "*Needed by:* late since <!date"),
    ],
)
def test_each_clock_says_how_it_stands(timer: Timer, text: str) -> None:
    assert text in clock_lines.line(timer, {}, NOW)


def test_a_clock_says_how_its_due_time_came_about() -> None:
    due = MONDAY_9 + timedelta(minutes=30)
    timer = a_timer(ClockKind.CLAIM, deadline=due, calendar="office")

    assert clock_lines.calculation(timer, {"office": OFFICE}).splitlines() == [
        "Working hours in Europe/Berlin:",
        f"• {when(MONDAY_9)} to {when(due)}: 30 min",
        f"Total 30 min, until {when(due)}",
    ]
    assert f"> • {when(MONDAY_9)} to {when(due)}: 30 min" in said(known(timers=[timer]))


def test_days_that_do_not_count_say_why_and_no_seconds_are_told() -> None:
    weekdays = replace(OFFICE, hours=(*OFFICE.hours[:1], *((),) * 6))
    timer = a_timer(ClockKind.FINISH, calendar="office", target_s=9 * 3600 + 65)

    told = clock_lines.calculation(timer, {"office": weekdays})

    assert "• Tue 24 Nov 2026 to Sun 29 Nov 2026: closed" in told
    assert not re.search(r"\d s\b|:\d\d:\d\d", told)


def test_what_was_used_before_a_pause_is_told_before_the_hours_since() -> None:
    timer = a_timer(ClockKind.FINISH, calendar="office", target_s=3600, consumed_s=1800)

    assert "\n• 30 min used before\n" in clock_lines.calculation(timer, {"office": OFFICE})


@pytest.mark.parametrize("clock", [ClockKind.NEEDED_BY, ClockKind.SNOOZE])
def test_an_instant_needs_no_explanation(clock: ClockKind) -> None:
    assert clock is ClockKind.SNOOZE or clock_lines.calculation(a_timer(clock, wall=True), {}) == ""


def test_running_clocks_come_before_those_that_stopped() -> None:
    stopped = a_timer(ClockKind.CLAIM, running_since=None, stopped_at=NOW, met=True, started_at=NOW)

    text = said(known(timers=[stopped, a_timer(ClockKind.FINISH)]))

    assert text.index("*Finish:*") < text.index("*Claim:*")


@pytest.mark.parametrize("here", SITUATIONS)
@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_whatever_was_typed_slack_takes_the_answer(here: Situation, text: str) -> None:
    many = [a_notice(f"webhook:{text}", level=text, put_at=DUE + timedelta(seconds=n), why=text) for n in range(100)]
    history: tuple[AuditEntry, ...] = (an_entry("held", facts={"kind": text, "reason": text}),)
    timers = [a_timer(clock, run=run, calendar="office", target_s=9_000_000) for clock in ClockKind for run in range(3)]

    found = known(*many, timers=timers, details=extreme(here, text))
    sound_message(report(found))
    sound_message(report(known(details=some_details(here, history=history))))
