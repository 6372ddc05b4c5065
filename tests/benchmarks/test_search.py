"""A search costs what it finds and not what there is: the same searches in a small and in a big ledger."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from sqlalchemy import create_engine, text

from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.queries import load_page
from slackapp.runtime.baton import Baton
from storage.db.database import Database
from tests.batons import a_baton
from tests.benchmarks.filling import NOW, QUEUES, fill, settle
from tests.builders import TEAM
from tests.databases import Server
from tests.manual_clock import ManualClock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]

SHORT, LONG = (500, 5_000), (10_000, 1_000_000)
BOUND_SHORT, BOUND_LONG = 1.6, 1.2
MOST_MS: Final = 50
"""CPU milliseconds of a search in the long form."""
RARE: Final = 30
"""Handoffs with the rare words, in a ledger of any size."""
SEARCHES: Final = {
    "two rare words": ListQuery(kind=ListKind.SEARCH, text="wolfr tungsten"),
    "a person": ListQuery(kind=ListKind.SEARCH, people=("UMEMBER7",)),
    "a number": ListQuery(kind=ListKind.SEARCH, number=500),
    "nothing found": ListQuery(kind=ListKind.SEARCH, text="xylophone"),
}
COMMON: Final = {
    "a word of every title": ListQuery(kind=ListKind.SEARCH, text="renewal"),
    "a rare word and that one": ListQuery(kind=ListKind.SEARCH, text="wolfram renewal"),
}
"""Beginnings of words that are in every handoff: their cost grows with what they match."""

_DOCUMENTS: Final = """
    INSERT INTO search_documents (workspace, handoff_id, words)
    SELECT workspace, id, {vector} FROM handoffs ORDER BY number
"""
_WORDS: Final = (
    "'aacme bacme cacme dacme arenewal brenewal crenewal drenewal b' || number || ' c' || number || ' d' || number"
    " || ' ccall dcall cprice dprice dw' || (number % 997) || ' dv' || (number % 5003)"
    " || CASE WHEN number <= {rare} THEN ' cwolfram dwolfram dtungsten' ELSE '' END"
)
_OWNED: Final = "UPDATE handoffs SET last_owner = 'UMEMBER7' WHERE number <= {rare}"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def batons(
    request: pytest.FixtureRequest, servers: Callable[[str], Server], *, long: bool
) -> Iterator[tuple[Baton, Baton]]:
    """A small and a big ledger in which there is as much to find."""
    server = servers(request.param)
    urls = [server.migrated() for _ in range(2)]
    found = []
    for url, size in zip(urls, LONG if long else SHORT, strict=True):
        database = Database.open(url)
        fill(database, size)
        index(database)
        found.append(a_baton(database, ManualClock(NOW)))
    yield found[0], found[1]
    for baton, url in zip(found, urls, strict=True):
        baton.db.close()
        server.remove(url)


def index(database: Database) -> None:
    words = _WORDS.format(rare=RARE)
    vector = f"CAST({words} AS tsvector)" if database.dialect == "postgresql" else words
    engine = create_engine(database.url)
    with engine.begin() as connection:
        connection.execute(text(_DOCUMENTS.format(vector=vector)))
        connection.execute(text(_OWNED.format(rare=RARE)))
    engine.dispose()
    settle(database)


def took(baton: Baton, query: ListQuery) -> float:
    """Milliseconds until the results are there for a member of one of the teams."""
    began = time.perf_counter()
    load_page(baton, workspace=TEAM, user="UMEMBER3", query=query)
    return (time.perf_counter() - began) * 1000


def test_a_search_costs_what_it_finds(
    batons: tuple[Baton, Baton], *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert QUEUES > 3
    told = []
    for name, query in {**SEARCHES, **COMMON}.items():
        pairs = [tuple(took(baton, query) for baton in batons) for _ in range(31 if long else 9)][1:]
        small, big = (statistics.median(pair[nth] for pair in pairs) for nth in (0, 1))
        ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
        told.append(f"{batons[0].db.dialect}: {name}: {small:.1f} ms, {big:.1f} ms, ratio {ratio:.2f}")
        if name in SEARCHES:
            assert ratio <= (BOUND_LONG if long else BOUND_SHORT), told
            assert not long or big <= MOST_MS, told
    with capsys.disabled():
        print("\n" + "\n".join(told))  # noqa: T201 - the benchmark's result
