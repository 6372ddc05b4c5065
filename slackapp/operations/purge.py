"""Delete expired rows daily: receipts, rate limits and unsent form drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from slackapp.forms.queries.form_context import DRAFT_KEPT_FOR
from slackapp.runtime.baton import Baton
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import drafts
from storage.outbox import pacing

RECEIPTS_KEPT: Final = timedelta(days=2)
"""Slack repeats an event for up to 25 hours where Delayed Events is on; a form is open for a day at most."""


def purge(baton: Baton) -> None:
    """Delete receipts that are older than `RECEIPTS_KEPT`, rate limits that are over, and forms never sent."""
    now = baton.clock.now()
    before = now - RECEIPTS_KEPT

    def work(tx: Tx) -> None:
        receipts.remove_before(tx, before)
        pacing.remove_before(tx, before)
        drafts.remove_before(tx, now - DRAFT_KEPT_FOR)

    baton.db.run_transaction(work)
