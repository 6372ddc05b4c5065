"""Checkboxes of handoffs: groups of ten, as many as Slack takes in one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.handoffs.views import wording
from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import LABEL, Block, clip, plain
from slackapp.slack.block_kit.inputs import InputLabels
from storage.handoffs.model import Priority

GROUP: Final = 10
GROUPS: Final = 4
"""Groups on a page; a form has at most six inputs."""
PAGE: Final = GROUP * GROUPS


def groups(
    label: str, listed: Sequence[HandoffDetails], chosen: Collection[str], *, page: int = 0, late: Collection[str] = ()
) -> list[Block]:
    """Return the checkboxes of a page of handoffs, with the chosen ones ticked.

    Args:
        label: the label of the first group.
        listed: the handoffs of this page, at most `PAGE`.
        chosen: ids of the ticked ones.
        page: the page's number, by which Slack tells its boxes from those of another.
        late: ids of those that are late.
    """
    found = []
    for start in range(0, len(listed), GROUP):
        number = start // GROUP
        these = listed[start : start + GROUP]
        first, last = page * PAGE + start + 1, page * PAGE + start + len(these)
        name = label if number == 0 else f"Continued: {first} to {last}"
        found.append(
            inputs.field(
                f"rows{number}", InputLabels(label=name), _boxes(these, chosen, late), optional=True, again=page
            )
        )
    return found


def ticked(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the handoffs that are ticked in a form."""
    return tuple(one for number in range(GROUPS) for one in values.get(f"rows{number}") or ())


def _boxes(listed: Sequence[HandoffDetails], chosen: Collection[str], late: Collection[str]) -> Block:
    options = [_option(details, is_late=details.handoff.id in late) for details in listed]
    first = [option for option in options if option["value"] in chosen]
    return {"type": "checkboxes", "options": options, **({"initial_options": first} if first else {})}


def _option(details: HandoffDetails, *, is_late: bool) -> Block:
    handoff = details.handoff
    facts = [
        " ".join(details.queue.name.split()) or details.queue.key,
        wording.PRIORITIES[handoff.priority] if handoff.priority is not Priority.NORMAL else "",
        "late" if is_late else "",
    ]
    described = " · ".join(fact for fact in facts if not is_blank(fact))
    return {
        "text": plain(clip(wording.about(handoff), LABEL), LABEL),
        "description": plain(described, LABEL),
        "value": handoff.id,
    }


def late_among(listed: Sequence[HandoffDetails], now: Any) -> frozenset[str]:
    """Return the ids of the handoffs whose next deadline has passed."""
    dues = {details.handoff.id: next_deadline(details) for details in listed}
    return frozenset(one for one, due in dues.items() if due is not None and due.at <= now)
