"""Details: a view without questions that holds everything about a handoff, and every act its reader may do.

Slack takes at most 100 blocks and 250 kB in a view. Notes and history are never cut: the rest goes on further pages,
reached by buttons whose value names the page (`handoff.show.2`). How timers were calculated is a view of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.note_editing import problem
from slackapp.handoffs.views import card, clock_lines, event_sentences, headlines, note_forms, wording
from slackapp.runtime.visible_text import is_blank
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import (
    Block,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    link,
    packed,
    plain,
    said,
    section,
    when,
)
from slackapp.slack.block_kit.modals import TITLE
from slackapp.slack.block_kit.rich_text import in_pieces, rich_of, safe_rich
from slackapp.templates.views import render_answers
from storage.handoffs.lifecycle import SYSTEM_ACTORS, State, Verb
from storage.handoffs.model import AuditEntry, Note

BLOCKS: Final = 90
"""Blocks on a page, with room left for the headline and the page's own buttons."""
BYTES: Final = 180_000
"""The size of a page as JSON with every special character escaped, which is how Slack's clients may send it."""
_LINES: Final = 12
"""Lines in one section."""
_LINE: Final = 600
"""Characters of a line of history, enough for the people notified, held back and skipped, with reasons."""
_SECTION: Final = 2900
_FOR_WHOM: Final = "only the team and the people involved can see the details"

CALCULATED: Final = f"{ids.SHOW}.calculated"
"""The value of the button that shows how timers were calculated."""
ORDER: Final = (
    Verb.CLAIM, Verb.READ_BACK, Verb.CONFIRM, Verb.CORRECT, Verb.ANSWER,
    Verb.COMPLETE, Verb.RESEND, Verb.DECLINE, Verb.CONTINUE, Verb.RELEASE, Verb.SNOOZE, Verb.ASSIGN, Verb.TRANSFER,
    Verb.RETURN, Verb.ASK, Verb.NOTE, Verb.EDIT, Verb.EXTEND, Verb.REOPEN, Verb.CANCEL, Verb.DELETE,
)  # fmt: skip
"""The order of the buttons. Verbs that are not here are never done by people."""


def show_all(details: HandoffDetails, may: frozenset[Verb], now: datetime, page: int = 0, *, reader: str = "") -> Block:
    """The Details view.

    Args:
        details: the handoff with its notes, history, custody and clocks.
        may: the verbs its reader may do now.
        now: the present instant.
        page: the page, counted from 0; at most the last one is shown.
        reader: the user id of the reader, whose own recent notes have a menu.
    """
    handoff = details.handoff
    pages = _pages(_groups(details, may, now, reader))
    page = min(max(page, 0), len(pages) - 1)
    turned = _with_page_buttons(details, page, len(pages))
    title = section(headlines.two_lines(details, now, reader=reader))
    return {
        "type": "modal",
        "callback_id": ids.SHOW,
        "title": plain(f"Handoff {wording.number(handoff)}", TITLE),
        "close": plain("Close", TITLE),
        "private_metadata": json.dumps({"handoff": handoff.id, "page": page}),
        "blocks": [title, *turned[:1], *pages[page], *turned[1:]],
    }


def page_of(action: str | None) -> int:
    """The page that a button's value names; 0 for any other value."""
    found = re.fullmatch(re.escape(ids.SHOW) + r"\.(\d{1,4})", action or "")
    return int(found[1]) if found else 0


def _groups(details: HandoffDetails, may: frozenset[Verb], now: datetime, reader: str) -> Iterator[list[Block]]:
    """Yield the contents from top to bottom in groups of blocks that stay on one page."""
    handoff = details.handoff
    controls = [*_buttons(details, may), *_watch_button(details, may, reader)]
    yield [*_facts(details), *_first_step(details), *actions(*controls)]
    if handoff.state is not State.DELETED:
        yield from _answers(details)
        for index, note in enumerate(details.notes):
            fresh = Verb.EDIT_NOTE in may and problem(note, note.handoff_id, reader, now) is None
            yield from _note(note, details, first=index == 0, fresh=fresh)
    yield from _listing("Timers", [clock_lines.line(timer, details.calendars, now) for timer in details.timers])
    if any(clock_lines.calculation(timer, details.calendars) for timer in details.timers):
        value = ids.menu_value(CALCULATED, handoff.id)
        yield actions(button("How was this calculated?", ids.SHOW, value, about=f"of {wording.about(handoff)}"))
    yield from _listing("Ownership history", clock_lines.ownership_history(details, now))
    yield from _listing("History", reversed(list(_entries(details))))


