"""Forms that somebody has begun: kept while they are filled in, offered again for a day, forgotten once sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.policy import walk as policy_walk
from slackapp.policy.overlaps import Act, together
from slackapp.policy.walk import Prefilled, Walk
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import drafts
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import StoredDraft

KEPT: Final = timedelta(days=1)
BATONS_OWN: Final = Act()
_LOOKED_AT: Final = 10
"""Drafts of one person among which one to open a handoff with is looked for."""


def save(
    baton: Baton, *, workspace: str, user: str, walk: Walk, base: Walk | None = None, act: Act = BATONS_OWN
) -> Walk:
    """Keep a form as it is now, together with what other acts on it have kept meanwhile.

    Args:
        baton: where drafts are kept.
        workspace: the workspace.
        user: its author.
        walk: the form as it is now.
        base: the draft that this started from.
        act: what was done in it.

    Returns:
        What is kept. A form that was sent meanwhile is not kept any more.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> Walk:
        baton.db.lock(tx, _lock(workspace, walk.draft_id))
        if _is_sent(tx, workspace, walk.draft_id):
            return walk
        theirs = kept(tx, workspace, user, walk.draft_id)
        going = together(act, base or Walk(draft_id=walk.draft_id), walk, theirs) if theirs else walk
        going = replace(going, began_at=going.began_at or now)
        _put(tx, workspace, user, going, now)
        return going

    return baton.db.listener(work)


def refill(
    baton: Baton, *, workspace: str, user: str, draft_id: str, before: Prefilled, found: Prefilled, beginning: Any
) -> bool:
    """Put what was found out meanwhile in the place of our own first values; what its author has changed wins.

    Args:
        baton: where drafts are kept.
        workspace: the workspace.
        user: its author.
        draft_id: the form.
        before: the first values that it was opened with.
        found: what is known now, the same fields and others.
        beginning: what it starts from, as JSON.

    Returns:
        Whether the form may show it: not if its author has sent it.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> bool:
        baton.db.lock(tx, _lock(workspace, draft_id))
        going = kept(tx, workspace, user, draft_id)
        if going is None:
            return False
        ours = {key: value for key, value in found.values.items() if going.answers.get(key) == before.values.get(key)}
        marks = {key: mark for key, mark in found.marks.items() if key in ours}
        filled = replace(
            going,
            beginning=beginning,
            answers={**going.answers, **ours},
            marks={**going.marks, **marks},
            again={**going.again, **{key: going.again.get(key, 0) + 1 for key in ours}},
        )
        _put(tx, workspace, user, filled, now)
        return True

    return baton.db.listener(work)


def unsent(baton: Baton, *, workspace: str, user: str) -> Walk | None:
    """The form for a new handoff that somebody worked on last and has not sent."""
    since = baton.clock.now() - KEPT
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        begun = (
            policy_walk.walk(draft.id, draft.content)
            for draft in drafts.list_for_author(tx, workspace, user, since, _LOOKED_AT)
        )
        mine = (one for one in begun if one.purpose is Verb.OPEN and one.touched)
        return next((one for one in mine if not _is_sent(tx, workspace, one.draft_id)), None)


def kept(tx: Tx, workspace: str, user: str, draft_id: str) -> Walk | None:
    """Somebody's own form as it was kept."""
    found = drafts.get(tx, workspace, user, draft_id)
    return policy_walk.walk(found.id, found.content) if found else None


def forget(baton: Baton, *, workspace: str, user: str, draft_id: str) -> None:
    """Its author does not want it any more, or it was sent."""
    baton.db.listener(lambda tx: drafts.remove(tx, workspace, user, draft_id))


def _put(tx: Tx, workspace: str, user: str, walk: Walk, now: datetime) -> None:
    content = policy_walk.content(walk)
    drafts.put(tx, StoredDraft(id=walk.draft_id, workspace=workspace, author=user, saved_at=now, content=content))


def _is_sent(tx: Tx, workspace: str, draft_id: str) -> bool:
    """Whether the form has made or changed a handoff already."""
    return receipts.get(tx, workspace, f"form:{draft_id}") is not None


def _lock(workspace: str, draft_id: str) -> str:
    """What whoever changes a draft holds, so that nobody writes over what they have not read."""
    return f"draft:{workspace}:{draft_id}"
