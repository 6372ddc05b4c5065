"""Warn in the form about unfinished handoffs of the same work, and offer to add a note there instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slackapp.forms.listeners import entries
from slackapp.forms.model import FormDraft
from slackapp.forms.queries.duplicates import duplicates
from slackapp.forms.views.duplicate_warning import DECIDING, IN_PASSING, note_form, warning_blocks
from slackapp.handoffs.model import Missing, Seen
from slackapp.handoffs.queries.find import find_handoff
from slackapp.handoffs.views import refusals, verb_forms, wording
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Block
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, Reply, tell
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Click
from slackapp.templates.rules import parse_answers
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Source

SEEN: Final = "seen:"
"""Prefix of an entry in `FormDraft.passed`: a handoff that the author was shown as a possible duplicate."""


@dataclass(frozen=True, kw_only=True)
class DuplicateWarning:
    """A warning about unfinished handoffs, and the entries of `FormDraft.passed` that record that it was shown."""

    blocks: Sequence[Block] = ()
    passed: tuple[str, ...] = ()


NO_WARNING: Final = DuplicateWarning()


def warning_at_opening(context: Context, user: str, link: str | None, source: Source | None) -> DuplicateWarning:
    """Return the warning to show above a form that is about to open."""
    found = duplicates(context.baton, workspace=context.workspace, user=user, link=link, source=source)
    if not found:
        return NO_WARNING
    return DuplicateWarning(
        blocks=_warning(found, IN_PASSING), passed=tuple(f"{SEEN}{one.details.handoff.id}" for one in found)
    )


def warning_after_first_page(context: Context, user: str, draft: FormDraft) -> Sequence[Block]:
    """Return the warning to decide on after the first page: duplicates that were not shown before."""
    found = duplicates(
        context.baton,
        workspace=context.workspace,
        user=user,
        link=draft.answers.get(Field.LINK),
        source=draft.source,
        form=draft.draft_id,
        apart_from=[one.removeprefix(SEEN) for one in draft.passed if one.startswith(SEEN)],
    )
    return _warning(found, DECIDING)


def open_note_form(context: Context, click: Click) -> Reply:
    """Open the note form of the unfinished handoff, with what was typed so far as its text."""
    if click.target is None or click.sheet is None:
        return tell(UNKNOWN_ID)
    handoff_id, user = click.target.handoff_id, click.who.user
    seen = find_handoff(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=user)
    if isinstance(seen, Missing) or not seen.visible:
        return tell(refusals.GONE)
    typed = entries.read_form(context, click.sheet).values
    return OpenModal(view=note_form(seen.details, seen.now, _by_label(typed)))


def _warning(found: Sequence[Seen], otherwise: str) -> list[Block]:
    return warning_blocks([one.details for one in found], found[0].now, otherwise) if found else []


def _by_label(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed by its field's label; the note as rich text under an empty label."""
    named = {verb_forms.TEXTS[field].label: values.get(field) for field in (Field.TITLE, Field.NEXT_STEP)}
    return {**named, "": parse_answers.text(values.get(Field.NOTE)).rich}


OPENS: Final[Mapping[str, str]] = {ids.NOTE_THERE: wording.form_title(Verb.NOTE)}
CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ids.NOTE_THERE: open_note_form}
