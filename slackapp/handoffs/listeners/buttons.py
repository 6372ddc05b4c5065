"""Buttons and menus on cards, reminders and direct messages; each one is a verb of the lifecycle.

Verbs in `IMMEDIATE_VERBS` need no input and are carried out at once. Every other verb opens its form, or answers with
the refusal if it is not allowed now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.redraw_card import redraw
from slackapp.handoffs.listeners import details
from slackapp.handoffs.model import Missing, Seen
from slackapp.handoffs.queries import find
from slackapp.handoffs.queries.find import find_by_message, find_handoff, find_queues
from slackapp.handoffs.rules.snooze_options import SnoozeOption
from slackapp.handoffs.views import card, refusals, verb_forms, wording
from slackapp.slack import ids
from slackapp.slack.conversation import UNKNOWN_ID, Context, NoReply, OpenModal, Reply, tell
from slackapp.slack.payloads import Click
from storage.company.model import Queue
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.handoffs.acts import Act, Claim, Confirm, Continue
from storage.handoffs.lifecycle import Moved, ReadBackStatus, Refused, Verb, is_done_already, possible, why_not
from storage.handoffs.model import Handoff

IMMEDIATE_VERBS: Final[Mapping[Verb, Act]] = {
    Verb.CLAIM: Claim(),
    Verb.CONTINUE: Continue(),
    Verb.CONFIRM: Confirm(),
}
PAGED_VERBS: Final = frozenset({Verb.EDIT, Verb.RESEND})
"""Verbs whose form has several pages, as the form that opens a handoff has: see `forms.listeners.edit`."""
READ_BACK_LATER: Final = "You own it now. The form couldn't be shown: press Read back on the card."
NO_FORM: Final = "You own it now. Slack didn't open the read-back form."
SELECTABLE: Final = 100
"""Slack's limit for options in a select; more queues are searched while typing."""


def carry_out_verb(context: Context, click: Click) -> Reply:
    """Carry out a verb that needs no input; a person who is refused is told why.

    Of all who press Claim one becomes the owner, and the others are told who did. A second click, or the same click
    delivered again, is answered with nothing: it is done, and the card says so.
    """
    verb = ids.verb_of(click.action)
    if click.target is None or verb is None:
        return redraw_unknown(context, click)
    request = Request(
        workspace=context.workspace, handoff_id=click.target.handoff_id, act=IMMEDIATE_VERBS[verb], user=click.who.user
    )
    outcome = carry_out(context.baton, request)
    match outcome:
        case Refused():
            told = refuse(context, click, outcome)
            return _nothing_new(context, click) if is_done_already(outcome) else told
        case Missing():
            return tell(refusals.GONE)
        case Moved(verb=Verb.CLAIM, after=Handoff(read_back=ReadBackStatus.DUE)):
            return _open_read_back(context, click)
        case _:
            return _nothing_new(context, click)


def _nothing_new(context: Context, click: Click) -> Reply:
    """Return no reply, or in a view the view as it is now: the card is drawn again by itself."""
    return details.show(context, click) if click.view_id else NoReply()


def _open_read_back(context: Context, click: Click) -> Reply:
    """Open the read-back form for the person who has just claimed. The claim stands even if the form fails."""
    assert click.target is not None  # noqa: S101 - the claim had it
    try:
        seen = find_handoff(
            context.baton, workspace=context.workspace, handoff_id=click.target.handoff_id, user=click.who.user
        )
    except (DatabaseBusy, DatabaseUnavailable):
        return tell(READ_BACK_LATER)
    if isinstance(seen, Missing) or not possible(seen.details.handoff, Verb.READ_BACK):
        return NoReply()
    view = verb_forms.verb_form(Verb.READ_BACK, seen.details, seen.now, reader=click.who.user)
    again = (ids.action(Verb.READ_BACK), ids.button_value(seen.details.handoff.id))
    return OpenModal(view=view, if_not_opened=NO_FORM, instead=again)


def open_form(context: Context, click: Click) -> Reply:
    """Open the form of a verb, or answer with the refusal if the verb is not allowed now."""
    verb = ids.verb_of(click.action)
    if click.target is None or verb is None:
        return redraw_unknown(context, click)
    seen = permitted(context, click, verb)
    if not isinstance(seen, Seen):
        return seen
    moments = _snooze_options(context, click.target.handoff_id, click.who.user) if verb is Verb.SNOOZE else ()
    view = verb_forms.verb_form(
        verb,
        seen.details,
        seen.now,
        queues=_queues(context, verb, click.who.user),
        snooze_options=moments,
        reader=click.who.user,
    )
    return OpenModal(view=view)


def permitted(context: Context, click: Click, verb: Verb) -> Seen | Reply:
    """The handoff that a button is about if this person may do the verb now; otherwise the refusal as a reply."""
    if click.target is None:
        return redraw_unknown(context, click)
    seen = find_handoff(
        context.baton, workspace=context.workspace, handoff_id=click.target.handoff_id, user=click.who.user
    )
    if isinstance(seen, Missing):
        return tell(refusals.GONE)
    why = why_not(seen.details.handoff, verb, seen.actor)
    if why is not None:
        return refuse(context, click, Refused(handoff=seen.details.handoff, verb=verb, why=why, actor=seen.actor))
    return seen


def refuse(context: Context, click: Click, refusal: Refused) -> Reply:
    """Answer with the refusal and its reason, and queue a redraw if the card showed another state."""
    handoff = refusal.handoff
    seen = find_handoff(context.baton, workspace=context.workspace, handoff_id=handoff.id, user=click.who.user)
    if isinstance(seen, Missing):
        return tell(refusals.GONE)
    on_card = click.channel == seen.details.queue.channel
    if on_card:
        redraw(context.baton, seen, click.text, card.card(seen.details, seen.now).text)
    return tell(refusals.refusal(refusal, seen.details, seen.now) if seen.visible or on_card else refusals.GONE)


def redraw_unknown(context: Context, click: Click) -> Reply:
    """Redraw the card for a button that this version does not know, and ask the person to look again.

    Which handoff it is about follows from the message, where the button's value does not tell.
    """
    handoff_id = _handoff_of_message(context, click) or (click.target.handoff_id if click.target else "")
    seen = find_handoff(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=click.who.user)
    if isinstance(seen, Missing) or click.view_id or not (seen.visible or click.channel == seen.details.queue.channel):
        return tell(UNKNOWN_ID)
    redraw(context.baton, seen, "", card.card(seen.details, seen.now).text)
    return tell(refusals.UNKNOWN)


def _handoff_of_message(context: Context, click: Click) -> str | None:
    if click.channel is None or click.ts is None:
        return None
    return find_by_message(context.baton, workspace=context.workspace, channel=click.channel, ts=click.ts)


def _queues(context: Context, verb: Verb, user: str) -> list[Queue] | None:
    """The queues to choose from, if the form asks for one; None when there are too many for a list."""
    if verb is not Verb.TRANSFER:
        return None
    found = find_queues(context.baton, workspace=context.workspace, text="", limit=SELECTABLE + 1, user=user)
    return None if len(found) > SELECTABLE else list(found)


def _snooze_options(context: Context, handoff_id: str, user: str) -> tuple[SnoozeOption, ...]:
    return find.snooze_options_for(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=user)


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    **{ids.action(verb): open_form for verb in verb_forms.FORMS.keys() - PAGED_VERBS},
    **{ids.action(verb): carry_out_verb for verb in IMMEDIATE_VERBS},
}
OPENS: Final[Mapping[str, str]] = {
    ids.action(verb): wording.form_title(verb) for verb in verb_forms.FORMS.keys() - PAGED_VERBS
}
