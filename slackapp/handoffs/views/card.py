"""The card of a handoff: its headline, facts, notes and buttons, in the queue's channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.handoffs.rules.privacy import stub
from slackapp.handoffs.views import headlines, news, status, wording
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
    units,
    when,
)
from slackapp.templates.views import render_answers
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Situation, State, Verb, possible, situation
from storage.handoffs.model import Handoff, Note
from storage.templates.model import CARD_FACTS, Template

_ANSWERS: Final = 2900
"""Characters of answers in one section, addresses of links included."""
PRIMARY: Final = frozenset({
    Verb.CLAIM, Verb.CONTINUE, Verb.READ_BACK, Verb.CONFIRM, Verb.ANSWER, Verb.COMPLETE, Verb.RESEND,
})  # fmt: skip
"""Verbs whose button may be primary; only the first of them in a row is."""


PRIVATE_HINT: Final = f"Private. People involved can see it under {phrases.DETAILS}"
_TITLE: Final = 100
"""Characters of a title that fit on two lines of a phone."""
_NOTE: Final = 300


@dataclass(frozen=True, kw_only=True)
class ButtonRow:
    """The controls of a card: buttons from left to right, then Details, then the menu behind "…"."""

    buttons: tuple[Verb, ...] = ()
    menu: tuple[Verb, ...] = ()
    show: bool = True


_MENU: Final = (Verb.TRANSFER, Verb.RETURN, Verb.NOTE, Verb.EDIT, Verb.CANCEL)
_OWNED: Final = (Verb.TRANSFER, Verb.RETURN, Verb.ASK, Verb.SNOOZE, Verb.NOTE)
"""A menu holds five choices; once the work is claimed, Edit and Cancel are only in Details."""
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


def card(details: HandoffDetails, now: datetime) -> Post:
    """The card as it should look now. Everyone in the channel sees it, so private work is a stub."""
    details = stub(details)
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return deleted(details, now)
    unread = news.news(details)
    blocks = [
        section(headlines.two_lines(details, now, most=_TITLE)),
        *([section("\n".join(line for line, _ in unread))] if unread else []),
        *map(section, packed([*_first_step(handoff), *answers(details)], CARD_FACTS + 1, _ANSWERS)),
        *_note(details),
        context(" · ".join([*facts(details), *_more_notes(details, sum(len(shown) for _, shown in unread))])),
        *actions(*controls(details)),
    ]
    return Post(text=plain_text(details, now), blocks=blocks)


def passed_on(details: HandoffDetails, now: datetime) -> Post:
    """The card of an earlier hop: the queue the handoff was passed on to, and a link to its current card."""
    details = stub(details)
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return card(details, now)
    to = f"passed on to {wording.team(details.queue)}"
    text = f"{wording.number(handoff)} {wording.title(handoff)}: {to}."
    where = f" · {link(details.permalink, 'See the card')}" if details.permalink else ""
    title = phrases.set_off(wording.title(handoff, _TITLE), bold=True)
    return Post(text=text, blocks=[section(f"{title}\n➡️ P{to[1:]}{where}"), context(wording.number(handoff))])


def deleted(details: HandoffDetails, now: datetime) -> Post:
    """What remains of any message about a handoff that was deleted."""
    line = f"{status.line(details, now)} · {wording.number(details.handoff)}"
    return one_line(f"{headlines.headline(details, now)}.", line)


def one_line(text: str, shown: str = "") -> Post:
    """A message of one line, without controls; `shown` is how the line looks, if not as its plain text."""
    return Post(text=text, blocks=[context(shown or text)])


def plain_text(details: HandoffDetails, now: datetime) -> str:
    """The whole card in plain sentences, for screen readers: who, what, state, deadline, next act."""
    handoff = details.handoff
    step = "" if is_blank(handoff.next_step) else said(handoff.next_step, 300)
    told = render_answers.spoken_facts(details.template, handoff.fields, details.names)
    sentences = [
        f"{headlines.headline(details, now)}.",
        f"{wording.number(handoff)} {wording.origin(details)}.",
        f"Needed by {when(handoff.needed_by)}." if handoff.needed_by and not handoff.final else "",
        *([] if handoff.final else told),
        f"First step: {step.rstrip('.')}." if step and not handoff.final else "",
        headlines.next_act(details),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def facts(details: HandoffDetails) -> list[str]:
    """The context line: number and people, the date it is needed by, the record, the message it came from."""
    handoff = details.handoff
    source = handoff.source.permalink if handoff.source else None
    due = next_deadline(details)
    is_shown = due is not None and due.clock is ClockKind.NEEDED_BY
    needed = bool(handoff.needed_by) and not handoff.final and not is_shown
    found = [
        wording.number(handoff),
        wording.origin(details),
        f"needed by {when(handoff.needed_by)}" if handoff.needed_by and needed else "",
        link(handoff.link, "Record") if handoff.link and handoff.link != source else "",
        link(source, "Original message") if source else "",
        PRIVATE_HINT if handoff.private else "",
    ]
    return [fact for fact in found if fact]


def answers(details: HandoffDetails) -> list[str]:
    """The answers that the template calls key facts, one line each; none once the work is finished."""
    handoff = details.handoff
    return [] if handoff.final else render_answers.card_facts(details.template, handoff.fields, details.names)


def controls(details: HandoffDetails) -> list[Block]:
    """The buttons and the menu of the card."""
    handoff = details.handoff
    row = SNOOZED if handoff.snoozed_until else LAYOUT[situation(handoff)]
    return [
        *verb_buttons(handoff, [verb for verb in row.buttons if possible(handoff, verb)], in_channel=True),
        *([show_button(handoff)] if row.show else []),
        *overflow(ids.MORE, [_menu_option(handoff, verb) for verb in row.menu if possible(handoff, verb)]),
    ]


def verb_buttons(
    handoff: Handoff,
    verbs: Sequence[Verb],
    labels: Mapping[Verb, str] | None = None,
    *,
    in_channel: bool = False,
    plain: bool = False,
) -> list[Block]:
    """One button per verb; `labels` replace the usual labels of verbs.

    The first eligible one is primary, unless all are `plain`. In a channel that is only a claim which any reader may
    make.
    """
    primary = None if plain else next((verb for verb in verbs if verb in PRIMARY), None)
    if in_channel and not (primary is Verb.CLAIM and situation(handoff) is Situation.OPEN):
        primary = None
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


def first_button(handoff: Handoff, verbs: Iterable[Verb]) -> Block:
    """The one button of a row in a list: the first of these verbs, else Details. It is never green."""
    wanted = next(iter(verbs), None)
    return verb_buttons(handoff, [wanted], plain=True)[0] if wanted else show_button(handoff)


def due_verbs(handoff: Handoff) -> list[Verb]:
    """The verbs that are due now, whoever's they are, in the order of the card's buttons; none at the end."""
    row = SNOOZED if handoff.snoozed_until else LAYOUT[situation(handoff)]
    return [] if handoff.final else [verb for verb in row.buttons if possible(handoff, verb)]


def show_button(handoff: Handoff) -> Block:
    """The Details button."""
    return button(phrases.DETAILS, ids.SHOW, ids.button_value(handoff.id), about=wording.about(handoff))


def excerpt(note: Note, most: int = 300, template: Template | None = None) -> str:
    """The beginning of a note as a quotation, after its reason if it has one; empty if there is no text."""
    lead = wording.reason(note.text.reason, template) if note.text.reason else ""
    mark = " (edited)" if note.edited_at and not is_blank(note.text.plain) else ""
    return "\n".join(part for part in (lead and f"> {lead}", f"{quote(note.text.plain, most)}{mark}") if part)


def _first_step(handoff: Handoff) -> list[str]:
    step = "" if handoff.final or is_blank(handoff.next_step) else said(handoff.next_step, 300)
    return [f"*First step:* {step}"] if step else []


def _note(details: HandoffDetails) -> list[Block]:
    """The beginning of what the sender wrote; of finished work the outcome."""
    note = _shown_note(details)
    if note is None:
        return []
    text = excerpt(note, _NOTE, details.template)
    more = f" _more in {phrases.DETAILS}_" if units(note.text.plain.strip()) > _NOTE else ""
    return [section(f"{text}{more}")] if text else []


def _shown_note(details: HandoffDetails) -> Note | None:
    """The sender's note, or the note with which the work ended."""
    ends = {State.DONE: Verb.COMPLETE, State.CANCELLED: Verb.CANCEL}.get(details.handoff.state)
    kept = [note for note in details.notes if note.removed_at is None and note.verb == (ends or Verb.OPEN)]
    return (kept[-1] if ends else kept[0]) if kept else None


def _more_notes(details: HandoffDetails, unread: int) -> list[str]:
    """How many notes the card does not show."""
    kept = sum(note.removed_at is None for note in details.notes)
    more = kept - unread - (_shown_note(details) is not None)
    if more <= 0 or details.handoff.final:
        return []
    return [f"{phrases.counted(more, 'more note')} in {phrases.DETAILS}"]


def _menu_option(handoff: Handoff, verb: Verb) -> Block:
    return option(wording.VERB_WORDS[verb].label, ids.menu_value(ids.action(verb), handoff.id))
