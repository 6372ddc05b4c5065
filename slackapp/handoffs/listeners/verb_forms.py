"""Submitted forms of verbs: the entered values become an act, and the act is carried out.

A form with errors stays open with everything that was typed and a sentence at each field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from slackapp.clocks.queries import open_seconds
from slackapp.handoffs.actions.carry_out import Outcome, Request, carry_out
from slackapp.handoffs.model import Invalid, Missing, Seen
from slackapp.handoffs.queries.find import find_handoff
from slackapp.handoffs.views import refusals, verb_forms
from slackapp.handoffs.views.read_back import ends_own_question, note_text
from slackapp.runtime.visible_text import is_blank
from slackapp.slack import field_problems, ids, message_text
from slackapp.slack.conversation import CloseModals, Context, FieldErrors, Reply, tell
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Entered, Submit
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Ask,
    Assign,
    Cancel,
    Complete,
    Correct,
    Decline,
    Delete,
    Extend,
    GiveReadBack,
    Release,
    Reopen,
    Return,
    Snooze,
    Transfer,
    Verdict,
)
from storage.handoffs.lifecycle import RefusalReason, Refused, Verb
from storage.handoffs.model import Text

Values = Mapping[str, Any]

_ACTS: Final[Mapping[Verb, Callable[[Values], Act]]] = {
    Verb.DECLINE: lambda entered: Decline(text=_note(entered)),
    Verb.ASSIGN: lambda entered: Assign(person=entered[Field.PERSON], text=_note(entered)),
    Verb.RELEASE: lambda entered: Release(text=_note(entered)),
    Verb.TRANSFER: lambda entered: Transfer(
        queue=entered[Field.QUEUE], person=entered.get(Field.PERSON), text=_note(entered)
    ),
    Verb.RETURN: lambda entered: Return(text=_note(entered)),
    Verb.CORRECT: lambda entered: Correct(text=_note(entered)),
    Verb.ASK: lambda entered: Ask(text=_note(entered)),
    Verb.NOTE: lambda entered: AddNote(text=_note(entered) or Text()),
    Verb.COMPLETE: lambda entered: Complete(
        text=_note(entered), verdict=_verdict(entered), line=entered.get(Field.HELPED) or ""
    ),
    Verb.CANCEL: lambda entered: Cancel(text=_note(entered)),
    Verb.REOPEN: lambda entered: Reopen(text=_note(entered)),
    Verb.DELETE: lambda _entered: Delete(),
}


def act(context: Context, sent: Submit) -> Reply:
    """Carry out the verb of a form whose values need no further reading."""
    verb = Verb(sent.form.partition(".")[2])
    if _lacks_note(verb, sent.values):
        return _EMPTY_NOTE
    return reply(context, sent, submit(context, sent, _ACTS[verb](_named(context, sent.values))))


def extend(context: Context, sent: Submit) -> Reply:
    """Extend the deadline; a working day is as long as the queue's calendar says."""
    seconds = open_seconds(context.baton, context.workspace, sent.meta.get("handoff", ""), sent.values[Field.DURATION])
    if seconds is None:
        return tell(refusals.GONE)
    return reply(context, sent, submit(context, sent, Extend(seconds=seconds, text=note(context, sent.values))))


def snooze(context: Context, sent: Submit) -> Reply:
    """Snooze until a moment that the form offered, or until the instant entered."""
    at = Field.UNTIL if sent.values.get(Field.UNTIL) else Field.REST
    until = sent.values.get(Field.UNTIL) or _offered(sent)
    if until is None:
        return FieldErrors(problems={at: field_problems.problem_sentence(FieldProblem.NO_MOMENT)})
    outcome = submit(context, sent, Snooze(until=until, text=note(context, sent.values)))
    if isinstance(outcome, Invalid) and Field.UNTIL in outcome.problems:
        return FieldErrors(problems={at: field_problems.problem_sentence(outcome.problems[Field.UNTIL])})
    return reply(context, sent, outcome)


