"""Deletes daily what has outlived its use: old receipts, rate limits that are over, forms that were never sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from slackapp.usecases.baton import Baton
from slackapp.usecases.drafts import KEPT
from storage import drafts, pacing, receipts
from storage.database import Tx

RECEIPTS_KEPT: Final = timedelta(days=2)
"""Slack repeats an event for up to 25 hours where Delayed Events is on; a form is open for a day at most."""


def purge(baton: Baton) -> None:
    """Delete receipts that are older than `RECEIPTS_KEPT`, rate limits that are over, and forms never sent."""
    now = baton.clock.now()
    before = now - RECEIPTS_KEPT

    def work(tx: Tx) -> None:
        receipts.purge(tx, before)
        pacing.purge(tx, before)
        drafts.purge(tx, now - KEPT)

    baton.db.retrying(work)
