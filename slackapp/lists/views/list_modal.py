"""The modal of every list: what it shows, its rows with one button each, pages and filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from slackapp.handoffs.views import card, headlines, wording
from slackapp.handoffs.views.lists import useful_verbs
from slackapp.lists.model import ListKind, ListPage, ListQuery, Row
from slackapp.lists.rules import PER_PAGE, TYPED, is_filtered, to_value
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs, phrases
from slackapp.slack.block_kit.blocks import Block, Post, actions, button, context, said, section, when
from slackapp.slack.block_kit.modals import modal
from slackapp.slack.ids import BulkAction, ListAction
from storage.handoffs.lifecycle import Verb, allowed

TEXT: Final = "text"
"""The key of the field for words."""
FIND: Final = "Find handoffs"
TITLES: Final = {
    ListKind.MINE: "Your handoffs",
    ListKind.SENT: "Handoffs you sent",
    ListKind.NEEDS_ME: "Needs you",
    ListKind.OPEN: "Unassigned handoffs",
    ListKind.TEAM: "Team handoffs",
    ListKind.TEAMS: "Your teams",
    ListKind.SEARCH: FIND,
}
_NOTHING: Final = {
    ListKind.MINE: "You own no handoffs.",
    ListKind.SENT: "Nothing that you sent is open.",
    ListKind.NEEDS_ME: "Nothing needs you.",
    ListKind.OPEN: "Nothing is waiting to be claimed.",
    ListKind.TEAM: "This team has no open handoffs.",
    ListKind.TEAMS: "Your teams have no open handoffs.",
    ListKind.SEARCH: "There are no open handoffs that you can see.",
}
SEARCHED: Final = (
    "I searched titles, numbers, links, answers, notes and people's names, in all handoffs that you can see."
)
_TITLE: Final = 150


def list_modal(page: ListPage) -> Block:
    """The view of one page of a list."""
    query = page.query
    blocks = [
        *([_search_field(query)] if query.kind is ListKind.SEARCH else []),
        section(f"*{_lead(page)}*") if page.total else section(_empty(page)),
        *_narrowed(page),
        *actions(*_controls(page)),
        *(_row(page, row) for row in page.rows),
        *_turning(page),
    ]
    named = {ids.LIST: to_value(replace(query, page=page.page))}
    submit = "Search" if query.kind is ListKind.SEARCH else ""  # Slack wants one where something can be typed
    return modal(TITLES[query.kind], ListAction.OPEN, blocks, submit=submit, **named)


def no_teams_modal(query: ListQuery, told: Post) -> Block:
    """The view instead of a list while no team is set up."""
    return modal(TITLES[query.kind], ListAction.OPEN, told.blocks, **{ids.LIST: to_value(query)})


def _search_field(query: ListQuery) -> Block:
    typed = query.text or (f"#{query.number}" if query.number is not None else "")
    return inputs.field(
        TEXT,
        inputs.InputLabels(label="Search", placeholder="Words, a name, #42 or a link"),
        inputs.line(typed, most=TYPED),
        optional=True,
    )


def _lead(page: ListPage) -> str:
    """How many there are, and of what."""
    older = "older " if page.query.before is not None else ""
    number = phrases.counted(page.total, f"{older}handoff")
    match page.query.kind:
        case ListKind.SEARCH if _asked(page):
            told = f"{number} {'matches' if page.total == 1 else 'match'} {_asked(page)}"
            return f"{told} so far" if page.before is not None else told
        case ListKind.TEAM:
            queue = page.team(page.query.team)
            return f"{number} in {wording.team(queue)}" if queue else number
        case ListKind.OPEN:
            return f"{number} waiting to be claimed"
    return number


def _asked(page: ListPage) -> str:
    """What was searched for, in quotation marks."""
    query = page.query
    words = [f"#{query.number}"] if query.number is not None else []
    words += [f"@{page.names.get(user, user)}" for user in query.people]
    told = said(" ".join([*words, query.text]), 100)
    return f"“{told}”" if told else ""


def _empty(page: ListPage) -> str:
    query, asked = page.query, _asked(page)
    if page.before is not None:
        return f"Nothing in the handoffs after #{page.before} matches {asked or 'these filters'}. Older ones may."
    if query.kind is ListKind.SEARCH and query.before is not None:
        return f"Nothing older matches {asked or 'these filters'}."
    if query.kind is ListKind.SEARCH and asked:
        return f"Nothing matches {asked}. {SEARCHED} Try fewer words, or only the beginning of one."
    return "Nothing matches these filters." if is_filtered(query) else _NOTHING[query.kind]


def _narrowed(page: ListPage) -> list[Block]:
    """The filters in force, and where the list ends."""
    query = page.query
    team, template = page.team(query.team), next((one for one in page.templates if one.key == query.template), None)
    filters = [
        wording.team(team) if team and query.kind is not ListKind.TEAM else "",
        f"{wording.PRIORITIES[query.priority]} priority" if query.priority else "",
        said(template.name, 75) if template else "",
        f"from {phrases.person(page.names, query.sender)}" if query.sender else "",
        "owned by you" if query.is_mine else "",
        "late" if query.is_late else "",
        f"with “{said(query.text, 100)}”" if query.text and query.kind is not ListKind.SEARCH else "",
    ]
    told = " · ".join(filter(None, filters))
    return [context(f"Only: {told}")] if told else []


def _controls(page: ListPage) -> Iterator[Block]:
    yield button("Filter…", ListAction.FILTER, ids.button_value("filter"), about="this list")
    if is_filtered(page.query):
        yield button("Clear filters", ListAction.CLEAR, ids.button_value("clear"), about="of this list")
    claimable = [row.details.handoff.id for row in page.rows if _useful(row) is Verb.CLAIM]
    if len(claimable) > 1:
        these = ids.menu_value("these", ",".join(claimable))
        yield button("Claim several…", BulkAction.CLAIM, these, about="of these handoffs")
    if page.rows:
        yield button("Download CSV", ListAction.CSV, ids.button_value("csv"), about="of this list")


def _row(page: ListPage, row: Row) -> Block:
    """Title and status as on the card, since when it has been open, and the one button."""
    details, handoff = row.details, row.details.handoff
    told = headlines.two_lines(details, page.now, reader=page.reader, most=_TITLE, in_list=True)
    since = "" if handoff.final else f" · opened {when(handoff.created_at, '{date_short}')}"
    return section(f"{told}{since}", accessory=_button(row, _useful(row)))


def _useful(row: Row) -> Verb | None:
    """What the reader most likely wants to do with the handoff, if they may do anything."""
    handoff = row.details.handoff
    return next((verb for verb in useful_verbs(handoff) if allowed(handoff, verb, row.actor)), None)


def _button(row: Row, verb: Verb | None) -> Block:
    """The button of a row. The form of several pages with which work is sent again is another package's."""
    handoff = row.details.handoff
    if verb is Verb.RESEND:
        return card.first_button(handoff, [verb])
    act, label = (ids.action(verb), wording.VERB_WORDS[verb].label) if verb else (ids.SHOW, phrases.DETAILS)
    return button(label, ListAction.ROW, ids.menu_value(act, handoff.id), about=wording.about(handoff))


