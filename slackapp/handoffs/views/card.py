"""The card of a handoff: its headline, facts, notes and buttons, in the queue's channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.privacy import stub
from slackapp.handoffs.views import custody, headlines, wording
from slackapp.runtime.visible_text import is_blank
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import (
    Block,
    Post,
    actions,
    button,
    context,
    link,
    option,
    overflow,
    packed,
    quote,
    said,
    section,
    when,
)
from slackapp.templates.views import render_answers
from storage.handoffs.lifecycle import ReadBackStatus, Situation, State, Verb, possible, situation
from storage.handoffs.model import Handoff, Note, Priority
from storage.templates.model import CARD_FACTS, Template


def changed_since_return(details: HandoffDetails) -> str:
    """The names of the fields edited since the last return; empty if none were or there was no return."""
    names = dict.fromkeys(name for note in _since_the_return(details) for name in note.text.changes or {})
    return wording.changed(list(names), details.template) if names else ""


def _since_the_return(details: HandoffDetails) -> Iterator[Note]:
    """The notes of edits after the last return; a return always has a note."""
    returned = max((place for place, note in enumerate(details.notes) if note.verb == Verb.RETURN), default=None)
    if returned is None:
        return
    yield from (note for note in details.notes[returned:] if note.verb == Verb.EDIT)


_ANSWERS: Final = 2900
"""Characters of answers in one section, addresses of links included."""
PRIMARY: Final = frozenset({
    Verb.CLAIM, Verb.CONTINUE, Verb.READ_BACK, Verb.CONFIRM, Verb.ANSWER, Verb.COMPLETE, Verb.RESEND,
})  # fmt: skip
"""Verbs whose button may be primary; only the first of them in a row is."""


PRIVATE_HINT: Final = f"What it is about stands in {phrases.SHOW_ALL}, for those who have to know it."


@dataclass(frozen=True, kw_only=True)
class ButtonRow:
    """The controls of a card: buttons from left to right, then Show all, then the menu behind "…"."""

    buttons: tuple[Verb, ...] = ()
    menu: tuple[Verb, ...] = ()
    show: bool = True


_MENU: Final = (Verb.TRANSFER, Verb.RETURN, Verb.NOTE, Verb.EDIT, Verb.CANCEL)
_OWNED: Final = (Verb.TRANSFER, Verb.RETURN, Verb.ASK, Verb.SNOOZE, Verb.NOTE)
"""A menu holds five choices; once the work is claimed, Edit and Cancel are only in Show all."""
_TAKEN_OVER: Final = (Verb.ANSWER, Verb.READ_BACK)
"""Verbs that come first while they are due."""

LAYOUT: Final[Mapping[Situation, ButtonRow]] = {
    Situation.OPEN: ButtonRow(buttons=(Verb.CLAIM,), menu=_MENU),
    Situation.OFFERED: ButtonRow(buttons=(Verb.CLAIM, Verb.DECLINE), menu=_MENU),
    Situation.CLAIMED: ButtonRow(buttons=(*_TAKEN_OVER, Verb.COMPLETE, Verb.RELEASE), menu=_OWNED),
    Situation.RETURNED: ButtonRow(buttons=(Verb.RESEND,), menu=(Verb.EDIT, Verb.NOTE, Verb.CANCEL)),
    Situation.DONE: ButtonRow(buttons=(Verb.REOPEN,)),
    Situation.CANCELLED: ButtonRow(buttons=(Verb.REOPEN,)),
    Situation.DELETED: ButtonRow(show=False),
}

SNOOZED: Final = ButtonRow(
    buttons=(Verb.CONTINUE, *_TAKEN_OVER, Verb.COMPLETE),
    menu=(Verb.RELEASE, *(verb for verb in _OWNED if verb is not Verb.ASK)),
)
"""The controls while the work is snoozed."""

_LATEST: Final[Mapping[State, tuple[Verb, ...]]] = {
    State.OPEN: (Verb.RESEND, Verb.RELEASE, Verb.LAPSE, Verb.TRANSFER, Verb.DECLINE, Verb.REOPEN),
    State.CLAIMED: (Verb.RELEASE, Verb.TRANSFER, Verb.REOPEN),
    State.RETURNED: (Verb.RETURN,),
    State.DONE: (Verb.COMPLETE,),
    State.CANCELLED: (Verb.CANCEL,),
}
"""Verbs whose note explains the current state; the latest such note is shown on the card."""


def card(details: HandoffDetails, now: datetime) -> Post:
    """The card as it should look now. Everyone in the channel sees it, so private work is a stub."""
    details = stub(details)
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return one_line(f"{headlines.headline(details, now)}, {when(handoff.state_since)}.")
    blocks = [
        section(headlines.headline(details, now, bold=True)),
        *map(section, packed(answers(details), CARD_FACTS, _ANSWERS)),
        *_step_and_notes(details),
        context(*facts(details)),
        *([context(strip)] if (strip := custody.on_card(details, now)) else []),
        *([context(PRIVATE_HINT)] if handoff.private else []),
        *actions(*controls(details)),
    ]
    return Post(text=plain_text(details, now), blocks=blocks)


def passed_on(details: HandoffDetails, now: datetime) -> Post:
    """The card of an earlier hop: the queue the handoff was passed on to, and a link to its current card."""
    details = stub(details)
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return card(details, now)
    text = f"{wording.number(handoff)} {wording.title(handoff)}: passed on to {wording.team(details.queue)}."
    return one_line(f"{text} {link(details.permalink, 'See its card')}" if details.permalink else text)


def one_line(text: str) -> Post:
    """A message of one line, without controls."""
    return Post(text=text, blocks=[context(text)])


def plain_text(details: HandoffDetails, now: datetime) -> str:
    """The whole card in plain sentences, for screen readers: who, what, state, deadline, next act."""
    handoff = details.handoff
    step = said(handoff.next_step, 300)
    told = render_answers.spoken_facts(details.template, handoff.fields, details.names, _room_for_answers(handoff))
    sentences = [
        f"{headlines.headline(details, now)}.",
        f"{wording.number(handoff)} {wording.origin(details)}.",
        *(f"{fact}." for fact in _times(handoff)),
        *([] if handoff.final else told),
        f"First thing to do: {step.rstrip('.')}." if step and not handoff.final else "",
        headlines.next_act(details),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def facts(details: HandoffDetails) -> list[str]:
    """The facts line: number and sender, urgency, needed by, link, source.

    Together with the template's answers they are at most five beside the number; links, which Show all has too, give
    way first.
    """
    handoff = details.handoff
    source = handoff.source.permalink if handoff.source else None
    links = [
        link(handoff.link, "Link to the record") if handoff.link and handoff.link != source else "",
        link(source, "Message it came from") if source else "",
    ]
    times = _times(handoff)
    room = CARD_FACTS - len(answers(details)) - len(times)
    return [
        f"{wording.number(handoff)} {wording.origin(details)}",
        *times,
        *[fact for fact in links if fact][:room],
    ]


def answers(details: HandoffDetails) -> list[str]:
    """The answers that the template puts on the card, one line each; none once the work is finished."""
    handoff = details.handoff
    if handoff.final:
        return []
    return render_answers.card_facts(details.template, handoff.fields, details.names, _room_for_answers(handoff))


def _times(handoff: Handoff) -> list[str]:
    """The urgency and the needed-by date, for work that is not finished."""
    urgent = handoff.priority is not Priority.NORMAL and not handoff.final
    found = [
        f"{wording.PRIORITIES[handoff.priority]} urgency" if urgent else "",
        f"Needed by {when(handoff.needed_by)}" if handoff.needed_by and not handoff.final else "",
    ]
    return [fact for fact in found if fact]


def _room_for_answers(handoff: Handoff) -> int:
    """The number of template answers that the card has room for."""
    return CARD_FACTS - len(_times(handoff))


def controls(details: HandoffDetails) -> list[Block]:
    """The buttons and the menu of the card."""
    handoff = details.handoff
    row = SNOOZED if handoff.snoozed_until else LAYOUT[situation(handoff)]
    return [
        *verb_buttons(handoff, [verb for verb in row.buttons if possible(handoff, verb)]),
        *([show_button(handoff)] if row.show else []),
        *overflow(ids.MORE, [_menu_option(handoff, verb) for verb in row.menu if possible(handoff, verb)]),
    ]


def verb_buttons(handoff: Handoff, verbs: Sequence[Verb], labels: Mapping[Verb, str] | None = None) -> list[Block]:
    """One button per verb, the first eligible one primary. `labels` replace the usual labels of verbs."""
    primary = next((verb for verb in verbs if verb in PRIMARY), None)
    return [
        button(
            (labels or {}).get(verb) or wording.label(verb, handoff),
            ids.action(verb),
            ids.button_value(handoff.id),
            style="primary" if verb is primary else None,
            about=wording.about(handoff),
        )
        for verb in verbs
    ]


def show_button(handoff: Handoff) -> Block:
    """The Show all button."""
    return button(phrases.SHOW_ALL, ids.SHOW, ids.button_value(handoff.id), about=wording.about(handoff))


def excerpt(note: Note, most: int = 300, template: Template | None = None) -> str:
    """The beginning of a note as a quotation, after its reason if it has one; empty if there is no text."""
    lead = wording.reason(note.text.reason, template) if note.text.reason else ""
    mark = " (edited)" if note.edited_at and not is_blank(note.text.plain) else ""
    return "\n".join(part for part in (lead and f"> {lead}", f"{quote(note.text.plain, most)}{mark}") if part)


def _step_and_notes(details: HandoffDetails) -> Iterator[Block]:
    """Yield the next step and the start of the relevant notes; finished work has only its outcome."""
    handoff = details.handoff
    kept = [note for note in details.notes if note.removed_at is None]
    first = next((note for note in kept if note.verb == Verb.OPEN), None) if not handoff.final else None
    latest = _latest_note(details)
    why = _explaining_note(details, latest) if latest and latest is not first else []
    step = said(handoff.next_step, 300) if not handoff.final and not is_blank(handoff.next_step) else ""
    steps = [section(f"*First thing to do:* {step}")] if step else []
    # What the sender is asked for comes before what the team will do with the answer.
    yield from [*why, *steps] if handoff.state is State.RETURNED else [*steps, *why]
    if first and (text := excerpt(first)):
        yield section(
            f"*{wording.VERB_WORDS[Verb.OPEN].past}* by {wording.who(details, first.author)}:\n{text}"
            if latest
            else text
        )
    unseen = len(kept) - sum(note is not None for note in (first, latest if latest is not first else None))
    if unseen > 0 and not handoff.final:
        yield context(f"{phrases.counted(unseen, 'more note')} in {phrases.SHOW_ALL}")


def _explaining_note(details: HandoffDetails, latest: Note) -> list[Block]:
    """The note that explains the current state, with the changes since a return."""
    text = excerpt(latest, template=details.template)
    changed = changed_since_return(details) if latest.verb == Verb.RESEND else ""
    text = f"{text}\nChanged since it was sent back: {changed}" if changed else text
    lead = f"*{wording.VERB_WORDS[Verb(latest.verb)].past}* by {wording.who(details, latest.author)}:\n"
    return [section(text if details.handoff.final else f"{lead}{text}")] if text else []


def _latest_note(details: HandoffDetails) -> Note | None:
    handoff = details.handoff
    wanted = _LATEST.get(handoff.state, ())
    if handoff.asked_at:
        wanted = (Verb.ASK,)
    elif handoff.read_back is ReadBackStatus.CORRECTED:
        wanted = (Verb.CORRECT,)
    return next((note for note in reversed(details.notes) if note.verb in wanted and not note.removed_at), None)


def _menu_option(handoff: Handoff, verb: Verb) -> Block:
    return option(wording.VERB_WORDS[verb].label, ids.menu_value(ids.action(verb), handoff.id))
