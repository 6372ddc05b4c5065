"""The audit cannot be changed, and who held what how long can be read from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.db.database import Database, Tx
from storage.handoffs import audit, notes
from storage.handoffs.acts import AddNote, Assign, Cancel, Claim, Complete, Release, Reopen, Return, Transfer
from storage.handoffs.lifecycle import Actor, Moved, Role, State, decide
from storage.handoffs.model import AuditEntry, Custody, Note, Text
from tests.builders import NOW, TEAM, a_handoff
from tests.databases import POSTGRESQL
from tests.storage.examples import MINUTE, stored

EVERYTHING = frozenset(Role)


def entry(database: Database, **changes: Any) -> int:
    given: dict[str, Any] = {
        "handoff": a_handoff(), "workspace": TEAM, "at": NOW, "verb": "open", "actor": "SENDER",
        "before": None, "after": State.OPEN,
    }  # fmt: skip
    return database.run_transaction(lambda tx: audit.add(tx, **{**given, **changes}))


def history(database: Database) -> list[AuditEntry]:
    with database.reading() as tx:
        return audit.list_for_handoff(tx, "h1")


def test_an_entry_says_who_did_what_when_and_how_it_stood_after_it(database: Database) -> None:
    claimed = a_handoff(state=State.CLAIMED)
    stored(database, claimed)
    note = Note(id="n1", handoff_id="h1", verb="claim", author="OWNER", at=NOW, text=Text(plain="mine"))
    database.run_transaction(lambda tx: notes.add(tx, note, TEAM))

    number = entry(
        database, handoff=claimed, verb="claim", actor="OWNER", before=State.OPEN, after=State.CLAIMED,
        note_id="n1", facts={"person": "OWNER", "level": None},
    )  # fmt: skip

    assert history(database) == [
        AuditEntry(
            id=number, workspace=TEAM, handoff_id="h1", at=NOW, verb="claim", actor="OWNER", before=State.OPEN,
            after=State.CLAIMED, owner="OWNER", accountable="OWNER", queue="success", note_id="n1",
            facts={"person": "OWNER", "level": None},
        )
    ]  # fmt: skip


def test_what_concerns_no_handoff_can_be_kept_too(database: Database) -> None:
    entry(database, handoff=None, verb="config.applied", after=None)

    assert history(database) == []


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'X'", "DELETE FROM audit"])
def test_an_entry_can_not_be_changed_or_removed(database: Database, change: str) -> None:
    stored(database, a_handoff())
    entry(database)

    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as tx:
        tx.execute(text(change))

    assert len(history(database)) == 1


@POSTGRESQL
def test_the_audit_can_not_be_emptied(database: Database) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as tx:
        tx.execute(text("TRUNCATE audit"))


def test_numbers_of_entries_are_never_used_again(database: Database) -> None:
    stored(database, a_handoff())
    first = entry(database)

    def undone(tx: Tx) -> int:
        number = audit.add(
            tx, handoff=None, workspace=TEAM, at=NOW, verb="x", actor="x", before=None, after=None
        )  # fmt: skip
        assert number > first
        raise KeyError

    with pytest.raises(KeyError):
        database.run_transaction(undone)
    assert entry(database) > first


def test_custody_tells_who_answered_from_when_to_when(database: Database) -> None:
    handoff = a_handoff()
    stored(database, handoff)
    entry(database)
    life: list[tuple[Any, str]] = [
        (Claim(), "ANA"), (AddNote(text=Text(plain="x")), "ANA"), (Release(), "ANA"), (Assign(person="BEN"), "MARA"),
        (Transfer(queue="support"), "BEN"), (Return(), "CHLOE"),
    ]  # fmt: skip
    for n, (act, user) in enumerate(life, start=1):
        outcome = decide(handoff, act, Actor(user=user, roles=EVERYTHING), NOW + n * MINUTE)
        assert isinstance(outcome, Moved)
        entry(
            database, handoff=outcome.after, at=outcome.at, verb=outcome.verb, actor=user,
            before=handoff.state, after=outcome.after.state,
        )  # fmt: skip
        entry(database, handoff=outcome.after, at=outcome.at, verb="held", actor="baton", before=None, after=None)
        handoff = outcome.after

    def at(minute: int) -> datetime:
        return NOW + timedelta(minutes=minute)

    assert audit.custody_from(history(database)) == [
        Custody(accountable="SENDER", owner=None, since=at(0), until=at(1)),
        Custody(accountable="ANA", owner="ANA", since=at(1), until=at(3)),
        Custody(accountable="SENDER", owner=None, since=at(3), until=at(4)),
        Custody(accountable="BEN", owner="BEN", since=at(4), until=at(5)),
        Custody(accountable="BEN", owner=None, since=at(5), until=None),
    ]


def test_nobody_answers_for_what_is_done_until_it_is_opened_again(database: Database) -> None:
    handoff = a_handoff(state=State.CLAIMED)
    stored(database, handoff)
    entry(database, handoff=handoff, verb="claim", after=State.CLAIMED)
    for n, act in enumerate((Complete(), Reopen()), start=1):
        outcome = decide(handoff, act, Actor(user="MARA", roles=EVERYTHING), NOW + n * MINUTE)
        assert isinstance(outcome, Moved)
        entry(database, handoff=outcome.after, at=outcome.at, before=handoff.state, after=outcome.after.state)
        handoff = outcome.after

    assert audit.custody_from(history(database)) == [
        Custody(accountable="OWNER", owner="OWNER", since=NOW, until=NOW + MINUTE),
        Custody(accountable="SENDER", owner=None, since=NOW + 2 * MINUTE, until=None),
    ]


def test_the_time_in_which_it_was_cancelled_is_left_out(database: Database) -> None:
    handoff = a_handoff()
    stored(database, handoff)
    entry(database)
    for n, act in enumerate((Cancel(), Reopen(), AddNote(text=Text(plain="x"))), start=1):
        outcome = decide(handoff, act, Actor(user="MARA", roles=EVERYTHING), NOW + n * MINUTE)
        assert isinstance(outcome, Moved)
        entry(database, handoff=outcome.after, at=outcome.at, before=handoff.state, after=outcome.after.state)
        handoff = outcome.after

    assert audit.custody_from(history(database)) == [
        Custody(accountable="SENDER", owner=None, since=NOW, until=NOW + MINUTE),
        Custody(accountable="SENDER", owner=None, since=NOW + 2 * MINUTE, until=None),
    ]


def test_nothing_happened_is_no_custody() -> None:
    assert audit.custody_from([]) == []
