"""Forms that somebody has begun: kept while they are filled in, offered again for a day, forgotten once sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from slackapp.policy import walk as walks
from slackapp.policy.walk import Prefilled, Walk
from slackapp.usecases.baton import Baton
from slackapp.usecases.look_up import PATIENCE_S
from storage import drafts
from storage.database import Tx
from storage.lifecycle import Verb
from storage.records import Draft

KEPT: Final = timedelta(days=1)
_LOOKED_AT: Final = 10
"""Drafts of one person among which one to open a handoff with is looked for."""


def save(baton: Baton, *, workspace: str, user: str, walk: Walk) -> None:
    """Keep a form as it is now."""
    now = baton.clock.now()
    kept = replace(walk, began_at=walk.began_at or now)
    draft = Draft(id=kept.draft_id, workspace=workspace, author=user, saved_at=now, content=walks.content(kept))
    baton.db.listener(lambda tx: drafts.put(tx, draft))


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
        Whether the form may show it: not if its author has gone on meanwhile, or sent it.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> bool:
        seen = drafts.get(tx, workspace, user, draft_id)
        if seen is None:
            return False
        going = walks.walk(seen.id, seen.content)
        ours = {key: value for key, value in found.values.items() if going.answers.get(key) == before.values.get(key)}
        marks = {key: mark for key, mark in found.marks.items() if key in ours}
        filled = replace(
            going,
            beginning=beginning,
            answers={**going.answers, **ours},
            marks={**going.marks, **marks},
            again={**going.again, **{key: going.again.get(key, 0) + 1 for key in ours}},
        )
        return drafts.put_over(tx, seen, replace(seen, saved_at=now, content=walks.content(filled)))

    return baton.db.listener(work)


def unsent(baton: Baton, *, workspace: str, user: str) -> Walk | None:
    """The form for a new handoff that somebody worked on last and has not sent."""
    since = baton.clock.now() - KEPT
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return _unsent(drafts.latest(tx, workspace, user, since, _LOOKED_AT))


def kept(tx: Tx, workspace: str, user: str, draft_id: str) -> Walk | None:
    """Somebody's own form as it was kept."""
    found = drafts.get(tx, workspace, user, draft_id)
    return walks.walk(found.id, found.content) if found else None


def forget(baton: Baton, *, workspace: str, user: str, draft_id: str) -> None:
    """Its author does not want it any more, or it was sent."""
    baton.db.listener(lambda tx: drafts.remove(tx, workspace, user, draft_id))


def _unsent(found: list[Draft]) -> Walk | None:
    begun = (walks.walk(draft.id, draft.content) for draft in found)
    return next((one for one in begun if one.purpose is Verb.OPEN and one.touched), None)
