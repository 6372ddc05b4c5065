"""A queue's morning: how much waits, is due today and was missed, with the first few of each. It mentions nobody."""

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
from storage.company.model import Queue
from storage.handoffs.lifecycle import Situation, State, Verb, situation


def message(scene: DigestScene, now: datetime) -> Post | None:
    """Draw the message `digest`."""
    return digest(scene.digest, scene.queue, scene.payload, now, posted=scene.posted)


def digest(found: Digest, queue: Queue, payload: Mapping[str, Any], now: datetime, *, posted: bool) -> Post | None:
    """Draw a queue's digest; None, if Slack does not have it, once its day is over or all it lists is answered."""
    if not posted and (now > datetime.fromisoformat(payload["until"]) or not _needs_somebody(found)):
        return None
    counts = _counts(found)
    blocks = [
        section(f"*{wording.team(queue)} today:* {counts}."),
        *(_waiting(picture, now) for picture in found.waiting),
        *_list("Due today", [_due(picture, at) for picture, at in found.due]),
        *_list("Missed since the working day before", [_missed(picture, at) for picture, at in found.missed]),
        context(f"`{COMMAND} open` lists everything that waits."),
    ]
    return Post(text=f"{wording.team(queue)} today: {counts}.", blocks=blocks)


def _needs_somebody(found: Digest) -> bool:
    """Whether anything it lists still waits, or is to be known."""
    waits = any(picture.handoff.state is State.OPEN for picture in found.waiting)
    return waits or any(not picture.handoff.final for picture, _ in found.due) or bool(found.missed)


def _counts(found: Digest) -> str:
    """How much there is of each kind: "3 wait for somebody, 2 due today, 1 missed"."""
    numbers = (
        (found.waiting_in_all, "waits for somebody" if found.waiting_in_all == 1 else "wait for somebody"),
        (found.due_in_all, "more due today" if found.waiting_in_all else "due today"),
        (found.missed_in_all, "missed"),
    )
    return ", ".join(f"{number} {what}" for number, what in numbers if number) or "nothing is left to do"


def _waiting(picture: HandoffDetails, now: datetime) -> Block:
    """What waits since when, and the button to take it; once somebody has it, where it stands."""
    handoff = picture.handoff
    if handoff.state is not State.OPEN:
        return section(f"{wording.name(picture)}: {_holder(picture)}")
    since = f"waits since {when(handoff.state_since)}{headlines.due(picture, now, bold=True)}"
    offered = situation(handoff) is Situation.OFFERED
    whom = f" for {wording.who(picture, handoff.offered_to)}" if offered else ""
    claim = None if offered else verb_buttons(handoff, [Verb.CLAIM])[0]
    return section(f"{wording.name(picture, bold=True)} {since}{whom}", accessory=claim)


def _due(picture: HandoffDetails, at: datetime) -> str:
    return f"{wording.name(picture)}: due {when(at)}, {_holder(picture)}"


def _missed(picture: HandoffDetails, at: datetime) -> str:
    return f"{wording.name(picture)}: was due {when(at)}, {_holder(picture)}"


def _holder(picture: HandoffDetails) -> str:
    """Where it stands now, in few words and by name."""
    handoff = picture.handoff
    if handoff.state is State.CLAIMED:
        return f"{wording.who(picture, handoff.owner)} has it"
    return "waits for somebody" if handoff.state is State.OPEN else wording.STATES[handoff.state]


def _list(title: str, lines: Sequence[str]) -> list[Block]:
    return [section("\n".join([f"*{title}*", *(f"• {line}" for line in lines)]))] if lines else []
