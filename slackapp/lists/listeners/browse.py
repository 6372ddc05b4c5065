"""Open a list, turn its pages, filter it, search."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from slackapp.capability import Subcommand
from slackapp.handoffs.listeners import commands
from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.queries import load_page, number_of_message
from slackapp.lists.rules import TYPED, from_value, to_value, without_filters
from slackapp.lists.views import filter_form
from slackapp.lists.views.filter_form import LATE, MINE, ONLY, SENDER
from slackapp.lists.views.list_modal import FIND, TEXT, TITLES, list_modal, no_teams_modal
from slackapp.slack import ids
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import (
    UNKNOWN_ID,
    Context,
    NoReply,
    OpenModal,
    Reply,
    UpdateModal,
    UpdateModalBelow,
    tell,
)
from slackapp.slack.ids import Field, ListAction
from slackapp.slack.mrkdwn import TokenKind
from slackapp.slack.payloads import Click, Command, Submit
from storage.handoffs.model import Priority

_NUMBER: Final = re.compile(r"#(\d{1,9})")
_PERMALINK: Final = re.compile(r"/archives/([A-Z0-9]+)/p(\d{10})(\d{6})")


def show(context: Context, query: ListQuery, user: str) -> dict[str, Any]:
    """The view of a list as the person sees it now; before there is any team, what to do first."""
    page = load_page(context.baton, workspace=context.workspace, user=user, query=query)
    lonely = None if page.total or page.teams else commands.without_teams(context, user)
    return list_modal(page) if lonely is None else no_teams_modal(query, lonely)


def query_of(click: Click) -> ListQuery | None:
    """The list that a click in its modal is about."""
    return from_value(str(click.sheet.meta.get(ids.LIST, ""))) if click.sheet else None


def find_by_command(context: Context, command: Command, typed: CommandText) -> Reply:
    """Open the results of `/handoff find …`."""
    return OpenModal(view=show(context, _searched(context, typed), command.who.user))


def open_list(context: Context, click: Click) -> Reply:
    """Open the list that a button names; in a view, such as Details, it replaces the view."""
    query = from_value(click.value.partition(":")[2])
    if query is None:
        return tell(UNKNOWN_ID)
    view = show(context, query, click.who.user)
    is_back = click.sheet is not None and ids.LIST in click.sheet.meta
    return UpdateModal(view=view) if is_back else OpenModal(view=view)


def search(context: Context, click: Click) -> Reply:
    """Open the results for what was typed into a search field outside of lists."""
    return OpenModal(view=show(context, find_query(context, click.value), click.who.user))


def search_again(context: Context, sent: Submit) -> Reply:
    """Search for what was typed into the list of results; its filters stay."""
    before = from_value(str(sent.meta.get(ids.LIST, "")))
    if before is None:
        return tell(UNKNOWN_ID)
    found = find_query(context, sent.values[TEXT] or "")
    asked = replace(before, text=found.text, number=found.number, people=(), page=0, before=None)
    return UpdateModal(view=show(context, asked, sent.who.user))


def turn(context: Context, click: Click) -> Reply:
    """Show another page."""
    page = click.target.handoff_id if click.target else ""
    return _again(context, click, lambda query: replace(query, page=int(page) if page.isdecimal() else 0))


def clear(context: Context, click: Click) -> Reply:
    """Show the list without its filters."""
    return _again(context, click, without_filters)


def _again(context: Context, click: Click, change: Callable[[ListQuery], ListQuery]) -> Reply:
    query = query_of(click)
    return UpdateModal(view=show(context, change(query), click.who.user)) if query else tell(UNKNOWN_ID)


def ask_filters(context: Context, click: Click) -> Reply:
    """Open the form of the filters."""
    query = query_of(click)
    if query is None:
        return tell(UNKNOWN_ID)
    page = load_page(context.baton, workspace=context.workspace, user=click.who.user, query=query)
    return OpenModal(view=filter_form.filter_form(replace(page, query=replace(query, page=0))))


def set_filters(context: Context, sent: Submit) -> Reply:
    """Filter the list below the form."""
    query = from_value(str(sent.meta.get(ids.LIST, "")))
    if query is None:
        return tell(UNKNOWN_ID)
    entered = sent.values
    only = entered.get(ONLY) or ()
    priority = entered.get(Field.PRIORITY)
    narrowed = replace(
        query,
        page=0,
        before=None,
        text=(entered.get(TEXT) or "")[:TYPED] if query.kind is not ListKind.SEARCH else query.text,
        team=entered.get(Field.QUEUE) if query.kind is not ListKind.TEAM else query.team,
        priority=Priority(priority) if priority else None,
        template=entered.get(Field.TEMPLATE),
        sender=entered.get(SENDER),
        is_mine=MINE in only,
        is_late=LATE in only,
    )
    return UpdateModalBelow(reply=NoReply(), below=show(context, narrowed, sent.who.user))


def find_query(context: Context, typed: str) -> ListQuery:
    """The search for a typed text: `#42`, a link to a message of Baton's, or words."""
    text = " ".join(typed.split())[:TYPED]
    number = _NUMBER.fullmatch(text)
    if number:
        return ListQuery(kind=ListKind.SEARCH, number=int(number[1]))
    posted = _PERMALINK.search(text)
    if posted:
        channel, ts = posted[1], f"{posted[2]}.{posted[3]}"
        found = number_of_message(context.baton, workspace=context.workspace, channel=channel, ts=ts)
        if found is not None:
            return ListQuery(kind=ListKind.SEARCH, number=found)
    return ListQuery(kind=ListKind.SEARCH, text=text)


def _searched(context: Context, typed: CommandText) -> ListQuery:
    """The search for the words of a command, in which people may be mentioned."""
    people = tuple(word.token.ref for word in typed.words if word.token and word.refers_to(TokenKind.USER))
    words = CommandText.of(word for word in typed.words if not word.refers_to(TokenKind.USER))
    return replace(find_query(context, words), people=tuple(dict.fromkeys(people)))


def button_value(query: ListQuery) -> str:
    """The value of a button that opens a list."""
    return ids.button_value(to_value(query))


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ListAction.OPEN: open_list,
    ListAction.SEARCH: search,
    ListAction.TURN: turn,
    ListAction.CLEAR: clear,
    ListAction.FILTER: ask_filters,
}
OPENS: Final[Mapping[str, str]] = {
    ListAction.OPEN: "Handoffs",
    ListAction.SEARCH: TITLES[ListKind.SEARCH],
    ListAction.FILTER: "Filter the list",
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    ListAction.FILTER: set_filters,
    ListAction.OPEN: search_again,
}
WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "find": Subcommand(
        handle=find_by_command,
        parse=lambda typed: typed or None,
        usage="`{command} find acme renewal` searches titles, links, answers, notes and people",
        aliases=("search",),
        asks="What are you looking for? Type `{command} find` and some words, a name or a link.",
        opens=FIND,
    ),
}
