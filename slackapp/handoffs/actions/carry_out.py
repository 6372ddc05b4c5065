"""The only way in which a handoff changes: read, decide, write with a version check, and queue the messages.

1. `lifecycle.decide` decides by the table, with the roles that the actor has in the queue now.
2. The people and the queue that the act names are checked.
3. A form that was submitted before is recognised by its receipt and changes nothing.
4. A button that was pressed a moment ago, and leaves no trace in the handoff's state, changes nothing either.
5. Handoff, note, audit, clocks and outbox are written in one transaction; a concurrent change makes it start again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slackapp.clocks.queries import running, terms
from slackapp.clocks.rules import apply_changes
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.handoffs.actions import search_index
from slackapp.handoffs.model import Invalid, Missing, Repeated
from slackapp.handoffs.queries.act_problems import problems_of
from slackapp.handoffs.queries.covers import with_covers
from slackapp.handoffs.queries.load import template_of
from slackapp.handoffs.rules import change_messages, judging, privacy, repeats
from slackapp.handoffs.rules.next_deadline import SHOWN_CLOCKS
from slackapp.handoffs.rules.record_links import record_of
from slackapp.people.queries import actor_in
from slackapp.runtime.baton import Baton, Effect
from slackapp.slack import ids
from storage.clocks import act_context, timers
from storage.company import people, queues
from storage.company.model import Queue
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import audit, drafts, handoffs, notes, sources, verdicts, watchers
from storage.handoffs.acts import Act, Delete, DeleteNote, Edit, EditNote, Reopen
from storage.handoffs.lifecycle import Moved, Refused, Verb, decide
from storage.handoffs.model import Handoff, Note, Text
from storage.outbox import archive, outbox, posted_messages, unsettled
from storage.outbox.model import OutboxMessage
from storage.templates.model import Template

Outcome = Moved | Refused | Invalid | Missing | Repeated


@dataclass(frozen=True, kw_only=True)
class Request:
    """An act that a person asks for."""

    workspace: str
    handoff_id: str
    act: Act
    user: str
    form: str | None = None
    """Identifies the submission, where there is one, so that it counts once."""
    of_several: bool = False
    """Whether it is one of several at once, of which people are told in one message that the caller puts."""


def carry_out(baton: Baton, request: Request) -> Outcome:
    """Carry out an act in one transaction if it is allowed, and return the outcome.

    Raises:
        DatabaseBusy: the database had no room within the time a person can wait.
        DatabaseUnavailable: the database cannot be reached.
    """
    now = baton.clock.now()
    outcome, due_at = baton.db.run_for_listener(lambda tx: carry_out_in(tx, request, now, baton.effects))
    if isinstance(outcome, Moved):
        baton.wake(now, due_at)
    return outcome


def carry_out_in(tx: Tx, request: Request, now: datetime, effects: Iterable[Effect]) -> tuple[Outcome, datetime | None]:
    """Carry out an act in the caller's transaction if it is allowed.

    Returns:
        The outcome, and the earliest instant at which a timer that it set is due (see `Baton.wake`).
    """
    decided = _decide(tx, request, now)
    if not isinstance(decided, _Accepted):
        return decided, None
    due_at = store(
        tx, decided.moved, decided.queue, effects, old_terms=decided.terms, people_told=not request.of_several
    )
    if request.form:
        drafts.remove(tx, request.workspace, request.user, request.form)
    return decided.moved, due_at


@dataclass(frozen=True, kw_only=True)
class _Accepted:
    """A change that is allowed, with its queue and the terms that the queue's clocks run under."""

    moved: Moved
    queue: Queue
    terms: Terms


def _decide(tx: Tx, request: Request, now: datetime) -> _Accepted | Refused | Invalid | Missing | Repeated:
    """Decide the request on the stored handoff, and take the form's receipt if the change is accepted."""
    found = act_context.get(tx, request.workspace, request.handoff_id)
    queue = found.queue if found else None
    if queue is not None and isinstance(request.act, Reopen):  # finished work does not keep its queue
        queue = queues.get_locked(tx, request.workspace, queue.key)
    if found is None or queue is None:
        return Missing()
    handoff = found.handoff
    asked = request.act.narrowed(handoff) if isinstance(request.act, Edit) else request.act
    act = judging.only_if_entitled(asked, handoff, request.user)
    outcome = decide(handoff, act, actor_in(tx, request.user, found, queue), now)
    if isinstance(outcome, Refused):
        return _repeated(tx, request, handoff, now) or outcome
    problems = problems_of(tx, act, handoff, queue, user=request.user, now=now)
    if problems:
        return _repeated(tx, request, handoff, now) or Invalid(problems=problems)
    if repeats.may_be_pressed_twice(act) and _is_pressed_twice(tx, request, handoff, now):
        return Repeated(handoff=handoff, same=True, just_now=True)
    receipt = _receipt_key(request.form) if request.form else None
    if receipt and receipts.take_or_get(tx, request.workspace, receipt, now, handoff_id=handoff.id):
        return Repeated(handoff=handoff, same=True, just_now=_is_pressed_twice(tx, request, handoff, now))
    return _Accepted(
        moved=_with_record(outcome), queue=queue, terms=Terms(policy=found.policy, calendar=found.calendar)
    )


