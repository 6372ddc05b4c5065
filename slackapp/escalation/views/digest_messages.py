"""Draw a queue's daily digest: unclaimed, due and missed handoffs. The message mentions nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slackapp.escalation.model import Digest, DigestScene
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import headlines, wording
from slackapp.handoffs.views.card import verb_buttons
from slackapp.slack.block_kit.blocks import Block, Post, context, section, when
from slackapp.slack.ids import COMMAND
from storage.clocks.digests import CLOCKS
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
        *_list("Due today", [_due(details, at) for details, at in found.due]),
        *_list("Missed since the working day before", [_missed(details, at) for details, at in found.missed]),
        context(f"`{COMMAND} open` lists everything that waits."),
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
        context(f"A newer overview is further down. `{COMMAND} open` lists everything that waits."),
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
    """Return the block of an unclaimed handoff with its Claim button; once claimed, its state instead."""
    handoff = details.handoff
    if handoff.state is not State.OPEN:
        return section(f"{wording.name(details)}: {_holder(details)}")
    since = f"waits since {when(handoff.state_since)}{headlines.due_phrase(details, now, bold=True)}"
    offered = situation(handoff) is Situation.OFFERED
    whom = f" for {wording.who(details, handoff.offered_to)}" if offered else ""
    claim = None if offered else verb_buttons(handoff, [Verb.CLAIM])[0]
    return section(f"{wording.name(details, bold=True)} {since}{whom}", accessory=claim)


def _due(details: HandoffDetails, at: datetime) -> str:
    return f"{wording.name(details)}: due {when(_nearest_deadline(details) or at)}, {_holder(details)}"


def _nearest_deadline(details: HandoffDetails) -> datetime | None:
    """Return the nearest deadline that runs now, which may have moved since the morning; None if none runs."""
    running = (timer for timer in details.timers if timer.clock in CLOCKS and timer.running_since)
    return min((timer.deadline_at for timer in running if timer.deadline_at), default=None)


def _missed(details: HandoffDetails, at: datetime) -> str:
    return f"{wording.name(details)}: was due {when(at)}, {_holder(details)}"


def _holder(details: HandoffDetails) -> str:
    """Return a handoff's present state and owner in a few words."""
    handoff = details.handoff
    if handoff.state is State.CLAIMED:
        return f"{wording.who(details, handoff.owner)} has it"
    return "waits for somebody" if handoff.state is State.OPEN else wording.STATES[handoff.state]


def _list(title: str, lines: Sequence[str]) -> list[Block]:
    return [section("\n".join([f"*{title}*", *(f"• {line}" for line in lines)]))] if lines else []
