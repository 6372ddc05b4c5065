"""Whether Slack lets Baton read the thread of a message: it takes a scope that a company may decline."""

from __future__ import annotations

from typing import Final

from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.company import people, workspaces

PUBLIC: Final = "channels:history"
PRIVATE: Final = "groups:history"


def may_read_thread(baton: Baton, *, workspace: str, channel: str) -> bool:
    """Whether the scope for a channel was granted. Of a channel that is not known yet, either scope may be the one."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        stored = workspaces.get(tx, workspace)
        known = people.get_channel(tx, workspace, channel)
    granted = set(stored.scopes) if stored else set()
    wanted = {PRIVATE if known.is_private else PUBLIC} if known else {PUBLIC, PRIVATE}
    return not granted.isdisjoint(wanted)
