"""The one message of a run to a person or a team: every handoff of it that concerns them, as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from slackapp.bulk.model import COVER, OFFERED, TEAM, BulkScene, ToldRow
from slackapp.handoffs.views import card, headlines, wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import (
    MESSAGE,
    Block,
    Post,
    actions,
    button,
    clip,
    context,
    fitting,
    quote,
    section,
)
from slackapp.slack.ids import BulkAction, ListAction, button_value, menu_value
from storage.bulk.model import BulkKind
from storage.handoffs.lifecycle import Actor, Role, State, Verb, allowed
from storage.handoffs.model import Handoff, Note

_TITLE: Final = 100
_NOTE: Final = 300
_OWN_NOTE: Final = 120
_NAMED: Final = 10
_TEXT: Final = 2000
_ASKED: Final = "asked"
_TOLD: Final = "told"
"""The parts of a message, beside that about the people for whom its reader covers."""
_VERBS: Final = frozenset({Verb.TRANSFER, Verb.RELEASE, Verb.DECLINE})


def message(scene: BulkScene, now: datetime) -> Post | None:
    """Draw the message; None if nothing in it is left that its readers may see and it is not posted yet."""
    told, covered, others = (
        [row for row in scene.rows if _part(row.capacity) == part] for part in (_ASKED, COVER, _TOLD)
    )
    if not scene.rows:
        return card.one_line("The handoffs in this message were deleted or passed on.") if scene.posted else None
    common = _common_note(scene)
    blocks: list[Block] = []
    texts = []
    for rows, lead_of in ((told, _asked_lead), (covered, _told_lead), (others, _told_lead)):
        if rows:
            lead = lead_of(scene, rows)
            texts.append(lead)
            blocks += [section(f"*{lead}*"), *([section(common)] if common and not texts[1:] else [])]
            blocks += [_row(scene, row, now) for row in rows]
    blocks = _fitting(blocks)
    return Post(text=_plain(" ".join(texts), scene.rows), blocks=[*blocks, *_buttons(scene, told)])


def _buttons(scene: BulkScene, told: Sequence[ToldRow]) -> list[Block]:
    """The button that claims several, and the one that lists what the message has no room for."""
    value = menu_value("run", scene.run.id)
    several = button("Claim several…", BulkAction.CLAIM, value, about="of these handoffs")
    all_of_them = button("Show all", ListAction.OPEN, button_value(_list(scene, told)), about="of these handoffs")
    return [
        *([context(f"And {sum(scene.more.values())} more.")] if scene.more else []),
        *actions(*([several] if scene.waiting > 1 else []), *([all_of_them] if scene.more else [])),
    ]


def _list(scene: BulkScene, told: Sequence[ToldRow]) -> str:
    """The list that has all of the message's handoffs, as `slackapp.lists.rules.to_value` names it."""
    if not scene.reader:
        return urlencode({"list": "team", "team": scene.queue.key if scene.queue else ""})
    return urlencode({"list": "needs_me" if told else "sent"})


def _asked_lead(scene: BulkScene, rows: Sequence[ToldRow]) -> str:
    """What was done, and how many of the rows still wait for the reader or the team."""
    actor, count = phrases.person(scene.names, scene.run.actor), _counted(scene, rows)
    waiting = scene.waiting
    if not scene.reader:
        left = f"{waiting} unassigned." if waiting else "Nothing to do."
        return f"{actor} {_moved(scene, rows, passed='passed {} on to this team', back='put {} back')}. {left}"
    left = f"{waiting} waiting for your answer." if waiting else "Nothing to do."
    return f"{actor} offered you {count}. {left}"


def _told_lead(scene: BulkScene, rows: Sequence[ToldRow]) -> str:
    actor, count = phrases.person(scene.names, scene.run.actor), _counted(scene, rows)
    yours = f"{count} that you sent"
    match scene.run.kind:
        case BulkKind.CLAIM:
            return f"{actor} claimed {yours}."
        case BulkKind.PERSON:
            person = phrases.person(scene.names, scene.run.person)
            if rows[0].capacity == COVER:
                return f"{actor} offered {count} to {person}. You cover for {person}."
            return f"{actor} offered {yours} to {person}."
        case _:
            return f"{actor} {_moved(scene, rows, passed='passed on {}', back='put back {}')} that you sent."


