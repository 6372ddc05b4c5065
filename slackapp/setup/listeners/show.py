"""Draw pages of set-up from what is stored, for admins; everybody else learns who can do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.company.queries import list_changes
from slackapp.people.model import NotAdmin
from slackapp.people.queries import refused_admin
from slackapp.runtime.baton import PATIENCE_S
from slackapp.setup import queries
from slackapp.setup.model import SetupState
from slackapp.setup.queries import setup_state
from slackapp.setup.rules import pages
from slackapp.setup.rules.pages import PageAddress
from slackapp.setup.views import history, hours, overview, people, policies, teams, webhooks, wording
from slackapp.slack.conversation import Context, Reply, View, tell
from storage.handoffs.model import Priority


def load(context: Context, user: str, *, team: str = "", channel: str = "") -> SetupState | NotAdmin:
    """What is stored now, for an admin. `team` and `channel` name those of which more is read."""
    now = context.baton.clock.now()
    with context.baton.db.reading(wait_s=PATIENCE_S) as tx:
        state = setup_state(tx, context.workspace, user, now, team=team)
        if channel and isinstance(state, SetupState):
            return queries.with_channel(tx, context.workspace, state, channel)
        return state


def refuse(refused: NotAdmin) -> Reply:
    """The reply to a person who may not set Baton up."""
    return tell(wording.not_admin(refused.admins))


def show(context: Context, user: str, address: PageAddress, *, lead: str = "") -> View | NotAdmin:
    """The view of a page as stored now; the list of its kind if its object is gone."""
    if address.page == pages.HISTORY:
        return _history(context, user, address)
    state = load(context, user, team=address.key if address.page == pages.TEAM else "")
    return state if isinstance(state, NotAdmin) else draw(state, address, lead=lead)


def _history(context: Context, user: str, address: PageAddress) -> View | NotAdmin:
    before = int(address.key) if address.key.isdecimal() else None
    with context.baton.db.reading(wait_s=PATIENCE_S) as tx:
        if refused := refused_admin(tx, context.workspace, user):
            return refused
        found = list_changes(tx, context.workspace, before=before, limit=history.SHOWN + 1)
    return history.history_page(found[: history.SHOWN], is_first=before is None, has_more=len(found) > history.SHOWN)


def draw(state: SetupState, address: PageAddress, *, lead: str = "") -> View:
    """The view of a page."""
    if (listed := _LISTS.get(address.page)) is not None:
        return listed(state, address.number, lead=lead)
    if (one := _OBJECTS.get(address.page)) is not None:
        shown, kind = one
        return shown(state, address, lead) or _LISTS[kind](state, 0, lead=lead or wording.GONE)
    return people.admins_page(state, lead=lead) if address.page == pages.ADMINS else overview.overview(state, lead=lead)


def _team(state: SetupState, address: PageAddress, lead: str) -> View | None:
    queue = state.company.queue(address.key)
    return teams.team_page(state, queue, lead=lead) if queue else None


def _calendar(state: SetupState, address: PageAddress, lead: str) -> View | None:
    calendar = state.company.calendar(address.key)
    return hours.calendar_page(state, calendar, lead=lead) if calendar else None


def _policy(state: SetupState, address: PageAddress, lead: str) -> View | None:
    policy = state.company.policy(address.key)
    known = {priority.value: priority for priority in Priority}
    chosen = known.get(address.part, Priority.NORMAL)
    return policies.policy_page(state, policy, lead=lead, priority=chosen) if policy else None


_LISTS: Final[Mapping[str, Callable[..., View]]] = {
    pages.TEAMS: teams.team_list,
    pages.CALENDARS: hours.calendar_list,
    pages.POLICIES: policies.policy_list,
    pages.PEOPLE: people.people_list,
    pages.WEBHOOKS: webhooks.webhook_list,
}
_OBJECTS: Final[Mapping[str, tuple[Callable[[SetupState, PageAddress, str], View | None], str]]] = {
    pages.TEAM: (_team, pages.TEAMS),
    pages.CALENDAR: (_calendar, pages.CALENDARS),
    pages.POLICY: (_policy, pages.POLICIES),
}
