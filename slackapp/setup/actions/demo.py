"""The end of the demo team's work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.runtime.baton import Baton
from slackapp.setup.rules.demo import DEMO
from storage.handoffs import handoffs
from storage.handoffs.acts import Cancel
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Handoff, Text

REMOVED: Final = "The demo team was removed."
_MOST: Final = 100
"""Handoffs cancelled by one press."""


def cancel_demo_work(baton: Baton, workspace: str, user: str) -> int:
    """Cancel the demo team's unfinished handoffs, with a note; return how many."""
    cancel = Cancel(text=Text(plain=REMOVED))
    done = 0
    for handoff in _unfinished(baton, workspace):
        request = Request(workspace=workspace, handoff_id=handoff.id, act=cancel, user=user)
        done += isinstance(carry_out(baton, request), Moved)
    return done


def _unfinished(baton: Baton, workspace: str) -> Sequence[Handoff]:
    with baton.db.reading() as tx:
        return handoffs.list_live_in_queue(tx, workspace, DEMO, _MOST)
