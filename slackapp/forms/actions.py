"""Forms that somebody has begun: kept while they are filled in, offered again for a day, forgotten once sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from slackapp.forms.model import FormDraft, Prefilled
from slackapp.forms.queries.form_context import get_draft, is_sent
from slackapp.forms.rules import form_draft
from slackapp.forms.rules.overlaps import FormAct, merge_drafts
from slackapp.runtime.baton import Baton
from storage.db.database import Tx
from storage.handoffs import drafts
from storage.handoffs.model import StoredDraft

PREFILLED_BY_BATON: Final = FormAct()


def save_draft(
    baton: Baton,
    *,
    workspace: str,
    user: str,
    draft: FormDraft,
    base: FormDraft | None = None,
    act: FormAct = PREFILLED_BY_BATON,
) -> FormDraft:
    """Keep a form as it is now, together with what other acts on it have kept meanwhile.

    Args:
        baton: where drafts are kept.
        workspace: the workspace.
        user: its author.
        draft: the form as it is now.
        base: the draft that this started from.
        act: what was done in it.

    Returns:
        What is kept. A form that was sent meanwhile is not kept any more.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> FormDraft:
        baton.db.lock(tx, _lock(workspace, draft.draft_id))
        if is_sent(tx, workspace, draft.draft_id):
            return draft
        theirs = get_draft(tx, workspace, user, draft.draft_id)
        merged = merge_drafts(act, base or FormDraft(draft_id=draft.draft_id), draft, theirs) if theirs else draft
        merged = replace(merged, began_at=merged.began_at or now)
        _put(tx, workspace, user, merged, now)
        return merged

    return baton.db.run_for_listener(work)


def refill_draft(
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
        draft = get_draft(tx, workspace, user, draft_id)
        if draft is None:
            return False
        ours = {key: value for key, value in found.values.items() if draft.answers.get(key) == before.values.get(key)}
        marks = {key: mark for key, mark in found.marks.items() if key in ours}
        filled = replace(
            draft,
            beginning=beginning,
            answers={**draft.answers, **ours},
            marks={**draft.marks, **marks},
            again={**draft.again, **{key: draft.again.get(key, 0) + 1 for key in ours}},
        )
        _put(tx, workspace, user, filled, now)
        return True

    return baton.db.run_for_listener(work)


def forget_draft(baton: Baton, *, workspace: str, user: str, draft_id: str) -> None:
    """Its author does not want it any more, or it was sent."""
    baton.db.run_for_listener(lambda tx: drafts.remove(tx, workspace, user, draft_id))


def _put(tx: Tx, workspace: str, user: str, draft: FormDraft, now: datetime) -> None:
    content = form_draft.draft_json(draft)
    drafts.put(tx, StoredDraft(id=draft.draft_id, workspace=workspace, author=user, saved_at=now, content=content))


def _lock(workspace: str, draft_id: str) -> str:
    """What whoever changes a draft holds, so that nobody writes over what they have not read."""
    return f"draft:{workspace}:{draft_id}"
