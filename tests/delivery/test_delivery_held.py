"""The pump checks a reader's availability again before it sends, and holds the message if they are away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from slackapp.escalation.model import BatchScene
from slackapp.slack.block_kit.blocks import Post
from storage.clocks import notices, policies, timers
from storage.clocks.model import ClockKind, Notice, Policy
from storage.company import people, queues
from storage.company.model import Person
from storage.db.database import Database, Tx
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff, Priority
from storage.handoffs.tables import audit
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage
from tests.delivery.delivery_room import SUCCESS, TEAM, Room, card_key, claim_clock, draw
from tests.handoffs.views.drawing import Scene
from tests.slack_client import Workspace

POLICY = Policy(workspace=TEAM, key="standard")


@pytest.fixture
def room(database: Database, slack: Workspace) -> Iterator[Room]:
    room = Room(database, slack)
    with database.transaction() as tx:
        policies.put_policy(tx, POLICY)
        queues.put(tx, replace(SUCCESS, policy="standard"))
    yield room
    room.close()


def paused(room: Room, user: str = "U0DAN", **length: float) -> datetime:
    """Dan pauses his notifications; until when."""
    until = (room.clock.now() + timedelta(**length)).replace(microsecond=0)
    known(room, user, dnd_until=until)
    return until


def known(room: Room, user: str, **facts: Any) -> None:
    room.db.run_transaction(lambda tx: people.put(tx, Person(workspace=TEAM, id=user, name=user, **facts)))


def reminder(handoff: Handoff, user: str = "U0DAN", *, key: str | None = None) -> tuple[OutboxMessage, Notice]:
    """A reminder of the claim clock to a person, and what is kept of it."""
    wanted = OutboxMessage(
        workspace=TEAM,
        key=key or f"level:{handoff.id}:claim:1:late:{user}",
        kind="bundle" if key else "level",
        handoff_id=None if key else handoff.id,
        to=Destination(user=user),
        payload={"user": user} if key else {"clock": ClockKind.CLAIM, "run": 1, "level": "late", "recipient": user},
    )
    notice = Notice(
        workspace=TEAM,
        handoff_id=handoff.id,
        recipient=user,
        clock=ClockKind.CLAIM,
        level="late",
        run=1,
        put_at=handoff.created_at,
        hear_at=handoff.created_at,
        message=wanted.key,
    )
    return wanted, notice


def remind(room: Room, *many: tuple[OutboxMessage, Notice]) -> None:
    """What the tick does: notices and messages in one transaction, of clocks that run."""
    now = room.clock.now()

    def work(tx: Tx) -> None:
        for _, notice in many:
            running = [timer.clock for timer in timers.list_live_for_handoff(tx, notice.handoff_id)]
            if ClockKind.CLAIM not in running:
                timers.put(tx, claim_clock(notice.handoff_id, now))
        notices.add_many(tx, [notice for _, notice in many])
        outbox.put(tx, {wanted.key: wanted for wanted, _ in many}.values(), now)

    room.db.run_transaction(work)
    room.wake()


def kept(room: Room, handoff: Handoff) -> Notice:
    with room.db.reading() as tx:
        (notice,) = notices.list_for_handoff(tx, handoff.id)
    return notice


def held(room: Room, handoff: Handoff) -> list[tuple[Any, ...]]:
    return [
        (entry.facts["reason"], entry.facts.get("person"), entry.facts.get("until"))
        for entry in room.audited(handoff)
        if entry.verb == "held"
    ]


def waits_until(room: Room, key: str) -> datetime:
    with room.db.reading() as tx:
        found = outbox.next_due_at(tx, room.clock.now())
    assert found is not None, key
    return found


def test_a_reminder_waits_while_its_reader_pauses_notifications_and_says_why(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    until = paused(room, hours=2)
    remind(room, reminder(handoff))

    room.pump()
    room.settle()

    assert room.dms("U0DAN") == []
    assert held(room, handoff) == [("dnd", "U0DAN", until.isoformat())]
    assert waits_until(room, "level") == until
    notice = kept(room, handoff)
    assert (notice.hear_at, notice.why, notice.heard_at) == (until, "dnd", None)


def test_it_is_said_when_they_can_hear_again_and_the_notice_says_when(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    paused(room, hours=2)
    remind(room, reminder(handoff))
    room.pump()
    room.settle()

    room.clock.advance(hours=2, minutes=1)
    room.settle()

    (text,) = room.dms("U0DAN")
    assert "Acme renewal" in text
    heard_at = kept(room, handoff).heard_at
    assert heard_at is not None
    assert abs(heard_at - room.clock.now()) < timedelta(minutes=1)


def test_what_is_answered_while_it_waits_is_never_said(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    paused(room, hours=2)
    remind(room, reminder(handoff))
    room.pump()
    room.settle()

    room.change(handoff, state=State.CLAIMED, owner="U0EVA", accountable="U0EVA")
    room.clock.advance(hours=3)
    room.settle()

    assert room.dms("U0DAN") == []
    notice = kept(room, handoff)
    assert (notice.hear_at, notice.message, notice.why) == (None, None, "moot")


def test_a_priority_that_wakes_is_said_at_once(room: Room) -> None:
    handoff = room.change(room.hand_off("Acme renewal"), priority=Priority.CRITICAL)
    paused(room, hours=2)
    remind(room, reminder(handoff))

    room.pump()
    room.settle()

    assert len(room.dms("U0DAN")) == 1
    assert held(room, handoff) == []


def test_a_reminder_that_slack_has_is_redrawn_whoever_sleeps(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    what = reminder(handoff)
    remind(room, what)
    room.pump()
    room.settle()

    paused(room, hours=2)
    room.change(handoff, what[0], title="Acme renewal, signed")
    room.settle()

    (text,) = room.dms("U0DAN")
    assert "signed" in text


def test_other_direct_messages_do_not_wait(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    paused(room, hours=2)
    room.put(replace(reminder(handoff)[0], kind="sent", key="sent"))

    room.pump()
    room.settle()

    assert len(room.dms("U0DAN")) == 1


def test_a_reminder_in_the_channel_is_heard_when_slack_has_it(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    wanted, notice = reminder(handoff, "channel")
    remind(room, (replace(wanted, to=Destination(reply_to=card_key(handoff))), notice))

    room.pump()
    room.settle()

    assert kept(room, handoff).heard_at is not None


def test_who_has_left_hears_nothing_and_the_notice_says_so(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    known(room, "U0DAN", deleted=True)
    remind(room, reminder(handoff))

    room.pump()
    room.settle()

    notice = kept(room, handoff)
    assert (notice.hear_at, notice.message, notice.why) == (None, None, "gone")
    assert [reason for reason, *_ in held(room, handoff)] == ["the person can't be messaged"]


def test_many_reminders_are_one_message_and_each_of_them_is_heard(room: Room) -> None:
    handoffs = [room.hand_off(f"Deal {n}") for n in range(3)]
    remind(room, *(reminder(handoff, key="bundle:U0DAN:2026") for handoff in handoffs))

    room.pump()
    room.settle()

    (text,) = room.dms("U0DAN")
    assert text == "bundle of 3: Deal 0, Deal 1, Deal 2, 0 more"
    assert all(kept(room, handoff).heard_at for handoff in handoffs)


def test_many_reminders_wait_together_and_each_says_why(room: Room) -> None:
    handoffs = [room.hand_off(f"Deal {n}") for n in range(3)]
    until = paused(room, hours=1)
    remind(room, *(reminder(handoff, key="bundle:U0DAN:2026") for handoff in handoffs))

    room.pump()
    room.settle()

    assert room.dms("U0DAN") == []
    assert {(kept(room, handoff).hear_at, kept(room, handoff).why) for handoff in handoffs} == {(until, "dnd")}


def test_a_message_about_many_shows_forty_and_counts_the_rest(room: Room) -> None:
    handoffs = [room.hand_off(f"Deal {n}", cards=False) for n in range(43)]
    remind(room, *(reminder(handoff, key="bundle:U0DAN:2026") for handoff in handoffs))

    room.pump()
    room.settle()

    (text,) = room.dms("U0DAN")
    assert text.startswith("bundle of 40: Deal 0,")
    assert text.endswith(", 3 more")


def test_those_that_still_wait_come_before_those_that_are_answered(room: Room) -> None:
    handoffs = [room.hand_off(f"Deal {n}", cards=False) for n in range(42)]
    remind(room, *(reminder(handoff, key="bundle:U0DAN:2026") for handoff in handoffs))
    stop(room, handoffs[0])

    room.pump()
    room.settle()

    (text,) = room.dms("U0DAN")
    assert "Deal 0," not in text
    assert text.endswith("Deal 40, 1 more")


def stop(room: Room, handoff: Handoff) -> None:
    """The claim clock stops."""

    def work(tx: Tx) -> None:
        (timer,) = timers.list_live_for_handoff(tx, handoff.id)
        timers.put(tx, replace(timer, running_since=None, stopped_at=room.clock.now(), met=False))

    room.db.run_transaction(work)


def test_what_is_all_answered_before_it_is_said_is_not_said(room: Room) -> None:
    handoff = room.hand_off("Acme renewal", cards=False)
    room.change(handoff, state=State.CLAIMED, owner="U0EVA", accountable="U0EVA")
    remind(room, reminder(handoff, key="bundle:U0DAN:2026"))

    room.pump()
    room.settle()

    assert room.dms("U0DAN") == []
    assert kept(room, handoff).why == "moot"


def test_a_message_asked_for_again_before_its_time_waits_for_it(room: Room) -> None:
    handoff = room.hand_off("Acme renewal", cards=False)
    wanted, notice = reminder(handoff, key="bundle:U0DAN:2026")
    later = room.clock.now() + timedelta(minutes=10)
    remind(room, (wanted, replace(notice, hear_at=later)))

    room.pump()
    room.settle()

    assert room.dms("U0DAN") == []
    assert abs(waits_until(room, "bundle") - later) < timedelta(seconds=2)
    assert held(room, handoff) == []


def test_a_message_about_many_links_to_a_card_that_comes_later(room: Room) -> None:
    handoff = room.hand_off("Acme", cards=False)
    remind(room, reminder(handoff, key="bundle:U0DAN:2026"))
    drawn: list[str | None] = []

    def watch(kind: str, scene: Scene, now: datetime) -> Post | None:
        if isinstance(scene, BatchScene):
            drawn.extend(row.details.permalink for row in scene.rows)
        return draw(kind, scene, now)

    room.pump(watch)
    room.settle()
    assert drawn == [None]

    room.change(handoff)
    room.settle()

    card = room.posted(card_key(handoff))
    assert card is not None
    assert drawn == [None, card.permalink]
    assert len(room.dms("U0DAN")) == 1


def test_what_was_added_to_a_message_that_its_reader_deleted_is_said_anew(room: Room, slack: Workspace) -> None:
    first, second = (room.hand_off(title, cards=False) for title in ("Acme", "Beta"))
    remind(room, reminder(first, key="bundle:U0DAN:2026"))
    room.pump()
    room.settle()
    posted = room.posted("bundle:U0DAN:2026")
    assert posted is not None

    slack.post("/control/act/delete_message", {"user": "U0BATON", "channel": posted.channel, "ts": posted.ts})
    remind(room, reminder(second, key="bundle:U0DAN:2026"))
    room.settle()

    (text,) = room.dms("U0DAN")
    assert "Beta" in text
    again = room.posted("bundle:U0DAN:2026")
    assert again is not None
    assert again.ts != posted.ts
    assert kept(room, second).heard_at is not None


def test_a_message_given_up_takes_nothing_with_it_that_was_added_meanwhile(database: Database, room: Room) -> None:
    first, second = (room.hand_off(title, cards=False) for title in ("Acme", "Beta"))
    remind(room, reminder(first, key="bundle:U0DAN:2026"))
    with database.transaction() as tx:
        (leased,) = outbox.lease(tx, room.clock.now(), 10, 60, "somebody")
    remind(room, reminder(second, key="bundle:U0DAN:2026"))

    with database.transaction() as tx:
        notices.mark_skipped(tx, TEAM, leased.wanted.key, "moot")

    assert kept(room, second).message == "bundle:U0DAN:2026"


def test_the_audit_names_who_could_not_hear_a_message_about_many(room: Room) -> None:
    handoff = room.hand_off("Acme", cards=False)
    until = paused(room, hours=1)
    remind(room, reminder(handoff, key="bundle:U0DAN:2026"))
    room.pump()
    room.settle()

    with room.db.reading() as tx:
        (facts,) = tx.execute(select(audit.c.facts).where(audit.c.verb == "held")).scalars()
    assert (facts["person"], facts["reason"], facts["until"]) == ("U0DAN", "dnd", until.isoformat())


def test_a_summary_that_its_reader_deleted_stays_away_when_its_handoffs_change(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    wanted, notice = reminder(handoff, key="bundle:U0DAN:2026")
    remind(room, (wanted, notice))
    room.settle()
    room.slack.fault("chat.update", {"error": "message_not_found"}, times=2)

    for _ in range(2):
        room.put(wanted)
        room.settle()

    assert len(room.dms("U0DAN")) == 1
    kept = room.posted(wanted.key)
    assert kept is not None
    assert kept.settled
