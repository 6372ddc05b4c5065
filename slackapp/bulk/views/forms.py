"""The forms for several handoffs: what to claim, where everything goes, the rows with their exceptions and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp.bulk.model import Listed, RunRow, SeenRun
from slackapp.bulk.views import rows
from slackapp.handoffs.views import wording
from slackapp.handoffs.views.verb_forms import queue_option
from slackapp.slack.block_kit import inputs, phrases
from slackapp.slack.block_kit.blocks import LABEL, Block, actions, button, context, option, quote, section
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.block_kit.modals import message_view, modal
from slackapp.slack.ids import BulkAction, Field, button_value
from storage.bulk.model import BulkKind
from storage.company.model import Queue

WHERE: Final = "where"
NOTE_FOR: Final = "note_for"
CLAIM_TITLE: Final = "Claim several"
TITLE: Final = "Hand over your work"
_OWN_NOTE: Final = 80
"""Characters of a row's note on the page of rows."""

WHERES: Final[Mapping[str, str]] = {
    BulkKind.PERSON: "Offer it to a person",
    BulkKind.TEAM: "Pass it on to a team",
    BulkKind.BACK: "Put it back: anyone on its team can claim it",
}
SUBMIT: Final[Mapping[BulkKind, str]] = {
    BulkKind.PERSON: "Hand over",
    BulkKind.TEAM: "Pass on",
    BulkKind.BACK: "Put back",
}


def claim_form(listed: Listed) -> Block:
    """The form that claims several handoffs of a list."""
    if not listed.rows:
        return message_view(CLAIM_TITLE, "Nothing that you can claim is waiting. `/handoff open` lists all teams.")
    late = rows.late_among(listed.rows, listed.now)
    more = [context(f"These are the {len(listed.rows)} that have waited longest.")] if listed.total > rows.PAGE else []
    boxes = rows.groups("What do you take?", listed.rows, (), late=late)
    return modal(CLAIM_TITLE, BulkAction.CLAIM, [*boxes, *more], submit="Claim", close="Cancel")


def hand_over_form(owned: int, offered: int, queues: Sequence[Queue] | None, **filled: Any) -> Block:
    """The form that asks where everything a person owns goes.

    Args:
        owned: how many handoffs they own.
        offered: how many are offered to them.
        queues: the teams to choose from; None lets people search for one.
        filled: what was entered before, by field.
    """
    if not owned + offered:
        return message_view(TITLE, "You own no open handoffs, and none is offered to you.")
    waiting = f" {phrases.counted(offered, 'offer')} to you goes along if you put it back." if offered else ""
    blocks = [
        section(f"You own {phrases.counted(owned, 'open handoff')}.{waiting} Next you choose what you keep."),
        inputs.field(
            WHERE, InputLabels(label="Where does it go?"), inputs.radio(WHERES, filled.get(WHERE) or BulkKind.PERSON)
        ),
        inputs.field(
            Field.PERSON,
            InputLabels(
                label="Person",
                hint="If you offer it. You stay accountable for each handoff until they claim it.",
                placeholder="Choose a person",
            ),
            inputs.person(),
            optional=True,
        ),
        inputs.field(
            Field.QUEUE,
            InputLabels(label="Team", hint="If you pass it on.", placeholder="Choose a team"),
            inputs.pick([queue_option(queue) for queue in queues or ()], None, None),
            optional=True,
        ),
        inputs.field(
            Field.NOTE,
            InputLabels(label="What should they know?", placeholder="Why, and until when. Added to each handoff."),
            inputs.rich(),
        ),
    ]
    return modal(TITLE, BulkAction.HAND_OVER, blocks, submit="Next", close="Cancel")


