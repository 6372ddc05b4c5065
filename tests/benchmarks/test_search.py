"""A search costs what it finds and not what there is, however common its words, in a small and in a big ledger."""

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

SHORT, LONG = (5_000, 20_000), (10_000, 1_000_000)
BOUND_SHORT, BOUND_LONG = 1.6, 1.2
MOST_MS: Final = 50
"""Milliseconds of a search in the long form."""
RARE: Final = 30
"""Handoffs with the rare words, in a ledger of any size."""
TYPED: Final = {
    "two rare words": "wolfr tungsten",
    "nothing found": "xylophone",
    "a word of one in 5,000": "v4711",
    "a word of one in a hundred": "hundred",
    "a word of one in ten": "tenth",
    "a word of every title": "renewal",
    "its beginning": "ren",
    "a beginning of many words": "v1",
    "a word that only the older half has": "before",
    "a rare word and one of every title": "wolfram renewal",
    "three words of every handoff": "acme renewal call",
    "two common words that no handoff has together": "even odd",
}
"""Every kind of words, by what a person would type."""
SEARCHES: Final = {
    **{name: ListQuery(kind=ListKind.SEARCH, text=typed) for name, typed in TYPED.items()},
    "a word of every title, of one team": ListQuery(kind=ListKind.SEARCH, text="renewal", team="q7"),
    "a person": ListQuery(kind=ListKind.SEARCH, people=("UMEMBER7",)),
    "a person and a word of every title": ListQuery(kind=ListKind.SEARCH, people=("UMEMBER7",), text="renewal"),
    "a number": ListQuery(kind=ListKind.SEARCH, number=500),
}
FIND_MORE: Final = {
    "a word of one in 5,000",
    "a word of one in a hundred",
    "a word of every title, of one team",
    "a beginning of many words",
}
"""Searches that find more in the big ledger, up to a batch: they may cost as much as what finds a batch in both."""

_DOCUMENTS: Final = """
    INSERT INTO search_documents (workspace, handoff_id, words)
    SELECT workspace, id, {vector} FROM handoffs ORDER BY number
"""
_WORDS: Final = (
    "'aacme bacme cacme dacme arenewal brenewal crenewal drenewal b' || number || ' c' || number || ' d' || number"
    " || ' ccall dcall cprice dprice dw' || (number % 997) || ' dv' || (number % 5003)"
    " || CASE WHEN number <= {rare} THEN ' cwolfram dwolfram dtungsten' ELSE '' END"
    " || CASE WHEN number % 100 = 0 THEN ' chundredth dhundredth' ELSE '' END"
    " || CASE WHEN number % 10 = 0 THEN ' ctenth dtenth' ELSE '' END"
    " || CASE WHEN number % 2 = 0 THEN ' deven' ELSE ' dodd' END"
    " || CASE WHEN number < {half} THEN ' dbefore' ELSE '' END"
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
        index(database, size)
        found.append(a_baton(database, ManualClock(NOW)))
    yield found[0], found[1]
    for baton, url in zip(found, urls, strict=True):
        baton.db.close()
        server.remove(url)


def index(database: Database, size: int) -> None:
    words = _WORDS.format(rare=RARE, half=size // 2)
    vector = f"CAST({words} AS tsvector)" if database.dialect == "postgresql" else words
    engine = create_engine(database.url)
    with engine.begin() as connection:
        connection.execute(text(_DOCUMENTS.format(vector=vector)))
        connection.execute(text(_OWNED.format(rare=RARE)))
    engine.dispose()
    settle(database)


def took(baton: Baton, query: ListQuery) -> float:
    """Milliseconds until the results are there for a member of one of the teams: of CPU, where all of it is ours."""
    now = time.process_time if baton.db.dialect == "sqlite" else time.perf_counter
    began = now()
    load_page(baton, workspace=TEAM, user="UMEMBER3", query=query)
    return (now() - began) * 1000


def test_a_search_costs_what_it_finds(
    batons: tuple[Baton, Baton], *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert QUEUES > 3
    told, bound = [], BOUND_LONG if long else BOUND_SHORT
    batch = 0.0
    for name, query in sorted(SEARCHES.items(), key=lambda one: one[0] in FIND_MORE):
        pairs = [tuple(took(baton, query) for baton in batons) for _ in range(31 if long else 9)][1:]
        small, big = (statistics.quantiles((pair[nth] for pair in pairs), n=4)[0] for nth in (0, 1))
        ratio = big / small
        told.append(f"{batons[0].db.dialect}: {name}: {small:.1f} ms, {big:.1f} ms, ratio {ratio:.2f}")
        assert ratio <= bound if name not in FIND_MORE else big <= batch * bound, "\n".join(told)
        batch = max(batch, big)
        assert not long or big <= MOST_MS, "\n".join(told)
    with capsys.disabled():
        print("\n" + "\n".join(told))  # noqa: T201 - the benchmark's result
