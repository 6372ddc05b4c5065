"""Growth: what finished handoffs leave behind goes after a time, and whatever may still be needed is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from slackapp.escalation.model import NotificationLog
from slackapp.escalation.queries.notification_log import load_notification_log
from slackapp.escalation.views.notification_report import report
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.actions.redraw_card import redraw
from slackapp.handoffs.model import Opened, Seen
from slackapp.handoffs.queries import find, load
from slackapp.operations.purge import purge
from storage.clocks import growth
from storage.clocks.tables import notices, timers
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import Act, AddNote, Cancel, Claim, Complete, Delete, Reopen
from storage.handoffs.lifecycle import Moved, State
from storage.handoffs.model import Handoff, Text
from storage.outbox import archive
from storage.outbox.model import PostedMessage
from storage.outbox.outbox import put
from storage.outbox.tables import archives, messages, outbox
from tests.builders import TEAM
from tests.escalation.tick_room import HOUR, Room, level

KEPT = 90
DAY = timedelta(days=1)


@pytest.fixture
def room(database: Database) -> Room:
    """A queue with a policy whose claim clock tells the managers, in bundles where there are many."""
    found = Room(database)
    found.policy(level("late", "managers"))
    return found


def opened(room: Room, number: int = 1) -> Handoff:
    draft = NewHandoff(title=f"Acme {number}", queue="success", next_step="Call", note=Text(plain="Soon"))
    outcome = open_handoff(room.baton, workspace=TEAM, user="SENDER", draft=draft, form=f"V{number}")
    assert isinstance(outcome, Opened)
    room.deliver()
    return outcome.handoff


def do(room: Room, handoff: Handoff, act: Act, user: str = "OWNER") -> None:
    request = Request(workspace=TEAM, handoff_id=handoff.id, act=act, user=user)
    assert isinstance(carry_out(room.baton, request), Moved)
    room.deliver()


def ended(room: Room, number: int = 1) -> Handoff:
    """A handoff that came late, was claimed and is done."""
    handoff = opened(room, number)
    room.tick_at(room.clock.now() + 2 * HOUR)
    room.deliver()
    do(room, handoff, Claim())
    do(room, handoff, Complete(text=Text(plain="They signed.")))
    return handoff


def count(room: Room, table: Any) -> int:
    with room.baton.db.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(table)).scalar_one())


def counts(room: Room) -> tuple[int, ...]:
    return tuple(count(room, table) for table in (timers, notices, messages, archives))


def said(room: Room, handoff: Handoff) -> list[PostedMessage]:
    """What is known of the messages about a handoff."""
    with room.baton.db.reading() as tx:
        found = handoffs.get(tx, TEAM, handoff.id)
        assert found is not None
        return load.posted(tx, found)


def wanted(room: Room) -> dict[str, bool]:
    """The pending messages, and whether each is to be erased."""
    with room.baton.db.reading() as tx:
        return {row.key: row.erase for row in tx.execute(select(outbox.c.key, outbox.c.erase))}


def test_after_its_time_only_the_handoff_its_notes_and_its_audit_are_left(room: Room) -> None:
    handoff = ended(room)
    before = said(room, handoff)
    assert min(counts(room)[:3]) > 0
    with room.baton.db.reading() as tx:
        history = audit.list_for_handoff(tx, handoff.id)

    room.clock.advance(KEPT * DAY - HOUR)
    assert purge(room.baton, KEPT) == 0
    room.clock.advance(2 * HOUR)
    assert purge(room.baton, KEPT) == 1

    assert counts(room) == (0, 0, 0, 1)
    with room.baton.db.reading() as tx:
        assert audit.list_for_handoff(tx, handoff.id) == history
    assert [(one.key, one.channel, one.ts) for one in said(room, handoff)] == [
        (one.key, one.channel, one.ts) for one in before
    ]
    assert purge(room.baton, KEPT) == 0


def test_why_says_that_the_clocks_are_no_longer_stored_and_still_lists_what_was_posted(room: Room) -> None:
    ended(room)
    room.clock.advance((KEPT + 1) * DAY)
    purge(room.baton, KEPT)

    log = load_notification_log(room.baton, workspace=TEAM, number=1, user="OWNER")

    assert isinstance(log, NotificationLog)
    said = str(report(log).blocks)
    assert "are no longer stored." in said
    assert "No timer has run" not in said
    assert "Nobody has been notified" not in said


def test_what_goes_on_or_was_reopened_stays_whole(room: Room) -> None:
    live, reopened = opened(room, 1), ended(room, 2)
    do(room, reopened, Reopen(text=Text(plain="Again")), "SENDER")
    stands = counts(room)

    room.clock.advance(200 * DAY)
    assert purge(room.baton, KEPT) == 0
    assert counts(room) == stands

    for handoff in (live, reopened):
        do(room, handoff, Cancel(), "SENDER")
    room.clock.advance((KEPT + 1) * DAY)
    assert purge(room.baton, KEPT) == 2


def test_every_batch_goes_on_where_the_last_one_ended(room: Room) -> None:
    for number in range(1, 8):
        ended(room, number)
    room.clock.advance((KEPT + 1) * DAY)

    assert purge(room.baton, KEPT) == 7
    assert counts(room) == (0, 0, 0, 7)
    later = ended(room, 8)
    room.clock.advance((KEPT + 1) * DAY)
    assert purge(room.baton, KEPT) == 1
    assert said(room, later)


def test_a_message_that_is_still_to_be_sent_keeps_its_handoff_whole(room: Room) -> None:
    handoff = ended(room)
    with room.baton.db.transaction() as tx:
        put(tx, [said(room, handoff)[0].to_outbox_message()], room.clock.now())
    room.clock.advance((KEPT + 1) * DAY)

    assert purge(room.baton, KEPT) == 0
    assert counts(room)[3] == 0


def test_contents_deleted_years_later_are_taken_out_of_every_message_in_slack(room: Room) -> None:
    first, second = opened(room, 1), opened(room, 2)
    room.tick_at(room.clock.now() + 2 * HOUR)
    room.deliver()
    for handoff in (first, second):
        do(room, handoff, Claim())
        do(room, handoff, Complete(text=Text(plain="They signed.")))
    keys = {message.key for message in said(room, first)}
    room.clock.advance(800 * DAY)
    assert purge(room.baton, KEPT) == 2

    request = Request(workspace=TEAM, handoff_id=first.id, act=Delete(), user="SENDER")
    assert isinstance(carry_out(room.baton, request), Moved)

    pending_now = wanted(room)
    assert keys <= pending_now.keys()
    assert {key for key, erase in pending_now.items() if not erase and key in keys} == {f"card:{first.id}:1"}
    bundles = {key for key in pending_now if key.startswith("bundle:")}
    assert bundles == {one.key for one in packed(room, second) if one.handoff_id is None}
    assert said(room, first), "so that each is found in Slack"


def packed(room: Room, handoff: Handoff) -> list[PostedMessage]:
    with room.baton.db.reading() as tx:
        return archive.list_for_handoff(tx, TEAM, handoff.id)


@pytest.mark.parametrize("act", [AddNote(text=Text(plain="By the way")), Reopen(text=Text(plain="Again"))])
def test_work_that_goes_on_years_later_has_its_messages_again(room: Room, act: Act) -> None:
    handoff = ended(room)
    before = {one.key for one in said(room, handoff)}
    room.clock.advance(800 * DAY)
    purge(room.baton, KEPT)

    request = Request(workspace=TEAM, handoff_id=handoff.id, act=act, user="SENDER")
    assert isinstance(carry_out(room.baton, request), Moved)

    assert counts(room)[3] == 0
    assert before <= {one.key for one in said(room, handoff)}
    assert wanted(room)[f"card:{handoff.id}:1"] is False


def test_a_card_clicked_years_later_is_redrawn_in_its_place(room: Room) -> None:
    handoff = ended(room)
    room.clock.advance(800 * DAY)
    purge(room.baton, KEPT)

    seen = find.find_handoff(room.baton, workspace=TEAM, handoff_id=handoff.id, user="OWNER", history=True)
    assert isinstance(seen, Seen)
    assert seen.details.handoff.state is State.DONE
    redraw(room.baton, seen, "what somebody saw", "what is so")

    assert wanted(room) == {f"card:{handoff.id}:1": False}
    with room.baton.db.reading() as tx:
        assert f"card:{handoff.id}:1" in tx.execute(select(messages.c.key)).scalars().all()


def test_what_pruning_would_free_is_known_before(room: Room) -> None:
    for number in (1, 2):
        ended(room, number)
    room.clock.advance((KEPT + 1) * DAY)
    latest = room.clock.now() - KEPT * DAY

    with room.baton.db.reading() as tx:
        before = growth.measure(tx, latest)
    purge(room.baton, KEPT)
    with room.baton.db.reading() as tx:
        after = growth.measure(tx, latest)

    assert (before.prunable_handoffs, after.prunable_handoffs, after.prunable) == (2, 0, 0)
    assert before.total >= before.prunable >= 0
    rows = {table.name: table.rows for table in before.tables}
    assert (rows["handoffs"], rows["timers"] > 2, rows["messages"] > 2) == (2, True, True)
