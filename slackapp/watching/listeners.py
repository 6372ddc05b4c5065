"""The buttons Watch and Stop watching, in Details and on the message to somebody who watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.handoffs.listeners import details
from slackapp.handoffs.views import refusals
from slackapp.slack import ids
from slackapp.slack.conversation import UNKNOWN_ID, Context, NoReply, Reply, tell
from slackapp.slack.payloads import Click
from slackapp.watching import actions


def start(context: Context, click: Click) -> Reply:
    """Let the person watch the handoff, and show Details with the button that stops it."""
    if click.target is None:
        return tell(UNKNOWN_ID)
    handoff_id = click.target.handoff_id
    if not actions.watch(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=click.who.user):
        return tell(refusals.GONE)
    return details.show(context, click) if click.view_id else NoReply()


def stop(context: Context, click: Click) -> Reply:
    """Let the person no longer watch the handoff."""
    if click.target is None:
        return tell(UNKNOWN_ID)
    handoff_id = click.target.handoff_id
    actions.stop_watching(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=click.who.user)
    return details.show(context, click) if click.view_id else NoReply()


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.WatchAction.START: start,
    ids.WatchAction.STOP: stop,
}
