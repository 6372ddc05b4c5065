"""Save, refill and delete form drafts: kept while a form is filled in, offered again for a day, deleted once sent.

What Slack opened no form for is kept beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from slackapp.forms.model import FormDraft, Prefilled
from slackapp.forms.queries.form_context import get_draft, is_sent
from slackapp.forms.queries.kept_requests import REQUEST, SENTENCE
from slackapp.forms.rules import form_draft
from slackapp.forms.rules.overlaps import FormAct, merge_drafts
from slackapp.handoffs.rules.offers import BEGIN, offer_key
from slackapp.people.rules.standing import is_admitted
from slackapp.runtime.baton import Baton
from slackapp.slack import ids
from slackapp.slack.payloads import Reaction
from storage.company import people, workspaces
from storage.db.database import Tx
from storage.handoffs import drafts, sources
from storage.handoffs.model import Source, StoredDraft
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage

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
    """Save a form's draft, merged with what overlapping acts on the same form have saved meanwhile.

    Args:
        baton: access to the database.
        workspace: the workspace.
        user: its author.
        draft: the form as it is now.
        base: the draft that the act started from.
        act: the act that changed it, for its order among overlapping acts.

    Returns:
        The draft as saved; `draft` itself, unsaved, if the form was sent meanwhile.
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
    """Replace first values that Baton filled in by better ones found meanwhile; the author's changes win.

    Args:
        baton: access to the database.
        workspace: the workspace.
        user: its author.
        draft_id: the draft.
        before: the first values that the form was opened with.
        found: the first values known now, the same fields and others.
        beginning: the starting point, as JSON.

    Returns:
        Whether the form may show the values; False once its draft is gone, because the form was sent.
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
    """Delete a draft that was sent or discarded."""
    baton.db.run_for_listener(lambda tx: drafts.discard(tx, workspace, user, draft_id))


def keep_request(baton: Baton, *, workspace: str, user: str, body: Mapping[str, Any], sentence: str, tell: bool) -> str:
    """Keep what a person asked for when Slack did not open its form, for a day, and return its id.

    Args:
        baton: access to the database.
        workspace: the workspace.
        user: who asked, and the only one who can ask again.
        body: the payload.
        sentence: what the message about it says, if something was done all the same.
        tell: whether to send that message as a direct message.
    """
    now, kept_id = baton.clock.now(), ids.new_id("k")

    def work(tx: Tx) -> None:
        content = {REQUEST: dict(body), SENTENCE: sentence}
        drafts.put(tx, StoredDraft(id=kept_id, workspace=workspace, author=user, saved_at=now, content=content))
        if tell:
            message = OutboxMessage(
                workspace=workspace, key=f"not_opened:{kept_id}", kind="not_opened", handoff_id=None,
                to=Destination(user=user), payload={"user": user, "kept": kept_id},
            )  # fmt: skip
            outbox.put(tx, [message], now)

    baton.db.run_for_listener(work)
    if tell:
        baton.wake_pump()
    return kept_id


def offer_for_reaction(baton: Baton, workspace: str, reaction: Reaction) -> bool:
    """Offer the form to a person who reacted with the emoji that begins a handoff; take the offer back with it.

    Returns False, and writes nothing, for any other emoji, for messages of Baton's own, and for people who may not use
    Baton or are not known yet.
    """
    with baton.db.reading() as tx:
        here = workspaces.get(tx, workspace)
        if here is None or here.emoji is None or reaction.emoji != here.emoji:
            return False
        person = people.get(tx, workspace, reaction.user)
        is_ours = posted_messages.get_by_ts(tx, workspace, reaction.channel, reaction.ts) is not None
    if person is None:
        baton.look_up(reaction.user)
    if person is None or not is_admitted(person) or is_ours:
        return False
    source = Source(channel=reaction.channel, ts=reaction.ts)
    message = OutboxMessage(
        workspace=workspace,
        key=offer_key(source, reaction.user),
        kind=BEGIN,
        handoff_id=None,
        to=Destination(user=reaction.user),
        payload={"channel": reaction.channel, "ts": reaction.ts, "emoji": reaction.emoji},
        erase=not reaction.is_added,
    )
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        if reaction.is_added:
            sources.offer(tx, workspace, source, reaction.user, now)
        else:
            sources.withdraw(tx, workspace, source, reaction.user)
        outbox.put(tx, [message], now)

    baton.db.run_for_listener(work)
    baton.wake_pump()
    return True


def _put(tx: Tx, workspace: str, user: str, draft: FormDraft, now: datetime) -> None:
    content = form_draft.draft_json(draft)
    drafts.put(tx, StoredDraft(id=draft.draft_id, workspace=workspace, author=user, saved_at=now, content=content))


def _lock(workspace: str, draft_id: str) -> str:
    """Return the name of the lock that every change of a draft takes, so that no unread change is overwritten."""
    return f"draft:{workspace}:{draft_id}"
