"""Notes of one's own: edited or deleted while they are fresh, from the menu beside them in Show all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.policy.own_notes import problem
from slackapp.slack import field_problems, ids, message_text
from slackapp.slack.conversation import STRANGE, Context, FieldErrors, Finished, Reply, Show, tell
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Click, Submit
from slackapp.usecases.carry_out import Request, carry_out
from slackapp.usecases.look_up import look_up
from slackapp.usecases.outcomes import Invalid, Missing
from slackapp.views import own_notes, refusals
from storage.handoffs.acts import Act, DeleteNote, EditNote
from storage.handoffs.lifecycle import Refused, Verb
from storage.handoffs.model import Text


def ask(desk: Context, click: Click) -> Reply:
    """Open the form, unless it is too late or the note is somebody else's."""
    verb = ids.verb_of(click.action)
    if click.target is None or click.target.note_id is None or verb is None:
        return tell(STRANGE)
    seen = look_up(desk.baton, workspace=desk.workspace, handoff_id=click.target.handoff_id, user=click.who.user)
    if isinstance(seen, Missing) or not seen.visible:
        return tell(refusals.GONE)
    note = next((one for one in seen.picture.notes if one.id == click.target.note_id), None)
    why = problem(note, seen.picture.handoff.id, click.who.user, seen.now)
    if note is None or why is not None:
        return tell(field_problems.problem_sentence(why) if why else refusals.GONE)
    return Show(view=own_notes.form(verb, seen.picture, note))


def edited(desk: Context, sent: Submit) -> Reply:
    """Other words for it."""
    text = sent.values.get(Field.NOTE) or Text()
    return _done(desk, sent, EditNote(note_id=_note(sent), text=message_text.named(desk, text)))


def deleted(desk: Context, sent: Submit) -> Reply:
    """Its words go."""
    return _done(desk, sent, DeleteNote(note_id=_note(sent)))


def _done(desk: Context, sent: Submit, act: Act) -> Reply:
    handoff_id = str(sent.meta.get("handoff", ""))
    request = Request(workspace=desk.workspace, handoff_id=handoff_id, act=act, user=sent.who.user, form=sent.view_id)
    outcome = carry_out(desk.baton, request)
    match outcome:
        case Invalid(problems=found):
            sentence = next(iter(map(field_problems.problem_sentence, found.values())))
            return FieldErrors(problems={Field.NOTE: sentence}) if sent.blocks else tell(sentence)
        case Refused(handoff=handoff):
            seen = look_up(desk.baton, workspace=desk.workspace, handoff_id=handoff.id, user=sent.who.user)
            if isinstance(seen, Missing) or not seen.visible:
                return tell(refusals.GONE)
            return tell(refusals.refusal(outcome, seen.picture, seen.now))
        case Missing():
            return tell(refusals.GONE)
        case _:
            return Finished()


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
