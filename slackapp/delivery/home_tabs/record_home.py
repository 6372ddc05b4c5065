"""Record what became of a Home tab: what Slack shows of it, and when it is drawn again by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from slackapp.delivery.model import HomeNotShown, HomeShown
from slackapp.delivery.result_context import ResultContext
from storage.outbox import homes, outbox

CHECKED_AFTER: Final = timedelta(seconds=5)
"""When a Home tab is drawn once more after it was opened.

On PostgreSQL a change that was under way while it was opened has not seen that it is open, and is stored by then:
nobody's change takes longer than two seconds.
"""


def shown(result_context: ResultContext, outcome: HomeShown) -> None:
    """Store what Slack shows; draw it again at once if that is not what it should be, else when it changes next."""
    tx, now, drawn = result_context.tx, result_context.now, outcome.drawn
    outbox.mark_done(tx, result_context.row)
    home = homes.get(tx, drawn.home.workspace, drawn.home.user)
    if home is None:
        return
    if outcome.published:
        result_context.token_health.accepted(home.workspace)
        homes.set_shown(tx, home, view_hash=outcome.view_hash, digest=outcome.digest)
    if home.teams != drawn.teams:
        homes.set_teams(tx, replace(home, teams=drawn.teams))
    at = _next_at(outcome, home.opened_at, now)
    if at is not None and at < home.open_until:
        outbox.put(tx, [result_context.wanted], now, not_before=at)


def not_shown(result_context: ResultContext, _outcome: HomeNotShown) -> None:
    """Let a Home tab count as closed. Whether it is opened again meanwhile is seen by its being put again."""
    tx, wanted = result_context.tx, result_context.wanted
    outbox.mark_done(tx, result_context.row)
    home = homes.get(tx, wanted.workspace, wanted.to.user or "")
    if home is not None and home.opened_at <= result_context.row.put_at:
        homes.close(tx, home, result_context.now)


def _next_at(outcome: HomeShown, opened_at: datetime, now: datetime) -> datetime | None:
    if outcome.digest is None:
        return now
    checked_at = opened_at + CHECKED_AFTER
    return min((at for at in (checked_at, outcome.drawn.next_at) if at is not None and at > now), default=None)
