"""What is under way already about the work that somebody is about to hand off.

A nudge, not a lock: two people who open handoffs of one record in the same moment both get theirs, since neither is
there yet when the other looks. And whoever knows that it is something else hands it off all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from slackapp.handoffs.model import Missing, Seen
from slackapp.handoffs.queries.find import seen_by
from slackapp.handoffs.rules.record_links import record_of
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Source

SHOWN: Final = 3
"""Handoffs that are shown at most; the newest come first."""
LOOKED_AT: Final = 20


def duplicates(
    baton: Baton,
    *,
    workspace: str,
    user: str,
    link: str | None,
    source: Source | None = None,
    form: str = "",
    apart_from: Iterable[str] = (),
) -> Sequence[Seen]:
    """The handoffs that are not finished about the same link, record or message, as far as this person may see them.

    Args:
        baton: where they are stored.
        workspace: the workspace.
        user: who is about to hand off.
        link: the link in the form.
        source: the message that the form was opened on.
        form: the form, if it is being sent: one that made a handoff already makes no second one.
        apart_from: ids of handoffs that need not be shown, because this person has seen them.

    Raises:
        DatabaseBusy: the database had no room within the time a person can wait.
        DatabaseUnavailable: the database cannot be reached.
    """
    addresses = (link, source.permalink if source else None)
    records = [record for address in addresses if (record := record_of(address))]
    if not records:
        return ()
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        if form and receipts.get(tx, workspace, f"form:{form}"):
            return ()
        ids = [one for one in _live(tx, workspace, records) if one not in set(apart_from)]
        seen = (seen_by(tx, workspace, handoff_id, user, now) for handoff_id in ids)
        return [one for one in seen if not isinstance(one, Missing) and one.visible][:SHOWN]


def _live(tx: Tx, workspace: str, records: Iterable[str]) -> list[str]:
    """The ids of what is under way about these records, the newest first."""
    found = {
        one.id: one for record in records for one in handoffs.list_live_about_record(tx, workspace, record, LOOKED_AT)
    }
    return [one.id for one in sorted(found.values(), key=lambda handoff: -handoff.number)]
