"""A busy person in a ledger of any size: thirty teams and two hundred open handoffs of theirs, all with timers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import event, text

from storage.clocks import timers
from storage.clocks.model import ClockKind
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from storage.outbox import homes
from storage.outbox.model import OpenHome
from tests.benchmarks.filling import NOW
from tests.builders import TEAM, a_handoff, a_timer

BUSY: Final = "UBUSY"
TEAMS: Final = 30
HANDOFFS: Final = 200
_KINDS: Final[tuple[dict[str, Any], ...]] = (
    {"state": State.CLAIMED, "owner": BUSY},
    {"by": BUSY},
    {"state": State.CLAIMED, "owner": "UMEMBER1", "by": BUSY},
    {"offered_to": BUSY},
    {},
)


def add_busy_person(database: Database, above: int) -> None:
    """Store the person, who looks at their Home tab, with work whose numbers are above a number."""
    with database.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id=BUSY, name="Busy"))
        people.put_group(tx, TEAM, "S0BUSY", "busy", "Busy", [BUSY], NOW)
        for n in range(TEAMS):
            queues.put(tx, Queue(
                workspace=TEAM, key=f"busy{n}", name=f"Busy {n}", channel=f"CB{n}", members=("S0BUSY",),
                managers=(f"ULEAD{n}",), policy="standard",
            ))  # fmt: skip
        for n in range(HANDOFFS):
            made = a_handoff(
                id=f"b{n}", number=above + n + 1, queue=f"busy{n % TEAMS}", title=f"Renewal {n}", at=NOW,
                **{"by": "USENDER1", **_KINDS[n % len(_KINDS)]},
            )  # fmt: skip
            handoffs.add(tx, made)
            clock = ClockKind.FINISH if made.owner else ClockKind.CLAIM
            at = NOW + timedelta(hours=n - HANDOFFS // 2)
            timers.put(tx, a_timer(id=f"tb{n}", handoff_id=made.id, clock=clock, deadline_at=at, due_at=None))
        homes.put(tx, OpenHome(workspace=TEAM, user=BUSY, opened_at=NOW, open_until=NOW + homes.OPEN_FOR))


def plans_of(database: Database, work: Any) -> list[str]:
    """Return how the database carries out each statement that `work` sends, a line per step."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "SET_CONFIG" not in statement.upper():
            sent.append((statement, parameters))

    event.listen(database._readers, "before_cursor_execute", note)
    work()
    event.remove(database._readers, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
    with database._readers.connect() as connection:
        lines = []
        for statement, parameters in sent:
            rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
            lines += [str(row[-1]).strip() for row in rows]
        connection.execute(text("SELECT 1"))
    return lines
