"""Change the configuration from Slack: a team, hours, a policy, a webhook, a person, a setting, or several together.

The value is given as the file writes it, without its key, and passes the file's own checks as part of the whole
configuration. A change, or several that belong together, is one transaction:

1. Only an admin may do it, only to what does not belong to the file, and only to the version that they saw.
2. Check the whole configuration with the new value. Only what this change makes wrong is a problem.
3. Store it as an applied file is stored (`store`), as Slack's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slackapp.company.actions.open_work import cancel_open_work, move_open_work
from slackapp.company.actions.store import ChangeStamp, store
from slackapp.company.model import Company, StoredCompany
from slackapp.company.queries import differences_since, file_of, load
from slackapp.company.rules.changes.one_object import called, only_object, place_of_object, with_object
from slackapp.company.rules.checks import as_read, by_key, problems_of
from slackapp.company.rules.cross_checks import notices
from slackapp.company.rules.write import objects, plain
from slackapp.people.model import NotAdmin
from slackapp.people.queries import refused_admin
from slackapp.runtime.baton import Baton
from slackapp.template_editor.rules import key_for
from slackapp.templates.actions import LOCK
from slackapp.yaml_files.problems import Problem
from storage.company import queues
from storage.company.model import Claimers, ObjectKind, ObjectRef, Queue
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Text


@dataclass(frozen=True, kw_only=True)
class WantedChange:
    """The change of one object that somebody sends.

    `key` is empty for a new object: then it is made from `name`. `written` is the value as the file writes it, without
    the key; None removes the object. `seen` is the version that they were shown, 0 for an object without one. The same
    `form` is carried out once.
    """

    kind: ObjectKind
    key: str = ""
    name: str = ""
    written: Any
    seen: int = 0
    moves_to: str | None = None
    """For a team that is removed: the key of the team that gets its open work."""
    cancels: Text | None = None
    """For a team that is removed: its open work is cancelled, with this note."""
    form: str | None = None


@dataclass(frozen=True, kw_only=True)
class SavedChange:
    """The change is stored: the object's name and version, the changes as sentences, and what may surprise."""

    ref: ObjectRef
    version: int
    sentences: tuple[str, ...] = ()
    notices: tuple[Problem, ...] = ()
    cancelled: int = 0
    """Handoffs that were cancelled with their team."""


@dataclass(frozen=True, kw_only=True)
class InvalidChange:
    """Nothing is stored. The places of `problems` begin within the object; those of `elsewhere` name other objects."""

    problems: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangedMeanwhile:
    """Nothing is stored: somebody else has changed the object since it was shown, or removed it (`written` is None)."""

    by: str
    """A user id, or `baton` for a file that was applied."""
    at: datetime
    file: str | None
    version: int
    written: Any
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BelongsToFile:
    """Nothing is stored: the object belongs to the configuration file, which is named."""

    file: str


@dataclass(frozen=True, kw_only=True)
class StillUsed:
    """Nothing is removed: these other objects need it, or it is a team with this many open handoffs."""

    by: tuple[str, ...] = ()
    open_handoffs: int = 0


NotSaved = InvalidChange | ChangedMeanwhile | BelongsToFile | StillUsed | NotAdmin
EditOutcome = SavedChange | NotSaved


class _NotSavedError(Exception):
    """Undoes the transaction, in which some of the changes may have been stored."""

    def __init__(self, why: NotSaved) -> None:
        super().__init__(type(why).__name__)
        self.why = why


def edit(baton: Baton, *, workspace: str, user: str, wanted: WantedChange) -> EditOutcome:
    """Store a change of one object, or return why not."""
    outcome = edit_together(baton, workspace=workspace, user=user, wanted=[wanted])
    return outcome[0] if isinstance(outcome, tuple) else outcome


def edit_together(
    baton: Baton, *, workspace: str, user: str, wanted: Sequence[WantedChange]
) -> tuple[SavedChange, ...] | NotSaved:
    """Store several changes in their order, all or none; return why not.

    Raises:
        ValueError: a template is among them.
    """
    if any(one.kind is ObjectKind.TEMPLATE for one in wanted):
        raise ValueError("templates have an editor of their own")
    change = ChangeStamp(at=baton.clock.now(), user=user)

    def work(tx: Tx) -> tuple[SavedChange, ...]:
        baton.db.lock(tx, LOCK)
        baton.lock_facts(tx)
        refused = refused_admin(tx, workspace, user)
        if refused is not None:
            raise _NotSavedError(refused)
        return tuple(_edit(tx, baton, workspace, one, change) for one in wanted)

    try:
        saved = baton.db.run_for_listener(work)
    except _NotSavedError as undone:
        return undone.why
    baton.wake_tick()
    baton.wake_pump()
    for one in wanted:
        if one.kind is ObjectKind.QUEUE and one.written and one.written.get("claimers") == Claimers.CHANNEL:
            baton.read_channel(one.written["channel"])
    return saved


