"""The form of a list's filters."""

from __future__ import annotations

from typing import Final

from slackapp.handoffs.views import wording
from slackapp.lists.model import ListKind, ListPage
from slackapp.lists.rules import TYPED, to_value
from slackapp.lists.views.list_modal import TEXT
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, option
from slackapp.slack.block_kit.modals import MOST_OPTIONS, ask, modal, ticks, typed
from slackapp.slack.ids import Field, ListAction
from storage.handoffs.model import Priority

SENDER: Final = "sender"
ONLY: Final = "only"
MINE, LATE = "mine", "late"


def filter_form(page: ListPage) -> Block:
    """The form with the filters in force. A list of one team has no choice of teams."""
    query = page.query
    templates = {one.key: one.name for one in page.templates[:MOST_OPTIONS]}
    team = page.team(query.team)
    options = [option(queue.name, queue.key) for queue in page.teams]
    chosen = option(team.name, team.key) if team else None
    chosen_only = [key for key, on in ((MINE, query.is_mine), (LATE, query.is_late)) if on]
    blocks = [
        *([ask(TEXT, "Words", typed(query.text, most=TYPED))] if query.kind is not ListKind.SEARCH else []),
        *(
            [ask(Field.QUEUE, "Team", inputs.pick(options if len(options) <= MOST_OPTIONS else [], query.team, chosen))]
            if query.kind is not ListKind.TEAM and options
            else []
        ),
        ask(
            Field.PRIORITY,
            "Priority",
            inputs.choice({one.value: wording.PRIORITIES[one] for one in reversed(Priority)}, query.priority),
        ),
        *([ask(Field.TEMPLATE, "Template", inputs.choice(templates, query.template))] if templates else []),
        ask(SENDER, "Sender", inputs.person(query.sender)),
        ask(ONLY, "Only", ticks({MINE: "Owned by me", LATE: "Late"}, chosen_only)),
    ]
    return modal(
        "Filter the list", ListAction.FILTER, blocks, submit="Filter", close="Cancel", **{ids.LIST: to_value(query)}
    )
