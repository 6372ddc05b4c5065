"""Whether somebody may read what a handoff says."""

from __future__ import annotations

from typing import Final

from slackapp.policy.permissions import concerned
from storage.lifecycle import Actor, Role
from storage.records import Handoff

_ENTITLED: Final = frozenset({Role.MEMBER, Role.MANAGER})


def may_read(actor: Actor, handoff: Handoff) -> bool:
    """Whether this person may read its contents; of a private one only its team and those who sent, have or had it."""
    if Role.VIEWER not in actor.roles:
        return False
    return not handoff.private or actor.user in concerned(handoff) or not _ENTITLED.isdisjoint(actor.roles)
