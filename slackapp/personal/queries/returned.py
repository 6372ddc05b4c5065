"""Read what the message to a person who is back is drawn from: what needs them now, what their cover did, what came."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries import load
from slackapp.handoffs.rules.needs import need_of
from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.personal.model import BackScene, CoveredRow
from slackapp.personal.queries.summaries import rows_of
from storage.clocks import home_lists
from storage.company import people
from storage.company.model import Person
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import Verb
from storage.outbox.model import OutboxMessage
from storage.summaries import collected

NEEDS: Final = 12
_LOOKED_AT: Final = 60
"""Handoffs whose history is looked through for what the cover did."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def back_scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> BackScene:
    """Return everything that the message is drawn from, as it is now."""
    workspace, user = wanted.workspace, str(wanted.payload["user"])
    since, until = (datetime.fromisoformat(str(wanted.payload[name])) for name in ("since", "until"))
    named = wanted.payload.get("cover")
    cover = people.get(tx, workspace, str(named)) if named else None
    live = home_lists.list_live_work(tx, workspace, user)
    needs = _needs(tx, workspace, user, [handoff.id for handoff, _ in live], until)
    found = collected.list_for_summary(tx, workspace, user, wanted.key)
    shown = {details.handoff.id for details in needs}
    about = [one for one in found if one.message.handoff_id not in shown]
    ids = list(dict.fromkeys([*(one.message.handoff_id or "" for one in found), *(one.id for one, _ in live)]))
    covered = tuple(_covered(tx, cover, ids[:_LOOKED_AT], since, until)) if cover else ()
    done = {row.details.handoff.id for row in covered}
    news, more = rows_of(tx, wanted, [one for one in about if one.message.handoff_id not in done])
    return BackScene(
        reader=user,
        since=since,
        until=until,
        cover=cover,
        needs=needs,
        covered=covered,
        news=news,
        more=more,
        owned=sum(handoff.owner == user for handoff, _ in live),
        posted=posted,
    )


def _needs(tx: Tx, workspace: str, user: str, ids: Collection[str], now: datetime) -> tuple[HandoffDetails, ...]:
    """Return what waits for the person, what is most pressing first; late is what was late on the return."""
    found = load.summaries(tx, workspace, list(handoffs.get_many(tx, ids).values()))
    rows = []
    for details in found:
        due = next_deadline(details)
        at = due.at if due else _NEVER
        need = need_of(details.handoff, user, is_late=at <= now)
        if need is not None:
            rows.append((need, at, details.handoff.number, details))
    return tuple(row[-1] for row in sorted(rows, key=lambda row: row[:-1])[:NEEDS])


def _covered(tx: Tx, cover: Person, ids: Iterable[str], since: datetime, until: datetime) -> Iterable[CoveredRow]:
    verbs = set(Verb)
    for handoff_id in ids:
        acts = tuple(
            entry
            for entry in audit.list_for_handoff(tx, handoff_id)
            if entry.actor == cover.id and since <= entry.at <= until and entry.verb in verbs
        )
        details = load.details(tx, cover.workspace, handoff_id, history=True) if acts else None
        if details is not None and acts:
            yield CoveredRow(details=details, acts=acts)
