"""Store facts about people, user groups and channels as Slack last reported them, each with its instant.

Decisions read these facts and never ask Slack. They come from events, one at a time, and from the sweep, many at once.
The handoffs of a person who left and a refused or restored channel's messages are repaired in the same step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from slackapp.directory.actions import repair, reports
from slackapp.directory.rules import posting_problem
from slackapp.people.rules.standing import is_admitted
from slackapp.runtime.baton import Baton
from storage.company import channel_members, people, queues, workspaces
from storage.company.model import Channel, Claimers, Group, Person, Workspace
from storage.db.database import Tx
from storage.handoffs import handoffs

_A_BATCH: Final = 200
"""People written in one transaction, so that a sweep never keeps others waiting for long."""
_JUDGED: Final = frozenset({"is_archived", "not_in_channel", "channel_not_found"})
"""Problems that these facts can show to be over; others end when a message is accepted."""


def store_workspace(baton: Baton, workspace: Workspace) -> None:
    """Store the token's workspace and scopes, and end the state "shut out"."""
    baton.db.run_transaction(lambda tx: workspaces.put(tx, workspace))
    baton.on_slack_access(None)


def store_person(baton: Baton, person: Person) -> bool:
    """Store a person; return whether they have just left: deactivated, or no member of the workspace any more."""
    return bool(store_people(baton, [person]))


def store_people(baton: Baton, persons: Sequence[Person]) -> tuple[str, ...]:
    """Store people; return the ids of those who have left since the last time.

    Costs what changed: those who are stored as they are told are read, all in one statement, and nothing is written.
    The handoffs of people who left are repaired: their queues' managers become accountable and are notified.
    """
    now = baton.clock.now()
    gone: list[Person] = []
    with baton.db.reading() as tx:
        changed = _news(tx, persons)
    for start in range(0, len(changed), _A_BATCH):
        batch = changed[start : start + _A_BATCH]
        stored = baton.db.run_transaction(partial(_store_batch, baton=baton, persons=batch, now=now))
        gone += stored.gone
        if stored.changed or stored.gone:
            baton.wake_pump()
    return tuple(person.id for person in gone)


def _news(tx: Tx, persons: Sequence[Person]) -> list[Person]:
    """Return those of the people of whom something differs from what is stored."""
    news: list[Person] = []
    for workspace in sorted({person.workspace for person in persons}):
        here = [person for person in persons if person.workspace == workspace]
        known = people.get_many(tx, workspace, [person.id for person in here])
        news += [person for person in here if _is_news(known.get(person.id), person)]
    return news


def store_groups(baton: Baton, workspace: str, told: Sequence[Group]) -> int:
    """Store those user groups that differ from what is stored; return how many did. One statement reads them all."""
    with baton.db.reading() as tx:
        known = people.list_groups(tx, workspace)
    changed = [group for group in told if not _is_stored(known.get(group.id), group)]
    for group in changed:
        store_group(baton, group)
    return len(changed)


def _is_stored(stored: Group | None, told: Group) -> bool:
    if stored is None:
        return False
    return replace(stored, members=None if told.members is None else stored.members) == told


def store_group(baton: Baton, group: Group) -> None:
    """Store a user group. Where its members are missing, the stored ones are kept."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        before = people.get_group_members(tx, group.workspace, group.id)
        members = before if group.members is None else group.members
        with _membership_changing(tx, baton, (group.workspace, group.id), {*before} ^ {*members}, now):
            people.put_group(tx, group.workspace, group.id, group.handle, group.name, members, now)
            reports.group_changed(tx, group.workspace, group.id, now, before=before, after=members)

    baton.db.run_transaction(work)
    baton.wake_pump()


def change_group_members(
    baton: Baton, workspace: str, group_id: str, *, added: Collection[str] = (), removed: Collection[str] = ()
) -> bool:
    """Add and remove members of a user group; False if the group is unknown and has to be read."""
    now = baton.clock.now()

    def work(tx: Tx) -> bool:
        baton.db.lock(tx, f"group:{workspace}:{group_id}")  # Two changes at once must not lose one.
        before = people.get_group_members(tx, workspace, group_id)
        members = tuple(dict.fromkeys([*(user for user in before if user not in removed), *added]))
        with _membership_changing(tx, baton, (workspace, group_id), {*before} ^ {*members}, now):
            is_known = people.set_group_members(tx, workspace, group_id, members, now)
            reports.group_changed(tx, workspace, group_id, now, before=before, after=members)
            return is_known

    is_known = baton.db.run_transaction(work)
    baton.wake_pump()
    return is_known


@contextmanager
def _membership_changing(
    tx: Tx, baton: Baton, group: tuple[str, str], changed: Collection[str], now: datetime
) -> Iterator[None]:
    """Store the members of a group in this block; what follows for those who joined or left comes after it."""
    workspace, group_id = group
    if changed:
        baton.lock_facts(tx)
    yield
    baton.after_people(tx, workspace, {group_id, *changed} if changed else (), now)


def change_channel(baton: Baton, workspace: str, channel_id: str, **told: Any) -> None:
    """Store changed facts of a channel: `name`, `is_archived`, `is_shared` or `has_bot`.

    Channels that no queue posts to and that were never read are ignored.
    """
    with baton.db.reading() as tx:
        known = people.get_channel(tx, workspace, channel_id)
        ours = known is not None or bool(queues.list_by_channel(tx, workspace, channel_id))
    if ours:
        before = known or Channel(workspace=workspace, id=channel_id, name=channel_id, has_bot=True)
        store_channel(baton, replace(before, **told))


def store_membership(baton: Baton, workspace: str, channel_id: str, user: str, *, joined: bool) -> None:
    """Store that Baton or somebody who may claim there joined or left a channel; others' memberships are ignored."""
    with baton.db.reading() as tx:
        installed = workspaces.get(tx, workspace)
        posting = queues.list_by_channel(tx, workspace, channel_id)
    if installed is not None and user == installed.bot_user:
        change_channel(baton, workspace, channel_id, has_bot=joined)
    elif any(queue.claimers is Claimers.CHANNEL for queue in posting):
        baton.db.run_transaction(lambda tx: _change_member(tx, workspace, channel_id, user, joined=joined))


