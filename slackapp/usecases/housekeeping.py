"""What is thrown away after a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from slackapp.usecases.baton import Baton
from storage import receipts

RECEIPTS_KEPT_FOR: Final = timedelta(days=7)
"""Slack repeats an event for at most a day (with Delayed Events on); a form may stay open on a screen for days."""


def purge_receipts(baton: Baton) -> int:
    """Forget deliveries that nobody will repeat any more; return how many."""
    before = baton.clock.now() - RECEIPTS_KEPT_FOR
    return baton.db.retrying(lambda tx: receipts.purge(tx, before))
