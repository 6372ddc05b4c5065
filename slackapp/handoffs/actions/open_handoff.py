"""Open a handoff: once per form, with its number, first note, clocks and messages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from slackapp.clocks.queries import terms
from slackapp.clocks.rules import apply_changes
from slackapp.handoffs.actions import search_index
from slackapp.handoffs.actions.redraw_card import end_offers
from slackapp.handoffs.model import Invalid, Opened, Repeated
from slackapp.handoffs.queries.act_problems import person_problem, queue_problem
from slackapp.handoffs.queries.covers import with_covers
from slackapp.handoffs.rules import change_messages, fields
from slackapp.handoffs.rules.home_subjects import subjects_of
from slackapp.handoffs.rules.record_links import record_of
from slackapp.people.queries import may_send_to
from slackapp.runtime.baton import Baton
from slackapp.slack import ids
from slackapp.slack.field_problems import FieldProblem
from slackapp.templates.queries import offered
from slackapp.templates.rules import questions
from storage.clocks import timers
from storage.company import queues
from storage.company.model import Queue
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import audit, drafts, handoffs, notes
from storage.handoffs.lifecycle import ReadBackMode, State, Verb
from storage.handoffs.model import Handoff, Note, Priority, Source, Text
from storage.outbox import homes, outbox
from storage.outbox.model import home_of
from storage.templates.model import NoteMode, Template


@dataclass(frozen=True, kw_only=True)
class NewHandoff:
    """The answers of a filled-in form. Without a `template` key, the first template that the queue offers applies."""

    title: str
    queue: str
    next_step: str
    note: Text
    priority: Priority = Priority.NORMAL
    person: str | None = None
    link: str | None = None
    needed_by: datetime | None = None
    source: Source | None = None
    template: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    told_customer: str | None = None


def open_handoff(
    baton: Baton, *, workspace: str, user: str, draft: NewHandoff, form: str, entered: str | None = None
) -> Opened | Repeated | Invalid:
    """Store a new handoff from `user`, once per `form`, and remove the stored draft of that form.

    Args:
        baton: the running Baton.
        workspace: the workspace.
        user: the sender.
        draft: the entered answers.
        form: the id of the form, or of another delivery that may be repeated.
        entered: the fingerprint of the form's last page: its earlier pages may have been removed by then.

    Raises:
        DatabaseBusy: the database had no room within the time a person can wait.
        DatabaseUnavailable: the database cannot be reached.
    """
    now = baton.clock.now()
    outcome, due_at = baton.db.run_for_listener(
        lambda tx: _open(tx, workspace, user, draft, now, form=form, entered=entered)
    )
    if isinstance(outcome, Opened):
        baton.wake(now, due_at)
    return outcome


def _open(
    tx: Tx, workspace: str, user: str, draft: NewHandoff, now: datetime, *, form: str, entered: str | None
) -> tuple[Opened | Repeated | Invalid, datetime | None]:
    """Return the outcome, and the earliest instant at which a clock of the new handoff is due."""
    key, print_of_draft = f"form:{form}", entered or fingerprint(draft)
    seen = receipts.get(tx, workspace, key)
    if seen is None:
        queue = _queue_for(tx, workspace, user, draft.queue)
        template = choose_template(tx, draft.template, queue) if queue else None
        problems = {
            **problems_of(draft, template, now),
            **_queue_and_person_problems(tx, draft, queue, workspace, user),
        }
        if queue is None or problems:
            return Invalid(problems=problems), None
        handoff = _handoff(handoffs.next_number(tx, workspace), queue, user, draft, template, now=now)
        seen = receipts.take_or_get(tx, workspace, key, now, fingerprint=print_of_draft, handoff_id=handoff.id)
        if seen is None:
            due_at = _store(tx, handoff, queue, draft.note, template)
            drafts.remove(tx, workspace, user, form)
            return Opened(handoff=handoff), due_at
    stored = handoffs.get(tx, workspace, seen.handoff_id or "")
    if stored is None:
        raise LookupError(f"receipt {key} names handoff {seen.handoff_id}, which does not exist")
    return Repeated(handoff=stored, same=seen.fingerprint == print_of_draft), None


def _queue_for(tx: Tx, workspace: str, user: str, key: str) -> Queue | None:
    """The queue that this person hands work to; None if there is none of this key that they may hand it to."""
    queue = queues.get_locked(tx, workspace, key)
    return queue if queue and may_send_to(tx, user, [queue]) else None


def choose_template(tx: Tx, key: str | None, queue: Queue) -> Template | None:
    """The template with this key if the queue offers it, else its first one; None for the plain form."""
    known = offered(tx, queue)
    return next((one for one in known if one.key == key), next(iter(known), None))


def problems_of(draft: NewHandoff, template: Template | None, now: datetime) -> dict[str, FieldProblem]:
    """The problems of the entered values, by field."""
    found = fields.problems(_answers(draft), now)
    if template is None:
        return found
    if template.note is not NoteMode.REQUIRED and found.get(ids.Field.NOTE) is FieldProblem.EMPTY:
        del found[ids.Field.NOTE]
    return {**found, **questions.problems(template, draft.fields)}


def _handoff(
    number: int, queue: Queue, user: str, draft: NewHandoff, template: Template | None, *, now: datetime
) -> Handoff:
    told = {ids.Field.TOLD_CUSTOMER.value: draft.told_customer} if draft.told_customer else {}
    return Handoff(
        id=ids.new_id("h"),
        workspace=queue.workspace,
        number=number,
        state_since=now,
        created_at=now,
        title=draft.title,
        queue=queue.key,
        template=template.key if template else None,
        template_version=template.version if template else None,
        fields={**(questions.relevant_answers(template, draft.fields) if template else {}), **told},
        private=template.private if template else False,
        read_back_mode=template.read_back if template else ReadBackMode.OFF,
        record=record_of(draft.link or (draft.source.permalink if draft.source else None)),
        priority=draft.priority,
        next_step=draft.next_step,
        link=draft.link,
        needed_by=draft.needed_by,
        originator=user,
        sender=user,
        offered_to=draft.person,
        accountable=user,
        source=draft.source,
    )


def _store(tx: Tx, handoff: Handoff, queue: Queue, text: Text, template: Template | None) -> datetime | None:
    handoffs.add(tx, handoff)
    now, user = handoff.created_at, handoff.originator
    note = Note(id=ids.new_id("n"), handoff_id=handoff.id, verb=Verb.OPEN, author=user, at=now, text=text)
    if text != Text():
        notes.add(tx, note, handoff.workspace)
    search_index.add(tx, handoff, template, [note])
    audit.add(
        tx,
        handoff=handoff,
        workspace=handoff.workspace,
        at=now,
        verb=Verb.OPEN,
        actor=user,
        before=None,
        after=State.OPEN,
        note_id=note.id if text != Text() else None,
    )
    started = apply_changes.start_clocks(handoff, terms(tx, queue), ids.new_id)
    timers.put_many(tx, started)
    looking = homes.list_open(tx, handoff.workspace, subjects_of([handoff]), now)
    drawn_again = [home_of(handoff.workspace, user) for user in looking]
    if handoff.number == 1:  # it ends the first steps, which the Home tabs of admins show
        homes.redraw_all(tx, handoff.workspace, now)
    wanted = with_covers(tx, change_messages.for_opening(handoff, queue), user, now)
    outbox.put(tx, [*wanted, *drawn_again], now)
    if handoff.source is not None:
        end_offers(tx, handoff, handoff.source, now)
    return min((timer.due_at for timer in started if timer.due_at), default=None)


def _answers(draft: NewHandoff) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in ("title", "next_step", "note", "link", "needed_by")}


def _queue_and_person_problems(
    tx: Tx, draft: NewHandoff, queue: Queue | None, workspace: str, user: str
) -> Mapping[str, FieldProblem]:
    if queue is None:
        stored = queues.get(tx, workspace, draft.queue)
        return {ids.Field.QUEUE: queue_problem(tx, user, stored) or FieldProblem.NO_SUCH_QUEUE}
    return person_problem(tx, draft.person, queue)


def fingerprint(draft: NewHandoff) -> str:
    """A digest that is equal for equal answers."""
    answers = json.dumps(asdict(draft), sort_keys=True, default=str)
    return hashlib.sha256(answers.encode()).hexdigest()