def _edit(tx: Tx, baton: Baton, workspace: str, wanted: WantedChange, change: ChangeStamp) -> SavedChange:
    """Store one change.

    Raises:
        _NotSavedError: it can't be stored.
    """
    stored = load(tx, workspace)
    done = receipts.get(tx, workspace, f"form:{wanted.form}") if wanted.form else None
    if done is not None:
        ref = ObjectRef(wanted.kind, done.fingerprint)
        return SavedChange(ref=ref, version=stored.version(ref))
    ref = ObjectRef(wanted.kind, wanted.key or _new_key(stored, wanted))
    refused = _owned_by_file(tx, workspace, stored, ref) or _changed_meanwhile(tx, workspace, stored, ref, wanted)
    if refused is not None:
        raise _NotSavedError(refused)
    is_removed = wanted.written is None
    queue = stored.company.queue(ref.key) if is_removed and ref.kind is ObjectKind.QUEUE else None
    if queue is not None:
        _check_open_work(tx, stored.company, queue, wanted)
    after, found = _with(stored.company, ref, wanted.written)
    if after is None:
        raise _NotSavedError(_invalid(stored.company, ref, found, is_removed=is_removed))
    cancelled = _end_open_work(tx, baton, queue, wanted, change) if queue is not None else 0
    sentences = store(tx, workspace, stored, after, change)
    if wanted.form:
        receipts.take_or_get(tx, workspace, f"form:{wanted.form}", change.at, fingerprint=ref.key)
    return SavedChange(
        ref=ref,
        version=stored.version(ref) + bool(sentences),
        sentences=sentences,
        notices=_notices(after, ref, change.at),
        cancelled=cancelled,
    )


def _check_open_work(tx: Tx, company: Company, queue: Queue, wanted: WantedChange) -> None:
    """Let no work come into a team that is removed.

    Raises:
        _NotSavedError: it has open work, and nothing is said of where that goes.
    """
    queues.lock_for_removal(tx, queue.workspace, [queue.key])
    left = len(handoffs.list_every_live_in_queue(tx, queue.workspace, queue.key))
    takes_it = company.queue(wanted.moves_to or "") is not None and wanted.moves_to != queue.key
    if left and not takes_it and wanted.cancels is None:
        raise _NotSavedError(StillUsed(open_handoffs=left))


def _end_open_work(tx: Tx, baton: Baton, queue: Queue, wanted: WantedChange, change: ChangeStamp) -> int:
    """Cancel or pass on the open work of a team that is removed; return how many handoffs were cancelled."""
    if wanted.cancels is not None:
        return cancel_open_work(tx, queue, change.user, wanted.cancels, change.at, effects=baton.effects)
    to = queues.get(tx, queue.workspace, wanted.moves_to) if wanted.moves_to else None
    if to is not None:
        move_open_work(tx, queue, to, change.at, effects=baton.effects)
    return 0


def _new_key(stored: StoredCompany, wanted: WantedChange) -> str:
    """A key that no object of this kind has or had, so that old work is never read by another object."""
    taken = {ref.key for ref in (*stored.company.records(), *stored.records) if ref.kind is wanted.kind}
    return key_for(wanted.name, taken, otherwise=wanted.kind.value, joined_by="-")


def _owned_by_file(tx: Tx, workspace: str, stored: StoredCompany, ref: ObjectRef) -> BelongsToFile | None:
    if ref not in stored.company.records() or ref in stored.company.in_slack:
        return None
    return BelongsToFile(file=file_of(tx, workspace, stored.records.get(ref)))


def _changed_meanwhile(
    tx: Tx, workspace: str, stored: StoredCompany, ref: ObjectRef, wanted: WantedChange
) -> ChangedMeanwhile | None:
    record = stored.records.get(ref)
    if not wanted.key or record is None or record.version == wanted.seen:
        return None
    return ChangedMeanwhile(
        by=record.changed_by,
        at=record.changed_at,
        file=record.file,
        version=record.version,
        written=objects(stored.company).get(ref),
        sentences=differences_since(tx, workspace, ref, wanted.seen),
    )


def _with(company: Company, ref: ObjectRef, written: Any) -> tuple[Company | None, tuple[Problem, ...]]:
    """The company with this value of an object, or None and the problems that the value makes."""
    before, after = plain(company), with_object(plain(company), ref, written)
    found = tuple(problems_of(after))
    if found:
        known = {(one.place, one.what) for one in problems_of(before)}
        found = tuple(one for one in found if (one.place, one.what) not in known)
    if found:
        return None, found
    records = company.records()
    records.pop(ref, None)
    new = as_read(only_object(after, ref)).records().get(ref) if written is not None else None
    if new is not None:
        records[ref] = new
    return Company.of(records, (company.in_slack | {ref}) & records.keys()), ()


def _invalid(
    company: Company, ref: ObjectRef, found: Iterable[Problem], *, is_removed: bool
) -> InvalidChange | StillUsed:
    around = place_of_object(ref)
    mine = [one for one in found if one.place[: len(around)] == around]
    others = tuple(one for one in found if one not in mine)
    if is_removed:
        return StillUsed(by=tuple(dict.fromkeys(called(company, one.place) for one in others)))
    within = (Problem(place=one.place[len(around) :], what=one.what, fix=one.fix) for one in mine)
    return InvalidChange(problems=tuple(within), elsewhere=others)


def _notices(company: Company, ref: ObjectRef, now: datetime) -> tuple[Problem, ...]:
    """What may surprise in an object; the places begin within it."""
    looked_at = replace(
        company,
        calendars=tuple(one for one in company.calendars if ref == (ObjectKind.CALENDAR, one.key)),
        policies=tuple(one for one in company.policies if ref == (ObjectKind.POLICY, one.key)),
    )
    found = (
        replace(one.with_guess(), place=by_key(one.place, plain(looked_at))) for one in notices(looked_at, now.date())
    )
    around = place_of_object(ref)
    return tuple(replace(one, place=one.place[len(around) :]) for one in found if one.place[: len(around)] == around)
