"""Submitted forms of set-up: each changes one object of the configuration, and shows the page with the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from slackapp.company.actions.edit import ChangedMeanwhile, InvalidChange, SavedChange
from slackapp.company.model import ADMINS, HOURS, SLACK_ADMINS
from slackapp.people.model import NotAdmin
from slackapp.setup.listeners.buttons import remove_form
from slackapp.setup.listeners.form_rows import ROWS, FormRow
from slackapp.setup.listeners.saving import change, field_errors, overwritten, refusal, save, warnings
from slackapp.setup.listeners.show import draw, load, refuse
from slackapp.setup.model import FormSubject, SetupState
from slackapp.setup.rules import pages
from slackapp.setup.rules.pages import PageAddress
from slackapp.setup.views import wording
from slackapp.slack.block_kit.blocks import said
from slackapp.slack.block_kit.modals import message_view
from slackapp.slack.conversation import (
    UNKNOWN_ID,
    Context,
    FieldErrors,
    NoReply,
    Reply,
    UpdateModal,
    UpdateModalBelow,
    View,
    tell,
)
from slackapp.slack.ids import SetupAction
from slackapp.slack.payloads import Submit
from storage.company.model import ObjectKind, ObjectRef, Queue

_KINDS: Final[Mapping[str, tuple[ObjectKind, str]]] = {
    pages.TEAM: (ObjectKind.QUEUE, pages.TEAMS),
    pages.CALENDAR: (ObjectKind.CALENDAR, pages.CALENDARS),
    pages.POLICY: (ObjectKind.POLICY, pages.POLICIES),
}


def submit(context: Context, sent: Submit) -> Reply:
    """Store what a form says of its object, or show its problems, or what somebody else has saved meanwhile."""
    row, subject = ROWS[SetupAction(sent.form)], _subject(sent)
    state = load(context, sent.who.user, team=subject.key)
    if isinstance(state, NotAdmin):
        return refuse(state)
    stored = row.stored(state, subject)
    if stored is None:
        return _gone()
    parsed = row.parse(stored, subject, sent.values)
    return (
        FieldErrors(problems=parsed.problems) if parsed.problems else _store(context, sent, state, row, parsed.record)
    )


def _store(context: Context, sent: Submit, state: SetupState, row: FormRow, record: Any) -> Reply:
    subject = _subject(sent)
    outcome = save(
        context, sent.who.user, row.ref(subject), record, seen=subject.version, form=sent.view_id,
        name=str(sent.values.get("name") or ""),
    )  # fmt: skip
    match outcome:
        case SavedChange(ref=ref, notices=notices):
            trouble = _apply_to(context, sent, row, subject, ref)
            lead = "\n".join(line for line in (_saved(subject, record), trouble, warnings(notices)) if line)
            return finish(context, sent, row.address(ref.key), lead)
        case InvalidChange():
            return FieldErrors(problems=field_errors(outcome, row.inputs))
        case ChangedMeanwhile(written=None):
            return _gone()
        case ChangedMeanwhile(version=version):
            again = replace(subject, version=version, overwritten=overwritten(outcome))
            return UpdateModal(view=row.draw(state, record, again))
        case _:
            return tell(refusal(outcome))


def _gone() -> Reply:
    return UpdateModal(view=message_view(wording.TITLE, wording.GONE))


def remove(context: Context, sent: Submit) -> Reply:
    """Remove a team, hours or deadlines."""
    subject = FormSubject.of(sent.meta)
    if subject.part not in _KINDS:
        return tell(UNKNOWN_ID)
    kind, listed = _KINDS[subject.part]
    ref = ObjectRef(kind, subject.key)
    to = str(sent.values["moves_to"]) if sent.values.get("moves_to") else None
    outcome = save(context, sent.who.user, ref, None, seen=subject.version, form=sent.view_id, moves_to=to)
    if isinstance(outcome, SavedChange):
        return finish(context, sent, PageAddress(page=listed), "Removed.")
    if isinstance(outcome, ChangedMeanwhile) and outcome.written is not None:
        state = load(context, sent.who.user, team=subject.key)
        address = PageAddress(page=subject.part, key=subject.key)
        view = remove_form(state, address, overwritten(outcome)) if isinstance(state, SetupState) else None
        return UpdateModal(view=view or message_view(wording.TITLE, wording.GONE))
    return tell(refusal(outcome))


def finish(context: Context, sent: Submit, address: PageAddress, lead: str) -> Reply:
    """Show a page with what was done: in the modal below the form, or in its place where there is none."""
    state = load(context, sent.who.user, team=address.key if address.page == pages.TEAM else "")
    if isinstance(state, NotAdmin):  # the admin has just removed themselves
        return UpdateModal(view=message_view(wording.TITLE, "Saved. You are no longer an admin of Baton."))
    return shown(sent, draw(state, address, lead=lead))


def shown(sent: Submit, view: View) -> Reply:
    """Show a page in the modal below the form, or in its place where there is none."""
    return UpdateModalBelow(reply=NoReply(), below=view) if sent.below else UpdateModal(view=view)


def _subject(sent: Submit) -> FormSubject:
    """What a form is about. The form of a new person names them in an input."""
    subject = FormSubject.of(sent.meta)
    named = sent.values.get("person") if sent.form == SetupAction.PERSON and not subject.key else None
    return replace(subject, key=str(named)) if named else subject


def _saved(subject: FormSubject, record: Any) -> str:
    if isinstance(record, Queue) and not subject.key:
        return f"*{said(record.name, 75)} is set up.* Set its rules and hours, or hand something off."
    return "Saved."


def _apply_to(context: Context, sent: Submit, row: FormRow, subject: FormSubject, ref: ObjectRef) -> str:
    """Give new hours or deadlines to the teams chosen in the form; return what went wrong."""
    if row.kind is ObjectKind.SETTING:
        return "" if row.setting != ADMINS else _apply_slack_admins(context, sent)
    if subject.key or row.kind not in {ObjectKind.CALENDAR, ObjectKind.POLICY}:
        return ""
    state = load(context, sent.who.user)
    if isinstance(state, NotAdmin):
        return ""
    chosen = [queue for queue in state.company.queues if queue.key in (sent.values.get("teams") or ())]
    if row.kind is ObjectKind.CALENDAR and not chosen:
        return change(context, sent.who.user, state, HOURS, ref.key, form=f"{sent.view_id}:all")
    failed = [queue.name for queue in chosen if not _give(context, sent, state, queue, ref)]
    return f":warning: Not saved for {_names(failed)}. Open that team to see why." if failed else ""


def _apply_slack_admins(context: Context, sent: Submit) -> str:
    """Store whether admins of the Slack workspace are admins too; return what went wrong."""
    state, wanted = load(context, sent.who.user), bool(sent.values.get("slack_admins"))
    if isinstance(state, NotAdmin) or state.slack_admins == wanted:
        return ""
    written = None if wanted else "no"
    return change(context, sent.who.user, state, SLACK_ADMINS, written, form=f"{sent.view_id}:slack")


def _give(context: Context, sent: Submit, state: SetupState, queue: Queue, ref: ObjectRef) -> bool:
    is_hours = ref.kind is ObjectKind.CALENDAR
    after = replace(queue, calendar=ref.key) if is_hours else replace(queue, policy=ref.key)
    team = ObjectRef(ObjectKind.QUEUE, queue.key)
    return not change(context, sent.who.user, state, team, after, form=f"{sent.view_id}:{queue.key}")


def _names(names: Iterable[str]) -> str:
    return ", ".join(said(name, 75) for name in names)


def page_submitted(_context: Context, _sent: Submit) -> Reply:
    """Close a page that was submitted; nothing is stored."""
    return NoReply()


FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    SetupAction.SHOW: page_submitted,
    SetupAction.REMOVE: remove,
    **dict.fromkeys(ROWS, submit),
}
