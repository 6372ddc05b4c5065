"""Reads under which policy and calendar a clock runs."""

from __future__ import annotations

from typing import Final

from slackapp.clocks.rules import durations
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.runtime.baton import Baton
from storage.clocks import policies, policy_usage
from storage.clocks.model import Timer
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs

CONFIGURED: Final = "configured"
"""The audit's word for new terms: the configuration changed policies, queues or calendars of the workspace."""


def terms(tx: Tx, queue: Queue) -> Terms:
    """What a clock that starts now in this queue runs under: its policy's newest version, and its hours."""
    return Terms(
        policy=policies.get_policy(tx, queue.workspace, queue.policy) if queue.policy else None,
        calendar=policies.get_calendar_of_queue(tx, queue),
    )


def terms_of(tx: Tx, timer: Timer) -> Terms:
    """What a clock that has started runs under: the version of the policy that it started with."""
    return Terms(
        policy=policies.get_policy(tx, timer.workspace, timer.policy, timer.policy_version),
        calendar=policies.get_calendar(tx, timer.workspace, timer.calendar) if timer.calendar else None,
    )


def running(tx: Tx, handoff_id: str, known: Terms) -> list[tuple[Timer, Terms]]:
    """The clocks of a handoff that have not stopped, each with what it runs under; `known` has been read already."""
    found = policy_usage.list_live_with_terms(tx, handoff_id, known.policy)
    return [(timer, Terms(policy=policy, calendar=calendar)) for timer, policy, calendar in found]


def open_seconds(baton: Baton, workspace: str, handoff_id: str, duration: str) -> int | None:
    """How many seconds of open time a duration such as `2h` or `1d` means for a handoff, in its queue's calendar.

    None if there is no such handoff.
    """
    with baton.db.reading(wait_s=1.0) as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        queue = queues.get(tx, workspace, handoff.queue) if handoff else None
        calendar = terms(tx, queue).calendar if queue else None
    return durations.seconds(durations.parse(duration), calendar) if queue else None
