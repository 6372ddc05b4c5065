"""Where a message about the work of a team with a private channel may go, whichever team had the work before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from slackapp.capability import MessageKind
from slackapp.handoffs.model import OutOfSight
from slackapp.handoffs.queries.sight import is_in_sight
from slackapp.handoffs.rules.change_messages import card_key
from slackapp.registers import REGISTERS
from storage.clocks import notices
from storage.clocks.model import ClockKind, Notice
from storage.company import people, queues, workspaces
from storage.company.model import Channel, Person, Queue, Workspace
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import State
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import NOW, TEAM, a_handoff
from tests.tables import check_rows

HANDOFF: Final = a_handoff(queue="leads", hop=2, by="BEN")
SUPPORT, LEADS = "C0SUPPORT", "C0LEADS"


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def passed_on(tx: Tx) -> None:
    """Store work that Support had for an hour, and that the leads have now."""
    workspaces.put(tx, Workspace(id=TEAM, name="Acme", bot_user="B"))
    workspaces.set_config(tx, TEAM, admins=("KIM",), calendar=None, digest="d")
    for key, channel, member, manager in (("support", SUPPORT, "INES", "HUGO"), ("leads", LEADS, "ANA", "DAN")):
        queue = Queue(
            workspace=TEAM, key=key, name=key.title(), channel=channel, members=(member,), managers=(manager,)
        )
        queues.put(tx, queue)
        people.put_channel(tx, Channel(workspace=TEAM, id=channel, name=key, is_private=channel == LEADS))
    people.put(tx, Person(workspace=TEAM, id="DAN", name="Dan", team=TEAM))
    people.set_manager(tx, TEAM, "DAN", "MIA")
    handoffs.add(tx, HANDOFF)
    for queue_key, minutes in (("support", 0), ("leads", 60)):
        audit.add(
            tx, handoff=replace(HANDOFF, queue=queue_key), workspace=TEAM, at=NOW + timedelta(minutes=minutes),
            verb="transfer", actor="BEN", before=State.OPEN, after=State.OPEN,
        )  # fmt: skip
    for whom, minutes in (("HUGO", 30), ("COO", 90)):
        notices.add_many(tx, [reminded(whom, minutes)])


def reminded(whom: str, minutes: int) -> Notice:
    at = NOW + timedelta(minutes=minutes)
    return Notice(
        workspace=TEAM, handoff_id=HANDOFF.id, recipient=whom, clock=ClockKind.CLAIM, level="late", run=1, put_at=at,
        hear_at=at, message=f"level:{whom}",
    )  # fmt: skip


ROWS: Final = [
    (Destination(channel=LEADS), True, "its team's channel"),
    (Destination(reply_to=card_key(HANDOFF)), True, "the thread of its card"),
    (Destination(channel=SUPPORT), False, "the channel of the team before"),
    (Destination(reply_to=card_key(replace(HANDOFF, hop=1))), False, "the thread of the card before"),
    (Destination(channel="C0SALES", thread_ts="1.1"), False, "the original message's thread"),
    (Destination(user="BEN"), True, "its sender"),
    (Destination(user="ANA"), True, "a member"),
    (Destination(user="DAN"), True, "a manager"),
    (Destination(user="MIA"), True, "a manager's manager"),
    (Destination(user="KIM"), True, "an admin"),
    (Destination(user="COO"), True, "somebody whom the team's policy tells"),
    (Destination(user="HUGO"), False, "the manager of the team before, who was reminded while they owned it"),
    (Destination(user="INES"), False, "a member of the team before"),
]


def test_only_those_who_may_know_the_team_read_who_has_the_work(database: Database) -> None:
    database.run_transaction(passed_on)
    with database.reading() as tx:
        check_rows(ROWS, lambda row: _equal(is_in_sight(tx, row[0], HANDOFF), row[1]), name=lambda row: row[2])


def test_in_a_team_with_a_public_channel_every_message_is_in_sight(database: Database) -> None:
    database.run_transaction(passed_on)
    with database.reading() as tx:
        public = replace(HANDOFF, queue="support")
        check_rows(ROWS, lambda row: _equal(is_in_sight(tx, row[0], public), True), name=lambda row: row[2])


@pytest.mark.parametrize("kind", ["card", "source", "level", "reply", "dm"])
def test_every_kind_of_message_says_only_that_it_was_passed_on_and_a_new_one_says_nothing(
    database: Database, kind: str
) -> None:
    database.run_transaction(passed_on)
    payload = {"hop": 1, "verb": "transfer", "actor": "BEN", "user": "HUGO", "as": "sender", "clock": "claim"}
    told = {"level": "late", "run": 1, "recipient": "HUGO", "roles": [], "facts": {}, "note_id": None}
    wanted = OutboxMessage(
        workspace=TEAM, key="x", kind=kind, handoff_id=HANDOFF.id, to=Destination(channel=SUPPORT),
        payload=payload | told,
    )  # fmt: skip
    row = REGISTERS.message_kinds[kind]
    assert isinstance(row, MessageKind)
    with database.reading() as tx:
        posted, new = (row.load(tx, wanted, is_posted) for is_posted in (True, False))

    assert isinstance(posted, OutOfSight)
    drawn = row.draw(posted, NOW)
    assert drawn is not None
    assert drawn.text == "#1 was passed on to another team."
    assert "Leads" not in str(drawn.blocks)
    assert row.draw(new, NOW) is None


def _equal(found: bool, expected: bool) -> None:
    assert found is expected
