"""The search index follows every change of what a handoff says, and costs nothing where the words stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slackapp.handoffs.actions import search_index
from storage.db.database import Database, Tx
from storage.handoffs import handoffs, notes
from storage.handoffs.acts import Act, AddNote, Claim, Delete, DeleteNote, Edit, EditNote
from storage.handoffs.lifecycle import Actor, Moved, Verb
from storage.handoffs.model import Note, Priority, Text
from storage.search import documents
from storage.search.listing import find
from storage.search.model import Filters, ListScope, Sight, Term, Wanted
from storage.search.words import terms
from tests.builders import NOW, TEAM, a_handoff
from tests.handoffs.statements import statements_of

BEFORE = a_handoff(number=1, title="Acme renewal")
BEN = Actor(user="SENDER")


def is_found(database: Database, typed: str) -> bool:
    asked = tuple(Term(word=term.word, people=()) for term in terms(typed))
    wanted = Wanted(workspace=TEAM, scope=ListScope.EVERYTHING, filters=Filters(terms=asked), page=0)
    with database.reading() as tx:
        return bool(find(tx, wanted, Sight(user="SENDER"), NOW).handoffs)


def follow(database: Database, act: Act, *, note: str | None = None, **changes: object) -> int:
    """Let the index follow a change whose note reads so; return how many statements that took."""
    after = replace(BEFORE, **changes)  # type: ignore[arg-type]
    moved = Moved(before=BEFORE, after=after, act=act, actor=BEN, at=NOW)

    def work(tx: Tx) -> None:
        if note is not None:
            notes.add(
                tx,
                Note(id="n1", handoff_id="h1", verb=Verb.NOTE, author="SENDER", at=NOW, text=Text(plain=note)),
                TEAM,
            )
        with statements_of(database) as found:
            search_index.follow(tx, moved, "n1")
        taken.append(len(found))

    taken: list[int] = []
    database.run_transaction(work)
    return taken[0]


@pytest.fixture
def kept(database: Database) -> Database:
    """A database with one handoff that can be found."""

    def work(tx: Tx) -> None:
        handoffs.add(tx, BEFORE)
        search_index.add(tx, BEFORE, None, [])

    database.run_transaction(work)
    return database


def test_a_note_is_found_as_long_as_it_reads_so(kept: Database) -> None:
    follow(kept, AddNote(text=Text(plain="discount")), note="discount")
    assert is_found(kept, "discount")

    kept.run_transaction(lambda tx: notes.edit(tx, "n1", Text(plain="rebate"), NOW))
    follow(kept, EditNote(note_id="n1", text=Text(plain="rebate")))
    assert (is_found(kept, "discount"), is_found(kept, "rebate")) == (False, True)

    kept.run_transaction(lambda tx: notes.blank(tx, "n1", NOW))
    follow(kept, DeleteNote(note_id="n1"))
    assert (is_found(kept, "rebate"), is_found(kept, "acme")) == (False, True)


def test_a_new_title_is_found_instead_of_the_old_and_nothing_once_deleted(kept: Database) -> None:
    follow(kept, Edit(changes={"title": "Globex"}), title="Globex")
    assert (is_found(kept, "acme"), is_found(kept, "globex")) == (False, True)

    follow(kept, Delete())
    assert (is_found(kept, "acme"), is_found(kept, "globex")) == (False, False)


def test_the_words_of_an_edit_are_found_but_one_without_words_costs_nothing(kept: Database) -> None:
    assert follow(kept, Edit(changes={"priority": Priority.HIGH}), priority=Priority.HIGH) == 0
    follow(kept, Edit(changes={"priority": Priority.HIGH}, text=Text(plain="hurry")), note="hurry")
    assert is_found(kept, "hurry")


def test_a_claim_costs_nothing(kept: Database) -> None:
    moved = Moved(before=BEFORE, after=BEFORE, act=Claim(), actor=BEN, at=NOW)
    with statements_of(kept) as found:
        kept.run_transaction(lambda tx: search_index.follow(tx, moved, None))
    assert [one for one in found if "search" in str(one)] == []
    with kept.reading() as tx:
        assert documents.list_after(tx, 0, 10)