def calculation(details: HandoffDetails) -> Block:
    """The view that says which working hours each running timer counts, with the way back to Details."""
    handoff = details.handoff
    found = {timer.clock: clock_lines.calculation(timer, details.calendars) for timer in details.timers}
    told = [f"*{wording.CLOCKS[clock]}*\n{text}" for clock, text in found.items() if text]
    back = button("Back", ids.SHOW, ids.menu_value(f"{ids.SHOW}.0", handoff.id), about=f"to {wording.about(handoff)}")
    return {
        "type": "modal",
        "callback_id": ids.SHOW,
        "title": plain(f"Timers of {wording.number(handoff)}", TITLE),
        "close": plain("Close", TITLE),
        "private_metadata": json.dumps({"handoff": handoff.id, "page": 0}),
        "blocks": [*map(section, told or ["No timer is running."]), *actions(back)],
    }


def _facts(details: HandoffDetails) -> list[Block]:
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return [context("The contents were removed. The history stays.")]
    source = handoff.source.permalink if handoff.source else None
    address = handoff.link if handoff.link != source else None
    lines = [
        f"*From:* {wording.who(details, handoff.sender)}{_opened_by(details)}",
        f"*Team:* {wording.team(details.queue)}",
        f"*Template:* {said(details.template.name, 75)}" if details.template else "",
        f"*Private:* {_FOR_WHOM}" if handoff.private else "",
        f"*Priority:* {wording.PRIORITIES[handoff.priority]}",
        f"*Needed by:* {when(handoff.needed_by)}" if handoff.needed_by else "",
        f"*Kept until:* {when(handoff.erase_at)}, then its contents are deleted" if handoff.erase_at else "",
        f"*Sent:* {when(handoff.created_at)}",
        f"*Sent back:* {phrases.counted(handoff.rounds, 'time')}" if handoff.rounds else "",
        f"*Watching:* {phrases.counted(len(details.watchers), 'person').replace('persons', 'people')}"
        if details.watchers
        else "",
        f"*Record:* {link(address, clip(escape(address), 150))}" if address else "",
        link(source, "Original message") if source else "",
        link(details.permalink, "See the card") if details.permalink else "",
    ]
    return [section("\n".join(line for line in lines if line))]


def _first_step(details: HandoffDetails) -> list[Block]:
    step = details.handoff.next_step
    return [] if is_blank(step) else [section(f"*First step:* {said(step, 300)}")]


def _answers(details: HandoffDetails) -> Iterator[list[Block]]:
    """Yield the answers to the template's questions in full, under a heading."""
    for number, group in enumerate(render_answers.blocks(details.template, details.handoff.fields, details.names)):
        yield [*([] if number else [header("Answers")]), *group]


def _opened_by(details: HandoffDetails) -> str:
    handoff = details.handoff
    return f", opened by {wording.who(details, handoff.originator)}" if handoff.originator != handoff.sender else ""


def _buttons(details: HandoffDetails, may: frozenset[Verb]) -> list[Block]:
    shown = [verb for verb in ORDER if verb in may]
    if details.handoff.snoozed_until:  # resuming comes before any other act
        shown.sort(key=lambda verb: verb is not Verb.CONTINUE)
    found = card.verb_buttons(details.handoff, shown)
    for block in found:
        if block["action_id"] == ids.action(Verb.DELETE):
            block["style"] = "danger"
    return found


