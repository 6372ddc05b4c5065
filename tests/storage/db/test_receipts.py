"""A delivery counts once."""

from __future__ import annotations

from datetime import timedelta

from storage.db import receipts
from storage.db.database import Database
from storage.db.receipts import Receipt
from tests.builders import NOW, TEAM
from tests.storage.examples import at_once


def test_the_second_delivery_is_shown_what_came_of_the_first(database: Database) -> None:
    with database.transaction() as tx:
        assert receipts.take_or_get(tx, TEAM, "form:1", NOW, fingerprint="abc", handoff_id="h1") is None

    again = database.run_transaction(
        lambda tx: receipts.take_or_get(tx, TEAM, "form:1", NOW + timedelta(1), fingerprint="other")
    )

    assert again == Receipt(key="form:1", fingerprint="abc", handoff_id="h1", at=NOW)


def test_a_receipt_can_be_looked_at_without_taking_it(database: Database) -> None:
    with database.transaction() as tx:
        assert receipts.get(tx, TEAM, "form:1") is None
        receipts.take_or_get(tx, TEAM, "form:1", NOW, fingerprint="abc")
        assert receipts.get(tx, TEAM, "form:1") == Receipt(key="form:1", fingerprint="abc", handoff_id=None, at=NOW)


def test_another_workspace_has_keys_of_its_own(database: Database) -> None:
    with database.transaction() as tx:
        assert receipts.take_or_get(tx, TEAM, "event:1", NOW) is None
        assert receipts.take_or_get(tx, "T2", "event:1", NOW, handoff_id="h2") is None
        assert receipts.take_or_get(tx, "T2", "event:1", NOW) is not None


def test_of_twenty_deliveries_at_once_one_is_the_first(database: Database) -> None:
    def deliver(n: int) -> Receipt | None:
        return database.run_transaction(lambda tx: receipts.take_or_get(tx, TEAM, "form:1", NOW, handoff_id=f"h{n}"))

    taken = at_once(20, deliver)

    (winner,) = [n for n, receipt in enumerate(taken) if receipt is None]
    assert {receipt.handoff_id for receipt in taken if receipt} == {f"h{winner}"}


def test_old_receipts_can_be_thrown_away(database: Database) -> None:
    with database.transaction() as tx:
        receipts.take_or_get(tx, TEAM, "old", NOW)
        receipts.take_or_get(tx, TEAM, "new", NOW + timedelta(days=1))
        assert receipts.remove_before(tx, NOW + timedelta(hours=1)) == 1
        assert receipts.take_or_get(tx, TEAM, "old", NOW) is None
        assert receipts.take_or_get(tx, TEAM, "new", NOW) is not None