def _with_record(moved: Moved) -> Moved:
    """The change with the record that the handoff is about, which follows from its link."""
    before, after = moved.before, moved.after
    if after.link == before.link:
        return moved
    about = record_of(after.link or (after.source.permalink if after.source else None))
    return replace(moved, after=replace(after, record=about))


def _repeated(tx: Tx, request: Request, handoff: Handoff, now: datetime) -> Repeated | None:
    """The answer to a form that was taken before; None if it is new or the request has no form."""
    if not request.form or not receipts.get(tx, request.workspace, _receipt_key(request.form)):
        return None
    return Repeated(handoff=handoff, same=True, just_now=_is_pressed_twice(tx, request, handoff, now))


def _is_pressed_twice(tx: Tx, request: Request, handoff: Handoff, now: datetime) -> bool:
    last = audit.get_last_act(tx, handoff.id)
    return repeats.is_pressed_twice(request.act, request.user, last, now)


def _receipt_key(form: str) -> str:
    return f"form:{form}"


def store(
    tx: Tx,
    moved: Moved,
    old_queue: Queue,
    effects: Iterable[Effect],
    *,
    old_terms: Terms | None = None,
    people_told: bool = True,
) -> datetime | None:
    """Write an accepted change, and put the messages that it causes into the outbox.

    Args:
        tx: the transaction.
        moved: the change.
        old_queue: the queue that the handoff was in before.
        effects: functions that return further messages; they run in order when all else is written.
        old_terms: the current terms of the old queue's clocks, if they have been read already.
        people_told: whether people get direct messages about it (see `change_messages.for_change`).

    Returns:
        The earliest instant at which a timer that it has set is due, or contents are to be erased; None for none.
    """
    moved = _with_present_accountable(tx, moved)
    moved = replace(moved, after=privacy.kept_until(moved, _ended_template(tx, moved)))
    handoffs.save(tx, moved.before, moved.after)
    queue = old_queue if moved.after.queue == old_queue.key else _queue(tx, moved.after)
    note_id = _store_note(tx, moved)
    verdict = judging.verdict_of(moved)
    if verdict:
        verdicts.add(tx, verdict)
    record(tx, moved, note_id)
    search_index.follow(tx, moved, note_id)
    new = old_terms if old_terms is not None and queue is old_queue else terms(tx, queue)
    touched = apply_changes.apply_change(moved, running(tx, moved.after.id, new), new, ids.new_id)
    timers.put_many(tx, touched)
    packed = archive.unpack(tx, moved.after.workspace, moved.after.id) if moved.before.final else []
    caused = [message for effect in effects for message in effect(tx, moved)]  # first: they may move what waits
    if moved.verb is Verb.DELETE:
        again, wanted = _listing(tx, moved), _erasures(tx, moved, queue)
        wanted += [message.to_outbox_message() for message in packed if message.handoff_id is None]
    else:
        deadline_moved = any(timer.clock in SHOWN_CLOCKS for timer in touched)
        again = _redrawn(tx, moved, deadline_moved=deadline_moved)
        changed = change_messages.for_change(
            moved, queue, note_id, deadline_moved=deadline_moved, people_told=people_told
        )
        wanted = with_covers(tx, changed, moved.actor.user, moved.at)
        wanted += _redrawn_quotes(tx, moved)
        wanted += change_messages.for_watchers(moved, [message for message, _ in again], note_id)
    wanted += caused
    outbox.put_each_at(tx, [*again, *((message, moved.at) for message in wanted)], moved.at)
    return min((at for at in (moved.after.erase_at, *(timer.due_at for timer in touched)) if at), default=None)


def _with_present_accountable(tx: Tx, moved: Moved) -> Moved:
    """The change; if the person it makes accountable has left, the queue's managers are instead."""
    after = moved.after
    if after.accountable in {moved.before.accountable, moved.actor.user}:
        return moved
    person = people.get(tx, after.workspace, after.accountable)
    if person is None or not person.deleted:
        return moved
    return replace(moved, after=replace(after, accountable=f"queue:{after.queue}"))


