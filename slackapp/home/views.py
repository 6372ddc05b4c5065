"""Draw a Home tab: a budget of rows for each section, so that it stays under Slack's limits whatever a person has.

Slack takes 100 blocks and 250 kB. Parts of other packages come first and have a budget each; then what needs the
person, what they have, what they sent, their teams, the search field and the button that starts a handoff.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from slackapp.capability import HOME_PART_BLOCKS, DrawnHome
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import card, headlines, lists, wording
from slackapp.home.model import CoveredWork, HomeList, HomeScene, TeamRow
from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.rules import TYPED, to_value
from slackapp.people.rules.covering import roles_of_cover
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs, phrases
from slackapp.slack.block_kit.blocks import Block, actions, button, header, said, section, when
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.ids import ListAction
from storage.clocks.home_lists import MOST, TeamCounts
from storage.handoffs.lifecycle import Actor, Verb, allowed
from storage.outbox.homes import covered_by_reader

MOST_BLOCKS: Final = 100
"""Slack's limit for a Home tab."""
ROWS: Final = {HomeList.NEEDS: 12, HomeList.YOURS: 10, HomeList.SENT: 8}
"""The most handoffs shown in each section; a button opens the others."""
TEAMS: Final = 12
"""The most teams shown."""
TITLES: Final = {HomeList.NEEDS: "Needs you", HomeList.YOURS: "Yours", HomeList.SENT: "You sent"}
_PART_BLOCKS: Final = 34
"""The most blocks of all parts of other packages together."""
_NOTHING_NEEDED: Final = "Nothing needs you."
_NOTHING: Final = (
    f"Nothing needs you. You have no open handoffs. `{ids.COMMAND}` starts one.\n"
    "What others hand to you appears here: offers, questions and anything that is late."
)
_NOT_KNOWN: Final = "Baton is looking you up. Your work appears here in a moment."
_LISTS: Final = {
    HomeList.NEEDS: ListKind.NEEDS_ME,
    HomeList.YOURS: ListKind.MINE,
    HomeList.SENT: ListKind.SENT,
}
"""The list that has all of a section."""
_SEARCH: Final = "search"
_SEARCHED: Final = InputLabels(label="Search", placeholder="Words, a name, #42 or a link")


def home(scene: HomeScene, now: datetime) -> DrawnHome:
    """Draw a person's Home tab."""
    if not scene.is_known:
        return DrawnHome(home=scene.home, view=_view([section(_NOT_KNOWN)]), teams=())
    return DrawnHome(
        home=scene.home,
        view=_view(_blocks(scene, now)),
        teams=tuple(
            sorted([*(row.queue.key for row in scene.teams), *(covered_by_reader(one.id) for one in scene.covered)])
        ),
        next_at=scene.work.next_at,
    )


def _view(blocks: Sequence[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks[:MOST_BLOCKS])}


def _blocks(scene: HomeScene, now: datetime) -> list[Block]:
    parts = [block for drawn in scene.parts for block in drawn.part.draw(drawn.scene, now)[:HOME_PART_BLOCKS]]
    return [*parts[:_PART_BLOCKS], *_work(scene, now), *_teams(scene.teams), *_search()]


def _work(scene: HomeScene, now: datetime) -> list[Block]:
    """What needs the person always has its place; the lists of what they have and sent only if there is any."""
    work, user = scene.work, scene.home.user
    needs = work.needs[: ROWS[HomeList.NEEDS]]
    covering = work.covering[: ROWS[HomeList.NEEDS] - len(needs)]
    amount = len(work.needs) + len(work.covering)
    first = [*_rows(needs, user, now), *(_covered_row(one, user, now) for one in covering)]
    others = [
        block
        for part in (HomeList.YOURS, HomeList.SENT)
        for block in _section(part, len(work.of(part)), _rows(work.of(part)[: ROWS[part]], user, now))
    ]
    if first:
        return [*_section(HomeList.NEEDS, amount, first), *others]
    return [header(TITLES[HomeList.NEEDS]), section(_NOTHING_NEEDED if others else _NOTHING), *others]


def _rows(found: Sequence[HandoffDetails], user: str, now: datetime) -> list[Block]:
    return lists.rows([(details, user) for details in found], now)


def _section(part: HomeList, amount: int, shown: Sequence[Block]) -> list[Block]:
    """The title with the count, the first handoffs, and the button that opens the others; nothing without any."""
    if not shown:
        return []
    return [header(f"{TITLES[part]} ({_count(amount)})"), *shown, *_more(part, amount - len(shown), TITLES[part])]


def _covered_row(work: CoveredWork, user: str, now: datetime) -> Block:
    """What needs somebody who is away: as in any row, with the reason why the reader sees it and what they may do."""
    handoff = work.details.handoff
    actor = Actor(user=user, roles=roles_of_cover(handoff, [work.absent.id]))
    told = headlines.two_lines(work.details, now, reader=user, most=lists.TITLE_LENGTH, in_list=True)
    why = f"Covering for {said(work.absent.name)} until {when(work.absent.until)}"
    verbs = (verb for verb in lists.useful_verbs(handoff) if allowed(handoff, verb, actor))
    return section(f"{told}\n{why}", accessory=card.first_button(handoff, verbs))


def _count(amount: int) -> str:
    return str(amount) if amount < MOST else f"{amount} or more"


def _more(part: HomeList, more: int, title: str) -> list[Block]:
    if more <= 0:
        return []
    opens = ids.button_value(to_value(ListQuery(kind=_LISTS[part])))
    return actions(button(f"And {more} more", ListAction.OPEN, opens, about=title))


def _teams(rows: Sequence[TeamRow]) -> list[Block]:
    if not rows:
        return []
    more = len(rows) - TEAMS
    opens = ids.button_value(to_value(ListQuery(kind=ListKind.TEAMS)))
    left = button(f"And {phrases.counted(more, 'more team')}", ListAction.OPEN, opens, about="of yours")
    return [
        header("Your teams"),
        *(_team(row) for row in rows[:TEAMS]),
        *(actions(left) if more > 0 else []),
    ]


def _team(row: TeamRow) -> Block:
    name = phrases.set_off(wording.team(row.queue), bold=True)
    wanted = ids.button_value(to_value(ListQuery(kind=ListKind.TEAM, team=row.queue.key)))
    opens = button("Open list", ListAction.OPEN, wanted, about=row.queue.name)
    return section(f"{name}\n{' · '.join(_counts(row.counts))}", accessory=opens if row.counts.live else None)


def _counts(counts: TeamCounts) -> Iterable[str]:
    """The counts of a team in words, what nobody has first."""
    if not counts.live:
        yield "No open handoffs"
        return
    yield f"🟡 {counts.unassigned} unassigned" if counts.unassigned else "🟢 All assigned"
    if counts.late:
        yield f"🔴 {counts.late} late"
    if counts.live > counts.unassigned:
        yield f"{counts.live} open"


def _search() -> list[Block]:
    element = {**inputs.line(most=TYPED), "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}
    field = inputs.field(_SEARCH, _SEARCHED, element, dispatch=True)
    field["element"]["action_id"] = str(ListAction.SEARCH)
    return [
        field,
        *actions(button(wording.VERB_WORDS[Verb.OPEN].label, ids.action(Verb.OPEN), ids.button_value("new"))),
    ]
