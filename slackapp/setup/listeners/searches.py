"""Selects of set-up that are searched by typing: recipients, user groups, time zones, countries, teams, templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import available_timezones

from slackapp.people.queries import is_admin
from slackapp.runtime.baton import PATIENCE_S
from slackapp.setup.views import hours, teams
from slackapp.setup.views.webhooks import WORD
from slackapp.setup.views.wording import AUDIENCES, recipient
from slackapp.slack.block_kit.blocks import option
from slackapp.slack.block_kit.modals import MOST_OPTIONS
from slackapp.slack.conversation import Context, OptionList
from slackapp.slack.payloads import OptionSearch
from storage.company import people, queues, webhooks
from storage.db.database import Tx
from storage.templates import templates

_NOTHING: Final = OptionList()


def _groups(tx: Tx, context: Context, text: str) -> OptionList:
    found = people.search_groups(tx, context.workspace, text, MOST_OPTIONS)
    return OptionList(options=[teams.group_option(group, handle) for group, handle in found.items()])


def _teams(tx: Tx, context: Context, text: str) -> OptionList:
    found = queues.search(tx, context.workspace, text, MOST_OPTIONS)
    return OptionList(options=[option(queue.name, queue.key) for queue in found])


def _templates(tx: Tx, context: Context, text: str) -> OptionList:
    wanted = text.strip().casefold()
    found = [one for one in templates.list_all(tx, context.workspace) if wanted in one.name.casefold()]
    return OptionList(options=[option(one.name, one.key) for one in found[:MOST_OPTIONS]])


def _recipients(tx: Tx, context: Context, text: str) -> OptionList:
    """Whom a level may notify: roles, user groups and webhooks."""
    wanted = text.strip().lstrip("@").casefold()
    groups = people.search_groups(tx, context.workspace, text, MOST_OPTIONS)
    words = [*AUDIENCES, *groups, *(f"{WORD}{one.key}" for one in webhooks.list_all(tx, context.workspace))]
    named = {word: recipient(word, groups) for word in words}
    found = [option(label, word) for word, label in named.items() if word in groups or wanted in label.casefold()]
    return OptionList(options=found[:MOST_OPTIONS])


def _zones(_tx: Tx, _context: Context, text: str) -> OptionList:
    wanted = text.strip().casefold().replace(" ", "_")
    found = sorted(zone for zone in available_timezones() if wanted in zone.casefold())
    return OptionList(options=hours.zone_options(found[:MOST_OPTIONS]))


def _countries(_tx: Tx, _context: Context, text: str) -> OptionList:
    return OptionList(options=hours.country_options(text))


def _for_admins(find: Callable[[Tx, Context, str], OptionList]) -> Callable[[Context, OptionSearch], OptionList]:
    def search(context: Context, typed: OptionSearch) -> OptionList:
        with context.baton.db.reading(wait_s=PATIENCE_S) as tx:
            if not is_admin(tx, context.workspace, typed.who.user):
                return _NOTHING
            return find(tx, context, typed.text)

    return search


_SEARCHES: Final[Mapping[str, Any]] = {
    teams.MEMBER_GROUPS: _groups,
    teams.MANAGER_GROUPS: _groups,
    "tell": _recipients,
    "teams": _teams,
    "templates": _templates,
    hours.ZONE: _zones,
    hours.COUNTRY: _countries,
}
CHOICES: Final[Mapping[str, Callable[[Context, OptionSearch], OptionList]]] = {
    key: _for_admins(find) for key, find in _SEARCHES.items()
}
