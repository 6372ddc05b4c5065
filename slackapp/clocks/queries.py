"""Read the policy and calendar that a clock runs under."""

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
"""Audit verb of a configuration that changed policies, queues or calendars of the workspace."""


def terms(tx: Tx, queue: Queue) -> Terms:
    """Return the terms of a clock that starts now in this queue: its policy's newest version, and its hours."""
    return Terms(
        policy=policies.get_policy(tx, queue.workspace, queue.policy) if queue.policy else None,
        calendar=policies.get_calendar_of_queue(tx, queue),
    )


def terms_of(tx: Tx, timer: Timer) -> Terms:
    """Return the terms of a started clock: the version of the policy that it started with."""
    return Terms(
        policy=policies.get_policy(tx, timer.workspace, timer.policy, timer.policy_version),
        calendar=policies.get_calendar(tx, timer.workspace, timer.calendar) if timer.calendar else None,
    )


def running(tx: Tx, handoff_id: str, known: Terms) -> list[tuple[Timer, Terms]]:
    """Return the unstopped clocks of a handoff, each with its terms; `known` are terms that were read already."""
    found = policy_usage.list_live_with_terms(tx, handoff_id, known.policy)
    return [(timer, Terms(policy=policy, calendar=calendar)) for timer, policy, calendar in found]


def open_seconds(baton: Baton, workspace: str, handoff_id: str, duration: str) -> int | None:
    """Return the seconds of open time of a duration such as `2h` or `1d`, in the calendar of a handoff's queue.

    None if there is no such handoff.
    """
    with baton.db.reading(wait_s=1.0) as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        queue = queues.get(tx, workspace, handoff.queue) if handoff else None
        calendar = terms(tx, queue).calendar if queue else None
    return durations.seconds(durations.parse(duration), calendar) if queue else None
