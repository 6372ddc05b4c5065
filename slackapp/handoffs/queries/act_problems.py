"""Problems of the values, the people and the queue that an allowed act names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from slackapp.handoffs.queries.load import template_of
from slackapp.handoffs.rules import fields, judging, note_editing, snooze_options
from slackapp.people.queries import actor_for, is_in_team, may_be_given
from slackapp.runtime.visible_text import is_blank
from slackapp.slack import ids
from slackapp.slack.field_problems import FieldProblem
from slackapp.templates.rules import questions
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import notes
from storage.handoffs.acts import Act, Assign, DeleteNote, Edit, EditNote, GiveReadBack, Snooze, Transfer
from storage.handoffs.lifecycle import Role
from storage.handoffs.model import Handoff


def problems_of(
    tx: Tx, act: Act, handoff: Handoff, queue: Queue, *, user: str, now: datetime
) -> Mapping[str, FieldProblem]:
    """The problems of an act, by field; empty if it is valid. `queue` is the handoff's current queue."""
    match act:
        case Edit():
            return _edit_problems(tx, act, handoff, now)
        case EditNote() | DeleteNote():
            return _note_problem(tx, act, handoff, user, now)
        case Snooze() | GiveReadBack():
            return _moment_problem(act, now)
        case Assign(person=person):
            return {} if may_be_given(tx, person, queue) else {ids.Field.PERSON: FieldProblem.CANNOT_OWN}
        case Transfer():
            return _place_problem(tx, act, handoff, user)
    return judging.problems(act)


def queue_problem(tx: Tx, user: str, queue: Queue | None) -> FieldProblem | None:
    """The reason why a person cannot hand work to a queue; None if they can."""
    roles = actor_for(tx, user, queue).roles if queue else frozenset()
    if Role.ORIGINATOR in roles:
        return None
    return FieldProblem.NOT_A_SENDER if Role.VIEWER in roles else FieldProblem.NO_SUCH_QUEUE


def person_problem(tx: Tx, person: str | None, queue: Queue) -> Mapping[str, FieldProblem]:
    """The reason why work of the queue cannot be offered to `person`, by field; empty if it can."""
    if person is None:
        return {}
    if not may_be_given(tx, person, queue):
        return {ids.Field.PERSON: FieldProblem.CANNOT_OWN}
    return {} if is_in_team(tx, person, queue) else {ids.Field.PERSON: FieldProblem.NOT_IN_TEAM}


def _edit_problems(tx: Tx, act: Edit, handoff: Handoff, now: datetime) -> Mapping[str, FieldProblem]:
    """The problems of the fields and answers as the edit would leave them."""
    template = template_of(tx, handoff) if act.answers else None
    answers = {**handoff.fields, **act.answers}
    found = questions.problems(template, answers) if template else {}
    return {**fields.problems(act.changes, now), **found}


def _place_problem(tx: Tx, act: Transfer, handoff: Handoff, user: str) -> Mapping[str, FieldProblem]:
    """The reason why the person cannot transfer the handoff to that queue or person; empty if they can."""
    target = queues.get_locked(tx, handoff.workspace, act.queue)
    wrong = queue_problem(tx, user, target) if target is None or target.key != handoff.queue else None
    if target is None or wrong is not None:
        return {ids.Field.QUEUE: wrong or FieldProblem.NO_SUCH_QUEUE}
    return person_problem(tx, act.person, target)


def _moment_problem(act: Snooze | GiveReadBack, now: datetime) -> Mapping[str, FieldProblem]:
    """The reason why the instant that an act names cannot be chosen; empty if it can."""
    if isinstance(act, Snooze):
        found = snooze_options.problem(act.until, now)
        return {ids.Field.UNTIL: found} if found else {}
    is_past = act.by is not None and act.by <= now
    return {ids.Field.BY: FieldProblem.IN_THE_PAST} if is_past else {}


def _note_problem(
    tx: Tx, act: EditNote | DeleteNote, handoff: Handoff, user: str, now: datetime
) -> Mapping[str, FieldProblem]:
    """The reason why this person may not change the note, or not to this text; empty if they may."""
    wrong = note_editing.problem(notes.get(tx, act.note_id), handoff.id, user, now)
    if wrong is None and isinstance(act, EditNote) and is_blank(act.text.plain):
        wrong = FieldProblem.EMPTY
    return {ids.Field.NOTE: wrong} if wrong else {}
