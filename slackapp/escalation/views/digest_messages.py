"""Draw a queue's daily digest: unclaimed, due and missed handoffs. The message mentions nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slackapp.escalation.model import Digest, DigestScene
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import status, wording
from slackapp.handoffs.views.card import due_verbs, first_button
from slackapp.slack.block_kit.blocks import Block, Post, context, section, when
from slackapp.slack.ids import COMMAND
from storage.company.model import Queue
from storage.handoffs.lifecycle import State


def message(scene: DigestScene, now: datetime) -> Post | None:
    """Draw the message `digest`."""
    if scene.superseded:
        return _record(scene.digest, scene.queue)
    return digest_message(scene.digest, scene.queue, scene.payload, now, posted=scene.posted)


def digest_message(
    found: Digest, queue: Queue, payload: Mapping[str, Any], now: datetime, *, posted: bool
) -> Post | None:
    """Draw a queue's digest; None if it was not posted and its day is over or everything listed is settled."""
    if not posted and (now > datetime.fromisoformat(payload["until"]) or not _needs_somebody(found)):
        return None
    counts = _counts(found)
    blocks = [
        section(f"*{wording.team(queue)} this morning:* {counts}."),
        *(_row(details, now) for details in found.waiting),
        *_rows("Deadlines today", [_row(details, now) for details, _ in found.due]),
        *_rows("Missed since the last working day", [_row(details, now, missed=at) for details, at in found.missed]),
        context(f"`{COMMAND} open` lists all unassigned handoffs."),
    ]
    return Post(text=f"{wording.team(queue)} this morning: {counts}.", blocks=blocks)


def _record(found: Digest, queue: Queue) -> Post:
    """Draw the digest of an earlier day: what it listed, without how that stands now."""
    lead = f"on an earlier morning: {_counts(found)}"
    blocks = [
        section(f"*{wording.team(queue)}* {lead}."),
        *_list("Unassigned then", [wording.name(details) for details in found.waiting]),
        *_list(
            "Deadlines that day", [f"{wording.name(details)}: deadline was {when(at)}" for details, at in found.due]
        ),
        *_list("Missed before", [f"{wording.name(details)}: deadline was {when(at)}" for details, at in found.missed]),
        context(f"There is a newer overview further down. `{COMMAND} open` lists all unassigned handoffs."),
    ]
    return Post(text=f"{wording.team(queue)} {lead}.", blocks=blocks, settled=True)


def _needs_somebody(found: Digest) -> bool:
    """Whether anything listed is still unclaimed, unfinished or missed."""
    waits = any(details.handoff.state is State.OPEN for details in found.waiting)
    return waits or any(not details.handoff.final for details, _ in found.due) or bool(found.missed)


def _counts(found: Digest) -> str:
    """Return the number of each kind as of that morning: "3 unassigned, 2 more deadlines today, 1 missed"."""
    numbers = (
        (found.waiting_in_all, "unassigned"),
        (found.due_in_all, f"{'more ' if found.waiting_in_all else ''}{_deadlines(found.due_in_all)} today"),
        (found.missed_in_all, "missed"),
    )
    return ", ".join(f"{number} {what}" for number, what in numbers if number) or "nothing is left to do"


def _deadlines(number: int) -> str:
    return "deadline" if number == 1 else "deadlines"


def _row(details: HandoffDetails, now: datetime, *, missed: datetime | None = None) -> Block:
    """Return the row of a handoff: title, status and the button that its card has first; once it ended, Details."""
    title, at = wording.name(details, bold=True), f" · missed {when(missed)}" if missed else ""
    button = first_button(details.handoff, due_verbs(details.handoff))
    return section(f"{title}\n{status.line(details, now, named=True)}{at}", accessory=button)


def _rows(title: str, rows: Sequence[Block]) -> list[Block]:
    return [section(f"*{title}*"), *rows] if rows else []


def _list(title: str, lines: Sequence[str]) -> list[Block]:
    return [section("\n".join([f"*{title}*", *(f"• {line}" for line in lines)]))] if lines else []
