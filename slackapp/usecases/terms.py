"""Reads under which policy and calendar a clock runs."""

from __future__ import annotations

from slackapp.policy.clocks import Terms
from storage import policies
from storage.database import Tx
from storage.records import Queue, Timer


def terms(tx: Tx, queue: Queue) -> Terms:
    """What a clock that starts now in this queue runs under: the newest version of its policy."""
    return Terms(
        policy=policies.policy(tx, queue.workspace, queue.policy) if queue.policy else None,
        calendar=policies.calendar(tx, queue.workspace, queue.calendar) if queue.calendar else None,
    )


def terms_of(tx: Tx, timer: Timer) -> Terms:
    """What a clock that has started runs under: the version of the policy that it started with."""
    return Terms(
        policy=policies.policy(tx, timer.workspace, timer.policy, timer.policy_version),
        calendar=policies.calendar(tx, timer.workspace, timer.calendar) if timer.calendar else None,
    )
