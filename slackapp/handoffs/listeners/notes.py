"""A reply in a card's thread is kept with the handoff, through the message's menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.model import Invalid, Missing, Repeated
from slackapp.handoffs.queries.find import behind_message, look_up
from slackapp.handoffs.rules.note_editing import problem
from slackapp.handoffs.views import lists, note_forms, refusals
from slackapp.slack import field_problems, ids, message_text
from slackapp.slack.conversation import (
    UNKNOWN_ID,
    CloseModals,
    Context,
    FieldErrors,
    OpenModal,
    PrivateMessage,
    Reply,
    tell,
)
from slackapp.slack.ids import Field, Shortcut
from slackapp.slack.payloads import Click, ShortcutUse, Submit
from storage.handoffs.acts import Act, AddNote, DeleteNote, EditNote
from storage.handoffs.lifecycle import Refused, Verb
from storage.handoffs.model import Text

NOT_A_REPLY: Final = (
    "This works on a reply in the thread of a handoff's card. Use it there, or press Add note on the card."
)
KEPT_BEFORE: Final = "This reply is among the handoff's notes already."


def keep(context: Context, chosen: ShortcutUse) -> Reply:
    """Add the reply to the notes, quoted with its author."""
    message = chosen.message
    if message is None or message.thread_ts is None:
        return tell(NOT_A_REPLY)
    handoff_id = behind_message(
        context.baton, workspace=context.workspace, channel=message.channel, ts=message.thread_ts
    )
    if handoff_id is None:
        return tell(NOT_A_REPLY)
    request = Request(
        workspace=context.workspace,
        handoff_id=handoff_id,
        act=AddNote(text=message_text.quote_as_note(message_text.read_message(context, message))),
        user=chosen.who.user,
        form=f"{message.channel}:{message.ts}",
    )
    outcome = carry_out(context.baton, request)
    if isinstance(outcome, Repeated):
        return tell(KEPT_BEFORE)
    seen = look_up(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=chosen.who.user)
    if isinstance(seen, Missing):
        return tell(refusals.GONE)
    if isinstance(outcome, Refused):
        return tell(refusals.refusal(outcome, seen.details, seen.now))
    return PrivateMessage(post=lists.noted(seen.details))


SHORTCUTS: Final[Mapping[str, Callable[[Context, ShortcutUse], Reply]]] = {Shortcut.NOTE_FROM_MESSAGE: keep}


def ask(context: Context, click: Click) -> Reply:
    """Open the form, unless it is too late or the note is somebody else's."""
    verb = ids.verb_of(click.action)
    if click.target is None or click.target.note_id is None or verb is None:
        return tell(UNKNOWN_ID)
    seen = look_up(context.baton, workspace=context.workspace, handoff_id=click.target.handoff_id, user=click.who.user)
    if isinstance(seen, Missing) or not seen.visible:
        return tell(refusals.GONE)
    note = next((one for one in seen.details.notes if one.id == click.target.note_id), None)
    why = problem(note, seen.details.handoff.id, click.who.user, seen.now)
    if note is None or why is not None:
        return tell(field_problems.problem_sentence(why) if why else refusals.GONE)
    return OpenModal(view=note_forms.form(verb, seen.details, note))


def edited(context: Context, sent: Submit) -> Reply:
    """Other words for it."""
    text = sent.values.get(Field.NOTE) or Text()
    return _done(context, sent, EditNote(note_id=_note(sent), text=message_text.with_names(context, text)))


def deleted(context: Context, sent: Submit) -> Reply:
    """Its words go."""
    return _done(context, sent, DeleteNote(note_id=_note(sent)))


def _done(context: Context, sent: Submit, act: Act) -> Reply:
    handoff_id = str(sent.meta.get("handoff", ""))
    request = Request(
        workspace=context.workspace, handoff_id=handoff_id, act=act, user=sent.who.user, form=sent.view_id
    )
    outcome = carry_out(context.baton, request)
    match outcome:
        case Invalid(problems=found):
            sentence = next(iter(map(field_problems.problem_sentence, found.values())))
            return FieldErrors(problems={Field.NOTE: sentence}) if sent.blocks else tell(sentence)
        case Refused(handoff=handoff):
            seen = look_up(context.baton, workspace=context.workspace, handoff_id=handoff.id, user=sent.who.user)
            if isinstance(seen, Missing) or not seen.visible:
                return tell(refusals.GONE)
            return tell(refusals.refusal(outcome, seen.details, seen.now))
        case Missing():
            return tell(refusals.GONE)
        case _:
            return CloseModals()


def _note(sent: Submit) -> str:
    return str(sent.meta.get("note", ""))


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.action(Verb.EDIT_NOTE): ask,
    ids.action(Verb.DELETE_NOTE): ask,
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    ids.action(Verb.EDIT_NOTE): edited,
    ids.action(Verb.DELETE_NOTE): deleted,
}
