"""Apply a company's configuration file to the database, and export the database as a file.

Only what the file owns is touched: a queue made in Slack stays as it is. A changed policy becomes a new version, and
running clocks keep the version they started with. Where a calendar changed, or a queue or the workspace has another
one now, running clocks keep the time counted by the old hours and continue by the new ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from slackapp.clocks.queries import CONFIGURED, terms_of
from slackapp.clocks.rules import timekeeping
from slackapp.company.model import Company
from slackapp.company.rules.differences import differences
from slackapp.company.rules.reachability import concerned
from slackapp.company.rules.read import Reading
from slackapp.escalation.actions import decide_anew, digests
from slackapp.escalation.actions.effects import redraw_everything
from slackapp.runtime.baton import Baton
from slackapp.templates.actions import LOCK, install_shipped
from storage.clocks import policies, timers
from storage.clocks.model import OWN_CLOCKS, Calendar, Timer
from storage.company import people, queues, webhooks, workspaces
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import BATON
from storage.outbox import homes
from storage.templates import templates
from storage.templates.model import Origin, Template


@dataclass(frozen=True, kw_only=True)
class Changes:
    """A company was applied: its changes as sentences; none if nothing differed.

    `over_later`: it replaced what the file had not said before, but another file or somebody in Slack.
    """

    sentences: tuple[str, ...] = ()
    over_later: bool = False


@dataclass(frozen=True, kw_only=True)
class LeftAsItIs:
    """A file was not applied: its content is the same as last time, and something else was applied or changed since."""


@dataclass(frozen=True, kw_only=True)
class NotApplied:
    """A company was not applied and nothing has changed: the reasons, as sentences that say what to do."""

    reasons: tuple[str, ...]


def apply(
    baton: Baton, workspace: str, company: Company, digest: str, file: Path | None = None
) -> Changes | NotApplied:
    """Apply a company, even if it was applied before. `digest` is the fingerprint of its `file`."""
    now = baton.clock.now()

    def work(tx: Tx) -> Changes | NotApplied:
        baton.db.lock(tx, LOCK)
        baton.lock_facts(tx)
        outcome = _apply(tx, workspace, company, digest, now)
        stored = workspaces.get(tx, workspace)
        if isinstance(outcome, Changes) and file and stored and stored.start_file == str(file.resolve()):
            workspaces.set_start_file(tx, workspace, digest, stored.start_file)
        return outcome

    outcome = baton.db.run_transaction(work)
    if isinstance(outcome, Changes):
        baton.wake_tick()
        baton.wake_pump()
    return outcome


def apply_at_start(
    baton: Baton, workspace: str, reading: Reading, file: Path
) -> Changes | NotApplied | LeftAsItIs | None:
    """Apply the file of `BATON_CONFIG` if its content has changed since it was last applied; None if it is in force.

    So nothing that was applied from another file or changed in Slack meanwhile is undone by a restart.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> Changes | NotApplied | LeftAsItIs | None:
        baton.db.lock(tx, LOCK)
        baton.lock_facts(tx)
        stored = workspaces.get(tx, workspace)
        in_force, before = (stored.config_digest, stored.start_digest) if stored else (None, None)
        if before == reading.digest != in_force:
            return LeftAsItIs()
        outcome = None
        if in_force != reading.digest:
            outcome = _apply(tx, workspace, reading.company, reading.digest, now)
            if isinstance(outcome, NotApplied):
                return outcome
            outcome = replace(outcome, over_later=before != in_force)
        workspaces.set_start_file(tx, workspace, reading.digest, str(file.resolve()))
        return outcome

    outcome = baton.db.run_transaction(work)
    if isinstance(outcome, Changes):
        baton.wake_tick()
        baton.wake_pump()
    return outcome


def install_templates(baton: Baton, workspace: str) -> None:
    """Store the templates that come with this version of Baton, at start and also without a file."""

    def work(tx: Tx) -> None:
        baton.db.lock(tx, LOCK)
        install_shipped(tx, workspace)

    baton.db.run_transaction(work)


