"""What a form under way needs to know, read in one transaction: its draft, the teams, their templates, the handoff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries.act_problems import person_problem
from slackapp.handoffs.queries.find import seen_by
from slackapp.policy.form_context import FormContext
from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import Field
from slackapp.templates.queries import offered
from slackapp.usecases import drafts
from storage.company import queues, workspaces
from storage.company.model import Queue
from storage.db import receipts
from storage.db.database import Tx
from storage.templates import templates

SELECTABLE: Final = 100
"""Slack's limit for options in a select; more queues are searched while typing."""
FILES: Final = "files:read"
"""The scope without which Slack files cannot be chosen in a form."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a form names: itself, the handoff it is about, the template it was drawn in, what is chosen in it."""

    draft_id: str = ""
    handoff_id: str | None = None
    drawn: tuple[str, int] | None = None
    chosen: Mapping[str, Any]


def around(baton: Baton, *, workspace: str, user: str, asked: Asked) -> FormContext:
    """Read what surrounds a form."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return _around(tx, workspace, user, asked, now)


def _around(tx: Tx, workspace: str, user: str, asked: Asked, now: datetime) -> FormContext:
    walk = drafts.kept(tx, workspace, user, asked.draft_id) if asked.draft_id else None
    answers = {**(walk.answers if walk else {}), **asked.chosen}
    sent = receipts.get(tx, workspace, f"form:{asked.draft_id}") if asked.draft_id else None
    drawn = templates.get(tx, workspace, *asked.drawn) if asked.drawn else None
    here = workspaces.get(tx, workspace)
    files = here is not None and FILES in here.scopes
    if asked.handoff_id:
        seen = seen_by(tx, workspace, asked.handoff_id, user, now)
        picture = None if isinstance(seen, Missing) else seen.picture
        template = picture.template if picture else None
        return FormContext(
            now=now, walk=walk, sent=sent is not None, template=template, drawn=template, files=files,
            picture=picture, is_gone=picture is None,
        )  # fmt: skip
    listed = queues.search(tx, workspace, "", SELECTABLE + 1)
    queue = _queue(tx, workspace, answers.get(Field.QUEUE), listed)
    known = offered(tx, queue) if queue else []
    wanted = answers.get(Field.TEMPLATE)
    return FormContext(
        now=now,
        walk=walk,
        sent=sent is not None,
        queues=listed if len(listed) <= SELECTABLE else None,
        queue=queue,
        offered=known,
        template=next((one for one in known if one.key == wanted), next(iter(known), None)),
        drawn=drawn,
        files=files,
        problems=_problems(tx, queue, answers),
    )


def _queue(tx: Tx, workspace: str, key: Any, listed: Sequence[Queue]) -> Queue | None:
    """The queue that is chosen; the only one there is needs no choosing."""
    if key:
        return queues.get(tx, workspace, str(key))
    return listed[0] if len(listed) == 1 else None


def _problems(tx: Tx, queue: Queue | None, answers: Mapping[str, Any]) -> Mapping[str, FieldProblem]:
    if queue is None:
        return {Field.QUEUE: FieldProblem.NO_SUCH_QUEUE if answers.get(Field.QUEUE) else FieldProblem.EMPTY}
    return person_problem(tx, answers.get(Field.PERSON), queue)
