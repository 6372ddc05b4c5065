"""Find the handoffs whose reminders depend on given people and user groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from storage.clocks import policies, unsettled
from storage.clocks.model import Policy
from storage.company import queues
from storage.db.database import Tx

_GROUP: Final = "S"
"""How Slack's ids of user groups begin."""


def by_people(tx: Tx, workspace: str, refs: Collection[str]) -> set[str]:
    """Return the handoffs with unsettled notices to these people, or of levels that mean these user groups."""
    found = set(unsettled.list_handoffs_of_recipients(tx, workspace, refs))
    groups = {ref for ref in refs if ref.startswith(_GROUP)}
    if groups:
        managed = [queue.key for queue in queues.list_all(tx, workspace) if groups & {*queue.managers}]
        telling = [
            (policy.key, policy.version) for policy in policies.list_versions(tx, workspace) if _tells(policy, groups)
        ]
        found |= {*unsettled.list_handoffs_of_levels(tx, workspace, queues=managed, policies=telling)}
    return found


def _tells(policy: Policy, groups: Collection[str]) -> bool:
    return any(word in groups for level in policy.levels for word in level.tell)
