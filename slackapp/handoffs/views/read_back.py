"""The read-back and question forms: their labels, their context and the text that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit.blocks import Block, quote, said, section
from slackapp.slack.ids import Field
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import ReadBackMode, ReadBackStatus, Verb
from storage.handoffs.model import Handoff, Note

GIST: Final = "What is this about?"
FIRST_STEP: Final = "What will you do first?"

ASK_MOST: Final = 300
"""Characters of a template's own request for a read-back."""
JUDGED: Final = "The sender checks your answer."

_TOWARDS: Final = (ClockKind.FIRST_ACTION, ClockKind.FINISH, ClockKind.NEEDED_BY)
"""The clocks that set the date of the first step, the nearest first."""

_ANSWERED_VERBS: Final[Mapping[Verb, Verb]] = {
    Verb.ANSWER: Verb.ASK,
    Verb.CORRECT: Verb.READ_BACK,
    Verb.READ_BACK: Verb.CORRECT,
}
"""The verb whose note a form answers."""


def asks(details: HandoffDetails, key: Field) -> bool:
    """Whether a form asks for this field now: for the gist only under a hard read-back."""
    return key is not Field.GIST or details.handoff.read_back_mode is ReadBackMode.HARD


def gist_label(details: HandoffDetails) -> str:
    """The label of the gist field: the template's own words, if it has any."""
    return (details.template.read_back_ask if details.template else "") or GIST


def lead(verb: Verb, details: HandoffDetails) -> str:
    """The template's own request above a soft read-back, which has no field for it; empty otherwise."""
    if verb is not Verb.READ_BACK or details.handoff.read_back_mode is ReadBackMode.HARD:
        return ""
    ask = said(details.template.read_back_ask, ASK_MOST) if details.template else ""
    return f"{ask} {JUDGED}" if ask else ""


def first_step_by(details: HandoffDetails, now: datetime) -> datetime | None:
    """The date by which the first step is expected: of the first-action clock, else finish, else needed-by."""
    timers = (details.timer(clock) for clock in _TOWARDS)
    deadlines = [timer.deadline_at for timer in timers if timer and timer.deadline_at]
    return next((at for at in deadlines if at > now), None)


def note_text(details: HandoffDetails, gist: str | None, first_step: str) -> str:
    """The text of a read-back as it is stored; with two answers the questions are included."""
    if gist is None:
        return first_step
    asked = gist_label(details)
    return f"{asked} {gist}\n{FIRST_STEP} {first_step}" if asked.endswith("?") else f"{gist}\n{FIRST_STEP} {first_step}"


def ends_own_question(verb: Verb, handoff: Handoff, reader: str) -> bool:
    """Whether an answer would be the owner ending their own question."""
    return verb is Verb.ANSWER and bool(reader) and handoff.owner == reader


def answered_note(verb: Verb, details: HandoffDetails) -> list[Block]:
    """The note that the form answers, quoted: the question, the read-back, or its correction."""
    if verb is Verb.READ_BACK and details.handoff.read_back is not ReadBackStatus.CORRECTED:
        return []
    note = _latest(details, _ANSWERED_VERBS.get(verb))
    text = quote(note.text.plain, 2000) if note else ""
    return (
        [section(f"{wording.VERB_WORDS[Verb(note.verb)].past} by {wording.who(details, note.author)}:\n{text}")]
        if note and text
        else []
    )


def _latest(details: HandoffDetails, verb: Verb | None) -> Note | None:
    return next((note for note in reversed(details.notes) if note.verb == verb), None)
