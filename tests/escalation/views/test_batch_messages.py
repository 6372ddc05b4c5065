"""Batch messages: a row and a button for each reminder, and the outcome of those that were answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from slackapp.escalation.model import ReminderRow
from slackapp.escalation.views.batch_messages import MOST_ROWS_DRAWN, batch_message
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Post
from storage.clocks.model import POLICY_CLOCKS, ClockKind, Notice
from storage.handoffs.lifecycle import Role, Situation, Verb
from tests.handoffs.samples import (
    ANA,
    BEN,
    EXTREMES,
    MARA,
    MONDAY_9,
    SITUATIONS,
    TOM,
    a_queue,
    a_timer,
    an_entry,
    extreme,
    some_details,
)
from tests.handoffs.views.view_checks import elements, offered, sound_message, words_of
from tests.pairs import Combine
from tests.tables import check_rows

LATE = MONDAY_9 + timedelta(hours=1)
CARD = "https://acme.slack.com/archives/C0SUCCESS/p1795426200000000"


def a_notice(
    clock: ClockKind = ClockKind.CLAIM, *, number: int = 42, run: int = 1, to: str = MARA, **more: Any
) -> Notice:
    ordinary: dict[str, Any] = {"level": "late", "put_at": MONDAY_9 + timedelta(minutes=30)}
    return Notice(workspace="T1", handoff_id=f"h_{number}", recipient=to, clock=clock, run=run, **{**ordinary, **more})


def a_row(
    number: int = 42,
    *,
    clock: ClockKind = ClockKind.CLAIM,
    here: Situation = Situation.OPEN,
    due: datetime | None = None,
    running: bool = True,
    to: str = MARA,
    roles: frozenset[Role] | None = None,
    **more: Any,
) -> ReminderRow:
    timers = (a_timer(clock, deadline=due),) if running else ()
    known = {"id": f"h_{number}", "number": number, "title": f"Deal {number}", "timers": timers, "cards": {}, **more}
    return ReminderRow(details=some_details(here, **known), notice=a_notice(clock, number=number, to=to), roles=roles)


def drawn(rows: Sequence[ReminderRow], *, reader: str = MARA, posted: bool = True, more: int = 0) -> Post:
    return sound_message(batch_message(rows, reader, LATE, posted=posted, more=more))


def numbers(post: Post) -> list[str]:
    """The handoffs of its rows from top to bottom."""
    lines = [line for line in words_of(post.blocks[1:]).splitlines() if "#" in line and "Deal" in line]
    return [line.split("#")[1].split()[0] for line in lines if not line.startswith(("Claim ", "Done ", "Details "))]


def test_each_row_says_what_is_late_and_has_one_button() -> None:
    post = drawn([a_row(1), a_row(2)], posted=False)

    assert post.text == "2 reminders need you. #1 Deal 1, #2 Deal 2."
    assert "🔴 #1 *Deal 1* is unassigned in Customer Success, late since <!date" in words_of(post.blocks)
    assert words_of(post.blocks).count(f"First step: Call Mara about the price · from <@{ANA}>") == 2
    assert [element["value"] for element in elements(post.blocks)] == [ids.button_value("h_1"), ids.button_value("h_2")]
    assert offered(post.blocks) == {"handoff.claim"}


def test_each_row_links_to_the_card_once_there_is_one() -> None:
    question = a_timer(ClockKind.CHECK, deadline=LATE)
    asked = some_details(Situation.CLAIMED, number=2, title="Deal 2", timers=(a_timer(ClockKind.UPDATE), question))
    asked = replace(asked, cards={1: CARD})
    rows = [a_row(1, cards=asked.cards), ReminderRow(details=asked, notice=a_notice(ClockKind.UPDATE, number=2))]

    post = drawn(rows, reader=BEN)

    assert f"<{CARD}|#1> *Deal 1*" in words_of(post.blocks)
    assert f"<{CARD}|#2> *Deal 2*" in words_of(post.blocks)
    assert CARD not in post.text


@pytest.mark.parametrize(
    ("clock", "here", "reader", "roles", "button"),
    [
        (ClockKind.CLAIM, Situation.OPEN, MARA, {Role.MANAGER}, "handoff.claim"),
        (ClockKind.CLAIM, Situation.OPEN, MARA, None, "handoff.claim"),
        (ClockKind.CLAIM, Situation.OPEN, ANA, None, ids.SHOW),
        (ClockKind.CLAIM, Situation.OPEN, TOM, set(), ids.SHOW),
        (ClockKind.FINISH, Situation.CLAIMED, BEN, {Role.MEMBER}, "handoff.complete"),
        (ClockKind.FINISH, Situation.CLAIMED, MARA, {Role.MANAGER}, "handoff.assign"),
        (ClockKind.UPDATE, Situation.CLAIMED, BEN, {Role.MEMBER}, "handoff.continue"),
        (ClockKind.RESPOND, Situation.RETURNED, ANA, None, "handoff.resend"),
    ],
)
def test_the_button_is_what_helps_most_for_that_clock_and_reader(
    clock: ClockKind, here: Situation, reader: str, roles: set[Role] | None, button: str
) -> None:
    known = None if roles is None else frozenset(roles)
    rows = [a_row(number, clock=clock, here=here, to=reader, roles=known) for number in (1, 2)]

    assert offered(drawn(rows, reader=reader, posted=False).blocks) == {button}


def test_the_most_overdue_comes_first_and_the_answered_last() -> None:
    rows = [
        a_row(1, due=LATE),
        a_row(2, running=False),
        a_row(3, due=MONDAY_9 - timedelta(days=1)),
        a_row(4, due=MONDAY_9),
    ]

    assert numbers(drawn(rows)) == ["3", "4", "1", "2"]


def test_a_row_that_was_answered_says_what_became_of_it_in_one_line() -> None:
    put_at = MONDAY_9 + timedelta(minutes=30)
    due = (LATE - timedelta(minutes=20)).isoformat()
    history = (
        an_entry(
            Verb.ESCALATE, actor="clock", at=put_at, facts={"clock": "claim", "level": "late", "deadline_at": due}
        ),
        an_entry(Verb.CLAIM, actor=TOM, at=LATE),
    )
    row = a_row(1, here=Situation.CLAIMED, running=False, history=history)

    post = drawn([row, a_row(2)])

    assert post.text == "1 of 2 reminders still needs you. #2 Deal 2."
    assert post.blocks[-1]["type"] == "context"
    assert f"#1 Deal 1: claimed by <@{TOM}>, <!date" in words_of(post.blocks[-1])
    assert ", 20 min late." in words_of(post.blocks[-1])
    assert len(list(elements(post.blocks))) == 1


def test_where_nothing_tells_when_it_was_due_it_is_neither_late_nor_in_time() -> None:
    post = drawn([a_row(1, here=Situation.CLAIMED, running=False), a_row(2)])

    said = words_of(post.blocks[-1])
    assert said.startswith(f"#1 Deal 1: claimed by <@{BEN}>, <!date")
    assert "late" not in said
    assert "on time" not in said


def test_of_many_buttons_none_stands_out() -> None:
    assert all("style" not in element for element in elements(drawn([a_row(1), a_row(2)]).blocks))


def test_when_all_are_answered_it_needs_nobody() -> None:
    post = drawn([a_row(1, running=False), a_row(2, running=False)])

    assert post.text == "Nothing here needs you now."
    assert offered(post.blocks) == set()


def test_a_single_reminder_is_drawn_as_it_would_be_alone() -> None:
    post = drawn([a_row(1, roles=frozenset({Role.MANAGER})), a_row(2, running=False)], posted=False)

    assert post.text.startswith("#1 Deal 1 is unassigned in Customer Success, late since <!date")
    assert offered(post.blocks) == {"handoff.claim", "handoff.assign", "handoff.extend", ids.SHOW}


@pytest.mark.parametrize(("running", "text"), [(True, "#1 Deal 1 is unassigned"), (False, "#1 Deal 1: ")])
def test_a_single_reminder_stays_one_when_it_is_drawn_again(running: bool, text: str) -> None:
    assert drawn([a_row(1, running=running)], posted=True).text.startswith(text)


def test_a_single_reminder_of_something_deleted_needs_nobody() -> None:
    post = drawn([a_row(1, here=Situation.DELETED, running=False)], posted=True)

    assert post.text == "Nothing here needs you now."


def test_a_single_row_that_slack_has_of_several_stays_a_row() -> None:
    assert drawn([a_row(1), a_row(2, running=False)], posted=True).text.startswith("1 of 2 reminders still needs you.")


def test_one_that_is_left_of_many_that_were_not_read_is_no_single_reminder() -> None:
    assert drawn([a_row(1)], posted=False, more=3).text == "4 reminders need you. #1 Deal 1 and 3 more."


def test_nothing_is_said_when_nothing_needs_anybody() -> None:
    assert batch_message([a_row(1, running=False)], MARA, LATE, posted=False) is None
    assert batch_message([], MARA, LATE, posted=False) is None


def test_of_a_hundred_those_that_fit_are_shown_and_the_rest_counted() -> None:
    rows = [a_row(number, due=MONDAY_9 + timedelta(seconds=number)) for number in range(1, 101)]

    post = drawn(rows, posted=False)

    assert len(list(elements(post.blocks))) == MOST_ROWS_DRAWN
    assert len(post.blocks) <= 50
    assert "And 55 more: `/handoff open`" in words_of(post.blocks)
    assert post.text.startswith("100 reminders need you. #1 Deal 1, #2")
    assert post.text.endswith("and 90 more.")


def test_rows_with_long_words_are_as_many_as_slack_takes_in_one_message() -> None:
    long: dict[str, Any] = {"title": "W" * 150, "queue_record": a_queue(name="T" * 75), "cards": {1: CARD}}
    rows = [a_row(number, **long) for number in range(1, 51)]

    post = drawn(rows, posted=False)

    shown = len(list(elements(post.blocks)))
    assert 25 < shown < MOST_ROWS_DRAWN
    assert f"And {50 - shown} more" in words_of(post.blocks)


def test_rows_that_were_not_read_are_counted_too() -> None:
    post = drawn([a_row(1), a_row(2)], more=55)

    assert post.text.startswith("57 reminders need you.")
    assert "And 55 more" in words_of(post.blocks)


def test_two_levels_of_one_clock_are_one_row() -> None:
    first = a_row(1)
    later = replace(first, notice=replace(first.notice, level="later", put_at=LATE))

    assert len(list(elements(drawn([first, later, a_row(2)]).blocks))) == 2


def test_an_earlier_run_of_a_clock_is_over() -> None:
    row = a_row(1)
    rows = [replace(row, notice=replace(row.notice, run=0)), a_row(2), a_row(3)]

    assert drawn(rows).text == "2 of 3 reminders still need you. #2 Deal 2, #3 Deal 3."


def test_whoever_is_asked_whether_they_are_on_it_can_say_yes_once() -> None:
    timers = (a_timer(ClockKind.UPDATE), a_timer(ClockKind.FINISH), a_timer(ClockKind.CHECK, deadline=LATE))
    rows = [
        a_row(1, clock=clock, here=Situation.CLAIMED, to=BEN, timers=timers)
        for clock in (ClockKind.UPDATE, ClockKind.FINISH)
    ]

    post = drawn([*rows, a_row(2, clock=ClockKind.FINISH, here=Situation.CLAIMED, to=BEN)], reader=BEN)

    assert [e["text"]["text"] for e in elements(post.blocks)] == ["Yes", "Done"]
    assert words_of(post.blocks).count("Still on it?") == 1


def test_a_single_question_is_asked_as_it_would_be_alone() -> None:
    timers = (a_timer(ClockKind.UPDATE), a_timer(ClockKind.CHECK, deadline=LATE))

    post = drawn([a_row(1, clock=ClockKind.UPDATE, here=Situation.CLAIMED, timers=timers)], reader=BEN, posted=False)

    assert post.text.startswith("Still on it? #1 Deal 1")
    assert offered(post.blocks) == {"handoff.continue", "handoff.release", ids.SHOW}


def test_a_deleted_handoff_keeps_nothing_of_its_title() -> None:
    post = drawn([a_row(1, here=Situation.DELETED, title=""), a_row(2)])

    assert "Deal 1" not in words_of(post.blocks) + post.text
    assert f"#1 was deleted by <@{ANA}>, <!date" in words_of(post.blocks)


def test_whatever_was_typed_slack_takes_it_and_nobody_is_pinged(combine: Combine) -> None:
    def check(row: tuple[Any, ...]) -> None:
        here, text, reader, running, posted = row
        found = replace(extreme(here, EXTREMES[text]), timers=tuple(a_timer(clock) for clock in ClockKind) * running)
        rows = [ReminderRow(details=found, notice=a_notice(clock, to=reader)) for clock in POLICY_CLOCKS]
        post = batch_message(rows, reader, LATE, posted=posted, more=7)
        if post is not None:
            sound_message(post)

    check_rows(combine(SITUATIONS, list(EXTREMES), (ANA, BEN, MARA, TOM), (True, False), (True, False)), check)
