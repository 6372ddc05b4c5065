"""Read a form's context (draft, teams, templates, handoff) in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.forms.model import FormContext, FormDraft, FormReference
from slackapp.forms.rules import form_draft
from slackapp.handoffs.model import Seen
from slackapp.handoffs.queries.act_problems import person_problem
from slackapp.handoffs.queries.find import search_queues, seen_by
from slackapp.people.queries import admins_to_ask, may_send_to
from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import Field
from slackapp.templates.queries import offer_several, offered
from storage.company import queues, workspaces
from storage.company.model import Queue
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import drafts
from storage.handoffs.lifecycle import Verb
from storage.templates import templates

SELECTABLE: Final = 100
"""Slack's limit for options in a select; more queues are searched while typing."""
FILES_SCOPE: Final = "files:read"
"""Scope needed to choose Slack files in a form."""


def load_form_context(baton: Baton, *, workspace: str, user: str, reference: FormReference) -> FormContext:
    """Read everything stored that a form depends on."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return _load(tx, workspace, user, reference, now)


def _load(tx: Tx, workspace: str, user: str, reference: FormReference, now: datetime) -> FormContext:
    draft = get_draft(tx, workspace, user, reference.draft_id) if reference.draft_id else None
    answers = {**(draft.answers if draft else {}), **reference.chosen}
    sent = receipts.get(tx, workspace, f"form:{reference.draft_id}") if reference.draft_id else None
    drawn = templates.get(tx, workspace, *reference.drawn) if reference.drawn else None
    here = workspaces.get(tx, workspace)
    files = here is not None and FILES_SCOPE in here.scopes
    if reference.handoff_id:
        seen = seen_by(tx, workspace, reference.handoff_id, user, now)
        details = seen.details if isinstance(seen, Seen) and seen.visible else None
        template = details.template if details else None
        return FormContext(
            now=now, draft=draft, sent=sent is not None, template=template, drawn=template, files=files,
            details=details, is_gone=details is None,
        )  # fmt: skip
    listed = search_queues(tx, workspace, "", SELECTABLE + 1, user=user)
    queue = _queue(tx, workspace, answers.get(Field.QUEUE), listed, user=user)
    known = offered(tx, queue) if queue else []
    wanted = answers.get(Field.TEMPLATE)
    return FormContext(
        now=now,
        draft=draft,
        sent=sent is not None,
        queues=listed if len(listed) <= SELECTABLE else None,
        admins=admins_to_ask(tx, workspace, user) if not listed else (),
        queue=queue,
        offered=known,
        several=len(known) > 1 or offer_several(tx, listed),
        template=next((one for one in known if one.key == wanted), next(iter(known), None)),
        drawn=drawn,
        files=files,
        problems=_problems(tx, queue, answers),
    )


def _queue(tx: Tx, workspace: str, key: Any, listed: Sequence[Queue], *, user: str) -> Queue | None:
    """Return the chosen queue if the person may hand work to it; the only one there is counts as chosen."""
    if not key:
        return listed[0] if len(listed) == 1 else None
    if len(listed) <= SELECTABLE:
        return next((one for one in listed if one.key == key), None)
    chosen = queues.get(tx, workspace, str(key))
    return chosen if chosen and may_send_to(tx, user, [chosen]) else None


def _problems(tx: Tx, queue: Queue | None, answers: Mapping[str, Any]) -> Mapping[str, FieldProblem]:
    if queue is None:
        return {Field.QUEUE: FieldProblem.NO_SUCH_QUEUE if answers.get(Field.QUEUE) else FieldProblem.EMPTY}
    return person_problem(tx, answers.get(Field.PERSON), queue)


DRAFT_KEPT_FOR: Final = timedelta(days=1)
_LOOKED_AT: Final = 10
"""Drafts of one person searched for an unsent one."""


def latest_unsent_draft(baton: Baton, *, workspace: str, user: str) -> FormDraft | None:
    """Return the person's latest unsent draft of a new handoff, at most a day old; None without one."""
    since = baton.clock.now() - DRAFT_KEPT_FOR
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        begun = (
            form_draft.read_draft(draft.id, draft.content)
            for draft in drafts.list_for_author(tx, workspace, user, since, _LOOKED_AT)
        )
        mine = (one for one in begun if one.purpose is Verb.OPEN and one.touched)
        return next((one for one in mine if not is_sent(tx, workspace, one.draft_id)), None)


def get_draft(tx: Tx, workspace: str, user: str, draft_id: str) -> FormDraft | None:
    """Return a person's own draft, or None."""
    found = drafts.get(tx, workspace, user, draft_id)
    return form_draft.read_draft(found.id, found.content) if found else None


def is_sent(tx: Tx, workspace: str, draft_id: str) -> bool:
    """Whether the form has opened or changed a handoff already."""
    return receipts.get(tx, workspace, f"form:{draft_id}") is not None
