"""Buttons and menus of set-up, and `/handoff setup`. Pages turn in place; forms open above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from slackapp.capability import Subcommand
from slackapp.forms.listeners.open_form import new_form
from slackapp.forms.model import Prefilled
from slackapp.people.model import NotAdmin
from slackapp.setup.listeners import channel_check
from slackapp.setup.listeners.form_rows import ROWS, FormRow
from slackapp.setup.listeners.show import draw, load, refuse, show
from slackapp.setup.model import FormSubject, Overwritten, SetupState
from slackapp.setup.rules import pages
from slackapp.setup.rules.pages import PageAddress
from slackapp.setup.views import demo, hours, policies, teams, wording
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import Context, NoReply, OpenModal, Reply, UpdateModal, View, tell
from slackapp.slack.ids import Field, SetupAction
from slackapp.slack.payloads import Click, Command, Submit
from storage.company.model import ObjectKind

_COMMAND_PAGES: Final = {"": pages.HOME, pages.HISTORY: pages.HISTORY}


def command(context: Context, said: Command, page: str) -> Reply:
    """Reply to `/handoff setup` and `/handoff setup history`."""
    return _opened(show(context, said.who.user, PageAddress(page=page)))


def address_of(click: Click) -> PageAddress:
    """The page, and what on it is meant, that a button's value names."""
    return pages.parse(click.target.handoff_id if click.target else "")


def row_of(action: str) -> FormRow | None:
    """The row of a form, by its id; None for another form."""
    return ROWS[SetupAction(action)] if action in set(ROWS) else None


def draw_form(state: SetupState, row: FormRow, subject: FormSubject, record: Any | None = None) -> View | None:
    """A form as stored, or with what was typed (`record`); None if its object is gone."""
    stored = row.stored(state, subject)
    if stored is None:
        return None
    seen = replace(subject, version=subject.version or state.records_version(row.ref(subject)))
    return row.draw(state, stored if record is None else record, seen)


def _open(context: Context, click: Click) -> Reply:
    return _opened(show(context, click.who.user, address_of(click)))


def _turn(context: Context, click: Click) -> Reply:
    found = show(context, click.who.user, address_of(click))
    return refuse(found) if isinstance(found, NotAdmin) else UpdateModal(view=found)


def _form(context: Context, click: Click) -> Reply:
    """Open the form about what the button names, or about something new."""
    address, row = address_of(click), ROWS[SetupAction(click.action)]
    state = load(context, click.who.user, team=address.key if address.page == pages.TEAM else "")
    if isinstance(state, NotAdmin):
        return refuse(state)
    subject = FormSubject(key=address.key, part=address.part)
    if not state.is_editable(row.ref(subject)):
        return tell(wording.of_the_file("this"))
    view = draw_form(state, row, subject)
    return OpenModal(view=view) if view else UpdateModal(view=draw(state, address))


def _channel_chosen(context: Context, click: Click) -> Reply:
    """Say at once what is missing in a channel that was just chosen, and keep what was typed."""
    sheet = click.sheet
    if sheet is None:
        return NoReply()
    state = load(context, click.who.user, team=FormSubject.of(sheet.meta).key, channel=click.value)
    if isinstance(state, NotAdmin):
        return refuse(state)
    redraw = partial(_with_typed, sheet=sheet)
    view = redraw(state)
    if view is None or not click.value:
        return NoReply()
    return UpdateModal(view=view, load_later=partial(channel_check.look, context, click, redraw))


def _country_chosen(context: Context, click: Click) -> Reply:
    """List the public holidays of the country that was just chosen."""
    state = load(context, click.who.user)
    if isinstance(state, NotAdmin):
        return refuse(state)
    view = _with_typed(state, click.sheet) if click.sheet else None
    return UpdateModal(view=view) if view else NoReply()


def _with_typed(state: SetupState, sheet: Submit) -> View | None:
    """An open form with what is typed in it, drawn anew."""
    row, subject = row_of(sheet.form), FormSubject.of(sheet.meta)
    stored = row.stored(state, subject) if row else None
    if row is None or stored is None:
        return None
    return row.draw(state, row.parse(stored, subject, sheet.values).record, subject)


