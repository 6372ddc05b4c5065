"""Details: a view with everything about one handoff and every act that this person may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries.find import find_handoff
from slackapp.handoffs.views import details, refusals
from slackapp.slack import ids
from slackapp.slack.block_kit import modals
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, Reply, UpdateModal, tell
from slackapp.slack.payloads import Click
from storage.handoffs.lifecycle import Verb


def show(context: Context, click: Click) -> Reply:
    """Open the view, turn to another page of its history, or show how its timers were calculated."""
    if click.target is None:
        return tell(UNKNOWN_ID)
    seen = find_handoff(
        context.baton,
        workspace=context.workspace,
        handoff_id=click.target.handoff_id,
        user=click.who.user,
        history=True,
    )
    if isinstance(seen, Missing):
        return tell(refusals.GONE)
    if not seen.visible and Verb.DELETE not in seen.may:
        on_card = click.channel == seen.details.queue.channel
        return tell(refusals.private_handoff(seen.details) if on_card else refusals.GONE)
    if click.target.action == details.CALCULATED:
        view = details.calculation(seen.details)
    else:
        page = details.page_of(click.target.action)
        view = details.show_all(seen.details, seen.may, seen.now, page, reader=click.who.user)
    if not click.view_id:
        return OpenModal(view=view)
    return UpdateModal(view=modals.with_list(view, click.sheet and click.sheet.meta.get(ids.LIST), back=True))


OPENS: Final[Mapping[str, str]] = {ids.SHOW: "Handoff"}
CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ids.SHOW: show}