def _moved(scene: BulkScene, rows: Sequence[ToldRow], *, passed: str, back: str) -> str:
    """What was done to a part's handoffs: those that were in the team already were put back."""
    count_back = sum(row.put_back for row in rows) + _more(scene.more_put_back, rows)
    counts = {passed: len(rows) + _more(scene.more, rows) - count_back, back: count_back}
    return " and ".join(words.format(phrases.counted(count, "handoff")) for words, count in counts.items() if count)


def _counted(scene: BulkScene, rows: Sequence[ToldRow]) -> str:
    """How many handoffs a part of the message is about, with those that it has no room for."""
    return phrases.counted(len(rows) + _more(scene.more, rows), "handoff")


def _more(more: Mapping[str, int], rows: Sequence[ToldRow]) -> int:
    """How many more of the same part there are."""
    return sum(more[capacity] for capacity in more if _part(capacity) == _part(rows[0].capacity))


def _part(capacity: str) -> str:
    """The part of the message in which handoffs of this capacity are."""
    return capacity if capacity == COVER else _ASKED if capacity in {OFFERED, TEAM} else _TOLD


def _waits(scene: BulkScene, handoff: Handoff) -> bool:
    if handoff.state is not State.OPEN:
        return False
    return handoff.offered_to == scene.reader if scene.reader else handoff.offered_to is None


def _row(scene: BulkScene, row: ToldRow, now: datetime) -> Block:
    handoff = row.details.handoff
    told = headlines.two_lines(row.details, now, reader=scene.reader, most=_TITLE, in_list=True)
    own = _own_note(scene, row)
    covers = row.capacity == COVER and handoff.state is State.OPEN and handoff.offered_to == scene.run.person
    asks = covers or (row.capacity in {OFFERED, TEAM} and _waits(scene, handoff))
    stands_in = {Role.OFFERED} if covers else set() if scene.reader else {Role.MEMBER}
    actor = Actor(user=scene.reader, roles=frozenset(stands_in))
    verbs = [Verb.CLAIM] if asks and allowed(handoff, Verb.CLAIM, actor) else []
    return section("\n".join(filter(None, [told, own])), accessory=card.first_button(handoff, verbs))


def _note_of(scene: BulkScene, row: ToldRow) -> Note | None:
    """What the author wrote to this handoff in the run, as it is now."""
    since = scene.run.sent_at or scene.run.created_at
    written = [
        note
        for note in row.details.notes
        if note.author == scene.run.actor and note.verb in _VERBS and note.at >= since and note.removed_at is None
    ]
    return written[0] if written else None


def _common_note(scene: BulkScene) -> str:
    """The note for all rows as a quotation, while one of them still has it."""
    common = scene.run.note.plain if scene.run.note else ""
    notes = (_note_of(scene, row) for row in scene.rows)
    return quote(common, _NOTE) if common and any(note and note.text.plain.startswith(common) for note in notes) else ""


def _own_note(scene: BulkScene, row: ToldRow) -> str:
    """The note for this row alone as a quotation."""
    note, common = _note_of(scene, row), scene.run.note.plain if scene.run.note else ""
    return quote(note.text.plain.removeprefix(common), _OWN_NOTE) if note else ""


def _fitting(blocks: list[Block]) -> list[Block]:
    """As many of the blocks as Slack takes in a message."""
    shown = fitting((str(block["text"]["text"]) for block in blocks), MESSAGE - _TEXT)
    return blocks[: len(shown)]


def _plain(lead: str, rows: Sequence[ToldRow]) -> str:
    named = [f"{wording.number(row.details.handoff)} {wording.title(row.details.handoff, 60)}" for row in rows[:_NAMED]]
    others = len(rows) - len(named)
    return clip(f"{lead} {', '.join(named)}{f' and {others} more' if others else ''}.", _TEXT)
