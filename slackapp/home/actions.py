"""Store that a person opened their Home tab, and have it drawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from slackapp.runtime.baton import Baton
from storage.company import people
from storage.db.database import Tx
from storage.outbox import homes, outbox
from storage.outbox.model import OpenHome, home_of


def open_home(baton: Baton, *, workspace: str, user: str, shown_hash: str | None) -> None:
    """Store that a person looks at their Home tab now, of which Slack shows the view with this hash (None: none)."""
    now = baton.clock.now()

    def work(tx: Tx) -> bool:
        before = homes.get(tx, workspace, user)
        is_shown = before is not None and before.view_hash is not None and before.view_hash == shown_hash
        opened = OpenHome(
            workspace=workspace,
            user=user,
            opened_at=now,
            open_until=now + homes.OPEN_FOR,
            view_hash=shown_hash,
            digest=before.digest if before is not None and is_shown else None,
            teams=before.teams if before is not None else (),
        )
        homes.put(tx, opened)
        outbox.put(tx, [home_of(workspace, user)], now)
        return people.get(tx, workspace, user) is None

    is_new = baton.db.run_for_listener(work)
    baton.wake_pump()
    if is_new:
        baton.look_up(user)


def follow_people(tx: Tx, workspace: str, refs: Collection[str], now: datetime) -> None:
    """Draw the open Home tabs again of people who have changed; of everybody if a user group has."""
    if any(people.is_group(ref) for ref in refs):
        homes.redraw_all(tx, workspace, now)
    else:
        homes.redraw(tx, workspace, refs, now)