def _offered(sent: Submit) -> datetime | None:
    """The moment behind the chosen option, as it was offered; `carry_out` checks whether it is still allowed."""
    moments = sent.meta.get("rests")
    seconds = moments.get(sent.values.get(Field.REST)) if isinstance(moments, Mapping) else None
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def read_back(context: Context, sent: Submit) -> Reply:
    """Store a read-back: the first step and by when, and under a hard read-back what the work is about."""
    asked = [key for key in (Field.GIST, Field.FIRST_STEP) if key in sent.blocks]
    blank = {
        key.value: field_problems.problem_sentence(FieldProblem.EMPTY) for key in asked if not sent.values.get(key)
    }
    seen = _find(context, sent)
    if blank or isinstance(seen, Missing):
        return FieldErrors(problems=blank) if blank else tell(refusals.GONE)
    gist, first_step = sent.values.get(Field.GIST), sent.values[Field.FIRST_STEP]
    said = Text(plain=note_text(seen.details, gist, first_step))
    return reply(context, sent, submit(context, sent, GiveReadBack(text=said, by=sent.values.get(Field.BY))))


def answer(context: Context, sent: Submit) -> Reply:
    """Answer an open question, or end one's own question with or without words."""
    seen = _find(context, sent)
    if isinstance(seen, Missing):
        return tell(refusals.GONE)
    needless = ends_own_question(Verb.ANSWER, seen.details.handoff, sent.who.user)
    if not needless and _lacks_note(Verb.ANSWER, sent.values):
        return _EMPTY_NOTE
    given = Answer(text=note(context, sent.values), needless=needless)
    return reply(context, sent, submit(context, sent, given))


def _find(context: Context, sent: Submit) -> Seen | Missing:
    handoff_id = str(sent.meta.get("handoff", ""))
    return find_handoff(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=sent.who.user)


def submit(context: Context, sent: Submit, what: Act, form: str = "") -> Outcome:
    """Carry out an act on the handoff that the form is about.

    `form` identifies the submission if the view's id does not.
    """
    request = Request(
        workspace=context.workspace,
        handoff_id=str(sent.meta.get("handoff", "")),
        act=what,
        user=sent.who.user,
        form=form or sent.view_id,
    )
    return carry_out(context.baton, request)


def reply(context: Context, sent: Submit, outcome: Outcome) -> Reply:
    """The reply to a form whose act was carried out or refused."""
    match outcome:
        case Invalid(problems=found):
            return FieldErrors(
                problems={field: field_problems.problem_sentence(problem) for field, problem in found.items()}
            )
        case Missing():
            return tell(refusals.GONE)
        case Refused(verb=Verb.EDIT, why=RefusalReason.SAME):
            return CloseModals()
        case Refused(handoff=handoff):
            seen = find_handoff(context.baton, workspace=context.workspace, handoff_id=handoff.id, user=sent.who.user)
            if isinstance(seen, Missing) or not seen.visible:
                return tell(refusals.GONE)
            return tell(refusals.refusal(outcome, seen.details, seen.now))
        case _:
            return CloseModals()


_EMPTY_NOTE: Final = FieldErrors(problems={Field.NOTE: field_problems.problem_sentence(FieldProblem.EMPTY)})


def _lacks_note(verb: Verb, entered: Values) -> bool:
    """Whether the verb's form requires a note and got none: Slack accepts a space as one."""
    form = verb_forms.FORMS[verb]
    return bool(form.note) and not form.optional and is_blank(_note_or_empty(entered).plain)


def _named(context: Context, entered: Values) -> Values:
    """The values, with the people whom the note mentions by name in its plain text."""
    return Entered({**entered, Field.NOTE: message_text.with_names(context, _note_or_empty(entered))})


def _note_or_empty(entered: Values) -> Text:
    note: Text = entered.get(Field.NOTE) or Text()
    return Text() if is_blank(note.plain) else note


def note(context: Context, entered: Values) -> Text | None:
    """The note of a form, with the people whom it mentions by name in its plain text; None if it is empty."""
    return _note(_named(context, entered))


def _note(entered: Values) -> Text | None:
    """The note with the reason, where the form asks for one; None if both are empty."""
    note = _note_or_empty(entered)
    text = Text(plain=note.plain, rich=note.rich, reason=entered.get(Field.REASON))
    return None if text == Text() else text


def _verdict(entered: Values) -> Verdict | None:
    chosen = entered.get(Field.VERDICT)
    return Verdict(chosen) if chosen else None


FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    **{ids.action(verb): act for verb in _ACTS},
    ids.action(Verb.EXTEND): extend,
    ids.action(Verb.SNOOZE): snooze,
    ids.action(Verb.READ_BACK): read_back,
    ids.action(Verb.ANSWER): answer,
}
