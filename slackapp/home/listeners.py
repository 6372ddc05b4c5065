"""A person opens the Home tab, or uses a button or the search field in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.handoffs.queries import find
from slackapp.handoffs.views import lists
from slackapp.home.actions import open_home
from slackapp.home.model import HomeList
from slackapp.home.queries import read_own, team_of
from slackapp.home.views import list_view, post_view
from slackapp.runtime.baton import Baton
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, Reply, tell
from slackapp.slack.ids import HomeAction
from slackapp.slack.payloads import Click, Payload

EVENT: Final = "app_home_opened"
_LIST: Final = "Handoffs"
_NO_TEAM: Final = "This team no longer exists, or you aren't in it. Open Home again."


def opened(baton: Baton, workspace: str, event: Payload) -> None:
    """Handle a tab of the app that was opened: the Home tab is drawn, the messages tab needs nothing."""
    if event.get("tab") == "home":
        view = event.get("view") or {}
        open_home(baton, workspace=workspace, user=event["user"], shown_hash=view.get("hash"))


def show_more(context: Context, click: Click) -> Reply:
    """Open one of the person's lists, as far as it is read."""
    wanted = click.target.handoff_id if click.target else ""
    if wanted not in set(HomeList):
        return tell(UNKNOWN_ID)
    work, now = read_own(context.baton, workspace=context.workspace, user=click.who.user)
    return OpenModal(view=list_view(HomeList(wanted), work, click.who.user, now))


def show_team(context: Context, click: Click) -> Reply:
    """Open the list of a team's unassigned handoffs."""
    wanted = click.target.handoff_id if click.target else ""
    queue = team_of(context.baton, workspace=context.workspace, key=wanted, user=click.who.user)
    if queue is None:
        return tell(_NO_TEAM)
    found = find.list_waiting(context.baton, workspace=context.workspace, user=click.who.user, queue=queue)
    post = lists.waiting_list(found.shown, found.now, queue=queue, total=found.total, claimable=found.claimable)
    return OpenModal(view=post_view(_LIST, post))


EVENTS: Final[Mapping[str, Callable[[Baton, str, Payload], object]]] = {EVENT: opened}
CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    HomeAction.MORE: show_more,
    HomeAction.TEAM: show_team,
}
OPENS: Final[Mapping[str, str]] = {HomeAction.MORE: _LIST, HomeAction.TEAM: _LIST}
