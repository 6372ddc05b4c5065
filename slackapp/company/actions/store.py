"""Store a changed configuration, in the transaction that decided it: the objects that differ, and all that follows.

Whoever changes the configuration, a file or a form in Slack, ends here.

1. Write the objects that differ, and nothing else.
2. Record for each who owns it, its next version and who changed it, and an audit entry with its values.
3. Where a calendar changed, or a queue or the workspace has another one, running clocks keep the time counted by the
   old hours and continue by the new ones.
4. Tell a queue's managers who is no longer in it and has work there.
5. Decide anew what waits for people and queues whose hours, managers or reporting lines have changed, and redraw the
   Home tabs that people have open, and what the person who installs Baton was told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from slackapp.clocks.queries import CONFIGURED, terms_of
from slackapp.clocks.rules import timekeeping
from slackapp.company.model import Company, StoredCompany
from slackapp.company.rules.changes.differences import differences, object_differences
from slackapp.company.rules.changes.masks import without_secrets
from slackapp.company.rules.changes.reachability import concerned
from slackapp.company.rules.write import objects
from slackapp.directory.actions import reports
from slackapp.escalation.actions import decide_anew, digests
from slackapp.escalation.actions.effects import redraw_everything
from slackapp.personal.actions import check_covers, held
from slackapp.templates.actions import install_shipped
from storage.clocks import policies, timers
from storage.clocks.model import OWN_CLOCKS, Calendar, Timer
from storage.company import configuration, people, queues, webhooks, workspaces
from storage.company.model import ObjectKind, ObjectOwner, ObjectRecord, ObjectRef, Person, Queue
from storage.db.database import Tx
from storage.handoffs import audit
from storage.handoffs.lifecycle import BATON
from storage.outbox import homes, outbox, unsettled
from storage.outbox.model import WELCOME
from storage.templates import templates
from storage.templates.model import Origin


@dataclass(frozen=True, kw_only=True)
class ChangeStamp:
    """When the configuration is changed and by whom: a person in Slack, or the file with this name.

    `operator` is the user of the operating system who has run the command, if one was run.
    """

    at: datetime
    user: str = BATON
    file: str | None = None
    operator: str | None = None


def store(tx: Tx, workspace: str, stored: StoredCompany, after: Company, change: ChangeStamp) -> tuple[str, ...]:
    """Store `after` over what is stored; return the changes as sentences."""
    before, wanted, now = stored.company, after.within(workspace), change.at
    changed = _changed(before, wanted)
    _put_policies(tx, workspace, wanted, changed)
    _put_queues(tx, workspace, before, wanted, changed)
    workspaces.set_settings(
        tx,
        workspace,
        admins=wanted.admins,
        calendar=wanted.workspace_calendar,
        slack_admins=wanted.slack_admins,
        emoji=wanted.emoji,
    )
    _put_calendars(tx, workspace, wanted, changed, now)
    _put_people(tx, workspace, wanted, changed)
    _put_webhooks(tx, workspace, wanted, changed)
    _put_templates(tx, workspace, wanted)
    digests.schedule_digests(tx, workspace, now)
    sentences = differences(before, wanted)
    if changed:
        _record(tx, workspace, stored, wanted, changed, change)
        audit.add(  # clocks may be missing in older handoffs from now on
            tx, handoff=None, workspace=workspace, at=now, verb=CONFIGURED, actor=change.user, before=None, after=None
        )
        _report_who_left(tx, before.within(workspace), wanted, changed, now)
        found = concerned(before, wanted)
        check_covers.check_all(tx, workspace, now)  # first: reminders go by who covers
        held.after_configuration(tx, workspace, found.people, now, policies_changed=before.policies != wanted.policies)
        decide_anew.for_people(tx, workspace, found.people, now)
        decide_anew.for_queues(tx, workspace, found.queues, now)
        homes.redraw_all(tx, workspace, now)
        welcome = unsettled.get(tx, workspace, WELCOME)
        outbox.put(tx, [welcome] if welcome else [], now)
    return sentences


def _changed(before: Company, after: Company) -> list[ObjectRef]:
    """The objects that differ, or belong to somebody else."""
    was, becomes = objects(before), objects(after)
    return [
        ref
        for ref in dict.fromkeys([*was, *becomes])
        if any(object_differences(ref, was.get(ref), becomes.get(ref)))
        or (ref in before.in_slack) != (ref in after.in_slack)
    ]


def _record(  # noqa: PLR0917 - what changed, from what to what, and by whom
    tx: Tx, workspace: str, stored: StoredCompany, after: Company, changed: Iterable[ObjectRef], change: ChangeStamp
) -> None:
    """Write who owns each changed object and its version, and an audit entry with its values."""
    was, becomes = objects(stored.company), objects(after)
    in_slack = after.in_slack | (stored.company.in_slack - becomes.keys())
    written = [
        ObjectRecord(
            workspace=workspace,
            kind=ref.kind,
            key=ref.key,
            owner=ObjectOwner.SLACK if ref in in_slack else ObjectOwner.FILE,
            version=stored.version(ref) + 1,
            changed_at=change.at,
            changed_by=change.user,
            file=change.file,
            removed=ref not in becomes,
        )
        for ref in changed
    ]
    configuration.put_many(tx, written)
    facts = (
        one.facts(**without_secrets(one.ref, was.get(one.ref), becomes.get(one.ref)), operator=change.operator)
        for one in written
    )
    audit.add_configuration_changes(tx, workspace, facts, at=change.at, actor=change.user)


def _of(changed: Iterable[ObjectRef], kind: ObjectKind) -> set[str]:
    return {ref.key for ref in changed if ref.kind is kind}


def _put_policies(tx: Tx, workspace: str, wanted: Company, changed: Collection[ObjectRef]) -> None:
    for key in sorted(_of(changed, ObjectKind.POLICY)):
        policy = wanted.policy(key)
        if policy is None:
            policies.remove_policy(tx, workspace, key)
        else:
            policies.put_policy(tx, policy)


def _put_queues(tx: Tx, workspace: str, before: Company, wanted: Company, changed: Collection[ObjectRef]) -> None:
    for key in sorted(_of(changed, ObjectKind.QUEUE)):
        queue, old = wanted.queue(key), before.queue(key)
        if queue is None:
            queues.remove(tx, workspace, key)
        else:
            queues.put(tx, replace(queue, trouble=_trouble(old, queue)))


def _report_who_left(tx: Tx, before: Company, wanted: Company, changed: Collection[ObjectRef], now: datetime) -> None:
    for key in sorted(_of(changed, ObjectKind.QUEUE)):
        old, queue = before.queue(key), wanted.queue(key)
        if old is not None and queue is not None:
            reports.team_changed(tx, old, queue, now)


def _trouble(old: Queue | None, new: Queue) -> str | None:
    """Slack's last error with the channel, as long as the queue keeps it."""
    return old.trouble if old is not None and old.channel == new.channel else None


