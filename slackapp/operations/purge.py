"""Delete expired rows daily: receipts, rate limits, drafts, offers, and what finished handoffs leave behind."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from slackapp.forms.queries.form_context import DRAFT_KEPT_FOR
from slackapp.runtime.baton import Baton
from storage.bulk import runs
from storage.clocks.finished import PRUNED, Pruned, prune
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import drafts, progress, sources
from storage.outbox import homes, pacing
from storage.summaries import collected

RECEIPTS_KEPT: Final = timedelta(days=2)
"""Slack repeats an event for up to 25 hours where Delayed Events is on; a form is open for a day at most."""
OFFERS_KEPT: Final = timedelta(days=30)
"""How long an offer to hand a message off is kept current. After that its button still tells who did."""
COLLECTED_KEPT: Final = timedelta(days=30)
"""How long a summary remembers what it listed; it is kept current for a day."""
BATCH: Final = 200
"""Audit entries looked at in one transaction, of some 50 handoffs: SQLite's other writers wait meanwhile."""
_log: Final = logging.getLogger(__name__)


def purge(baton: Baton, keep_days: int) -> int:
    """Delete what nobody needs any more; return how many finished handoffs were pruned.

    That is receipts older than `RECEIPTS_KEPT`, rate limits that are over, forms never sent, offers to hand a message
    off of which nothing came, and timers, notices and posted messages of handoffs that ended more than `keep_days` days
    ago.
    """
    now = baton.clock.now()
    before = now - RECEIPTS_KEPT

    def work(tx: Tx) -> None:
        receipts.remove_before(tx, before)
        pacing.remove_before(tx, before)
        drafts.remove_before(tx, now - DRAFT_KEPT_FOR)
        sources.remove_before(tx, now - OFFERS_KEPT)
        homes.remove_before(tx, now)
        runs.remove_unsent_before(tx, now - DRAFT_KEPT_FOR)
        runs.remove_empty_before(tx, before)
        collected.remove_before(tx, now - COLLECTED_KEPT)

    baton.db.run_transaction(work)
    return _prune_finished(baton, now - timedelta(days=keep_days))


def _prune_finished(baton: Baton, ended_before: datetime) -> int:
    done = 0
    while True:
        pruned = baton.db.run_transaction(lambda tx: _prune_batch(tx, ended_before))
        done += pruned.handoffs
        if pruned.until is None:
            break
    if done:
        _log.info("pruned data of %d finished handoffs", done)
    return done


def _prune_batch(tx: Tx, ended_before: datetime) -> Pruned:
    pruned = prune(tx, progress.get(tx, PRUNED), ended_before, BATCH)
    if pruned.until is not None:
        progress.put(tx, PRUNED, pruned.until)
    return pruned