def _watch_button(details: HandoffDetails, may: frozenset[Verb], reader: str) -> list[Block]:
    """The button that begins or stops to watch it; none for those whom Baton tells of it anyway."""
    handoff = details.handoff
    watches = reader in details.watchers
    if not watches and (Verb.NOTE not in may or reader in {"", handoff.owner, handoff.originator}):
        return []
    label, action = ("Stop watching", ids.WatchAction.STOP) if watches else ("Watch", ids.WatchAction.START)
    return [button(label, action, ids.button_value(handoff.id), about=wording.about(handoff))]


def _note(note: Note, details: HandoffDetails, *, first: bool, fresh: bool) -> Iterator[list[Block]]:
    """Yield a note in full, in as many groups as it needs."""
    said_why = f"{wording.reason(note.text.reason, details.template)}." if note.text.reason else ""
    changes = event_sentences.changes(note, details)
    author = "Baton" if note.author in SYSTEM_ACTORS else wording.who(details, note.author)
    by = f"{wording.VERB_WORDS[_verb(note.verb)].past} by {author}, {when(note.at)}"
    above = [header("Notes")] if first else []
    if note.removed_at:
        yield [*above, context(f"{by}; deleted {when(note.removed_at)}")]
        return
    by = f"{by}, edited {when(note.edited_at)}" if note.edited_at else by
    lead = section(by, accessory=note_forms.menu(note)) if fresh else context(by)
    blocks: list[Block] = [] if note.text.rich is None and is_blank(note.text.plain) else _paragraphs(note)
    if not blocks and not said_why and not changes:
        return
    reasons = [*([section(said_why)] if said_why else []), *([section(changes)] if changes else [])]
    yield [*above, lead, *reasons, *blocks[:1]]
    for block in blocks[1:]:
        yield [block]


def _paragraphs(note: Note) -> list[Block]:
    rich = safe_rich(note.text.rich, in_view=True) if note.text.rich else rich_of(note.text.plain)
    return in_pieces(rich)


def _verb(word: str) -> Verb:
    return Verb(word) if word in set(Verb) else Verb.NOTE


def _entries(details: HandoffDetails) -> Iterator[str]:
    """Yield the history, oldest first, each entry with the team and the sender of its time."""
    sender = details.handoff.originator
    for entry in details.history:
        if entry.verb == Verb.TRANSFER and entry.before is State.CLAIMED:
            sender = entry.actor
        yield _entry(details, entry, {"team": entry.queue, "sender": sender})


def _entry(details: HandoffDetails, entry: AuditEntry, then: Mapping[str, str | None]) -> str:
    facts = event_sentences.sentence_facts(details, entry.verb, {**entry.facts, **then}, entry.note_id)
    return f"{when(entry.at)}: {event_sentences.sentence(details, entry.verb, entry.actor, facts)}"


def _listing(title: str, lines: Iterable[str], *, most: int = _LINE) -> Iterator[list[Block]]:
    """Yield short lines of at most `most` characters under a heading, several to a section."""
    for number, text in enumerate(packed((clip(line, most) for line in lines), _LINES, _SECTION)):
        yield [*([] if number else [divider(), header(title)]), section(text)]


def _pages(groups: Iterable[list[Block]]) -> list[list[Block]]:
    """Fill pages one after the other; a group is never split."""
    pages: list[list[Block]] = [[]]
    size = 0
    for group in groups:
        more = len(json.dumps(group))
        if pages[-1] and (len(pages[-1]) + len(group) > BLOCKS or size + more > BYTES):
            pages.append([])
            size = 0
        pages[-1] += group
        size += more
    return pages


def _with_page_buttons(details: HandoffDetails, page: int, pages: int) -> list[Block]:
    """The page number with Previous above and Next below; nothing if there is only one page."""
    if pages == 1:
        return []
    above = f"Page {page + 1} of {pages}"
    back = _page_button(details, "Previous page", page - 1) if page else None
    on = [section("There is more.", accessory=_page_button(details, "Next page", page + 1))] if page + 1 < pages else []
    return [section(above, accessory=back), *on]


def _page_button(details: HandoffDetails, label: str, page: int) -> Block:
    value = ids.menu_value(f"{ids.SHOW}.{page}", details.handoff.id)
    return button(label, ids.SHOW, value, about=f"of {wording.about(details.handoff)}")
