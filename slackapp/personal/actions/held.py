"""Decide anew what waits for a person by their own settings, in the transaction that changes what it depends on.

That is what their quiet hours hold, and what is collected for a summary that has not come yet. What the pump has begun
to send is left to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from slackapp.handoffs.rules.change_messages import WATCH_NEWS
from slackapp.people.rules.availability import Unavailable
from slackapp.people.rules.covering import held_for_return
from slackapp.people.rules.personal_settings import delivery_of, next_summary_at, quiet_until
from slackapp.personal.actions.summaries import SUMMARY, collect, summary_key
from storage.clocks import policies
from storage.company import people
from storage.company.model import MessageDelivery, Person
from storage.db.database import Tx
from storage.outbox import outbox, rescheduling
from storage.outbox.rescheduling import HeldMessage
from storage.summaries import collected
from storage.summaries.model import CollectedMessage

WAIT_FOR_RETURN: Final = frozenset({"dm", WATCH_NEWS, SUMMARY})
"""The kinds of messages that wait until a person who has set themselves away is back."""
_REMINDERS: Final = frozenset({"level", "bundle"})
"""Those are decided by the levels of policies, with all whom those mean."""


def after_people(tx: Tx, workspace: str, refs: Collection[str], now: datetime) -> None:
    """Decide anew what waits for these people; ids of user groups are ignored. Two statements if nothing waits."""
    users = [ref for ref in refs if not people.is_group(ref)]
    held = rescheduling.list_held(tx, workspace, users, [Unavailable.QUIET, Unavailable.AWAY])
    waiting = collected.list_waiting(tx, workspace, users, now)
    if not held and not waiting:
        return
    known = people.get_many(tx, workspace, users)
    for message in held:
        if message.kind not in _REMINDERS:
            _hold_anew(tx, workspace, message, known.get(message.user), now)
    by_user: dict[str, list[CollectedMessage]] = defaultdict(list)
    for one in waiting:
        by_user[one.message.to.user or ""].append(one)
    for user, own in by_user.items():
        if user in known:
            _collect_anew(tx, known[user], own, now)


def _hold_anew(tx: Tx, workspace: str, message: HeldMessage, person: Person | None, now: datetime) -> None:
    until, why = max(quiet_until(person, now), now), Unavailable.QUIET
    back_at = held_for_return(person, now) if person is not None else None
    if back_at is not None and message.kind in WAIT_FOR_RETURN:
        until, why = back_at, Unavailable.AWAY
    if (until, why) != (message.until, message.why):
        rescheduling.hold_until(tx, workspace, message.key, until, why)


def after_configuration(
    tx: Tx, workspace: str, refs: Collection[str], now: datetime, *, policies_changed: bool
) -> None:
    """Decide anew what waits after a new configuration: for people whose own hours differ, and by what may wake people.

    The pump decides each message that quiet hours hold once more.
    """
    after_people(tx, workspace, refs, now)
    if policies_changed:
        rescheduling.release(tx, workspace, Unavailable.QUIET, now)


def _collect_anew(tx: Tx, person: Person, own: Iterable[CollectedMessage], now: datetime) -> None:
    """Move what was collected to the summary that comes next by now; what is not for a summary any more is sent.

    Whether that is wanted at all is decided once more before it is sent.
    """
    at = next_summary_at(person, policies.get_calendar_of_person(tx, person), now)
    key, left = summary_key(person.id, at), set()
    for one in own:
        if delivery_of(person, one.topic) is not MessageDelivery.SUMMARY:
            collected.remove(tx, person.workspace, [one.message.key])
            outbox.put(tx, [one.message], now)
            left.add(one.summary)
        elif one.summary != key:
            collect(tx, one.message, one.topic, at, now)
            left.add(one.summary)
    empty = [old for old in left if not collected.list_for_summary(tx, person.workspace, person.id, old)]
    rescheduling.withdraw(tx, person.workspace, empty)
