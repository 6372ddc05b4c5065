"""The act of a run on one handoff, decided on the handoff as it is when its turn comes."""

from __future__ import annotations

from typing import Final

from storage.bulk.model import BulkKind, BulkRow, BulkRun
from storage.handoffs.acts import Act, Claim, Decline, Release, Transfer
from storage.handoffs.lifecycle import State, Verb
from storage.handoffs.model import Handoff, Text

TO_TEAMS: Final = frozenset({BulkKind.TEAM, BulkKind.BACK})
"""Runs that bring work into a team's channel, which is told."""


def act_for(run: BulkRun, row: BulkRow, handoff: Handoff) -> Act | None:
    """Return what the run does to a handoff; None if the handoff is no longer its author's own to hand over."""
    if run.kind is BulkKind.CLAIM:
        return Claim()
    text = joined(run.note, row.note)
    if handoff.state is State.OPEN and handoff.offered_to == run.actor and run.kind is BulkKind.BACK:
        return Decline(text=text)
    if handoff.owner != run.actor:
        return None
    match run.kind:
        case BulkKind.PERSON:
            return Transfer(queue=handoff.queue, person=run.person, text=text)
        case BulkKind.TEAM if run.queue and run.queue != handoff.queue:
            return Transfer(queue=run.queue, text=text)
    return Release(text=text)


def done_as(run: BulkRun, row: BulkRow) -> BulkKind:
    """Return what the run did to a row: work that was in the team already was put back instead of passed on."""
    return BulkKind.BACK if row.why == Verb.RELEASE else run.kind


def joined(common: Text | None, own: Text | None) -> Text | None:
    """Return the note for all rows and the note for one of them as one note; None without either."""
    given = [note for note in (common, own) if note is not None]
    if len(given) < 2:  # noqa: PLR2004 - two are joined
        return given[0] if given else None
    elements = [part for note in given for part in (note.rich or {}).get("elements", ())]
    rich = {"type": "rich_text", "elements": elements} if elements else None
    return Text(plain="\n".join(note.plain for note in given), rich=rich)
