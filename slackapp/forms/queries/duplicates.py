"""Find unfinished handoffs about the same work as a form that is about to be sent.

A warning, not a lock: two people who open handoffs of one record in the same moment get no warning, since neither
handoff exists yet when the other form is checked; and anybody may send the form in spite of the warning.
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

MOST_SHOWN: Final = 3
"""Handoffs shown at most, the newest first."""
SEARCHED: Final = 20


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
    """Return unfinished handoffs about the same link, record or message that this person may see.

    Args:
        baton: access to the database.
        workspace: the workspace.
        user: the sender.
        link: the link in the form.
        source: the message that the form was opened on.
        form: id of the form, if it is being sent; a form that has opened a handoff already gets no warning.
        apart_from: ids of handoffs that this person was warned about before.

    Raises:
        DatabaseBusy: The database had no room within the time a person can wait.
        DatabaseUnavailable: The database cannot be reached.
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
        return [one for one in seen if not isinstance(one, Missing) and one.visible][:MOST_SHOWN]


def _live(tx: Tx, workspace: str, records: Iterable[str]) -> list[str]:
    """Return the ids of unfinished handoffs about these records, newest first."""
    found = {
        one.id: one for record in records for one in handoffs.list_live_about_record(tx, workspace, record, SEARCHED)
    }
    return [one.id for one in sorted(found.values(), key=lambda handoff: -handoff.number)]
