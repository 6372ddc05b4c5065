"""Store facts about people, user groups and channels as Slack last reported them, each with its instant.

Decisions read these facts and never ask Slack. They come from events, one at a time, and from the sweep, many at once.
The handoffs of a person who left and a refused or restored channel's messages are repaired in the same step.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from slackapp.directory.actions import repair
from slackapp.directory.rules import posting_problem
from slackapp.people.rules.availability import availability
from slackapp.people.rules.standing import is_admitted
from slackapp.runtime.baton import Baton
from storage.clocks import notices
from storage.company import people, queues, workspaces
from storage.company.model import Channel, Group, Person, Workspace
from storage.db.database import Tx
from storage.outbox import outbox

_A_BATCH: Final = 200
"""People written in one transaction, so that a sweep never keeps others waiting for long."""
_DATED_ANEW_AFTER: Final = timedelta(days=1)
"""An unchanged fact is written again only this often: a sweep costs what changed."""
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

    Their handoffs are repaired: their queues' managers become accountable and are notified.
    """
    now = baton.clock.now()
    gone: list[Person] = []
    for start in range(0, len(persons), _A_BATCH):
        gone += baton.db.run_transaction(partial(_store_batch, persons=persons[start : start + _A_BATCH], now=now))
    for person in gone:
        repair.person_gone(baton, person.workspace, person.id)
    return tuple(person.id for person in gone)


def store_group(baton: Baton, group: Group) -> None:
    """Store a user group. Where its members are missing, the stored ones are kept."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        members = group.members
        if members is None:
            members = people.get_group_members(tx, group.workspace, group.id)
        people.put_group(tx, group.workspace, group.id, group.handle, group.name, members, now)

    baton.db.run_transaction(work)


def change_group_members(
    baton: Baton, workspace: str, group_id: str, *, added: Collection[str] = (), removed: Collection[str] = ()
) -> bool:
    """Add and remove members of a user group; False if the group is unknown and has to be read."""
    now = baton.clock.now()

    def work(tx: Tx) -> bool:
        baton.db.lock(tx, f"group:{workspace}:{group_id}")  # Two changes at once must not lose one.
        stay = [user for user in people.get_group_members(tx, workspace, group_id) if user not in removed]
        members = dict.fromkeys([*stay, *added])
        return people.set_group_members(tx, workspace, group_id, members, now)

    return baton.db.run_transaction(work)


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
    """Store that Baton joined or left a channel; other people's memberships are ignored."""
    with baton.db.reading() as tx:
        installed = workspaces.get(tx, workspace)
    if installed is not None and user == installed.bot_user:
        change_channel(baton, workspace, channel_id, has_bot=joined)


def store_channel(baton: Baton, channel: Channel) -> None:
    """Store a channel, and refuse or restore its queues' posts accordingly."""
    now = baton.clock.now()

    def work(tx: Tx) -> tuple[str | None, bool]:
        stored = people.get_channel(tx, channel.workspace, channel.id)
        if stored is None or _is_news(stored, channel, now):
            people.put_channel(tx, replace(channel, seen_at=now))
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


def _store_batch(tx: Tx, persons: Sequence[Person], now: datetime) -> list[Person]:
    """Store what changed of these people; return those who were members of the workspace and are not any more."""
    known: dict[str, Person] = {}
    for workspace in {person.workspace for person in persons}:
        known |= people.get_many(tx, workspace, [person.id for person in persons if person.workspace == workspace])
    gone = []
    for person in persons:
        stored = known.get(person.id)
        if stored is None or _is_news(stored, person, now):
            people.put(tx, replace(person, seen_at=now))
            if stored is not None:
                release_held(tx, stored, replace(stored, away_until=person.away_until), now)
        if not is_admitted(person) and (person.deleted if stored is None else is_admitted(stored)):
            gone.append(person)
    return gone


def _is_news(stored: Person | Channel, told: Person | Channel, now: datetime) -> bool:
    """Whether something Slack told differs from what is stored, or is old."""
    if stored.seen_at is None or now - stored.seen_at >= _DATED_ANEW_AFTER:
        return True
    if isinstance(told, Person) and isinstance(stored, Person):
        kept = {name: getattr(stored, name) for name in people.KEPT}
        return replace(stored, seen_at=None) != replace(told, seen_at=None, **kept)
    return replace(stored, seen_at=None) != replace(told, seen_at=None)


def release_held(tx: Tx, before: Person, after: Person, now: datetime) -> None:
    """Bring messages held for a person forward if a new fact ends their Do Not Disturb or absence sooner.

    The pump checks availability again before it sends, so messages outside their working hours stay held.
    """
    waited_for, at = availability(before, None, now).at, availability(after, None, now).at
    if waited_for is not None and at is not None and at < waited_for:
        outbox.bring_forward(tx, after.workspace, notices.release_held(tx, after.workspace, after.id, at), at)
