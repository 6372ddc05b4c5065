"""Read a page of a list, as one person may see it, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries.load import unknown_queue
from slackapp.lists.model import ListKind, ListPage, ListQuery, Row
from slackapp.lists.rules import PER_PAGE
from slackapp.people.queries import actors_on, sight_of
from slackapp.people.rules.permissions import people_involved
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.clocks import timers
from storage.company import people, queues, workspaces
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from storage.outbox import posted_messages
from storage.search import listing
from storage.search.model import Filters, Found, ListScope, Sight, Term, Wanted
from storage.search.words import terms
from storage.templates import templates

MOST_ROWS: Final = 2000
"""Handoffs in a CSV file."""
_NAMESAKES: Final = 20
"""People of one name whose work is looked for."""
_SCOPES: Final = {
    ListKind.MINE: ListScope.MINE,
    ListKind.SENT: ListScope.SENT,
    ListKind.NEEDS_ME: ListScope.NEEDS_ME,
    ListKind.OPEN: ListScope.OPEN,
    ListKind.TEAM: ListScope.QUEUES,
    ListKind.TEAMS: ListScope.QUEUES,
    ListKind.SEARCH: ListScope.EVERYTHING,
}


def load_page(baton: Baton, *, workspace: str, user: str, query: ListQuery, most: int = PER_PAGE) -> ListPage:
    """The page that the query names, or the last one if there are fewer."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        sight = sight_of(tx, workspace, user)
        everywhere = {queue.key: queue for queue in queues.list_all(tx, workspace)}
        empty = ListPage(query=query, reader=user, rows=(), page=0, total=0, now=now)
        if sight is None:
            return empty
        teams = [queue for queue in everywhere.values() if queue.key not in sight.hidden]
        wanted = _wanted(query, sight, [queue.key for queue in teams], _terms(tx, workspace, query))
        found = Found(handoffs=(), page=0, total=0)
        if wanted is not None:
            found = listing.find(tx, replace(wanted, workspace=workspace, size=most), sight, now)
        named = {one for one in (query.sender, *query.people) if one}
        return replace(
            empty,
            rows=_rows(tx, workspace, user, found.handoffs, everywhere),
            page=found.page,
            total=found.total,
            before=found.before,
            teams=teams,
            templates=templates.list_all(tx, workspace),
            names=people.get_names(tx, workspace, named) if named else {},
        )


def number_of_message(baton: Baton, *, workspace: str, channel: str, ts: str) -> int | None:
    """The number of the handoff that a message of Baton's is about; None if it is not about one."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        posted = posted_messages.get_by_ts(tx, workspace, channel, ts)
        handoff = handoffs.get(tx, workspace, posted.handoff_id) if posted and posted.handoff_id else None
    return handoff.number if handoff else None


def may_upload(baton: Baton, workspace: str) -> bool:
    """Whether Slack has granted Baton to send files."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        here = workspaces.get(tx, workspace)
    return here is not None and "files:write" in here.scopes


def _wanted(query: ListQuery, sight: Sight, visible: Sequence[str], asked: Sequence[Term]) -> Wanted | None:
    """What to look for; None if it names a team that the person may not see."""
    if query.team is not None and query.team not in visible:
        return None
    scope = _SCOPES[query.kind]
    if scope is ListScope.EVERYTHING and not asked and query.number is None:
        scope = ListScope.QUEUES  # nothing to search for: all unfinished work
    of = {ListKind.TEAM: [query.team or ""], ListKind.TEAMS: sight.own}.get(query.kind, visible)
    return Wanted(
        scope=scope,
        queues=tuple(sorted(of)),
        filters=Filters(
            number=query.number,
            queue=query.team,
            priority=query.priority,
            template=query.template,
            sender=query.sender,
            owner=sight.user if query.is_mine else None,
            late=query.is_late,
            terms=tuple(asked),
        ),
        page=query.page,
        before=query.before,
    )


def _terms(tx: Tx, workspace: str, query: ListQuery) -> list[Term]:
    """The words to search for, with the people whom each may name now."""
    found = [
        replace(term, people=tuple(people.list_named(tx, workspace, term.word, _NAMESAKES)))
        if not term.is_whole
        else term
        for term in terms(query.text)
    ]
    return [*found, *(Term(word="", people=(user,), is_mention=True) for user in query.people)]


def _rows(tx: Tx, workspace: str, user: str, found: Sequence[Handoff], everywhere: dict[str, Queue]) -> list[Row]:
    """The handoffs with what their rows show, read for all of them at once."""
    if not found:
        return []
    of = [(everywhere.get(one.queue) or unknown_queue(one), one) for one in found]
    actors = actors_on(tx, user, of)
    running = timers.list_live_for_handoffs(tx, [one.id for one in found])
    names = people.get_names(tx, workspace, {who for one in found for who in people_involved(one)})
    return [
        Row(
            details=HandoffDetails(handoff=one, queue=queue, timers=tuple(running.get(one.id, ())), names=names),
            actor=actors[one.id],
        )
        for queue, one in of
    ]
