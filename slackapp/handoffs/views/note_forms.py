"""The forms in which people edit or delete their own note, and the menu in Details that opens them."""

from __future__ import annotations

from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, option, overflow, quote, section
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.block_kit.modals import metadata, view
from slackapp.slack.block_kit.rich_text import rich_of
from slackapp.slack.ids import Field
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Note

_KEPT: Final = (
    "*This can't be undone.* The text is deleted here and in Slack. "
    "The history still shows that you wrote and deleted it."
)


def menu(note: Note) -> Block:
    """The menu of a recent note: edit or delete."""
    acts = (Verb.EDIT_NOTE, Verb.DELETE_NOTE)
    choices = [
        option(wording.VERB_WORDS[verb].label, ids.note_value(ids.action(verb), note.handoff_id, note.id))
        for verb in acts
    ]
    return overflow(ids.MORE, choices)[0]


def form(verb: Verb, details: HandoffDetails, note: Note) -> Block:
    """The form that edits or deletes a note, with its current text."""
    body = {Verb.EDIT_NOTE: _edit, Verb.DELETE_NOTE: _delete}[verb](note)
    label = wording.VERB_WORDS[verb].label
    return view(
        f"{label} on {wording.number(details.handoff)}",
        ids.action(verb),
        metadata(handoff_id=details.handoff.id, note=note.id),
        body,
        submit="Save" if verb is Verb.EDIT_NOTE else label,
        close="Cancel" if verb is Verb.EDIT_NOTE else "Keep it",
    )


def _edit(note: Note) -> list[Block]:
    return [
        inputs.field(Field.NOTE, InputLabels(label="Note"), inputs.rich(note.text.rich or rich_of(note.text.plain)))
    ]


def _delete(note: Note) -> list[Block]:
    return [section(_KEPT), section(quote(note.text.plain))]