def _put_calendars(tx: Tx, workspace: str, wanted: Company, changed: Collection[ObjectRef], now: datetime) -> None:
    """Store the calendars. One that was removed stays stored while a clock goes by it."""
    stored = {calendar.key: calendar for calendar in policies.list_calendars(tx, workspace)}
    moved: set[str] = set()
    for key in sorted(_of(changed, ObjectKind.CALENDAR)):
        calendar, before = wanted.calendar(key), stored.get(key)
        if calendar is None:
            continue
        policies.put_calendar(tx, calendar)
        if before is not None and before != calendar:
            for timer in timers.list_live_by_calendar(tx, workspace, key):
                moved |= _change_hours(tx, timer, before, calendar, now)
    known = {**stored, **{calendar.key: calendar for calendar in wanted.calendars}}
    for timer, other in timers.list_live_by_other_calendar(tx, workspace):
        moved |= _change_hours(tx, timer, known.get(timer.calendar or ""), known.get(other or ""), now)
    redraw_everything(tx, workspace, moved, now)
    for key in stored:
        if wanted.calendar(key) is None and not timers.list_live_by_calendar(tx, workspace, key):
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


def _put_people(tx: Tx, workspace: str, wanted: Company, changed: Collection[ObjectRef]) -> None:
    """Store managers and own calendars, also of people whom the directory does not know yet."""
    named = sorted(_of(changed, ObjectKind.PERSON))
    known = people.get_many(tx, workspace, named)
    for person in named:
        settings = wanted.settings_of(person)
        if person not in known:
            people.put(tx, Person(workspace=workspace, id=person, name=person))
        people.set_manager(tx, workspace, person, settings.manager)
        people.set_calendar(tx, workspace, person, settings.calendar)


def _put_webhooks(tx: Tx, workspace: str, wanted: Company, changed: Collection[ObjectRef]) -> None:
    for key in sorted(_of(changed, ObjectKind.WEBHOOK)):
        webhook = next((one for one in wanted.webhooks if one.key == key), None)
        if webhook is None:
            webhooks.remove(tx, workspace, key)
        else:
            webhooks.put(tx, webhook)


def _put_templates(tx: Tx, workspace: str, wanted: Company) -> None:
    """Store the company's templates and those that come with Baton. Versions that were in use stay readable."""
    in_slack = {ref.key for ref in wanted.in_slack if ref.kind is ObjectKind.TEMPLATE}
    for template in wanted.templates:
        if template.key in in_slack:
            templates.put(tx, replace(template, origin=Origin.SLACK))
    install_shipped(
        tx,
        workspace,
        [replace(one, origin=Origin.FILE) for one in wanted.templates if one.key not in in_slack],
    )