def rows_form(seen: SeenRun, page: int, *, again: int = 0) -> Block:
    """The page of a hand-over's rows: all ticked at first, with a note for any of them.

    Args:
        seen: the run.
        page: the page, counted from 0; at most the last one is shown.
        again: how often a note was chosen, so that Slack forgets the choice.
    """
    there = [row for row in seen.rows if row.details]
    pages = max((len(there) + rows.PAGE - 1) // rows.PAGE, 1)
    page = min(max(page, 0), pages - 1)
    shown = there[page * rows.PAGE : (page + 1) * rows.PAGE]
    listed = [row.details for row in shown if row.details]
    chosen = {row.row.handoff_id for row in there if row.row.included}
    blocks = [
        section(_lead(seen, there)),
        *rows.groups("Remove the tick from what you keep", listed, chosen, page=page),
        _note_choice(shown, again),
        *_notes(shown),
        *_page_buttons(page, pages),
        *([context(f"Page {page + 1} of {pages}. The button below hands over every page.")] if pages > 1 else []),
    ]
    label = SUBMIT[seen.run.kind]
    return modal(TITLE, BulkAction.ROWS, blocks, submit=label, close="Cancel", run=seen.run.id, page=page, again=again)


def note_form(seen: SeenRun, row: RunRow, page: int, again: int) -> Block:
    """The form of the note for one row."""
    assert row.details is not None  # noqa: S101 - only rows with a handoff are offered
    title = wording.title(row.details.handoff)
    words = InputLabels(label="Note for this handoff", placeholder="Added below the note for all of them")
    blocks = [
        section(f"{wording.number(row.details.handoff)} *{title}*"),
        inputs.field(Field.NOTE, words, inputs.rich(row.row.note.rich if row.row.note else None), optional=True),
    ]
    handoff_id = row.row.handoff_id
    return modal(
        "Add a note", BulkAction.NOTE, blocks, submit="Save", close="Cancel",
        run=seen.run.id, handoff=handoff_id, page=page, again=again,
    )  # fmt: skip


def _lead(seen: SeenRun, there: Sequence[RunRow]) -> str:
    count = len(there)
    how_many = phrases.counted(count, "handoff")
    match seen.run.kind:
        case BulkKind.PERSON:
            return f"{how_many} will be offered to {phrases.person(seen.names, seen.run.person)}."
        case BulkKind.TEAM:
            team = wording.team(seen.queue) if seen.queue else "the team"
            back = sum(row.details.handoff.queue == seen.run.queue for row in there if row.details)
            if not back:
                return f"{how_many} will be passed on to {team}."
            if back == count:
                return f"{how_many} will be put back: anyone on {team} can claim {'it' if count == 1 else 'them'}."
            return f"{count - back} of {how_many} will be passed on to {team}. {back} will be put back there."
        case _:
            return f"{how_many} will go back to {'its team' if count == 1 else 'their teams'}."


def _note_choice(shown: Sequence[RunRow], again: int) -> Block:
    options = [option(wording.about(row.details.handoff)[:LABEL], row.row.handoff_id) for row in shown if row.details]
    field = inputs.field(
        NOTE_FOR,
        InputLabels(label="Add a note to one of them", placeholder="Choose a handoff"),
        {"type": "static_select", "options": options},
        optional=True,
        again=again,
        dispatch=True,
    )
    return {**field, "element": {**field["element"], "action_id": BulkAction.NOTE}}


def _notes(shown: Sequence[RunRow]) -> list[Block]:
    """The notes that were added to rows of this page."""
    return [
        context(f"{wording.number(row.details.handoff)}: {quote(row.row.note.plain, _OWN_NOTE)[2:]}")
        for row in shown
        if row.details and row.row.note
    ]


def _page_buttons(page: int, pages: int) -> list[Block]:
    """The ways to the neighbouring pages, a block each: Slack takes an action once in a block."""
    back = actions(button("Previous page", BulkAction.PAGE, button_value(str(page - 1)))) if page else []
    on = actions(button("Next page", BulkAction.PAGE, button_value(str(page + 1)))) if page + 1 < pages else []
    return [*back, *on]
