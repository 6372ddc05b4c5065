"""`/handoff away`: the form, its buttons, and the list of somebody for whom the person covers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.capability import Subcommand, nothing_more
from slackapp.personal.actions.away import BY, UNTIL, end_away, set_away
from slackapp.personal.model import Problems, Unknown
from slackapp.personal.queries.away import find_away, list_for_cover
from slackapp.personal.views import away
from slackapp.slack import ids
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import (
    Context,
    FieldErrors,
    NoReply,
    OpenModal,
    PrivateMessage,
    Reply,
    UpdateModal,
    tell,
)
from slackapp.slack.payloads import Click, Command, Submit

_FIRST_OFFER: Final = timedelta(days=1)


def command(context: Context, said: Command, _nothing: CommandText) -> Reply:
    """Open the form."""
    return _open(context, said.who.user)


def open_form(context: Context, click: Click) -> Reply:
    """Open the form from a message or Home."""
    return _open(context, click.who.user)


def submit(context: Context, sent: Submit) -> Reply:
    """Store the absence, and show what follows from it."""
    until, cover = sent.values[UNTIL], sent.values.get(BY)
    if not isinstance(until, datetime):
        return FieldErrors(problems={UNTIL: "This is empty. Choose a date and time."})
    outcome = set_away(context.baton, workspace=context.workspace, user=sent.who.user, until=until, cover=cover)
    match outcome:
        case Unknown():
            return tell(away.UNKNOWN)
        case Problems(problems=found):
            return FieldErrors(problems={field: away.PROBLEMS[problem] for field, problem in found.items()})
    return UpdateModal(view=away.result(outcome))


def end(context: Context, click: Click) -> Reply:
    """End the absence. Home is published again by itself; a modal says so at once."""
    end_away(context.baton, workspace=context.workspace, user=click.who.user)
    return UpdateModal(view=away.back()) if click.sheet is not None else NoReply()


def list_theirs(context: Context, click: Click) -> Reply:
    """List the open handoffs of the person for whom who pressed covers."""
    now = context.baton.clock.now()
    found = list_for_cover(context.baton, workspace=context.workspace, user=click.who.user, absent=click.value, now=now)
    if found is None:
        return tell(away.NOT_COVERING)
    person, held, sent = found
    return PrivateMessage(post=away.listed(person, held, sent, now))


def _open(context: Context, user: str) -> Reply:
    found = find_away(context.baton, workspace=context.workspace, user=user)
    if isinstance(found, Unknown):
        return tell(away.UNKNOWN)
    tomorrow = (context.baton.clock.now() + _FIRST_OFFER).replace(minute=0, second=0, microsecond=0)
    return OpenModal(view=away.form(found, tomorrow))


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.AWAY_OPEN: open_form,
    ids.AWAY_END: end,
    ids.AWAY_LIST: list_theirs,
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {ids.AWAY_SET: submit}
OPENS: Final[Mapping[str, str]] = {ids.AWAY_OPEN: away.TITLE}
WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "away": Subcommand(
        handle=command,
        parse=nothing_more,
        opens=away.TITLE,
        usage="`{command} away` says until when you're away and who covers for you",
    ),
}
