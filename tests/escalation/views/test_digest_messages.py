"""Digest messages: counts, titles and Claim buttons, without mentions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from slackapp.escalation.model import Digest
from slackapp.handoffs.model import HandoffDetails
from slackapp.slack.block_kit.blocks import Post, when
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Situation
from tests.handoffs.samples import EXTREMES, MONDAY_9, SITUATIONS, a_queue, a_timer, extreme, some_details
from tests.handoffs.views.drawing import draw
from tests.handoffs.views.view_checks import elements, offered, sound_message, words_of

CLOSING = MONDAY_9 + timedelta(hours=8)


def a_digest(**more: Any) -> Digest:
    waiting = some_details(timers=(a_timer(ClockKind.CLAIM, deadline=CLOSING),))
    due = some_details(Situation.CLAIMED)
    given: dict[str, Any] = {
        "waiting": (waiting,),
        "due": ((due, CLOSING),),
        "missed": ((some_details(Situation.DONE), MONDAY_9 - timedelta(hours=20)),),
        "waiting_in_all": 7,
        "due_in_all": 1,
        "missed_in_all": 1,
    }
    return Digest(**{**given, **more})


def drawn(found: Digest, now: datetime = MONDAY_9, *, posted: bool = False, superseded: bool = False) -> Post | None:
    payload = {"queue": "success", "until": CLOSING.isoformat()}
    return draw("digest", None, payload, now, a_queue(), digest=found, posted=posted, superseded=superseded)


def only(kind: str, *handoffs: HandoffDetails) -> Digest:
    rows = handoffs if kind == "waiting" else tuple((details, MONDAY_9) for details in handoffs)
    given: dict[str, Any] = {kind: rows, f"{kind}_in_all": len(handoffs)}
    return Digest(**given)


def test_it_begins_with_how_much_there_is_of_each() -> None:
    post = sound_message(drawn(a_digest()))

    assert post.text == "Customer Success this morning: 7 unassigned, 1 more deadline today, 1 missed."


def test_each_row_has_the_one_useful_button_and_none_is_green() -> None:
    asked = some_details(Situation.CLAIMED, asked_at=MONDAY_9)
    due = tuple((details, CLOSING) for details in (some_details(Situation.CLAIMED), asked))
    missed = (some_details(Situation.RETURNED), some_details(Situation.DONE))
    post = sound_message(drawn(a_digest(due=due, missed=tuple((details, MONDAY_9) for details in missed))))

    buttons = list(elements(post.blocks))
    assert [one["action_id"].removeprefix("handoff.") for one in buttons] == [
        "claim", "complete", "answer", "resend", "show"
    ]  # fmt: skip
    assert not any("style" in one for one in buttons)


def test_what_waits_says_when_it_is_due_or_since_when_it_is_late() -> None:
    waiting = some_details(timers=(a_timer(ClockKind.CLAIM, deadline=CLOSING),))

    in_time = words_of(sound_message(drawn(only("waiting", waiting))).blocks)
    late = words_of(sound_message(drawn(only("waiting", waiting), CLOSING + timedelta(hours=1), posted=True)).blocks)

    assert f" · claim by {when(CLOSING)}" in in_time
    assert f" · late since {when(CLOSING)}" in late


def test_people_are_named_and_not_mentioned() -> None:
    due = replace(some_details(Situation.CLAIMED), names={"U0BEN": "Ben"})

    text = words_of(sound_message(drawn(only("due", due))).blocks)

    assert "🟢 Ben · " in text
    assert "<@" not in text


def test_what_was_claimed_meanwhile_can_be_claimed_no_more_once_it_is_drawn_again() -> None:
    found = a_digest(waiting=(some_details(Situation.CLAIMED),))

    assert "handoff.claim" not in offered(sound_message(drawn(found, posted=True)).blocks)


@pytest.mark.parametrize(
    "found", [only("waiting", some_details(Situation.CLAIMED)), only("due", some_details(Situation.DONE))]
)
def test_what_is_all_answered_before_it_is_sent_is_not_said(found: Digest) -> None:
    assert drawn(found) is None
    assert drawn(found, posted=True) is not None


def test_a_digest_that_could_not_be_sent_all_day_is_not_said() -> None:
    assert drawn(a_digest(), CLOSING) is not None
    assert drawn(a_digest(), CLOSING + timedelta(seconds=1)) is None


def test_the_digest_of_an_earlier_day_says_what_it_listed_and_nothing_that_can_become_false() -> None:
    post = sound_message(drawn(a_digest(), posted=True, superseded=True))

    assert offered(post.blocks) == set()
    assert post.settled
    assert post.text == "Customer Success on an earlier morning: 7 unassigned, 1 more deadline today, 1 missed."
    assert "owned by" not in words_of(post.blocks)


def test_a_deadline_that_was_moved_since_the_morning_is_the_one_that_is_shown() -> None:
    later = CLOSING + timedelta(hours=5)
    due = some_details(Situation.CLAIMED, timers=(a_timer(ClockKind.FINISH, deadline=later),))

    text = words_of(sound_message(drawn(only("due", due), posted=True)).blocks)

    assert f"finish by {when(later)}" in text
    assert when(MONDAY_9) not in text


@pytest.mark.parametrize("here", SITUATIONS)
@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES)
def test_hostile_and_endless_titles_are_harmless_in_every_list(here: Situation, text: str) -> None:
    five = (extreme(here, text),) * 5
    dated = tuple((details, MONDAY_9) for details in five)

    sound_message(drawn(Digest(waiting=five, due=dated, missed=dated), posted=True))
