"""The form says that its work is under way already, and lets people add to that instead of handing it off twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slackapp.forms.listeners import entries
from slackapp.forms.model import FormDraft
from slackapp.forms.queries.duplicates import duplicates
from slackapp.forms.views.duplicate_warning import DECIDING, IN_PASSING, note_form, nudge
from slackapp.handoffs.model import Missing, Seen
from slackapp.handoffs.queries.find import find_handoff
from slackapp.handoffs.views import refusals, verb_forms
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Block
from slackapp.slack.conversation import STRANGE, Context, Reply, Show, tell
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Click
from slackapp.templates.rules import parse_answers
from storage.handoffs.model import Source

SEEN: Final = "seen:"
"""Begins what a walk remembers of a handoff that its author has been shown."""


@dataclass(frozen=True, kw_only=True)
class There:
    """What is under way already: as blocks, and as what a walk remembers of having shown it."""

    blocks: Sequence[Block] = ()
    passed: tuple[str, ...] = ()


NOWHERE: Final = There()


def at_opening(desk: Context, user: str, link: str | None, source: Source | None) -> There:
    """What to show above a form that is about to open."""
    found = duplicates(desk.baton, workspace=desk.workspace, user=user, link=link, source=source)
    if not found:
        return NOWHERE
    return There(blocks=_nudge(found, IN_PASSING), passed=tuple(f"{SEEN}{one.details.handoff.id}" for one in found))


def before_next(desk: Context, user: str, walk: FormDraft) -> Sequence[Block]:
    """What to decide on when the first page is sent: what was not shown before."""
    found = duplicates(
        desk.baton,
        workspace=desk.workspace,
        user=user,
        link=walk.answers.get(Field.LINK),
        source=walk.source,
        form=walk.draft_id,
        apart_from=[one.removeprefix(SEEN) for one in walk.passed if one.startswith(SEEN)],
    )
    return _nudge(found, DECIDING)


def note_there(desk: Context, click: Click) -> Reply:
    """Open the note of the handoff that is there already, with what was typed so far as its text."""
    if click.target is None or click.sheet is None:
        return tell(STRANGE)
    handoff_id, user = click.target.handoff_id, click.who.user
    seen = find_handoff(desk.baton, workspace=desk.workspace, handoff_id=handoff_id, user=user)
    if isinstance(seen, Missing) or not seen.visible:
        return tell(refusals.GONE)
    typed = entries.read(desk, click.sheet).values
    return Show(view=note_form(seen.details, seen.now, _by_name(typed)))


def _nudge(found: Sequence[Seen], otherwise: str) -> list[Block]:
    return nudge([one.details for one in found], found[0].now, otherwise) if found else []


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, by what its fields are called in the form; the note's formatting stays."""
    named = {verb_forms.TEXTS[field].label: values.get(field) for field in (Field.TITLE, Field.NEXT_STEP)}
    return {**named, "": parse_answers.text(values.get(Field.NOTE)).rich}


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ids.NOTE_THERE: note_there}
