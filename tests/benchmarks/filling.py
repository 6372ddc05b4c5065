"""Fills a ledger with open handoffs in bulk, each with a running claim clock: a million in well under two minutes.

Handoff `n` has the id `h<n>` and waits in queue `q<n modulo QUEUES>`. Its clock is armed for an instant after `NOW`,
spread over a year, until `make_due` moves it before `NOW`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import create_engine, text

from storage.clocks import policies
from storage.clocks.model import ClockKind, Duration, Level, Policy
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Database, Tx
from storage.handoffs.model import Priority
from tests.builders import TEAM

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SINCE: Final = NOW - timedelta(days=1)
"""When every handoff was opened."""
QUEUES: Final = 200
_DAY_S: Final = 86_400
LEVELS: Final = (
    Level(key="late", clock=ClockKind.CLAIM, percent=100, tell=("managers",)),
    Level(key="later", clock=ClockKind.CLAIM, percent=100, offset_s=3600, tell=("managers of managers",)),
)
POLICY: Final = Policy(
    workspace=TEAM,
    key="standard",
    targets={ClockKind.CLAIM: {Priority.NORMAL: Duration(days=0, seconds=_DAY_S, wall=False)}},
    levels=LEVELS,
)

_HANDOFFS: Final = """
    INSERT INTO handoffs (id, workspace, number, version, state, state_since, created_at, title, queue, hop, rounds,
                          priority, next_step, fields, originator, sender, accountable)
    SELECT 'h' || n, 'T1', n, 1, 'open', :since, :since, 'Acme renewal ' || n, 'q' || (n % {queues}), 1, 0,
           'normal', 'Call them about the price', {json}, 'USENDER' || (n % 1000), 'USENDER' || (n % 1000),
           'USENDER' || (n % 1000)
    FROM {series}
"""
_TIMERS: Final = """
    INSERT INTO timers (id, workspace, handoff_id, clock, run, policy, policy_version, target_s, consumed_s,
                        started_at, running_since, deadline_at, next_level, due_at, fired, wall, paused_s)
    SELECT 't' || n, 'T1', 'h' || n, 'claim', 1, 'standard', 1, {target}, 0,
           :since, :since, {due}, 'late', {due}, {list}, {no}, 0
    FROM {series}
"""
_DUE: Final = """
    UPDATE timers SET target_s = {target}, deadline_at = {due}, due_at = {due} WHERE id IN (
        SELECT 't' || n FROM {series}
    )
"""
_RECORDS: Final = "UPDATE handoffs SET record = 'crm.example.com/' || number"
_DRAFTS: Final = """
    INSERT INTO drafts (id, workspace, author, saved_at, content)
    SELECT 'OLD' || n, 'T1', 'USENDER' || (n % 1000), :since, {json} FROM {series}
"""
_VERSIONS: Final = """
    INSERT INTO templates (workspace, key, version, origin, content, latest, removed)
    SELECT 'T1', 'ae_csm', n, 'shipped', {json}, {no}, {no} FROM {series}
"""
_LATER: Final = f"({_DAY_S} + 3600 + (n % 8737) * 3607)"
"""Seconds from `SINCE` to the instant at which a clock is armed, before it is made due: spread over a year."""
_PAST: Final = f"({_DAY_S} - 60)"


def fill(database: Database, count: int, policy: Policy = POLICY) -> None:
    """Store queues, people, a policy and `count` open handoffs, and let the database know how many there are."""
    database.run_transaction(lambda tx: _furnish(tx, policy))
    words = _words(database.dialect, 1, count)
    for statement in (_HANDOFFS, _TIMERS):
        _run(database, statement.format(**words, target=_LATER, due=_instant(database.dialect, _LATER)))
    settle(database)


def fill_forms(database: Database, count: int) -> None:
    """Beside `count` handoffs, each of a record of its own: as many forms under way, and versions of one template."""
    words = _words(database.dialect, 1, count)
    _run(database, _RECORDS, dated=False)
    _run(database, _DRAFTS.format(**words))
    _run(database, _VERSIONS.format(**words), dated=False)
    settle(database)


def make_due(database: Database, first: int, last: int) -> None:
    """Move the clocks of handoffs `first` to `last` to a minute before `NOW`."""
    words = _words(database.dialect, first, last)
    _run(database, _DUE.format(**words, target=_PAST, due=_instant(database.dialect, _PAST)))


def settle(database: Database) -> None:
    """Have the database count its rows and tidy up, as one that has grown to this size over months has done."""
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if database.dialect == "sqlite":
            connection.execute(text("ANALYZE"))
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
    engine.dispose()


def _furnish(tx: Tx, policy: Policy) -> None:
    policies.put_policy(tx, policy)
    for n in range(QUEUES):
        key, lead, head = f"q{n}", f"ULEAD{n}", f"UHEAD{n // 10}"
        queues.put(tx, Queue(
            workspace=TEAM, key=key, name=f"Queue {n}", channel=f"C{n}", members=(f"UMEMBER{n}",), managers=(lead,),
            policy="standard",
        ))  # fmt: skip
        people.put(tx, Person(workspace=TEAM, id=lead, name=f"Lead {n}", manager=head))
        people.put(tx, Person(workspace=TEAM, id=f"UMEMBER{n}", name=f"Member {n}"))
        people.put(tx, Person(workspace=TEAM, id=head, name=f"Head {n // 10}"))
    for n in range(1000):
        people.put(tx, Person(workspace=TEAM, id=f"USENDER{n}", name=f"Sender {n}"))


def _words(dialect: str, first: int, last: int) -> dict[str, object]:
    """What the two databases write differently."""
    if dialect == "postgresql":
        series = f"generate_series({first}, {last}) AS counted (n)"
        return {"series": series, "queues": QUEUES, "json": "'{}'::jsonb", "list": "'[]'::jsonb", "no": "false"}
    counting = f"SELECT {first} UNION ALL SELECT n + 1 FROM counted WHERE n < {last}"  # noqa: S608 - two numbers
    series = f"(WITH RECURSIVE counted (n) AS ({counting}) SELECT n FROM counted)"  # noqa: S608 - as above
    return {"series": series, "queues": QUEUES, "json": "'{}'", "list": "'[]'", "no": "0"}


def _instant(dialect: str, seconds: str) -> str:
    """`SINCE` and so many seconds, as SQL."""
    if dialect == "postgresql":
        return f"(CAST(:since AS timestamptz) + {seconds} * interval '1 second')"
    return f"(strftime('%Y-%m-%d %H:%M:%S', :since, '+' || {seconds} || ' seconds') || '.000000')"


def _run(database: Database, sql: str, *, dated: bool = True) -> None:
    since = f"{SINCE:%Y-%m-%d %H:%M:%S.%f}"
    engine = create_engine(database.url)
    with engine.begin() as connection:
        dates = {"since": since if database.dialect == "sqlite" else SINCE} if dated else {}
        connection.execute(text(sql), dates)
    engine.dispose()