def diff(tx: Tx, workspace: str, company: Company) -> tuple[str, ...]:
    """The changes that applying a company would make, as sentences."""
    return differences(export(tx, workspace), company)


def refusals(tx: Tx, workspace: str, company: Company) -> tuple[str, ...]:
    """The reasons why a company cannot be applied now, as sentences; empty if it can."""
    live = handoffs.count_live_by_queue(tx, workspace)
    stored = {queue.key: queue for queue in queues.list_all(tx, workspace)}
    kept = {queue.key for queue in company.queues}
    full = [
        f'Queue "{key}" is no longer in the file, but {_count(live[key])} not finished. '
        "Finish, cancel or pass them on first, or put the queue back in the file."
        for key, queue in stored.items()
        if queue.from_file and key not in kept and live.get(key)
    ]
    made_in_slack = [
        f'Queue "{key}" already exists and was made in Slack. Give the one in the file another key.'
        for key in kept
        if key in stored and not stored[key].from_file
    ]
    in_slack = {one.key for one in templates.list_all(tx, workspace) if one.origin is Origin.SLACK}
    forms = [
        f'Template "{template.key}" already exists and was made in Slack. Give the one in the file another key.'
        for template in company.templates
        if template.key in in_slack
    ]
    return (*full, *sorted(made_in_slack), *forms)


def export(tx: Tx, workspace: str) -> Company:
    """The stored company, as far as the file owns it."""
    stored = workspaces.get(tx, workspace)
    return Company(
        calendars=tuple(policies.list_calendars(tx, workspace)),
        queues=tuple(sorted(_owned_queues(tx, workspace), key=lambda queue: queue.key)),
        policies=tuple(policies.list_policies(tx, workspace)),
        managers=people.get_managers(tx, workspace),
        calendars_of=people.get_own_calendars(tx, workspace),
        workspace_calendar=stored.calendar if stored else None,
        admins=stored.admins if stored else (),
        webhooks=tuple(webhooks.list_all(tx, workspace)),
        templates=tuple(
            replace(one, version=Template.version)
            for one in templates.list_all(tx, workspace)
            if one.origin is Origin.FILE
        ),
    )


def _apply(tx: Tx, workspace: str, company: Company, digest: str, now: datetime) -> Changes | NotApplied:
    kept = {queue.key for queue in company.queues}
    queues.lock_for_removal(tx, workspace, {queue.key for queue in _owned_queues(tx, workspace)} - kept)
    reasons = refusals(tx, workspace, company)
    if reasons:
        return NotApplied(reasons=reasons)
    wanted = company.within(workspace)
    before = export(tx, workspace)
    sentences = differences(before, company)
    _put_policies(tx, workspace, wanted)
    _put_queues(tx, workspace, wanted)
    workspaces.set_config(tx, workspace, digest, wanted.admins, wanted.workspace_calendar)
    _put_calendars(tx, workspace, wanted, now)
    _put_people(tx, workspace, wanted)
    _put_webhooks(tx, workspace, wanted)
    install_shipped(tx, workspace, wanted.templates)
    digests.schedule_digests(tx, workspace, now)
    if sentences:
        _record_change(tx, workspace, now)
        _decide_anew(tx, workspace, before, wanted, now)
        homes.redraw_all(tx, workspace, now)
    return Changes(sentences=sentences)


def _decide_anew(tx: Tx, workspace: str, before: Company, wanted: Company, now: datetime) -> None:
    """Decide anew what waits for people and queues whose hours, managers or reporting lines have changed."""
    made_in_slack = [queue for queue in queues.list_all(tx, workspace) if not queue.from_file]
    found = concerned(before, wanted, made_in_slack)
    decide_anew.for_people(tx, workspace, found.people, now)
    decide_anew.for_queues(tx, workspace, found.queues, now)


def _record_change(tx: Tx, workspace: str, now: datetime) -> None:
    """Write to the audit that other terms hold from now on: clocks may be missing in older handoffs."""
    audit.add(tx, handoff=None, workspace=workspace, at=now, verb=CONFIGURED, actor=BATON, before=None, after=None)


