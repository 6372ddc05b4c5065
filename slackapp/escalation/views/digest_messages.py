"""Draw a queue's daily digest: unclaimed, due and missed handoffs. The message mentions nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slackapp.escalation.model import Digest, DigestScene
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import status, wording
from slackapp.handoffs.views.card import verb_buttons
from slackapp.slack.block_kit.blocks import Block, Post, context, section, when
from slackapp.slack.ids import COMMAND
from storage.company.model import Queue
from storage.handoffs.lifecycle import Situation, State, Verb, situation


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
        *(_waiting(details, now) for details in found.waiting),
        *_list("Due today", [_status(details, now) for details, _ in found.due]),
        *_list("Missed since the last working day", [_missed(details, at, now) for details, at in found.missed]),
        context(f"`{COMMAND} open` lists all unassigned handoffs."),
    ]
    return Post(text=f"{wording.team(queue)} this morning: {counts}.", blocks=blocks)


def _record(found: Digest, queue: Queue) -> Post:
    """Draw the digest of an earlier day: what it listed, without how that stands now."""
    lead = f"on an earlier morning: {_counts(found)}"
    blocks = [
        section(f"*{wording.team(queue)}* {lead}."),
        *_list("Unassigned then", [wording.name(details) for details in found.waiting]),
        *_list("Due that day", [f"{wording.name(details)}: was due {when(at)}" for details, at in found.due]),
        *_list("Missed before", [f"{wording.name(details)}: was due {when(at)}" for details, at in found.missed]),
        context(f"There is a newer overview further down. `{COMMAND} open` lists all unassigned handoffs."),
    ]
    return Post(text=f"{wording.team(queue)} {lead}.", blocks=blocks, settled=True)


def _needs_somebody(found: Digest) -> bool:
    """Whether anything listed is still unclaimed, unfinished or missed."""
    waits = any(details.handoff.state is State.OPEN for details in found.waiting)
    return waits or any(not details.handoff.final for details, _ in found.due) or bool(found.missed)


def _counts(found: Digest) -> str:
    """Return the number of each kind as of that morning: "3 unassigned, 2 due today, 1 missed"."""
    numbers = (
        (found.waiting_in_all, "unassigned"),
        (found.due_in_all, "more due today" if found.waiting_in_all else "due today"),
        (found.missed_in_all, "missed"),
    )
    return ", ".join(f"{number} {what}" for number, what in numbers if number) or "nothing is left to do"


def _waiting(details: HandoffDetails, now: datetime) -> Block:
    """Return the row of an unclaimed handoff with its Claim button; once claimed, its status instead."""
    claims = situation(details.handoff) is Situation.OPEN
    button = verb_buttons(details.handoff, [Verb.CLAIM], plain=True)[0] if claims else None
    title = wording.name(details, bold=True)
    return section(f"{title}\n{status.line(details, now, named=True)}", accessory=button)


def _missed(details: HandoffDetails, at: datetime, now: datetime) -> str:
    return f"{_status(details, now)} (missed {when(at)})"


def _status(details: HandoffDetails, now: datetime) -> str:
    return f"{wording.name(details)}: {status.phrase(details, now, named=True)}"


def _list(title: str, lines: Sequence[str]) -> list[Block]:
    return [section("\n".join([f"*{title}*", *(f"• {line}" for line in lines)]))] if lines else []
