"""Notes: add a thread reply to a handoff through the message's menu, and edit or delete one's own note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.listeners import verb_forms
from slackapp.handoffs.model import Invalid, Missing, Repeated, Seen
from slackapp.handoffs.queries.find import find_by_message, find_handoff
from slackapp.handoffs.rules.note_editing import problem
from slackapp.handoffs.views import lists, note_forms, refusals, wording
from slackapp.slack import field_problems, ids, message_text
from slackapp.slack.conversation import UNKNOWN_ID, Context, NoReply, OpenModal, PrivateMessage, Reply, tell
from slackapp.slack.ids import Field, Shortcut
from slackapp.slack.payloads import Click, ShortcutUse, SourceMessage, Submit
from storage.handoffs.acts import Act, AddNote, DeleteNote, EditNote
from storage.handoffs.lifecycle import Refused, Verb
from storage.handoffs.model import Text

NOT_A_REPLY: Final = (
    "This works on a reply in the thread of a handoff's card. Use it there, or press Add note on the card."
)
ALREADY_ADDED: Final = "This reply is already in the handoff's notes."


def add_reply(context: Context, chosen: ShortcutUse) -> Reply:
    """Add the reply to the handoff's notes, quoted with its author."""
    message = chosen.message
    if message is None:
        return tell(NOT_A_REPLY)
    seen = _handoff_of_thread(context, message, chosen.who.user)
    if not isinstance(seen, Seen):
        return seen
    request = Request(
        workspace=context.workspace,
        handoff_id=seen.details.handoff.id,
        act=AddNote(text=message_text.quote_as_note(message_text.read_message(context, message))),
        user=chosen.who.user,
        form=f"{message.channel}:{message.ts}",
    )
    outcome = carry_out(context.baton, request)
    if isinstance(outcome, Repeated):
        return NoReply() if outcome.just_now else tell(ALREADY_ADDED)
    if isinstance(outcome, Refused):
        return tell(refusals.refusal(outcome, seen.details, seen.now))
    return PrivateMessage(post=lists.note_added(seen.details))


def _handoff_of_thread(context: Context, message: SourceMessage, user: str) -> Seen | Reply:
    """The handoff in whose thread a message is, if this person may see it; otherwise the refusal as a reply."""
    handoff_id = message.thread_ts and find_by_message(
        context.baton, workspace=context.workspace, channel=message.channel, ts=message.thread_ts
    )
    if not handoff_id:
        return tell(NOT_A_REPLY)
    seen = find_handoff(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=user)
    if isinstance(seen, Missing):
        return tell(refusals.GONE)
    if not seen.visible:
        on_card = message.channel == seen.details.queue.channel
        return tell(refusals.private_handoff(seen.details) if on_card else refusals.GONE)
    return seen


SHORTCUTS: Final[Mapping[str, Callable[[Context, ShortcutUse], Reply]]] = {Shortcut.NOTE_FROM_MESSAGE: add_reply}


def open_note_form(context: Context, click: Click) -> Reply:
    """Open the form that edits or deletes a note, unless it is too old or somebody else's."""
    verb = ids.verb_of(click.action)
    if click.target is None or click.target.note_id is None or verb is None:
        return tell(UNKNOWN_ID)
    seen = find_handoff(
        context.baton, workspace=context.workspace, handoff_id=click.target.handoff_id, user=click.who.user
    )
    if isinstance(seen, Missing) or not seen.visible:
        return tell(refusals.GONE)
    note = next((one for one in seen.details.notes if one.id == click.target.note_id), None)
    why = problem(note, seen.details.handoff.id, click.who.user, seen.now)
    if note is None or why is not None:
        return tell(field_problems.problem_sentence(why) if why else refusals.GONE)
    return OpenModal(view=note_forms.form(verb, seen.details, note))


def edit_note(context: Context, sent: Submit) -> Reply:
    """Store the new text of a note."""
    text = sent.values.get(Field.NOTE) or Text()
    return _carry_out(context, sent, EditNote(note_id=_note_id(sent), text=message_text.with_names(context, text)))


def delete_note(context: Context, sent: Submit) -> Reply:
    """Remove the text of a note."""
    return _carry_out(context, sent, DeleteNote(note_id=_note_id(sent)))


def _carry_out(context: Context, sent: Submit, act: Act) -> Reply:
    outcome = verb_forms.submit(context, sent, act)
    if isinstance(outcome, Invalid) and not sent.blocks:  # the form that deletes has no field to show a problem at
        return tell(next(iter(map(field_problems.problem_sentence, outcome.problems.values()))))
    return verb_forms.reply(context, sent, outcome)


def _note_id(sent: Submit) -> str:
    return str(sent.meta.get("note", ""))


OPENS: Final[Mapping[str, str]] = {
    ids.action(verb): wording.form_title(verb) for verb in (Verb.EDIT_NOTE, Verb.DELETE_NOTE)
}
CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.action(Verb.EDIT_NOTE): open_note_form,
    ids.action(Verb.DELETE_NOTE): open_note_form,
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    ids.action(Verb.EDIT_NOTE): edit_note,
    ids.action(Verb.DELETE_NOTE): delete_note,
}
