"""Buttons of set-up that change something at once: levels moved and removed, days removed, the hours of all teams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from slackapp.company.model import HOURS
from slackapp.people.model import NotAdmin
from slackapp.setup.listeners.buttons import address_of
from slackapp.setup.listeners.saving import change
from slackapp.setup.listeners.show import draw, load, refuse
from slackapp.setup.model import SetupState
from slackapp.setup.rules import levels, pages, week
from slackapp.setup.rules.pages import PageAddress
from slackapp.slack.conversation import Context, Reply, UpdateModal
from slackapp.slack.ids import SetupAction
from slackapp.slack.payloads import Click
from storage.company.model import ObjectKind, ObjectRef

Edited = tuple[ObjectRef, Any]
"""An object and its new value."""


def _press(wanted: Callable[[SetupState, PageAddress], Edited | None], context: Context, click: Click) -> Reply:
    """Store what a button changes, once per press, and draw its page anew with what went wrong."""
    address = address_of(click)
    state = load(context, click.who.user)
    if isinstance(state, NotAdmin):
        return refuse(state)
    edited, trouble = wanted(state, address), ""
    if edited is not None:
        ref, record = edited
        pressed = f"{click.action}:{click.view_id}:{click.view_hash}:{address}"
        trouble = change(context, click.who.user, state, ref, record, form=pressed)
    after = load(context, click.who.user)
    page = PageAddress(page=address.page, key=address.key)
    return refuse(after) if isinstance(after, NotAdmin) else UpdateModal(view=draw(after, page, lead=trouble))


def _moved(by: int, state: SetupState, address: PageAddress) -> Edited | None:
    policy = state.company.policy(address.key)
    ref = ObjectRef(ObjectKind.POLICY, address.key)
    return (ref, levels.moved(policy, address.part, by)) if policy else None


def _level_removed(state: SetupState, address: PageAddress) -> Edited | None:
    policy = state.company.policy(address.key)
    ref = ObjectRef(ObjectKind.POLICY, address.key)
    return (ref, levels.without_level(policy, address.part)) if policy else None


def _days_removed(state: SetupState, address: PageAddress) -> Edited | None:
    calendar = state.company.calendar(address.key)
    first, _, last = address.part.partition("..")
    if calendar is None or not last:
        return None
    after = week.without_days(calendar, date.fromisoformat(first), date.fromisoformat(last))
    return ObjectRef(ObjectKind.CALENDAR, address.key), after


def _default_hours(state: SetupState, address: PageAddress) -> Edited | None:
    return (HOURS, address.key) if address.page == pages.CALENDAR and state.company.calendar(address.key) else None


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    SetupAction.LEVEL_UP: partial(_press, partial(_moved, -1)),
    SetupAction.LEVEL_DOWN: partial(_press, partial(_moved, 1)),
    SetupAction.LEVEL_REMOVE: partial(_press, _level_removed),
    SetupAction.OWN_DAY_REMOVE: partial(_press, _days_removed),
    SetupAction.DEFAULT_HOURS: partial(_press, _default_hours),
}