def _put_policies(tx: Tx, workspace: str, wanted: Company) -> None:
    for policy in wanted.policies:
        policies.put_policy(tx, policy)
    for policy in policies.list_policies(tx, workspace):
        if wanted.policy(policy.key) is None:
            policies.remove_policy(tx, workspace, policy.key)


def _put_queues(tx: Tx, workspace: str, wanted: Company) -> None:
    stored = {queue.key: queue for queue in _owned_queues(tx, workspace)}
    for queue in wanted.queues:
        before = stored.get(queue.key)
        same_channel = before is not None and before.channel == queue.channel
        queues.put(tx, replace(queue, trouble=before.trouble if before and same_channel else None))
    for key in stored:
        if wanted.queue(key) is None:
            queues.remove(tx, workspace, key)


def _put_calendars(tx: Tx, workspace: str, wanted: Company, now: datetime) -> None:
    """Store the calendars. One that left the file is kept while a clock or a queue made in Slack uses it."""
    stored = {calendar.key: calendar for calendar in policies.list_calendars(tx, workspace)}
    moved = set()
    for calendar in wanted.calendars:
        before = stored.get(calendar.key)
        policies.put_calendar(tx, calendar)
        if before is not None and before != calendar:
            for timer in timers.list_live_by_calendar(tx, workspace, calendar.key):
                moved |= _change_hours(tx, timer, before, calendar, now)
    known = {**stored, **{calendar.key: calendar for calendar in wanted.calendars}}
    for timer, key in timers.list_live_by_other_calendar(tx, workspace):
        moved |= _change_hours(tx, timer, known.get(timer.calendar or ""), known.get(key or ""), now)
    redraw_everything(tx, workspace, moved, now)
    used = {queue.calendar for queue in queues.list_all(tx, workspace)}
    for key in stored:
        if wanted.calendar(key) is None and key not in used and not timers.list_live_by_calendar(tx, workspace, key):
            policies.remove_calendar(tx, workspace, key)


def _change_hours(tx: Tx, timer: Timer, before: Calendar | None, after: Calendar | None, now: datetime) -> set[str]:
    """Continue a clock by other hours; return its handoff's id if that moves the deadline.

    Baton's own clocks stay: people were told their instants.
    """
    if timer.clock in OWN_CLOCKS:
        return set()
    changed = timekeeping.change_calendar(timer, terms_of(tx, timer).levels(timer.clock), before, after, now)
    timers.put(tx, changed)
    return set() if changed.deadline_at == timer.deadline_at else {timer.handoff_id}


def _put_people(tx: Tx, workspace: str, wanted: Company) -> None:
    """Store managers and own calendars, also of people whom the directory does not know yet."""
    named = {*wanted.managers, *wanted.calendars_of}
    known = people.get_many(tx, workspace, named)
    for person in sorted(named - known.keys()):
        people.put(tx, Person(workspace=workspace, id=person, name=person))
    for person in sorted({*wanted.managers, *people.get_managers(tx, workspace)}):
        people.set_manager(tx, workspace, person, wanted.managers.get(person))
    for person in sorted({*wanted.calendars_of, *people.get_own_calendars(tx, workspace)}):
        people.set_calendar(tx, workspace, person, wanted.calendars_of.get(person))


def _put_webhooks(tx: Tx, workspace: str, wanted: Company) -> None:
    kept = {webhook.key for webhook in wanted.webhooks}
    for webhook in wanted.webhooks:
        webhooks.put(tx, webhook)
    for webhook in webhooks.list_all(tx, workspace):
        if webhook.key not in kept:
            webhooks.remove(tx, workspace, webhook.key)


def _owned_queues(tx: Tx, workspace: str) -> list[Queue]:
    return [queue for queue in queues.list_all(tx, workspace) if queue.from_file]


def _count(number: int) -> str:
    return "one handoff in it is" if number == 1 else f"{number} handoffs in it are"