def _take_theirs(context: Context, click: Click) -> Reply:
    """Show what somebody else has saved, in place of what was typed."""
    sheet = click.sheet
    row = row_of(sheet.form) if sheet else None
    if sheet is None or row is None:
        return NoReply()
    typed = FormSubject.of(sheet.meta)
    state = load(context, click.who.user, team=typed.key)
    if isinstance(state, NotAdmin):
        return refuse(state)
    view = draw_form(state, row, replace(typed, version=0, again=typed.again + 1))
    return UpdateModal(view=view or draw(state, row.address(typed.key)))


def _example(context: Context, click: Click) -> Reply:
    """Work the example of a policy out for another priority."""
    return _turn(context, click)


def _remove(context: Context, click: Click) -> Reply:
    """Ask before something is removed."""
    address = address_of(click)
    state = load(context, click.who.user, team=address.key)
    if isinstance(state, NotAdmin):
        return refuse(state)
    view = remove_form(state, address)
    return OpenModal(view=view) if view else UpdateModal(view=draw(state, address))


def remove_form(state: SetupState, address: PageAddress, by: Overwritten | None = None) -> View | None:
    """The confirmation before an object is removed; None if it is gone. `by` has changed it meanwhile."""
    kind = {pages.TEAM: ObjectKind.QUEUE, pages.CALENDAR: ObjectKind.CALENDAR, pages.POLICY: ObjectKind.POLICY}
    if address.page not in kind:
        return None
    version = state.version(kind[address.page], address.key)
    subject = FormSubject(key=address.key, part=address.page, version=version, overwritten=by)
    company = state.company
    if address.page == pages.TEAM and (queue := company.queue(address.key)):
        return teams.remove_form(state, queue, subject)
    if address.page == pages.CALENDAR and (calendar := company.calendar(address.key)):
        return hours.remove_form(state, calendar, subject)
    policy = company.policy(address.key) if address.page == pages.POLICY else None
    return policies.remove_form(state, policy, subject) if policy else None


def _hand_off(context: Context, click: Click) -> Reply:
    """Open the form of a new handoff, to the team whose page it is."""
    address = address_of(click)
    values: dict[str, str] = {Field.QUEUE: address.key} if address.page == pages.TEAM and address.key else {}
    return new_form(context, click.who.user, Prefilled(values=values))


def _demo(context: Context, click: Click) -> Reply:
    """Ask in which channel the demo team works; show the team if there is one already."""
    state = load(context, click.who.user)
    if isinstance(state, NotAdmin):
        return refuse(state)
    if state.progress.demo is not None:
        page = draw(state, PageAddress(page=pages.TEAM, key=state.progress.demo))
        return UpdateModal(view=page) if click.view_id else OpenModal(view=page)
    return OpenModal(view=demo.demo_form(state.first_channel.id if state.first_channel else None))


def _opened(found: View | NotAdmin) -> Reply:
    return refuse(found) if isinstance(found, NotAdmin) else OpenModal(view=found)


def _page_named(rest: CommandText) -> str | None:
    return _COMMAND_PAGES.get(rest.casefold())


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    SetupAction.OPEN: _open,
    SetupAction.SHOW: _turn,
    **dict.fromkeys(ROWS, _form),
    SetupAction.CHANNEL: _channel_chosen,
    SetupAction.COUNTRY: _country_chosen,
    SetupAction.TAKE_THEIRS: _take_theirs,
    SetupAction.EXAMPLE: _example,
    SetupAction.REMOVE: _remove,
    SetupAction.HAND_OFF: _hand_off,
    SetupAction.DEMO: _demo,
}
OPENS: Final[Mapping[str, str]] = dict.fromkeys(
    (SetupAction.OPEN, SetupAction.REMOVE, SetupAction.HAND_OFF, SetupAction.DEMO, *ROWS), wording.TITLE
)
WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "setup": Subcommand(
        handle=command,
        parse=_page_named,
        usage="`{command} setup` sets up teams, hours and deadlines; `setup history` lists changes (for admins)",
        opens=wording.TITLE,
    ),
}