def _turning(page: ListPage) -> Iterator[Block]:
    """Where the page is among all, and the ways to its neighbours and to older results."""
    first = page.page * PER_PAGE + 1
    last = page.page * PER_PAGE + len(page.rows)
    if page.rows and (first > 1 or last < page.total):
        yield context(f"{first}–{last} of {page.total}.")
    if page.before is not None:
        left = f"Handoffs before #{page.before} haven't been searched yet."
        yield context(f"{left} To narrow the search, {_narrowing(page)}.")
    if page.page:
        yield from actions(_turn("Previous", page.page - 1))
    if last < page.total:
        yield from actions(_turn("Next", page.page + 1))
    elif page.before is not None:
        yield from actions(_going_on("Search older", page.query, page.before))
    if page.query.before is not None and not page.page:
        yield from actions(_going_on("Back to the newest", page.query, None))


def _narrowing(page: ListPage) -> str:
    """What would leave fewer results: a word, and the filters that are not in force."""
    query = page.query
    unused = [
        name
        for name, value in (("team", query.team), ("priority", query.priority), ("sender", query.sender))
        if value is None
    ]
    return " or ".join(["add a word", *(f"filter by {one}" for one in unused[:2])])


def _going_on(label: str, query: ListQuery, before: int | None) -> Block:
    opens = ids.button_value(to_value(replace(query, page=0, before=before)))
    return button(label, ListAction.OPEN, opens, about="results")


def _turn(label: str, to: int) -> Block:
    return button(label, ListAction.TURN, ids.button_value(str(to)), about="page of the list")
