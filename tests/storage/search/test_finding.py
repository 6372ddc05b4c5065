"""The search itself: what is found by which words, in which order, and what is gone once it is erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.company.folding import words
from storage.db.database import Database, Tx
from storage.db.upgrade import upgrade
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff, Note, Text
from storage.search import documents
from storage.search.listing import find
from storage.search.model import Filters, Found, ListScope, Sight, Term, Wanted
from storage.search.words import document, terms
from storage.templates.model import AnswerType, Question, Template
from tests.builders import NOW, TEAM, a_handoff
from tests.tables import check_rows

TEMPLATE = Template(
    key="deal",
    name="Deal",
    questions=(
        Question(key="stage", label="Stage", kind=AnswerType.CHOICE, options={"won": "Signed contract"}),
        Question(key="who", label="Contact", kind=AnswerType.PERSON),
    ),
)
READER = Sight(user="READER")


def a_note(handoff: Handoff, text: str) -> Note:
    return Note(id=f"n{handoff.id}", handoff_id=handoff.id, verb="note", author="U1", at=NOW, text=Text(plain=text))


def kept(database: Database, *found: Handoff, note: str = "", template: Template | None = None) -> None:
    """Store handoffs with their words."""

    def work(tx: Tx) -> None:
        for handoff in found:
            handoffs.add(tx, handoff)
            documents.put(tx, handoff, document(handoff, template, [a_note(handoff, note)] if note else []))

    database.run_transaction(work)


def search(
    database: Database,
    typed: str,
    *,
    people: Mapping[str, tuple[str, ...]] | None = None,
    sight: Sight = READER,
    **where: Any,
) -> Found:
    named = people or {}
    asked = tuple(Term(word=term.word, people=named.get(term.word, ())) for term in terms(typed))
    wanted = Wanted(workspace=TEAM, scope=ListScope.EVERYTHING, filters=Filters(terms=asked), **where)
    with database.reading() as tx:
        return find(tx, wanted, sight, NOW)


def numbers(database: Database, typed: str, people: Mapping[str, tuple[str, ...]] | None = None) -> list[int]:
    return [handoff.number for handoff in search(database, typed, people=people).handoffs]


def test_words_are_folded_in_one_place() -> None:
    def check(row: tuple[str, list[str]]) -> None:
        text, expected = row
        assert words(text) == expected

    check_rows(
        [
            ("Café in MALMÖ", ["cafe", "in", "malmo"]),
            ("Straße, İstanbul & Ærø", ["strasse", "istanbul", "aero"]),
            ("ﬁnance \uff12\uff10\uff12\uff16 e\u0301te\u0301", ["finance", "2026", "ete"]),
            ("https://crm.example.com/deals/991?tab=a", ["https", "crm", "example", "com", "deals", "991", "tab", "a"]),
            ("会議 notes", ["会", "議", "notes"]),
            ("\u202e<!channel> *'\";:&|()!", ["channel"]),
            ("", []),
        ],
        check,
    )


def test_words_are_found_wherever_they_are_by_their_beginning(database: Database) -> None:
    kept(database, a_handoff(number=1, title="Café Müller renewal", link="https://crm.example.com/deals/991"))
    kept(database, a_handoff(number=2, title="Other", next_step="Call Zoë", fields={"stage": "won", "who": "U0ZED"}),
         template=TEMPLATE)  # fmt: skip
    kept(database, a_handoff(number=3, title="Third"), note="They asked for a DISCOUNT of 5%")

    def check(row: tuple[str, list[int]]) -> None:
        typed, expected = row
        assert numbers(database, typed) == expected, typed

    check_rows(
        [
            ("cafe", [1]),
            ("MULLER ren", [1]),
            ("müll", [1]),
            ("deals/991", [1]),
            ("https://crm.example.com/deals/991", [1]),
            ("zoe", [2]),
            ("signed contr", [2]),
            ("won", []),
            ("u0zed", [2]),
            ("disc", [3]),
            ("discount 5", [3]),
            ("iscount", []),
            ("cafe discount", []),
            ("3", [3]),
            ("99", []),
            ("'; DROP TABLE handoffs --", []),
            ('third OR "', []),
            ("third NOT NEAR(", []),
        ],
        check,
    )


def test_titles_come_first_then_links_answers_and_notes_and_newer_before_older(database: Database) -> None:
    kept(database, a_handoff(number=1, title="Acme one"), a_handoff(number=2, title="Acme two"))
    kept(database, a_handoff(number=3, title="A"), note="acme")
    kept(database, a_handoff(number=4, title="B", next_step="Ask acme"))
    kept(database, a_handoff(number=5, title="C", link="https://acme.example.com"))
    kept(database, a_handoff(number=6, title="D acme"), note="acme again")

    assert numbers(database, "acme") == [6, 2, 1, 5, 4, 3]


def test_a_typed_name_finds_the_work_of_that_person_and_the_word(database: Database) -> None:
    kept(
        database,
        a_handoff(number=1, title="Acme renewal", by="UEVA"),
        a_handoff(number=2, title="Globex export", state=State.CLAIMED, owner="UEVA", last_owner="UEVA"),
        a_handoff(number=3, title="Evaluation of Acme"),
        a_handoff(number=4, title="Initech", fields={"who": "UEVA"}),
        a_handoff(number=5, title="Nothing of theirs"),
    )
    people = {"eva": ("UEVA",), "acme": ("UACME",)}

    assert numbers(database, "eva", people=people) == [3, 4, 2, 1]
    assert numbers(database, "eva acme", people=people) == [3, 1]
    assert numbers(database, "globex eva", people=people) == [2]


def test_results_come_in_pages_with_honest_counts(database: Database) -> None:
    kept(database, *(a_handoff(number=n, title=f"Acme {n}") for n in range(1, 46)))

    last = search(database, "acme", page=2)
    beyond = search(database, "acme", page=9)

    assert [one.number for one in last.handoffs] == [5, 4, 3, 2, 1]
    assert (last.total, last.before, beyond.page, beyond.handoffs) == (45, None, 2, last.handoffs)


def batches(database: Database, typed: str, **how: Any) -> list[list[int]]:
    """What is found by going on as long as there is something older."""
    found = [search(database, typed, size=500, window=4, **how)]
    while found[-1].before is not None:
        found.append(search(database, typed, size=500, window=4, before=found[-1].before, **how))
    return [[one.number for one in batch.handoffs] for batch in found]


def test_a_search_goes_on_where_it_stopped_until_it_has_looked_at_everything(database: Database) -> None:
    titles = {n: f"{'Acme' if n % 3 else 'Globex'} {'rare' if n == 5 else 'renewal'}" for n in range(1, 71)}
    kept(database, *(a_handoff(number=n, title=title, by=f"U{n % 2}") for n, title in titles.items()))

    def check(row: tuple[str, tuple[str, ...], int, list[int]]) -> None:
        typed, named, most, expected = row
        found = batches(database, typed, people={one: (one.upper(),) for one in named})
        assert [number for batch in found for number in batch] == expected
        assert len(found) <= most, "it looks at at least twelve places each time"

    check_rows(
        [
            ("acme", (), 4, [n for n in range(70, 0, -1) if n % 3]),
            ("glo ren", (), 4, [n for n in range(70, 0, -1) if not n % 3]),
            ("acme rare", (), 1, [5]),
            ("u1", ("u1",), 7, [n for n in range(70, 0, -1) if n % 2]),
            ("acme u1", ("u1",), 7, [n for n in range(70, 0, -1) if n % 3 and n % 2]),
            ("nothing", (), 1, []),
        ],
        check,
    )


def test_newer_work_of_others_hides_nothing_that_a_person_may_see(database: Database) -> None:
    kept(database, *(a_handoff(number=n, title="Acme", queue="mine" if n < 5 else "other") for n in range(1, 60)))
    guest = Sight(user="GUEST", is_guest=True, own=("mine",))

    assert batches(database, "acme", sight=guest) == [[4, 3, 2, 1]], "only the work of their own queue is read"
    member = Sight(user="READER", hidden=("other",))
    assert [number for batch in batches(database, "acme", sight=member) for number in batch] == [4, 3, 2, 1]


def test_another_workspace_is_not_found(database: Database) -> None:
    kept(database, a_handoff(number=1, title="Acme", workspace="T2"), a_handoff(id="mine", number=1, title="Acme"))

    assert [one.id for one in search(database, "acme").handoffs] == ["mine"]


def test_changed_words_replace_the_old_ones_and_removed_ones_are_gone(database: Database) -> None:
    handoff = a_handoff(number=1, title="Acme renewal")
    kept(database, handoff)

    database.run_transaction(lambda tx: documents.put(tx, handoff, document(handoff, None, [a_note(handoff, "new")])))
    assert numbers(database, "new") == numbers(database, "renewal") == [1]
    database.run_transaction(lambda tx: documents.put(tx, handoff, "dother"))
    assert numbers(database, "renewal") == []
    database.run_transaction(lambda tx: documents.remove(tx, handoff.id))
    assert numbers(database, "other") == []


def test_erased_words_are_gone_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "baton.db"
    upgrade(f"sqlite:///{file}")
    database = Database.open(f"sqlite:///{file}")
    secret = a_handoff(number=1, title="Xylophonecontract")
    kept(database, secret)
    for n in range(2, 60):
        kept(database, a_handoff(number=n, title=f"Acme {n}", at=NOW + timedelta(minutes=n)))

    def erase(tx: Tx) -> None:
        tx.erased = True
        documents.remove(tx, secret.id)
        tx.execute(handoffs._save(("title",)), {"title": "", "was_id": secret.id, "was_version": 1})

    database.run_transaction(erase)

    assert not any(b"ylophonecontr" in one.read_bytes() for one in tmp_path.iterdir())
    database.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
