"""Hand over everything that a person owns: where it goes, then the rows with exceptions and notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from slackapp.bulk import queries
from slackapp.bulk.actions import prepare
from slackapp.bulk.listeners.claim import carried_out
from slackapp.bulk.model import SeenRun
from slackapp.bulk.views import forms, rows
from slackapp.capability import Subcommand, nothing_more
from slackapp.handoffs.queries.find import find_queues
from slackapp.runtime.visible_text import is_blank
from slackapp.slack import field_problems, message_text
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import (
    Context,
    FieldErrors,
    NoReply,
    OpenModal,
    Reply,
    UpdateModal,
    UpdateModalBelow,
    tell,
)
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import BulkAction, Field
from slackapp.slack.payloads import Click, Command, Submit
from storage.bulk.model import BulkKind
from storage.handoffs.model import Text

SELECTABLE: Final = 100
"""Slack's limit for options in a select; more queues are searched while typing."""
GONE: Final = "This form is more than a day old, so nothing was changed. Type `/handoff handover` to start again."


def open_by_word(context: Context, command: Command, _nothing: CommandText) -> Reply:
    """Open the form that asks where everything goes."""
    return _open(context, command.who.user)


def open_by_button(context: Context, click: Click) -> Reply:
    """Open the form that asks where everything goes."""
    return _open(context, click.who.user)


def _open(context: Context, user: str) -> Reply:
    owned, offered = queries.count_own(context.baton, workspace=context.workspace, user=user)
    found = find_queues(context.baton, workspace=context.workspace, text="", limit=SELECTABLE + 1, user=user)
    return OpenModal(view=forms.hand_over_form(owned, offered, None if len(found) > SELECTABLE else found))


def choose_rows(context: Context, sent: Submit) -> Reply:
    """Store where everything goes, and show the rows."""
    kind = BulkKind(sent.values[forms.WHERE] or BulkKind.PERSON)
    person, queue = sent.values.get(Field.PERSON), sent.values.get(Field.QUEUE)
    note: Text | None = sent.values.get(Field.NOTE)
    problems = _problems(kind, person, queue, note, sent.who.user)
    if problems:
        return FieldErrors(
            problems={field: field_problems.problem_sentence(problem) for field, problem in problems.items()}
        )
    run_id = prepare.begin_hand_over(
        context.baton,
        workspace=context.workspace,
        user=sent.who.user,
        kind=kind,
        person=person if kind is BulkKind.PERSON else None,
        queue=queue if kind is BulkKind.TEAM else None,
        note=message_text.with_names(context, note or Text()),
        form=sent.view_id,
    )
    seen = _run(context, sent.who.user, run_id)
    if seen is None or not seen.rows:
        return tell(_NOTHING_LEFT)
    return UpdateModal(view=forms.rows_form(seen, 0))


_NOTHING_LEFT: Final = "You own no open handoffs now, so nothing was changed. Close this form."


def _problems(
    kind: BulkKind, person: str | None, queue: str | None, note: Text | None, user: str
) -> dict[str, FieldProblem]:
    found: dict[str, FieldProblem] = {}
    if kind is BulkKind.PERSON and not person:
        found[Field.PERSON] = FieldProblem.NO_PERSON
    if kind is BulkKind.PERSON and person == user:
        found[Field.PERSON] = FieldProblem.YOURSELF
    if kind is BulkKind.TEAM and not queue:
        found[Field.QUEUE] = FieldProblem.NO_TEAM
    if note is None or is_blank(note.plain):
        found[Field.NOTE] = FieldProblem.EMPTY
    return found


def turn_page(context: Context, click: Click) -> Reply:
    """Save what is ticked on this page, and show another one."""
    _save_ticks(context, click.sheet)
    seen = _run(context, click.who.user, _run_id(click.sheet))
    if seen is None or click.sheet is None:
        return tell(GONE)
    wanted = click.target.handoff_id if click.target else ""
    page = int(wanted) if wanted.isdecimal() else 0
    return UpdateModal(view=forms.rows_form(seen, page, again=_number(click.sheet.meta, "again")))


def open_note_form(context: Context, click: Click) -> Reply:
    """Open the form of a note for the chosen row, on top of the rows."""
    seen = _save_ticks(context, click.sheet)
    if seen is None or click.sheet is None:
        return tell(GONE)
    row = next((one for one in seen.rows if one.row.handoff_id == click.value and one.details), None)
    if row is None:
        return NoReply()
    page, again = _number(click.sheet.meta, "page"), _number(click.sheet.meta, "again")
    return OpenModal(view=forms.note_form(seen, row, page, again))


def save_note(context: Context, sent: Submit) -> Reply:
    """Save the note for one row, and show it among the rows."""
    note: Text | None = sent.values.get(Field.NOTE)
    prepare.save_note(
        context.baton,
        workspace=context.workspace,
        user=sent.who.user,
        run_id=_run_id(sent),
        handoff_id=str(sent.meta.get("handoff", "")),
        note=message_text.with_names(context, note) if note and not is_blank(note.plain) else None,
    )
    seen = _run(context, sent.who.user, _run_id(sent))
    if seen is None:
        return tell(GONE)
    again = _number(sent.meta, "again") + 1
    return UpdateModalBelow(reply=NoReply(), below=forms.rows_form(seen, _number(sent.meta, "page"), again=again))


def hand_over(context: Context, sent: Submit) -> Reply:
    """Carry out the run with all that is ticked on any page, and show what became of each."""
    if _save_ticks(context, sent) is None:
        return tell(GONE)
    run_id, user = _run_id(sent), sent.who.user
    prepare.submit(context.baton, workspace=context.workspace, user=user, run_id=run_id)
    return carried_out(context, sent, run_id)


def _save_ticks(context: Context, sheet: Submit | None) -> SeenRun | None:
    """Store which rows of the page that somebody looks at are ticked; return the run as it was before, if any."""
    seen = _run(context, sheet.who.user, _run_id(sheet)) if sheet else None
    if sheet is None or seen is None:
        return None
    there = [one.row.handoff_id for one in seen.rows if one.details]
    start = _number(sheet.meta, "page") * rows.PAGE
    prepare.save_page(
        context.baton,
        workspace=context.workspace,
        user=sheet.who.user,
        run_id=seen.run.id,
        shown=there[start : start + rows.PAGE],
        included=rows.ticked(sheet.values),
    )
    return seen


def _run(context: Context, user: str, run_id: str) -> SeenRun | None:
    return queries.get_run(context.baton, workspace=context.workspace, user=user, run_id=run_id)


def _run_id(sheet: Submit | None) -> str:
    return str(sheet.meta.get("run", "")) if sheet else ""


def _number(meta: Mapping[str, Any], name: str) -> int:
    found = meta.get(name)
    return found if isinstance(found, int) and found >= 0 else 0


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    BulkAction.HAND_OVER: open_by_button,
    BulkAction.PAGE: turn_page,
    BulkAction.NOTE: open_note_form,
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    BulkAction.HAND_OVER: choose_rows,
    BulkAction.ROWS: hand_over,
    BulkAction.NOTE: save_note,
}
OPENS: Final[Mapping[str, str]] = {BulkAction.HAND_OVER: forms.TITLE}
WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "handover": Subcommand(
        handle=open_by_word,
        parse=nothing_more,
        usage="`{command} handover` hands all your work to a person or team, or puts it back",
        opens=forms.TITLE,
    )
}
