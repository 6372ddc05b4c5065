"""Draw the answer to `/handoff context`: verdicts on received context, as numbers and never by person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slackapp.handoffs.views import wording
from slackapp.handoffs.views.verdicts import VERDICT_WORDS
from slackapp.reports.rules import FEWEST_VERDICTS, WINDOW, Tally, sum_tallies
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, context, divider, fitting, header, said, section
from storage.company.model import Queue
from storage.handoffs.acts import Verdict

TEAMS: Final = 10
"""Teams in one answer: each takes up to four blocks, and a message holds 50."""
_TEMPLATES: Final = 20
_NAME: Final = 75
_ROOM: Final = 8000
"""Characters for the lines of all templates together."""
_SECTION: Final = 2900
_PLAIN: Final = "No template"


def context_report(
    teams: Sequence[tuple[Queue, Mapping[str | None, Tally]]], own: Sequence[Verdict], command: str = ids.COMMAND
) -> Post:
    """Draw each team's verdicts in all and by template, then those on what the reader sent.

    Args:
        teams: the reader's teams with their tallies by the name of the template; None is the plain form.
        own: the verdicts on what the reader sent, the newest first.
        command: what people type.
    """
    days = f"the last {WINDOW.days} days"
    shown = list(teams[:TEAMS])
    blocks = [block for queue, found in shown for block in _team(queue, found, _ROOM // len(shown))]
    lead = f"Did receivers have what they needed? From handoffs finished in {days}."
    rest = len(teams) - len(shown)
    more = (
        [context(f"And {phrases.counted(rest, 'team')} more. `{command} context support` shows one.")] if rest else []
    )
    nothing = [] if shown else [section("Your teams finished nothing in that time.")]
    spoken = [f"{wording.team(queue)}: {_in_all(sum_tallies(list(found.values())))}" for queue, found in shown[:3]]
    mine = _own(own)
    return Post(
        text=" ".join([lead, *spoken, mine]),
        blocks=[section(lead), *nothing, *blocks, *more, divider(), section(mine), context(_ONLY_YOU)],
    )


def hidden(queue: Queue, command: str = ids.COMMAND) -> Post:
    """Draw the answer to a person who may not see a team's numbers."""
    text = f"Only people on {wording.team(queue)} see these numbers. `{command} context` shows yours."
    return Post(text=text, blocks=[section(text)])


_ONLY_YOU: Final = "Only you can see the numbers for what you sent."


def _team(queue: Queue, found: Mapping[str | None, Tally], room: int) -> Iterator[Block]:
    yield header(queue.name or queue.key)
    lines = [f"*{said(name, _NAME) if name else _PLAIN}:* {_in_all(tally)}" for name, tally in found.items()]
    if len(lines) == 1 and None not in found:
        yield section(lines[0])
        return
    whole = _in_all(sum_tallies(list(found.values())))
    yield section(f"{whole[0].upper()}{whole[1:]}")
    if len(lines) == 1:
        return
    listed = fitting([f"• {line}" for line in lines[:_TEMPLATES]], min(room, _SECTION))
    yield section("\n".join(listed))
    if len(listed) < len(lines):
        yield context(f"And {phrases.counted(len(lines) - len(listed), 'template')} more.")


def _in_all(tally: Tally) -> str:
    """Return a tally as a sentence: the number of each verdict, of all, and the share of finished handoffs."""
    if not tally.is_enough:
        return f"not enough ratings yet ({tally.number} of {FEWEST_VERDICTS})."
    parts = ", ".join(f"{tally.given.get(verdict, 0)} {VERDICT_WORDS[verdict].past}" for verdict in Verdict)
    return f"{parts} ({phrases.counted(tally.number, 'rating')}, {tally.answered_percent}% of finished handoffs)."


def _own(own: Sequence[Verdict]) -> str:
    if not own:
        return "Nobody has rated what you sent yet."
    counted = [(own.count(verdict), VERDICT_WORDS[verdict].past) for verdict in Verdict]
    parts = ", ".join(f"{number} {past}" for number, past in counted if number)
    return f"Receivers of what you sent: {parts}."