def _ended_template(tx: Tx, moved: Moved) -> Template | None:
    """The template of work that ends with this change, for its retention; None if the work goes on."""
    return template_of(tx, moved.after) if privacy.ends_work(moved) else None


def _erasures(tx: Tx, moved: Moved, queue: Queue) -> list[OutboxMessage]:
    """Erase what people wrote; the messages that replace or remove everything said about it."""
    after = moved.after
    notes.erase_for_handoff(tx, after.id)
    verdicts.erase_for_handoff(tx, after.id)
    watchers.erase_for_handoff(tx, after.id)
    sources.remove(tx, [after.id])
    posted = posted_messages.list_for_handoff(tx, after.id)
    return change_messages.erasures(after, queue, posted, outbox.list_keys_for_handoff(tx, after.id))


def _listing(tx: Tx, moved: Moved) -> list[tuple[OutboxMessage, datetime]]:
    """The messages about several handoffs that list this one, with when to draw them again."""
    found = unsettled.list_for_handoff(tx, moved.after.id)
    return [(one.message, one.not_before or moved.at) for one in found if one.message.handoff_id is None]


def _redrawn(tx: Tx, moved: Moved, *, deadline_moved: bool) -> list[tuple[OutboxMessage, datetime]]:
    """The messages that the change makes false, with when to draw them again; one that waits stays as it is due.

    Another priority may wake people: what waits for a person is decided anew, as if it were put now.
    """
    anew = moved.before.priority is not moved.after.priority
    return [
        (one.message, moved.at if anew and one.message.kind == "dm" else one.not_before or moved.at)
        for one in unsettled.list_for_handoff(tx, moved.after.id)
        if change_messages.made_false(moved, one.message, deadline_moved=deadline_moved)
    ]


def _redrawn_quotes(tx: Tx, moved: Moved) -> list[OutboxMessage]:
    """The messages that quote a note which has changed, to be drawn again."""
    if not isinstance(moved.act, EditNote | DeleteNote):
        return []
    posted = posted_messages.list_for_handoff(tx, moved.after.id)
    waiting = [one.wanted for one in outbox.list_for_handoff(tx, moved.after.id) if not one.wanted.erase]
    listing = [message for message, _ in _listing(tx, moved)]
    return [*change_messages.quotes_of(moved.act.note_id, posted, waiting), *listing]


def record(tx: Tx, moved: Moved, note_id: str | None = None) -> None:
    """Write an accepted change to the audit."""
    audit.add(
        tx,
        handoff=moved.after,
        workspace=moved.after.workspace,
        at=moved.at,
        verb=moved.verb,
        actor=moved.actor.user,
        before=moved.before.state,
        after=moved.after.state,
        note_id=note_id,
        facts=moved.act.facts(),
    )


def _store_note(tx: Tx, moved: Moved) -> str | None:
    """Store what the person wrote, or what an edit changed, as a note; return its id for the audit."""
    match moved.act:
        case EditNote(note_id=known, text=words):
            notes.edit(tx, known, words, moved.at)
            return known
        case DeleteNote(note_id=known):
            notes.blank(tx, known, moved.at)
            return known
    text = _changes(moved) if isinstance(moved.act, Edit) else moved.act.text
    if text is None or text == Text() or isinstance(moved.act, Delete):
        return None
    note = Note(
        id=ids.new_id("n"),
        handoff_id=moved.after.id,
        verb=moved.verb,
        author=moved.actor.user,
        at=moved.at,
        text=text,
    )
    notes.add(tx, note, moved.after.workspace)
    return note.id


def _changes(moved: Moved) -> Text:
    act = moved.act
    assert isinstance(act, Edit)  # noqa: S101 - narrows the type for the checker
    before = moved.before
    changes = {
        **{name: [_as_json(getattr(before, name)), _as_json(new)] for name, new in act.changes.items()},
        **{f"fields.{key}": [before.fields.get(key), new] for key, new in act.answers.items()},
    }
    return replace(act.text or Text(), changes=changes)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _queue(tx: Tx, handoff: Handoff) -> Queue:
    """The queue that a handoff is in; one that holds work cannot be removed, so it exists."""
    queue = queues.get(tx, handoff.workspace, handoff.queue)
    if queue is None:
        raise LookupError(f"handoff {handoff.id} is in queue {handoff.queue!r}, which does not exist")
    return queue