def _change_member(tx: Tx, workspace: str, channel_id: str, user: str, *, joined: bool) -> None:
    if joined:
        channel_members.add(tx, workspace, channel_id, [user])
    else:
        channel_members.remove(tx, workspace, channel_id, user)


def store_channel_members(baton: Baton, workspace: str, channel_id: str, users: Collection[str]) -> None:
    """Store who is in a channel; only what differs is written."""

    def work(tx: Tx) -> None:
        before, now = channel_members.list_users(tx, workspace, channel_id), set(users)
        channel_members.add(tx, workspace, channel_id, sorted(now - before))
        for user in sorted(before - now):
            channel_members.remove(tx, workspace, channel_id, user)

    baton.db.run_transaction(work)


def store_channel(baton: Baton, channel: Channel) -> None:
    """Store a channel, and refuse or restore its queues' posts accordingly."""
    now = baton.clock.now()

    def work(tx: Tx) -> tuple[str | None, bool]:
        stored = people.get_channel(tx, channel.workspace, channel.id)
        if _is_news(stored, channel):
            people.put_channel(tx, replace(channel, seen_at=now))
        if stored is not None:
            reports.channel_changed(tx, stored, channel, now)
        workspace = workspaces.get(tx, channel.workspace)
        posting = queues.list_by_channel(tx, channel.workspace, channel.id)
        is_refused = any(queue.trouble in _JUDGED for queue in posting)
        return posting_problem(channel, workspace.scopes if workspace else ()), is_refused

    code, was_refused = baton.db.run_transaction(work)
    if code is not None:
        repair.channel_refused(baton, channel.workspace, channel.id, code)
    elif was_refused:
        repair.channel_restored(baton, channel.workspace, channel.id)


def store_channel_gone(baton: Baton, workspace: str, channel_id: str) -> None:
    """Store that a channel was deleted or is not visible to Baton any more."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        known = people.get_channel(tx, workspace, channel_id)
        if known is not None:
            people.put_channel(tx, replace(known, has_bot=False, is_archived=True, seen_at=now))

    baton.db.run_transaction(work)
    repair.channel_refused(baton, workspace, channel_id, "channel_not_found")


def store_new_channel_id(baton: Baton, workspace: str, old: str, new: str) -> None:
    """Store a channel's new id, which it gets when it becomes shared, and move queues and messages to it."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        known = people.get_channel(tx, workspace, old)
        if known is not None:
            people.put_channel(tx, replace(known, id=new, seen_at=now))

    baton.db.run_transaction(work)
    repair.channel_id_changed(baton, workspace, old, new)


@dataclass(kw_only=True)
class _Stored:
    """Those of a batch who are no longer members of the workspace, and whether anybody's availability changed."""

    gone: list[Person] = field(default_factory=list)
    changed: bool = False


def _store_batch(tx: Tx, baton: Baton, persons: Sequence[Person], now: datetime) -> _Stored:
    """Store what changed of these people."""
    found = _Stored()
    for workspace in sorted({person.workspace for person in persons}):
        here = [person for person in persons if person.workspace == workspace]
        known = people.get_many(tx, workspace, [person.id for person in here])
        changed = [
            person.id for person in here if _availability_facts(known.get(person.id)) != _availability_facts(person)
        ]
        if changed:
            found.changed = True
            baton.lock_facts(tx)
        people.put_many(tx, [replace(one, seen_at=now) for one in here if _is_news(known.get(one.id), one)])
        for person in here:
            stored = known.get(person.id)
            if not is_admitted(person) and (person.deleted if stored is None else is_admitted(stored)):
                found.gone.append(person)
        baton.after_people(tx, workspace, changed, now)
        left = [person.id for person in found.gone if person.workspace == workspace]
        for user in sorted(handoffs.list_holders(tx, workspace, left)):  # in the transaction that stores that they left
            repair.release_work_of(tx, workspace, user, now)
    return found


def _availability_facts(person: Person | None) -> tuple[object, ...]:
    """Return what Slack tells of a person that decides whether and when they can be notified."""
    return (person.tz, is_admitted(person), person.away_until) if person else ()


def _is_news(stored: Person | Channel | None, told: Person | Channel) -> bool:
    """Whether something Slack told differs from what is stored, or nothing that Slack told is stored."""
    if stored is None or stored.seen_at is None:
        return True
    if isinstance(told, Person) and isinstance(stored, Person):
        kept = {name: getattr(stored, name) for name in people.KEPT}
        return replace(stored, seen_at=None) != replace(told, seen_at=None, **kept)
    return replace(stored, seen_at=None) != replace(told, seen_at=None)
