"""Private work: messages that others can see hold nothing that anybody wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from slackapp.escalation.model import Digest, NotificationLog, ReminderRow
from slackapp.escalation.views import notification_report, webhook_events
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.privacy import TITLE, may_read, stub, stub_of
from slackapp.handoffs.views import card, lists, refusals
from slackapp.operations.inspection import StoredHandoff, handoff_tables
from storage.clocks.model import ClockKind, Notice
from storage.handoffs.lifecycle import Actor, RefusalReason, Refused, Role, Situation, Verb
from tests.handoffs.samples import (
    ACTS,
    ANA,
    BEN,
    MARA,
    MONDAY_9,
    SITUATIONS,
    TOM,
    a_history,
    notes_of_all,
    some_details,
)
from tests.handoffs.views.drawing import ABOUT_ONE, draw
from tests.templates.test_render_answers import ANSWERED, EVERYTHING

SECRET: Final = "Xylophon"
STATES: Final = tuple(here for here in SITUATIONS if here is not Situation.DELETED)


def a_private(here: Situation = Situation.OPEN) -> HandoffDetails:
    """Private work with a secret in everything that was typed."""
    found = some_details(
        here, private=True, title=SECRET, next_step=SECRET, link=f"https://{SECRET}.example", record=SECRET,
        fields={**ANSWERED, "q_short": SECRET, "told_customer": SECRET}, notes=notes_of_all(SECRET),
        history=a_history(),
    )  # fmt: skip
    source = replace(found.handoff.source, permalink=f"https://{SECRET}.example") if found.handoff.source else None
    return replace(found, handoff=replace(found.handoff, source=source), template=EVERYTHING)


def payload(verb: str, capacity: str, user: str) -> Mapping[str, Any]:
    """The outbox payload of a message of any kind."""
    return {
        "hop": 1, "verb": verb, "as": capacity, "user": user, "actor": BEN, "note_id": f"n_{verb}", "facts": {},
        "clock": "claim", "level": "late", "run": 1, "recipient": user, "deadline_at": MONDAY_9.isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize("here", STATES)
@pytest.mark.parametrize("kind", ABOUT_ONE)
def test_no_kind_of_message_says_it_in_any_state_but_the_blocks_of_ones_own(kind: str, here: Situation) -> None:
    private = a_private(here)
    for verb in (Verb.OPEN, *(act.verb for act in ACTS)):
        for capacity in ("offered", "owner", "sender", "last_owner"):
            for user in (ANA, BEN, TOM, MARA, "channel"):
                post = draw(kind, private, payload(verb, capacity, user), MONDAY_9, posted=True)
                if post is None:
                    continue
                concerned = user in {ANA, BEN, TOM} if kind == "dm" else kind == "sent"
                shown = post.text if concerned else json.dumps([post.text, post.blocks])
                assert SECRET not in shown, (verb, capacity, user)


def test_lists_of_many_answers_refusals_and_other_systems_get_a_stub() -> None:
    details = a_private()
    notice = Notice(
        workspace="T1", handoff_id="h", recipient=MARA, clock=ClockKind.CLAIM, level="late", run=1, put_at=MONDAY_9,
        hear_at=MONDAY_9,
    )  # fmt: skip
    row = ReminderRow(details=details, notice=notice, roles=frozenset({Role.MANAGER}))
    digest = Digest(waiting=(details,), due=((details, MONDAY_9),), missed=((details, MONDAY_9),), waiting_in_all=1)
    until = {"until": MONDAY_9.isoformat()}
    known = NotificationLog(
        details=details, clocks=(), notices=[notice], posted=(), pending=(), calendars={}, now=MONDAY_9
    )
    inside = StoredHandoff(handoff=details.handoff, notes=1, outbox=(), posted=(), timers=(), notices=(), audit=())
    no = Actor(user="X")
    second = replace(row, details=some_details(number=7, id="h_7"))
    said: list[Any] = [
        draw("bundle", None, {"user": MARA}, MONDAY_9, rows=[row, second]),
        draw("digest", None, until, MONDAY_9, details.queue, digest=digest),
        draw("trouble", details, {"code": "is_archived", "queue": "success", "channel": "C1"}, MONDAY_9),
        draw("trouble", details, {"code": "person_gone", "person": BEN}, MONDAY_9),
        card.passed_on(details, MONDAY_9),
        lists.one_handoff(details, frozenset(Verb), MONDAY_9),
        lists.own_list([details], [details], MONDAY_9, offered=[details]),
        lists.waiting_list([details], MONDAY_9),
        lists.note_added(details),
        notification_report.report(known),
        [refusals.refusal(Refused(handoff=details.handoff, verb=Verb.CLAIM, why=why, actor=no), details, MONDAY_9)
         for why in RefusalReason],
        refusals.private_handoff(details),
        webhook_events.escalated(details, {"clock": "claim", "level": "late"}, MONDAY_9),
        handoff_tables(inside),
    ]  # fmt: skip

    assert all(said)
    for one in said:
        assert SECRET not in repr(one)
        assert TITLE in repr(one) or "#42" in repr(one)


def test_the_blocks_of_an_offer_hold_the_senders_note_for_whoever_is_to_decide() -> None:
    post = draw("dm", a_private(Situation.OFFERED), payload(Verb.OPEN, "offered", TOM), MONDAY_9)

    assert post
    assert TITLE in post.text
    assert SECRET not in post.text
    assert SECRET in json.dumps(post.blocks)


def test_a_stub_keeps_where_it_stands_and_why_the_clock_put_it_back() -> None:
    lapsed = replace(a_private().notes[0], author="clock", text=replace(a_private().notes[0].text, reason="no_answer"))
    found = stub(replace(a_private(Situation.CLAIMED), notes=(lapsed,)))

    assert (found.handoff.owner, found.handoff.needed_by is not None, found.notes[0].text.reason) == (
        BEN, True, "no_answer",
    )  # fmt: skip
    assert stub(some_details()) == some_details(), "other work is shown as it is"
    deleted = replace(some_details(Situation.DELETED).handoff, private=True)
    assert stub_of(deleted).title == "", "what was deleted has nothing to hide"


def test_direct_messages_hold_it_for_those_it_concerns_now() -> None:
    handoff = a_private(Situation.CLAIMED).handoff

    assert [may_read(handoff, user) for user in (ANA, BEN, TOM, MARA)] == [True, True, False, False]
