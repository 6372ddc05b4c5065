"""How long the contents of finished work are kept: as many days after its end as its template says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from storage.handoffs.lifecycle import Moved, State
from storage.handoffs.model import Handoff
from storage.templates.model import Template

_ENDED: Final = frozenset({State.DONE, State.CANCELLED})


def ends(moved: Moved) -> bool:
    """Whether the work ends with this change."""
    return moved.after.state in _ENDED and moved.before.state not in _ENDED


def kept_until(moved: Moved, template: Template | None) -> Handoff:
    """The handoff after a change, with the instant at which its contents go.

    It is set when the work ends, stays while it is finished, and is forgotten when the work is taken up again.
    """
    after = moved.after
    if after.state not in _ENDED:
        return after if after.erase_at is None else replace(after, erase_at=None)
    if not ends(moved) or template is None or template.retention_days is None:
        return after
    return replace(after, erase_at=moved.at + timedelta(days=template.retention_days))
