"""Act on a row of a list: the list stays, and shows the row as it is after the act."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from slackapp.handoffs.listeners import buttons, details, verb_forms
from slackapp.lists.listeners.browse import query_of, show
from slackapp.lists.rules import from_value, to_value
from slackapp.slack import ids
from slackapp.slack.block_kit import modals
from slackapp.slack.conversation import (
    UNKNOWN_ID,
    CloseModals,
    Context,
    NoReply,
    OpenModal,
    PrivateMessage,
    Reply,
    UpdateModal,
    UpdateModalBelow,
    View,
    tell,
)
from slackapp.slack.ids import ListAction
from slackapp.slack.payloads import Click, Submit

_FORM: Final = "form"
"""The key in a view's metadata of the form that it is."""
_TALKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {**buttons.CLICKS, **details.CLICKS}


def press(context: Context, click: Click) -> Reply:
    """Do what the button of a row says, as on the card, and show the list as it is then."""
    query, target = query_of(click), click.target
    talk = _TALKS.get(target.action or "") if target else None
    if query is None or target is None or target.action is None or talk is None:
        return tell(UNKNOWN_ID)
    named = to_value(query)
    as_on_card = replace(
        click, action=target.action, value=ids.button_value(target.handoff_id), view_id=None,
        target=replace(target, action=None),
    )  # fmt: skip
    reply = talk(context, as_on_card)
    match reply:
        case OpenModal(view=view) if target.action == ids.SHOW:
            return UpdateModal(view=modals.with_list(view, named, back=True))
        case OpenModal(view=view):
            opened = replace(reply, view=_as_form_of_list(view, named))
            is_done = ids.verb_of(target.action) in buttons.IMMEDIATE_VERBS
            return _with_list_below(context, click, opened) if is_done else opened
        case PrivateMessage(post=post):
            return _with_list_below(context, click, OpenModal(view=modals.message_view("Handoff", post.text)))
        case _:
            return UpdateModal(view=show(context, query, click.who.user))


def submit(context: Context, sent: Submit) -> Reply:
    """Carry out a verb's form that was opened from a list, and show the list as it is then."""
    form, query = str(sent.meta.get(_FORM, "")), from_value(str(sent.meta.get(ids.LIST, "")))
    talk = verb_forms.FORMS.get(form)
    if talk is None or query is None:
        return tell(UNKNOWN_ID)
    reply = talk(context, replace(sent, form=form))
    if not isinstance(reply, CloseModals):
        return reply
    return UpdateModalBelow(reply=NoReply(), below=show(context, query, sent.who.user))


def _with_list_below(context: Context, click: Click, opened: OpenModal) -> Reply:
    query = query_of(click)
    return UpdateModalBelow(reply=opened, below=show(context, query, click.who.user)) if query else opened


def _as_form_of_list(view: View, named: str) -> View:
    """The form of a verb, which comes back here when it is submitted."""
    form = str(view.get("callback_id", ""))
    if form not in verb_forms.FORMS:
        return view
    meta = {**json.loads(view.get("private_metadata") or "{}"), _FORM: form, ids.LIST: named}
    return {**view, "callback_id": ListAction.ACT, "private_metadata": json.dumps(meta)}


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ListAction.ROW: press}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {ListAction.ACT: submit}
